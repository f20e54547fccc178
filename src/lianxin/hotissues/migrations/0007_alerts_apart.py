"""Early warnings are a context of their own, `alerts`: its models take over these tables, which stay as they are."""

import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("hotissues", "0006_triggers")]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="earlywarning", name="check_transition"),
        migrations.RunSQL("DROP FUNCTION pgtrigger_check_transition_ae277()", migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel("WarningTold"),
                migrations.DeleteModel("WarningCase"),
                migrations.DeleteModel("EarlyWarning"),
                migrations.DeleteModel("WarningRule"),
                migrations.DeleteModel("Peril"),
            ]
        ),
    ]
