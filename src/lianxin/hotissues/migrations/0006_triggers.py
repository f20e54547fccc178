"""The triggers declared in the models take the place of those written by hand; there is no way back."""

import lianxin.kernel.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


DROP_FORMER = [
    "DROP TRIGGER append_only ON hotissues_decision",
    "DROP TRIGGER append_only_truncate ON hotissues_decision",
    "DROP TRIGGER check_transition ON hotissues_earlywarning",
    "DROP FUNCTION hotissues_earlywarning_check_transition()",
    "DROP FUNCTION kernel_refuse_change()",  # of all append-only tables: this is the last one
]


class Migration(migrations.Migration):
    dependencies = [
        ("hotissues", "0005_times_to_the_hour"),
        ("cases", "0022_triggers"),
        ("ledger", "0005_triggers"),
    ]

    operations = [
        migrations.RunSQL(DROP_FORMER),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="1ee9a45621904e187f6722b4cc000e5757123c02",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_07398",
                    table="hotissues_decision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="decision",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only_truncate",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME\n        USING ERRCODE = 'insufficient_privilege';\n",
                    hash="1b7d06d77cc994ace6f0ac4d4d3cf41665d2ca5f",
                    level="STATEMENT",
                    operation="TRUNCATE",
                    pgid="pgtrigger_append_only_truncate_5b36d",
                    table="hotissues_decision",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="earlywarning",
            trigger=pgtrigger.compiler.Trigger(
                name="check_transition",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="\n            IF (OLD.state, NEW.state) NOT IN (('new', 'acted'), ('new', 'dismissed'), ('new', 'taken'), ('taken', 'acted'), ('taken', 'dismissed')) THEN\n                RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="962473ae8ba538633c403ff07c8a03624d58589c",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_check_transition_ae277",
                    table="hotissues_earlywarning",
                    when="BEFORE",
                ),
            ),
        ),
    ]
