"""Of the pages of anonymous requesters no log says anything finer than the hour."""

import io
import logging
import re
from uuid import uuid4

import pytest
from django.conf import settings as current
from django.test import Client
from django.urls import reverse

from lianxin.cases.services import intake
from lianxin.kernel.files.storage import StorageFull
from lianxin.kernel.logs import HourlyForUnidentified, JsonLines, NoPersonalData, Unidentified
from tests.factories.cases import found_enterprise
from tests.pages import post_raw

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture(params=["text", "json"])
def log(request):
    """What the system's own handler writes, with the filters and formats of the settings."""
    out = io.StringIO()
    handler = HourlyForUnidentified(out)
    told = current.LOGGING["handlers"]["console"]
    assert told["class"] == "lianxin.kernel.logs.HourlyForUnidentified"
    assert told["filters"] == ["unidentified", "nobody"]
    handler.addFilter(Unidentified())
    handler.addFilter(NoPersonalData())
    form = current.LOGGING["formatters"]["text"]
    handler.setFormatter(JsonLines() if request.param == "json" else logging.Formatter(**form_of(form)))
    root = logging.getLogger()
    before, root.handlers, root.level = (root.handlers, root.level), [handler], logging.DEBUG
    handler.written = out.getvalue
    yield handler
    root.handlers, root.level = before
    handler.close()


def form_of(told):
    return {"fmt": told["format"], "style": told["style"]}


def stamps(text):
    return set(re.findall(r"\d{4}-\d\d-\d\d[ T](\d\d:\d\d:\d\d[.,]\d{3})", text))


def boom(*_args, **_more):
    raise RuntimeError("out of order")


def full(*_args, **_more):
    raise StorageFull("full")


def test_what_goes_wrong_at_the_anonymous_form_is_told_at_the_full_hour(house, log, monkeypatch):
    form = {"identity": "anonymous", "body": "车间主任克扣奖金", "key": str(uuid4())}
    strict = Client(enforce_csrf_checks=True)
    careless = Client(raise_request_exception=False)
    say, receipt = reverse("cases:submit"), reverse("cases:receipt")
    assert post_raw(strict, say, form).status_code == 403
    assert post_raw(strict, receipt, {"code": "2" * 20}).status_code == 403
    monkeypatch.setattr(intake, "_create", boom)
    assert post_raw(careless, say, form).status_code == 500
    assert post_raw(careless, say, form).status_code == 500
    monkeypatch.setattr(intake, "_create", full)
    assert post_raw(careless, say, form).status_code >= 400
    monkeypatch.undo()
    assert log.written() == "", "not a line at its moment, whatever else puts times to our output"

    log.tell()
    told = log.written()
    assert "RuntimeError: out of order" in told
    assert "Internal Server Error: /say/ (2 times)" in told
    assert stamps(told) == {f"{h}:00:00{s}000" for h, s in re.findall(r"(\d\d):00:00([.,])000", told)}
    assert len(stamps(told)) == 1
    assert "克扣" not in told
    log.tell()
    assert log.written() == told, "each once"


def test_what_goes_wrong_elsewhere_is_told_at_once_with_its_moment(house, log):
    careless = Client(raise_request_exception=False)
    assert post_raw(careless, reverse("cases:submit"), {}).status_code < 500
    assert log.written() == ""
    logging.getLogger("lianxin").warning("said in the thread of the form")
    assert log.written() == ""
    careless.get(reverse("account_login"))
    logging.getLogger("lianxin").warning("said elsewhere")
    assert "said elsewhere" in log.written()
    assert "said in the thread of the form" not in log.written()


def test_the_next_full_hour_is_waited_for_and_an_orderly_end_tells_what_is_held(log, monkeypatch):
    waits = []

    class Main:
        def join(self, seconds):
            waits.append(seconds)

    monkeypatch.setattr("lianxin.kernel.logs.threading.main_thread", Main)
    monkeypatch.setattr(log, "tell", lambda: waits.append("told"))
    monkeypatch.setattr("lianxin.kernel.logs.time.time", lambda: 1_800_000_000.0 - 1_800_000_000 % 3600 + 3600 - 90)
    for number in range(3):
        record = logging.LogRecord("x", logging.ERROR, "", 0, f"line {number % 2}", None, None)
        record.is_unidentified = True
        log.emit(record)
    log._waiting.join()
    assert waits == [90.0, "told"]
    monkeypatch.undo()
    log.close()
    assert "line 0 (2 times)" in log.written()
    assert "line 1 [within an hour" in log.written()


def test_a_flood_of_different_errors_does_not_fill_the_memory(log):
    for number in range(2000):
        record = logging.LogRecord("x", logging.ERROR, "", 0, f"line {number:04}", None, None)
        record.is_unidentified = True
        log.emit(record)
    log.tell()
    lines = log.written().splitlines()
    assert len(lines) == 1001
    assert any("More errors than are kept" in line and "(1000 times)" in line for line in lines)
