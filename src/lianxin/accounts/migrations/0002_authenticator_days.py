"""Of authenticators the database keeps days, not times of day, so that using one tells nothing about an anonymous message."""

from django.db import migrations

_CREATE_FUNCTION = """
CREATE FUNCTION accounts_days_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.created_at := date_trunc('day', NEW.created_at);
    NEW.last_used_at := date_trunc('day', NEW.last_used_at);
    RETURN NEW;
END $$
"""
_CREATE_TRIGGER = """
CREATE TRIGGER days_only BEFORE INSERT OR UPDATE ON mfa_authenticator
FOR EACH ROW EXECUTE FUNCTION accounts_days_only()
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("mfa", "0003_authenticator_type_uniq")]

    operations = [
        migrations.RunSQL(
            sql=[_CREATE_FUNCTION, _CREATE_TRIGGER],
            reverse_sql=["DROP TRIGGER days_only ON mfa_authenticator", "DROP FUNCTION accounts_days_only()"],
        )
    ]
