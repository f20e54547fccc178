"""Triggers of the database, declared in the models' `Meta.triggers` through django-pgtrigger."""

from collections.abc import Collection

import pgtrigger
from django.db import models
from pgtrigger import compiler


class TriggerSql(compiler.UpsertTriggerSql):
    """SQL of a trigger that no session can switch off.

    In django-pgtrigger's own template every trigger asks the session variable `pgtrigger.ignore`, which any role may
    set. Ours hold for the application's role as well. Migrations refer to this class: change the template only in a
    way that suits those of before.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql AS $$
                {declare}
                BEGIN
                    {func}
                END;
            $$;

            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE {constraint} TRIGGER {pgid}
                {when} {operation} ON {table}
                {timing}
                {referencing}
                FOR EACH {level} {condition}
                EXECUTE FUNCTION {execute};

            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class Trigger(pgtrigger.Trigger):
    """As `pgtrigger.Trigger`, compiled to `TriggerSql`."""

    def compile(self, model: models.Model) -> compiler.Trigger:
        return compiler.Trigger(name=self.name, sql=TriggerSql(**super().compile(model).sql.kwargs))


_REFUSE_CHANGE = """
    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
"""

APPEND_ONLY = [
    Trigger(
        name="append_only",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        func=_REFUSE_CHANGE,
    ),
    Trigger(
        name="append_only_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=_REFUSE_CHANGE,
    ),
]
"""Refuse to change or delete a row, for every role; of `kernel.models.AppendOnly`."""


def transition_trigger(transitions: Collection[tuple[str, str]]) -> Trigger:
    """Return a trigger that refuses every change of the column `state` but `transitions` (from, to)."""
    pairs = ", ".join(f"('{source}', '{target}')" for source, target in sorted(transitions))
    return Trigger(
        name="check_transition",
        when=pgtrigger.Before,
        operation=pgtrigger.UpdateOf("state"),
        condition=pgtrigger.AnyChange("state"),
        func=f"""
            IF (OLD.state, NEW.state) NOT IN ({pairs}) THEN
                RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )
