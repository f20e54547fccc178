"""Rows of before the spool lose their order once."""

import os

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from lianxin.cases.models import Case, Deadline
from lianxin.kernel.shuffling import shuffle_rows
from lianxin.ledger.models import Event, Pending
from tests.factories.cases import dispatched, found_enterprise, submit


def in_order(database, table, column):
    return [value for (value,) in database.execute(f"SELECT {column} FROM {table} ORDER BY ctid")]  # noqa: S608


@pytest.mark.django_db(transaction=True)
def test_rows_lose_order_and_transaction_and_nothing_else():
    house = found_enterprise()
    cases = [submit(None, f"第{n}件：食堂的菜凉了。", place=house.workshop).case for n in range(30)]
    dispatched(house, submit(house.li_na).case)
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in (Case, Deadline, Event, Pending)}
    as_owner = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"]) | {"dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**as_owner) as owner:
        written = shuffle_rows(owner, ["cases_case", "ledger_event", "notifications_notice"])
        owner.commit()
        assert {"cases_case", "cases_clock", "ledger_event", "notifications_notice"} <= set(written)
        assert {table for table in written if table.startswith("org_")} == set()
        now = [case_id for case_id in in_order(owner, "cases_case", "id") if case_id in {case.pk for case in cases}]
        assert now != [case.pk for case in cases]
        assert sorted(now) == sorted(case.pk for case in cases)
        assert owner.execute("SELECT count(DISTINCT xmin::text) FROM cases_case").fetchone() == (1,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):  # the record's guard stands again
            owner.execute("DELETE FROM ledger_event")
    assert {model: set(model.objects.values_list("pk", flat=True)) for model in before} == before
    submit(None, "再来一件。", place=house.workshop)
    assert Pending.objects.count() == len(before[Pending]) + 1
