"""Script in every field that somebody can fill in: it is shown as the letters it is, to everybody, on every page."""

from lianxin.cases.services import desk, handling, requesting
from lianxin.cases.services.settings import add_category
from lianxin.org import services as org
from tests.factories.cases import accepted, replied, submit

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"
MARKS = ("<script>alert(1)", "<img src=x", "onerror=alert(2)>{{7*7}}<", ">49<")


def test_it_stays_text_everywhere(house, browsers):
    org.rename_unit(actor=house.system_admin, unit_id=house.workshop.pk, name=HOSTILE[:100])
    org.correct_person(actor=house.system_admin, person_id=house.li_na.pk, name=HOSTILE[:50], employee_no="1001")
    add_category(actor=house.system_admin, name=HOSTILE[:50])
    house.li_na.refresh_from_db()
    raised = submit(house.li_na, body=HOSTILE, title=HOSTILE[:100], about=HOSTILE).case
    accepted(house, raised)
    desk.dispatch_case(
        actor=house.dispatcher,
        case_id=raised.pk,
        lead_unit=house.logistics,
        co_units=[house.workshop],
        text=HOSTILE,
    )
    handling.sign_for(actor=house.handler, case_id=raised.pk)
    handling.ask_requester(actor=house.handler, case_id=raised.pk, text=HOSTILE)
    requesting.answer_question(actor=house.li_na, case_id=raised.pk, text=HOSTILE)
    handling.contact_requester(actor=house.handler, case_id=raised.pk, text=HOSTILE)
    handling.write_note(actor=house.handler, case_id=raised.pk, text=HOSTILE)
    handling.request_extension(actor=house.handler, case_id=raised.pk, days=2, text=HOSTILE)
    handling.approve_extension(actor=house.unit_leader, case_id=raised.pk, text=HOSTILE)
    handling.contribute_part(actor=house.co_handler, case_id=raised.pk, text=HOSTILE)
    handling.reply_to_requester(actor=house.handler, case_id=raised.pk, text=HOSTILE)
    requesting.rate_case(actor=house.li_na, case_id=raised.pk, resolved="no", satisfaction=1, comment=HOSTILE)
    declined = submit(house.wang_fang, body=HOSTILE).case
    desk.decline_case(actor=house.dispatcher, case_id=declined.pk, reason="unclear", text=HOSTILE)
    replied(house, submit(house.li_na, body=HOSTILE + "。").case)
    addresses = [
        "/",
        "/say/",
        "/mine/",
        "/inbox/",
        "/me/",
        "/desk/?queue=open",
        "/desk/?queue=ended",
        f"/desk/?queue=open&text={HOSTILE}",
        f"/people/?q={HOSTILE}",
        "/people/",
        f"/people/{house.li_na.pk}/",
        "/units/",
        f"/units/{house.workshop.pk}/",
        "/trail/",
        "/roles/",
        "/settings/categories/",
        f"/receipt/?code={HOSTILE}",
        *(f"/case/{case.pk}/" for case in (raised, declined)),
        *(f"/case/{raised.pk}/do/{action}/" for action in ("dispatch", "merge", "note", "accept")),
    ]
    shown = 0
    for who, browser in browsers.items():
        for address in addresses:
            page = browser.get(address).content.decode()
            assert [mark for mark in MARKS if mark in page] == [], (who, address)
            shown += "&lt;script&gt;" in page
    assert shown > 40
