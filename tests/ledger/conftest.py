"""A record that grew over some hours, and its owner, who may do everything to it."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict

from lianxin.kernel import timezone
from lianxin.ledger.models import Batch, Checkpoint, Event
from lianxin.ledger.queries.copying import tables_of_database
from lianxin.ledger.services import append_event, close_batch
from lianxin.ledger.verification import verify
from tests.factories.org import PersonFactory

TEN = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def owner(transactional_db):
    """A connection as the role that owns the tables."""
    as_owner = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"]) | {"dbname": connection.settings_dict["NAME"]}
    with psycopg.connect(**as_owner, autocommit=True) as owner:
        yield owner


@pytest.fixture
def unguarded(owner):
    """As the owner with the guards of the tables lifted: what somebody can do who has the whole database."""

    @contextmanager
    def lifted():
        tables = ("event", "tile", "batch", "checkpoint", "erased", "origin")
        for table in tables:
            owner.execute(f"ALTER TABLE ledger_{table} DISABLE TRIGGER USER")
        yield owner
        for table in tables:
            owner.execute(f"ALTER TABLE ledger_{table} ENABLE TRIGGER USER")

    return lifted


def hour(number, *events, minute=20):
    """What was done in that hour from ten o'clock on, and its batch."""
    at = TEN + timedelta(hours=number, minutes=minute)
    for each in events:
        append_event(**{"subject_type": "case", "subject_id": 7, "at": at} | each)
    with timezone.frozen(TEN + timedelta(hours=number + 1, minutes=5)):
        return close_batch()


def three_hours(actor=None):
    """Ten events in the first hour, none in the second, 300 in the third."""
    actor = actor or PersonFactory(name="李娜")
    hour(0, *({"action": f"step{version}", "version": version, "actor_id": actor.pk} for version in range(10)))
    hour(1)
    hour(
        2, *({"action": "answer", "subject_id": number, "data": {"部门": "动力", "n": number}} for number in range(300))
    )


def notes():
    return list(Checkpoint.objects.order_by("batch").values_list("note", flat=True))


def looked_at(**more):
    return verify(tables_of_database, **more)


def problems(**more):
    return [str(finding.problem) for finding in looked_at(**more).findings]


def sizes():
    return list(Batch.objects.order_by("no").values_list("size", flat=True))


def one_event(**more):
    return Event.objects.filter(**more).order_by("version")[0]
