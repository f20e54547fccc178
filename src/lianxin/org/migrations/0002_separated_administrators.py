"""三员分立: an administrator's role stands alone.

The trigger locks the person first, so that of two grants made at once the second sees the first.
"""

from django.db import migrations

_CREATE_FUNCTION = """
CREATE FUNCTION org_separate_administrators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM org_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM org_rolegrant other
        WHERE other.person_id = NEW.person_id AND other.id <> NEW.id AND other.role <> NEW.role
          AND (NEW.role IN ('system_admin', 'security_admin', 'audit_admin')
               OR other.role IN ('system_admin', 'security_admin', 'audit_admin'))
          AND other.started_on <= COALESCE(NEW.ended_on, 'infinity')
          AND NEW.started_on <= COALESCE(other.ended_on, 'infinity')
    ) THEN
        RAISE EXCEPTION 'an administrator holds no other role'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'separated_administrators';
    END IF;
    RETURN NEW;
END $$
"""

_CREATE_TRIGGER = """
CREATE TRIGGER separated_administrators BEFORE INSERT OR UPDATE ON org_rolegrant
FOR EACH ROW EXECUTE FUNCTION org_separate_administrators()
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0001_initial")]

    operations = [
        migrations.RunSQL(
            sql=[
                _CREATE_FUNCTION,
                _CREATE_TRIGGER,
            ],
            reverse_sql=[
                "DROP TRIGGER separated_administrators ON org_rolegrant",
                "DROP FUNCTION org_separate_administrators()",
            ],
        )
    ]
