"""The record can be added to, and nothing else, by no role."""

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from lianxin.kernel import timezone
from lianxin.kernel.db_roles import append_only_tables
from lianxin.ledger.models import Event
from lianxin.ledger.queries import events_of, events_of_kinds
from lianxin.ledger.services import append_event, append_events

TABLES = {
    **dict.fromkeys(("cases_message", "cases_opening", "cases_rating", "cases_unsealing", "ledger_event"), "id"),
    "ledger_batch": "no",
    "ledger_checkpoint": "note",
    "ledger_erased": "leaf",
    "ledger_origin": "no",
    "ledger_tile": "n",
}


def test_these_tables_are_append_only(db):
    assert set(TABLES) <= set(append_only_tables())


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}", "TRUNCATE {table} CASCADE"]
)
def test_the_application_may_not_change_them(db, table, statement):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table=table, column=TABLES[table]))


@pytest.mark.parametrize("statement", ["UPDATE ledger_event SET action = 'x'", "DELETE FROM ledger_event",
                                       "TRUNCATE ledger_event"])  # fmt: skip
def test_not_even_their_owner_may(owner, statement):
    append_event(subject_type="case", subject_id=1, action="submit")
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="neither changed nor deleted"):
        owner.execute(statement)
    assert Event.objects.get().action == "submit"


def test_the_application_may_not_switch_the_guard_off(db):
    for statement in (
        "ALTER TABLE ledger_event DISABLE TRIGGER append_only",
        "DROP TRIGGER append_only ON ledger_event",
        "DROP TABLE ledger_event CASCADE",
        "SET session_replication_role = replica",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_saving_an_event_again_is_an_error_and_not_a_change(db):
    event = append_event(subject_type="case", subject_id=1, action="submit")
    event.action = "withdraw"
    with pytest.raises(DatabaseError), transaction.atomic():
        event.save()
    assert Event.objects.get().action == "submit"


def test_events_are_read_in_order_and_since_a_version(db):
    for version, action in enumerate(["submit", "accept", "dispatch"], start=1):
        append_event(subject_type="case", subject_id=7, action=action, version=version)
    append_events([Event(subject_type="case", subject_id="8", action="import", at=timezone.now())])
    assert [event.action for event in events_of("case", 7)] == ["submit", "accept", "dispatch"]
    assert [event.action for event in events_of("case", 7, after_version=1)] == ["accept", "dispatch"]
    assert [event.action for event in events_of_kinds(["case"])] == ["import", "dispatch", "accept", "submit"]


def test_an_event_is_undone_with_its_cause(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic():  # noqa: PT012 - what fails comes after
        append_event(subject_type="case", subject_id=1, action="submit")
        1 / 0  # noqa: B018
    assert not Event.objects.exists()
