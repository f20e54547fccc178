"""The triggers declared in the models take the place of those written by hand; there is no way back."""

import lianxin.kernel.triggers
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


DROP_FORMER = [
    "DROP TRIGGER days_only ON mfa_authenticator",
    "DROP FUNCTION accounts_days_only()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_hashed_session_keys"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [
        migrations.RunSQL(DROP_FORMER),
        migrations.CreateModel(
            name="AuthenticatorOfDays",
            fields=[],
            options={
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("mfa.authenticator",),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="authenticatorofdays",
            trigger=pgtrigger.compiler.Trigger(
                name="days_only",
                sql=lianxin.kernel.triggers.TriggerSql(
                    func="\n                    NEW.created_at := date_trunc('day', NEW.created_at);\n                    NEW.last_used_at := date_trunc('day', NEW.last_used_at);\n                    RETURN NEW;\n                ",
                    hash="08fda208c534c8780a29647df680ba1718147052",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_days_only_5c5a0",
                    table="mfa_authenticator",
                    when="BEFORE",
                ),
            ),
        ),
    ]
