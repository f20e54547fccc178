from django.db import migrations

from lianxin.kernel.former_triggers import append_only_trigger


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [append_only_trigger("ledger_event")]
