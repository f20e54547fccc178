"""Operations with which early migrations made triggers. New tables declare theirs in the model (`kernel.triggers`)."""

from collections.abc import Collection

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % can be neither changed nor deleted', TG_TABLE_NAME USING ERRCODE =
    'insufficient_privilege';
END $$
"""


def append_only_trigger(table: str) -> migrations.RunSQL:
    """The operation by which early migrations made a table append-only; models now inherit `AppendOnly.Meta`."""
    return migrations.RunSQL(
        sql=[
            _FUNCTION,
            f"""
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change()""",
            f"""
            CREATE TRIGGER append_only_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change()""",
        ],
        reverse_sql=[
            f"DROP TRIGGER append_only_truncate ON {table}",
            f"DROP TRIGGER append_only ON {table}",
        ],
    )


def transition_trigger(table: str, transitions: Collection[tuple[str, str]]) -> migrations.RunSQL:
    """The operation by which early migrations guarded a state; workflows now register `kernel.triggers`."""
    pairs = ", ".join(f"('{source}', '{target}')" for source, target in sorted(transitions))
    function = f"{table}_check_transition"
    return migrations.RunSQL(
        sql=[
            f"""
            CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF (OLD.state, NEW.state) NOT IN ({pairs}) THEN
                    RAISE EXCEPTION 'no step leads from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation';
                END IF;
                RETURN NEW;
            END $$""",
            f"DROP TRIGGER IF EXISTS check_transition ON {table}",
            f"""
            CREATE TRIGGER check_transition BEFORE UPDATE OF state ON {table} FOR EACH ROW
            WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION {function}()""",
        ],
        reverse_sql=[f"DROP TRIGGER check_transition ON {table}", f"DROP FUNCTION {function}()"],
    )
