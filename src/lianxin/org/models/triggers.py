"""What the database itself refuses in the organisation's tables."""

import pgtrigger

from lianxin.kernel.triggers import Trigger

# The person's row is locked first, so that of two grants made at once the second sees the first.
SEPARATED_ADMINISTRATORS = Trigger(
    name="separated_administrators",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
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
    """,
)
"""三员分立: who holds an administrator's role holds no other role at the same time."""
