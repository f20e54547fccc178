"""What an anonymous requester leaves behind: the hash of a receipt, and times to the hour. Nothing else, anywhere."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from PIL import Image
from psycopg import sql

from lianxin.cases.models import Case
from lianxin.cases.views.employee import ANONYMOUS
from lianxin.kernel import timezone
from tests.factories.accounts import account_of, sign_in
from tests.factories.cases import found_enterprise
from tests.pages import post_raw, send_form

MOMENT = datetime(2026, 11, 25, 6, 41, 17, 345678, UTC)
ADDRESS, DEVICE = "198.51.100.77", "Telltale/7.1 (five-year-old phone)"
BODY = "宿舍热水停了三天"


@pytest.fixture
def house(db):
    return found_enterprise()


def all_rows() -> dict[str, set[str]]:
    """Every row of every table, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(table)))
            found[table] = {row for (row,) in cursor.fetchall()}
    return found


def photo() -> SimpleUploadedFile:
    buffer = io.BytesIO()
    Image.new("RGB", (60, 40), "grey").save(buffer, "JPEG")
    return SimpleUploadedFile("李娜的手机照片.jpg", buffer.getvalue(), "image/jpeg")


def say_anonymously(client, page, **more):
    said = {"body": BODY, "identity": "anonymous", "kind": "help", **more}
    return send_form(client, page, said, follow=True, REMOTE_ADDR=ADDRESS, headers={"user-agent": DEVICE})


def test_somebody_signed_in_who_speaks_anonymously_leaves_no_trace(client, house, caplog):
    caplog.set_level(logging.DEBUG)
    sign_in(client, house.li_na)
    page = client.get("/say/", REMOTE_ADDR=ADDRESS)
    before = all_rows()
    with timezone.frozen(MOMENT):
        answer = say_anonymously(client, page, files=[photo()])
    assert (answer.status_code, "lianxin_session" in answer.cookies) == (200, False)
    after = all_rows()
    changed = {table: after[table] - before[table] for table in after if after[table] != before[table]}
    assert set(changed) == {
        "cases_case",
        "cases_clock",
        "cases_attachment",
        "cases_searchrow",
        "cases_unread",
        "ledger_event",
        "ledger_pending",  # the id of the event, until the next full hour
        "notifications_notice",
        "statistics_casefact",
    }
    assert all(before[table] <= after[table] for table in changed)
    written = "\n".join(row for rows in changed.values() for row in rows)
    case = Case.objects.get()
    receipt = answer.context["receipt"]
    for trace in (house.li_na.name, house.li_na.employee_no, ADDRESS, "Telltale", "06:41", "14:41", receipt):
        assert trace not in written, trace
    assert receipt.replace("-", "") not in written
    assert case.submitted_at == MOMENT.replace(minute=0, second=0, microsecond=0)
    assert (case.requester_id, case.requester_tag, case.requester_sealed, case.submitted_by_id) == (None,) * 4
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for trace in (ADDRESS, "Telltale", BODY, receipt, house.li_na.name):
        assert trace not in logged, trace


def test_person_ids_stand_in_no_new_row(client, house):
    """The requester's id, which is a number like many, is looked for column by column."""
    sign_in(client, house.li_na)
    page = client.get("/say/")
    user = account_of(house.li_na)
    say_anonymously(client, page)
    for model in apps.get_models():
        fields = [
            f
            for f in model._meta.concrete_fields
            if f.related_model and f.related_model._meta.label in {"org.Person", "accounts.User"}
        ]
        if model._meta.label.startswith(("cases.", "ledger.", "notifications.")):
            for field in fields:
                ids = {user.pk} if field.related_model._meta.label == "accounts.User" else {house.li_na.pk}
                assert not model.objects.filter(**{f"{field.name}__in": ids}).exists(), field


def test_the_job_queue_learns_nothing(client, house):
    page = client.get("/say/")
    say_anonymously(client, page)
    with connection.cursor() as cursor:
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        assert [json.loads(row) for (row,) in cursor.fetchall()] == []


def test_the_receipt_opens_the_case_and_leaves_no_trace_either(client, house):
    receipt = say_anonymously(client, client.get("/say/")).context["receipt"]
    page = client.get("/receipt/")
    before = all_rows()
    with timezone.frozen(MOMENT):
        answer = send_form(client, page, {"code": receipt.lower().replace("-", " ")}, REMOTE_ADDR=ADDRESS, follow=True)
    assert BODY in answer.content.decode()
    assert all_rows() == before


def test_of_a_crowd_and_of_wrong_receipts_nothing_is_written_down(client, house, caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("lianxin.kernel.crowds.sleep", lambda _: None)
    page = client.get("/say/", REMOTE_ADDR=ADDRESS)
    assert say_anonymously(client, page).status_code == 200
    before = all_rows()
    for number in range(40):
        ANONYMOUS.admit(ADDRESS, bound_to=str(number), words="")
        assert post_raw(client, "/receipt/", {"code": "2" * 20}, REMOTE_ADDR=ADDRESS).status_code == 422
    assert say_anonymously(client, client.get("/say/", REMOTE_ADDR=ADDRESS), body="别的话").status_code == 429
    assert all_rows() == before
    assert before["kernel_throttle"] == set()
    assert ADDRESS not in "\n".join(record.getMessage() for record in caplog.records)
