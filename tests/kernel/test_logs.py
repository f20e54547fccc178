import io
import json
import logging

import pytest
from django.db import connection
from django.db.utils import DatabaseError

from lianxin.kernel.logs import JsonLines, NoPersonalData, scrubbed

CANARY = "车间主任克扣奖金"


@pytest.fixture
def log():
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.addFilter(NoPersonalData())
    logger = logging.getLogger("story")
    logger.addHandler(handler)
    logger.written = out.getvalue
    return logger


def test_ids_of_cases_stand_in_no_log():
    told = scrubbed("Forbidden (CSRF cookie not set.): /case/0198c5f2-7b1a-4a0e-9d6f-0a4b9f3f1c11/")
    assert told == "Forbidden (CSRF cookie not set.): /case/-/"


def test_addresses_queries_and_long_numbers_are_struck_out(log):
    log.warning("GET /cases?q=secret from %s by 13912345678, %s", "192.168.7.31", "fe80::1ff:fe23:4567:890a")
    assert log.written() == "GET /cases from - by -, -\n"


@pytest.mark.django_db
def test_a_row_that_the_database_refuses_leaves_no_text_in_the_log(log):
    with pytest.raises(DatabaseError, match=CANARY) as refusal, connection.cursor() as cursor:
        cursor.execute("INSERT INTO cases_case (title) VALUES (%s)", [CANARY])
    log.error("It failed: %s", refusal.value, exc_info=refusal.value)
    text = log.written()
    assert "null value in column - of relation - violates not-null constraint" in text
    assert "test_logs.py" in text
    assert CANARY not in text


def test_what_an_error_quotes_is_struck_out_along_its_causes(log):
    name = "李" + "娜"
    try:
        try:
            int(CANARY)
        except ValueError as first:
            raise KeyError(name) from first
    except KeyError:
        log.exception("Failed")
    assert "ValueError: invalid literal for int() with base 10: -" in log.written()
    assert "KeyError: -" in log.written()
    assert CANARY not in log.written()
    assert name not in log.written()


def test_the_request_is_dropped(log):
    records = []
    log.addFilter(lambda record: records.append(record) or True)
    log.warning("slow", extra={"request": object()})
    assert not hasattr(records[0], "request")


def test_as_json_each_line_says_where_and_how_long_and_nothing_more(log):
    handler = log.handlers[-1]
    handler.setFormatter(JsonLines())
    more = {"route": "cases:case", "method": "GET", "status": 200, "ms": 12, "user": "李娜"}
    log.warning("request from 10.1.2.3\nsecond line", extra=more)
    try:
        int(CANARY)
    except ValueError:
        log.exception("Failed")
    first, second = (json.loads(line) for line in log.written().splitlines())
    at = first.pop("at")
    assert at.endswith("+00:00")
    assert first == {
        "level": "WARNING",
        "logger": "story",
        "message": "request from -\nsecond line",
        "route": "cases:case",
        "method": "GET",
        "status": 200,
        "ms": 12,
    }
    assert "ValueError: invalid literal" in second["error"]
    assert CANARY not in log.written()


@pytest.mark.django_db
@pytest.mark.parametrize("page", ["/", "/sign-in/", "/healthz"])
def test_a_wrong_host_header_is_one_line(client, settings, log, page, monkeypatch):
    settings.ALLOWED_HOSTS = ["say.example.com"]
    security = logging.getLogger("django.security")
    security.addHandler(handler := log.handlers[-1])
    monkeypatch.setattr(security, "propagate", False)
    try:
        assert client.get(page, headers={"Host": "evil.example.com"}).status_code == 400
    finally:
        security.removeHandler(handler)
    assert len(log.written().splitlines()) == 1
    assert "evil.example.com" in log.written()
