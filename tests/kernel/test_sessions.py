"""Sessions that tell a reader of the database nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection

from lianxin.kernel import timezone
from lianxin.kernel.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    store = SessionStore()
    store["who"] = "李娜"
    store.save()
    return store


def test_what_is_kept_is_read_again(session):
    assert SessionStore(session.session_key)["who"] == "李娜"


def test_the_row_holds_neither_content_nor_a_time_of_day(session):
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_data, expire_date FROM django_session")
        data, expires = cursor.fetchone()
    assert "李娜" not in data
    assert ":" not in data, "Django's own form ends in a signed time"
    local = expires.astimezone(timezone.zone())
    assert (local.hour, local.minute, local.second, local.microsecond) == (0, 0, 0, 0)
    assert timedelta(days=14) <= expires - datetime.now(UTC) <= timedelta(days=15)


def test_with_another_key_it_is_an_empty_session(session, settings):
    settings.LIANXIN_SEAL_KEY = "another"
    assert dict(SessionStore(session.session_key).items()) == {}


def test_nonsense_is_an_empty_session(session):
    Session.objects.update(session_data="!")
    assert dict(SessionStore(session.session_key).items()) == {}


@pytest.mark.django_db
def test_a_database_that_is_away_is_not_told_as_a_session_that_was_ended(monkeypatch):
    session = SessionStore()
    session["word"] = "热水"
    session.save()

    def away(*_args, **_options):
        raise OperationalError("the database system is shutting down")

    monkeypatch.setattr(session.model, "save", away)
    with pytest.raises(OperationalError):
        session.save()
