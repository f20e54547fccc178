"""The triggers declared in the models take the place of those written by hand; there is no way back."""

import lianxin.kernel.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


DROP_FORMER = [
    "DROP TRIGGER append_only ON ledger_event",
    "DROP TRIGGER append_only_truncate ON ledger_event",
]


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0004_random_ids"),
        # These put the former trigger aside for a moment.
        ("cases", "0016_times_to_the_hour"),
        ("hotissues", "0005_times_to_the_hour"),
    ]

    operations = [
        migrations.RunSQL(DROP_FORMER),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="fc874a94e27eb748fc0394ce17cb709d8f55f682",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b44a2",
                    table="ledger_event",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="event",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="e33d8b4794b6629eae9314740b2f7a894375affc",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_9ba88",
                    table="ledger_event",
                    when="BEFORE",
                ),
            ),
        ),
    ]
