"""What the database, the job queue and the logs tell of an anonymous requester and of a sealed case: nothing."""

import logging
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from lianxin.cases.enums import Identity
from lianxin.cases.services import deadlines, handling, triage
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.files import CleanFile
from lianxin.notifications.models import Notice
from tests.cases.stories import TUESDAY, day, receipt_holder
from tests.factories.accounts import sign_in
from tests.factories.cases import category, dispatched, in_progress, submit
from tests.factories.org import PersonFactory

CANARY = "金丝雀四七一一"


def dump():
    """Every row of every table as text: what `pg_dump` would hold."""
    rows = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            rows[table] = [row for (row,) in cursor.fetchall()]
    return rows


def tables_with(text, rows=None):
    return {
        table: sum(text in row for row in found)
        for table, found in (rows or dump()).items()
        if any(text in row for row in found)
    }


@pytest.fixture
def whole_log(caplog):
    caplog.set_level(logging.DEBUG)
    logging.getLogger("factory").setLevel(logging.WARNING)
    return caplog


@pytest.mark.parametrize("identity", [Identity.ANONYMOUS, Identity.CONFIDENTIAL])
def test_nothing_in_the_database_leads_from_a_case_to_who_raised_it(house, whole_log, identity):
    person = PersonFactory(pk=987_654_321, name="司徒无名", employee_no="S-77012", unit=house.workshop)
    before = dump()
    with timezone.frozen(TUESDAY):
        submission = submit(person, identity=identity, submission_key=str(uuid4()), place=house.workshop)
        case = submission.case
        requester = receipt_holder(submission) if identity == Identity.ANONYMOUS else person
        in_progress(house, case)
        perform("ask", actor=house.handler, case_id=case.pk, text="哪一间？")
        requester_services.answer_question(actor=requester, case_id=case.pk, text="三零二。")
        handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="修好了。")
        requester_services.rate_case(actor=requester, case_id=case.pk, resolved="no", satisfaction=1)
    with timezone.frozen(day(3)):
        deadlines.scan()
    after = dump()
    new = {table: [row for row in rows if row not in before[table]] for table, rows in after.items()}
    for trace in ("987654321", "司徒无名", "S-77012", person.phone):
        assert tables_with(trace, new) == {}, trace
        assert trace not in whole_log.text
    if identity == Identity.ANONYMOUS:
        assert tables_with(submission.receipt, after) == {}
        assert tables_with(submission.receipt.replace("-", ""), after) == {}


def test_the_text_of_a_sealed_case_stands_in_its_own_row_and_nowhere_else(house, whole_log):
    with timezone.frozen(TUESDAY):
        case = submit(house.li_na, f"车间主任{CANARY}。", kind="conduct", title=CANARY).case
        triage.accept_case(actor=house.inspector, case_id=case.pk, kind="conduct", category=category("conduct-1"))
        perform("take_up", actor=house.inspector, case_id=case.pk)
        perform("contact", actor=house.inspector, case_id=case.pk, text="已收到。")
        perform("supervise", actor=house.head_inspector, case_id=case.pk)
    with timezone.frozen(day(60)):
        deadlines.scan()
    assert tables_with(CANARY) == {"cases_case": 1}
    assert CANARY not in whole_log.text


def test_a_case_sealed_late_leaves_nothing_in_any_inbox_but_its_circles(house):
    from lianxin.notifications.models import Notice  # noqa: PLC0415

    case = submit(house.li_na, CANARY).case
    dispatched(house, case, co_units=[house.workshop])
    perform("supervise", actor=house.supervisor, case_id=case.pk)
    triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="反映的是作风问题。")
    names = set(Notice.objects.filter(subject_id=str(case.pk)).values_list("recipient__name", flat=True))
    assert names == {house.li_na.name, house.inspector.name}


def test_an_anonymous_requesters_files_lose_their_names(house):
    file = CleanFile(name="司徒无名的手机.txt", content_type="text/plain", extension="txt", content=b"x")
    submission = submit(None, files=[file])
    assert "司徒" not in submission.case.attachments.get().name
    named = submit(house.li_na, files=[file])
    assert named.case.attachments.get().name == "司徒无名的手机.txt"


def test_the_same_anonymous_form_shows_the_same_receipt_and_another_a_different_one(house):
    key = str(uuid4())
    first, second = (submit(None, submission_key=key) for _ in range(2))
    assert (first.receipt, first.case, second.created) == (second.receipt, second.case, False)
    assert submit(None).receipt != first.receipt
    assert submit(None, "宿舍没有热水。", submission_key=key).receipt != first.receipt


def test_nobody_gets_somebody_elses_case_by_its_key(house):
    from lianxin.kernel.errors import NotFound  # noqa: PLC0415

    key = str(uuid4())
    for identity in (Identity.NAMED, Identity.CONFIDENTIAL):
        submit(house.li_na, submission_key=key, identity=identity)
        with pytest.raises(NotFound):
            submit(house.wang_fang, submission_key=key, identity=identity)


def test_looking_at_ones_own_confidential_case_marks_no_open_notice(house):
    case = submit(house.dispatcher, identity="confidential", place=house.workshop).case
    notice = Notice.objects.get(recipient=house.dispatcher, subject_id=str(case.pk))
    browser = sign_in(Client(), house.dispatcher)
    assert browser.get(f"/case/{case.pk}/").status_code == 200
    notice.refresh_from_db()
    assert notice.read_at is None
    assert not case.access_log.exists()
