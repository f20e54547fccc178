"""Every append-only table has a trigger function of its own now (`kernel.triggers`)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0002_key_fingerprints"),
        ("ledger", "0005_triggers"),
        ("cases", "0022_triggers"),
        ("hotissues", "0006_triggers"),
    ]

    operations = [migrations.RunSQL("DROP FUNCTION kernel_refuse_change()")]
