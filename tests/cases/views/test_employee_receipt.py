"""Saying something anonymously, and following it with the receipt alone."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO
from itertools import count
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from lianxin.accounts.models import SignIn
from lianxin.cases.enums import CaseState, Identity, Outcome
from lianxin.cases.models import Attachment, Case, CaseAccessLog, Rating
from lianxin.cases.services import handling, triage
from lianxin.cases.services.transitions import perform
from lianxin.cases.views import receipts
from lianxin.cases.views.employee import ANONYMOUS
from lianxin.kernel import timezone
from lianxin.kernel.crowds import LEAST_BITS, is_proof
from lianxin.notifications.models import Notice
from tests.factories.accounts import sign_in
from tests.factories.cases import in_progress, replied, submit
from tests.pages import post_raw, send_form, text_of

WORDS = "班组长让我们改考勤。"


def say(client, page="/say/", **more):
    """Send the form anonymously, and read the page with the receipt."""
    return send_form(client, page, {"body": WORDS, "identity": "anonymous", **more}, follow=True)


def enter(client, code, **more):
    return send_form(client, "/receipt/", {"code": code}, **more)


def code_in(answer):
    return unescape(answer.content.decode().split('<code class="copy-text">')[1].split("</code>")[0])


@pytest.fixture
def said(house):
    answer = say(Client(), place=house.workshop.pk)
    assert answer.status_code == 200
    return code_in(answer), Case.objects.get()


@pytest.fixture
def holder(said):
    client = Client()
    assert enter(client, said[0]).status_code == 302
    return client


def test_the_receipt_is_shown_on_its_own_page_and_nowhere_else(house):
    client = Client()
    answer = say(client)
    assert answer.redirect_chain == [("/say/receipt/", 302)]
    page = text_of(answer)
    code = code_in(answer)
    assert "no-store" in answer["Cache-Control"]
    assert len(code.replace("-", "")) == 20
    assert 'src="data:image/svg+xml' in page
    case = Case.objects.get()
    assert (case.identity, case.requester, case.submitted_by) == (Identity.ANONYMOUS, None, None)
    assert code not in text_of(client.get("/say/")) + text_of(client.get("/receipt/"))


def test_the_same_form_sent_twice_shows_the_same_receipt(house):
    client = Client()
    form = client.get("/say/")
    assert code_in(say(client, form)) == code_in(say(client, form))
    assert Case.objects.count() == 1


def test_who_is_signed_in_is_not_even_looked_at(house):
    li_na = sign_in(Client(), house.li_na)
    form = li_na.get("/say/")
    before = (
        list(Session.objects.values()),
        list(SignIn.objects.values()),
        Notice.objects.filter(recipient=house.li_na).count(),
    )
    with CaptureQueriesContext(connection) as captured:
        page = text_of(say(li_na, form))
    assert not [each["sql"] for each in captured if "django_session" in each["sql"] or "accounts_" in each["sql"]]
    assert "李娜" not in page
    assert before == (
        list(Session.objects.values()),
        list(SignIn.objects.values()),
        Notice.objects.filter(recipient=house.li_na).count(),
    )
    assert CaseAccessLog.objects.count() == 0


def test_a_file_loses_its_telling_name(house):
    stream = BytesIO()
    Image.new("RGB", (20, 20)).save(stream, "PNG")
    say(Client(), files=[SimpleUploadedFile("李娜拍的.png", stream.getvalue())])
    assert Attachment.objects.get().name == "附件1.png"


def test_the_receipt_opens_its_case_however_it_is_typed(said):
    client = Client()
    answer = enter(client, said[0].lower().replace("-", " "), follow=True)
    assert answer.redirect_chain == [("/receipt/case/", 302)]
    assert WORDS in text_of(answer)
    cookie = client.cookies[receipts.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (
        "/receipt/",
        True,
        "Lax",
        1800,
    )
    title = text_of(answer).split("</title>")[0]
    assert "考勤" not in title


def test_wrong_codes_are_slowed_and_lock_nobody_out(said, monkeypatch):
    slept = []
    monkeypatch.setattr("lianxin.kernel.crowds.sleep", slept.append)
    for _ in range(205):
        wrong = post_raw(Client(), "/receipt/", {"code": "22222-22222-22222-22222"})
        assert (wrong.status_code, receipts.COOKIE in wrong.cookies) == (422, False)
    assert slept[0] == 0.1
    assert slept[-1] == receipts.WRONG.LONGEST
    assert len(slept) == 175
    right = post_raw(Client(), "/receipt/", {"code": said[0]})
    assert (right.status_code, receipts.COOKIE in right.cookies) == (302, True)
    assert len(slept) == 175
    elsewhere = post_raw(Client(), "/receipt/", {"code": "22222-22222-22222-22222"}, REMOTE_ADDR="10.0.0.77")
    assert elsewhere.status_code == 422
    assert len(slept) == 175


def test_an_office_may_mistype_often_without_locking_anyone_out(said, monkeypatch):
    client = Client()
    for _ in range(30):
        enter(client, "22222-22222-22222-22222")
    assert enter(client, said[0]).status_code == 302


def test_with_the_receipt_one_answers_adds_rates_and_sees_it_reopened(holder, said, house):
    _code, case = said
    in_progress(house, case)
    case = perform("ask", actor=house.handler, case_id=case.pk, text="哪个班组？")
    page = holder.get("/receipt/case/")
    assert "哪个班组？" in text_of(page)
    stream = BytesIO()
    Image.new("RGB", (20, 20)).save(stream, "PNG")
    said_now = {"text": "检修二班。", "files": [SimpleUploadedFile("a.png", stream.getvalue())]}
    assert send_form(holder, page, said_now, to="/answer/").url == "/receipt/case/?done=answer"
    file = Attachment.objects.get()
    assert f"/receipt/file/{file.pk}/" in text_of(holder.get("/receipt/case/"))
    assert holder.get(f"/receipt/file/{file.pk}/").status_code == 200
    send_form(holder, "/receipt/case/", {"text": "三班也是。"}, to="/add/")
    case = handling.reply_to_requester(actor=house.handler, case_id=case.pk, text="已纠正。")
    send_form(holder, "/receipt/case/", {"resolved": "no", "satisfaction": "1"})
    case.refresh_from_db()
    assert (case.state, Rating.objects.get().satisfaction) == (CaseState.REOPENED, 1)


def test_with_the_receipt_one_appeals_and_withdraws(holder, said, house):
    _code, case = said
    triage.decline_case(actor=house.dispatcher, case_id=case.pk, reason="unclear", text="请写明班组。")
    send_form(holder, "/receipt/case/", {"text": "检修二班。"}, to="/appeal/")
    assert Case.objects.get().state == CaseState.SUBMITTED
    asked = holder.get("/receipt/case/withdraw/")
    assert "confirm" in text_of(asked)
    send_form(holder, asked)
    assert Case.objects.get().state == CaseState.WITHDRAWN


def test_without_a_receipt_or_with_a_forged_one_there_is_nothing(said, house):
    client = Client()
    assert client.get("/receipt/case/").url == "/receipt/"
    client.cookies[receipts.COOKIE] = f'"{said[1].pk}:forged:signature"'
    assert client.get("/receipt/case/").url == "/receipt/"
    assert sign_in(Client(), house.li_na).get(f"/case/{said[1].pk}/").status_code == 404


def test_a_receipt_opens_no_other_case(holder, house):
    other = submit(house.li_na, "别人的事。").case
    replied(house, other)
    assert "别人的事" not in text_of(holder.get("/receipt/case/"))


def test_what_was_typed_after_the_receipt_closed_is_given_back(said, holder, house):
    perform("ask", actor=house.handler, case_id=in_progress(house, said[1]).pk, text="哪个班组？")
    page = holder.get("/receipt/case/")
    answer = send_form(Client(), page, {"text": "检修二班，上周三。"}, to="/answer/")
    assert answer.status_code == 401
    assert "检修二班，上周三。" in text_of(answer)


def test_leaving_forgets_the_receipt(holder):
    answer = send_form(holder, "/receipt/case/", to="/leave/")
    assert answer.cookies[receipts.COOKIE]["max-age"] == 0
    assert holder.get("/receipt/case/").url == "/receipt/"


def test_a_late_rating_is_possible_for_thirty_days(holder, said, house):
    _code, case = said
    replied(house, case)
    Case.objects.filter(pk=case.pk).update(state=CaseState.CLOSED, outcome=Outcome.UNRATED, closed_at=case.submitted_at)
    assert 'id="rate"' in text_of(holder.get("/receipt/case/"))


# A crowd


def pressed_again(client, answer, **more):
    """The form as it came back, with what was typed, sent once more."""
    page = text_of(answer)
    hidden = {name: unescape(value) for name, value in re.findall(r'name="(key|ticket)" value="([^"]*)"', page)}
    return send(client, {**hidden, **more})


def send(client, data, **more):
    """Send an anonymous form as a script would, and read the page to which it leads."""
    form = {"body": WORDS, "identity": "anonymous", "key": str(uuid4()), **data}
    return post_raw(client, "/say/", form, follow=True, **more)


@pytest.fixture
def crowd(house):
    """One source has sent as much as it may without more ado."""
    for number in range(ANONYMOUS.per_source):
        ANONYMOUS.admit("127.0.0.1", bound_to=str(number), words="")


def test_in_a_crowd_a_browser_works_a_little_and_is_let_in(crowd):
    held_up = send(Client(), {})
    assert held_up.status_code == 429
    assert WORDS in text_of(held_up)
    ticket = unescape(re.search(r'name="ticket" value="([^"]+)"', text_of(held_up))[1])
    bits = int(re.search(r'data-proof="(\d+)"', text_of(held_up))[1])
    proof = next(str(n) for n in count() if is_proof(ticket, str(n), bits))
    assert pressed_again(Client(), held_up, proof="1").status_code == 429
    let_in = pressed_again(Client(), held_up, proof=proof)
    assert code_in(let_in)
    assert code_in(pressed_again(Client(), held_up, proof=proof)) == code_in(let_in)  # the same words, once more
    # Of another form, or with other words, it is worth nothing.
    assert pressed_again(Client(), held_up, proof=proof, body="别的话").status_code == 429
    assert pressed_again(Client(), held_up, proof=proof, key=str(uuid4())).status_code == 429
    assert Case.objects.count() == 1


def test_in_a_crowd_whoever_has_no_script_waits_a_little_and_is_let_in(crowd):
    begun = timezone.now()
    with timezone.frozen(begun):
        held_up = send(Client(), {})
        another = send(Client(), {})
        assert "15 秒" in text_of(held_up)
        assert "25 秒" in text_of(another)
    with timezone.frozen(begun + timedelta(seconds=10)):
        assert pressed_again(Client(), held_up).status_code == 429
    with timezone.frozen(begun + timedelta(seconds=16)):
        assert code_in(pressed_again(Client(), held_up))
        assert pressed_again(Client(), held_up, body="别的话").status_code == 429


def test_no_file_of_a_crowd_or_of_a_form_with_mistakes_is_looked_at(crowd, monkeypatch):
    monkeypatch.setattr("lianxin.kernel.files.clean_apart", lambda *_file: pytest.fail("a file was looked at"))
    photo = SimpleUploadedFile("a.jpg", b"\xff\xd8\xff and more")
    assert send(Client(), {"files": photo}).status_code == 429
    photo.seek(0)
    assert send(Client(), {"files": photo, "body": ""}, REMOTE_ADDR="10.0.0.78").status_code == 422


def test_the_anonymous_form_is_kept_nowhere(house):
    page = Client().get("/say/")
    assert "no-store" in page["Cache-Control"]
    assert 'autocomplete="off"' in text_of(page)
    assert "no-store" in send(Client(), {"body": ""})["Cache-Control"]


@pytest.mark.parametrize("address", ["/", "/mine/", "/inbox/", "/me/", "/say/", "/board/"])
def test_pages_of_whoever_is_signed_in_are_kept_nowhere(house, address):
    page = sign_in(Client(), house.li_na).get(address)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    assert "private" in page["Cache-Control"]


def test_a_crowd_elsewhere_is_not_noticed(crowd):
    assert code_in(send(Client(), {}, REMOTE_ADDR="10.0.0.77"))


def test_thousands_from_everywhere_close_the_channel_for_nobody(house, monkeypatch):
    monkeypatch.setattr(ANONYMOUS, "together", 30)
    for number in range(40):
        send(Client(), {}, REMOTE_ADDR=f"10.0.1.{number}")
    assert Case.objects.count() == 30
    page = Client().get("/say/", REMOTE_ADDR="10.0.2.1")
    assert 'data-proof="14"' in text_of(page)
    ticket = unescape(re.search(r'name="ticket" value="([^"]+)"', text_of(page))[1])
    key = re.search(r'name="key" value="([^"]+)"', text_of(page))[1]
    proof = next(str(n) for n in count() if is_proof(ticket, str(n), LEAST_BITS))
    assert code_in(send(Client(), {"key": key, "ticket": ticket, "proof": proof}, REMOTE_ADDR="10.0.2.1"))


def test_somebody_by_name_is_never_held_up_by_a_crowd(crowd, house):
    li_na = sign_in(Client(), house.li_na)
    assert send_form(li_na, "/say/", {"body": WORDS, "identity": "named"}).status_code == 302
