"""Anonymous cases of before the spool lie in the order in which they came, each with its own transaction: all rows that
belong to cases are written anew once, in random order.
"""

from django.db import migrations

from lianxin.kernel.shuffling import shuffle_rows


def shuffle(apps, schema_editor):
    if apps.get_model("cases", "Case").objects.filter(identity="anonymous").exists():
        shuffle_rows(schema_editor.connection, ["cases_case", "ledger_event", "notifications_notice"])


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0033_long_views"),
        ("ledger", "0006_tree"),
        ("notifications", "0012_letters"),
    ]

    operations = [migrations.RunPython(shuffle, migrations.RunPython.noop)]
