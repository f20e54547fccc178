import lianxin.kernel.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    """An alert in the hands of somebody who has left is new again."""

    dependencies = [
        ("alerts", "0002_field_names"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="alert",
            name="check_transition",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="check_transition",
                sql=lianxin.kernel.triggers.TriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="\n            IF (OLD.state, NEW.state) NOT IN (('new', 'acted'), ('new', 'dismissed'), ('new', 'taken'), ('taken', 'acted'), ('taken', 'dismissed'), ('taken', 'new')) THEN\n                RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';\n            END IF;\n            RETURN NEW;\n        ",
                    hash="472e9bd979fa05fb7a90cc8a3bff93e1bb16ab65",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_check_transition_dabf6",
                    table="hotissues_earlywarning",
                    when="BEFORE",
                ),
            ),
        ),
    ]
