"""The triggers declared in the models take the place of those written by hand; there is no way back."""

import lianxin.kernel.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


DROP_FORMER = [
    "DROP TRIGGER separated_administrators ON org_rolegrant",
    "DROP FUNCTION org_separate_administrators()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0007_roster_as_they_come"),
    ]

    operations = [
        migrations.RunSQL(DROP_FORMER),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="separated_administrators",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n        PERFORM 1 FROM org_person WHERE id = NEW.person_id FOR NO KEY UPDATE;\n        IF EXISTS (\n            SELECT 1 FROM org_rolegrant other\n            WHERE other.person_id = NEW.person_id AND other.id <> NEW.id AND other.role <> NEW.role\n              AND (NEW.role IN ('system_admin', 'security_admin', 'audit_admin')\n                   OR other.role IN ('system_admin', 'security_admin', 'audit_admin'))\n              AND other.started_on <= COALESCE(NEW.ended_on, 'infinity')\n              AND NEW.started_on <= COALESCE(other.ended_on, 'infinity')\n        ) THEN\n            RAISE EXCEPTION 'an administrator holds no other role'\n                USING ERRCODE = 'check_violation', CONSTRAINT = 'separated_administrators';\n        END IF;\n        RETURN NEW;\n    ",
                    hash="3713abfe58d8294fb1c46b56bddbda609b2b79dd",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_separated_administrators_f39db",
                    table="org_rolegrant",
                    when="BEFORE",
                ),
            ),
        ),
    ]
