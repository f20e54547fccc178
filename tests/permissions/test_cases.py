"""One case × every relation to it × every address of it; and the person it is about, looking for it everywhere."""

from uuid import uuid4

import pytest
from django.test import Client

from lianxin.cases.enums import CaseKind, Identity
from lianxin.cases.models import Attachment, Case
from lianxin.cases.services import requester
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import CASE
from lianxin.kernel import timezone
from tests.factories.cases import dispatched, in_progress, replied, submit
from tests.pages import send_form

TITLE, CANARY = "金丝雀标题", "金丝雀正文：他把公车开回家。"
ABOVE = {"head_dispatcher", "head_supervisor"}
BY_PLACE = {"dispatcher", "supervisor"} | ABOVE
BY_LEAD = {"handler", "unit_leader"}
INSPECTORS = {"inspector", "head_inspector"}
NOBODY = set()

# Who sees a case, by what it is and how far it has come; Li Na of the workshop raises it.
CASES = {
    "submitted": ({}, None, BY_PLACE | {"li_na"}),
    "confidential": ({"identity": Identity.CONFIDENTIAL}, None, BY_PLACE | {"li_na"}),
    "anonymous": ({"identity": Identity.ANONYMOUS}, None, BY_PLACE),
    "dispatched": ({}, dispatched, BY_PLACE | BY_LEAD | {"li_na"}),
    "co-handled": ({}, "co", BY_PLACE | BY_LEAD | {"li_na", "co_handler"}),
    "in progress": ({}, in_progress, BY_PLACE | BY_LEAD | {"li_na"}),
    "replied": ({}, replied, BY_PLACE | BY_LEAD | {"li_na"}),
    "reopened": ({}, "reopened", BY_PLACE | BY_LEAD | {"li_na"}),
    "withdrawn": ({}, "withdrawn", BY_PLACE | {"li_na"}),
    "about the dispatcher": ({"about": "赵敏"}, None, (BY_PLACE - {"dispatcher"}) | {"li_na"}),
    "about the supervisor": ({"about": "郑洁"}, None, (BY_PLACE - {"supervisor"}) | {"li_na"}),
    "about the company": ({"about": "东城供电公司"}, None, ABOVE | {"li_na"}),
    "conduct": ({"kind": CaseKind.CONDUCT}, None, INSPECTORS | {"li_na"}),
    "conduct of the handler": ({"kind": CaseKind.CONDUCT, "about": "孙强"}, None, INSPECTORS | {"li_na"}),
    "conduct of the inspector": ({"kind": CaseKind.CONDUCT, "about": "陈正"}, None, {"head_inspector", "li_na"}),
    "conduct of two levels": ({"kind": CaseKind.CONDUCT, "about": "孙强、赵敏"}, None, {"head_inspector", "li_na"}),
    "anonymous conduct": ({"kind": CaseKind.CONDUCT, "identity": Identity.ANONYMOUS}, None, INSPECTORS),
}

# Who may take which step, while a case is …; whoever sees the case and is not here gets 403.
STEPS = {
    "submitted": {
        "accept": {"dispatcher", "head_dispatcher"},
        "decline": {"dispatcher", "head_dispatcher"},
        "seal": {"dispatcher", "head_dispatcher"},
        "supervise": {"supervisor", "head_supervisor"},
    },
    "dispatched": {
        "sign": {"handler"},
        "send_back": {"handler", "supervisor", "head_supervisor"},
        "ask": {"handler", "dispatcher", "head_dispatcher"},
        "merge": {"dispatcher", "head_dispatcher"},
        "reclassify": {"dispatcher", "head_dispatcher"},
        "recall": {"dispatcher", "head_dispatcher"},
    },
    "in progress": {
        "reply": {"handler"},
        "contact": {"handler"},
        "request_extension": {"handler"},
        "transfer": {"dispatcher", "head_dispatcher", "supervisor", "head_supervisor"},
        "note": {"handler", "unit_leader"} | BY_PLACE,
    },
    "reopened": {"dispatch": {"supervisor", "head_supervisor"}},
    "conduct": {"accept": INSPECTORS, "decline": INSPECTORS, "supervise": INSPECTORS},
    "confidential": {"unseal": {"dispatcher", "head_dispatcher"}},
}


def make(house, name) -> Case:
    more, so_far, _who = CASES[name]
    raised_by = None if more.get("identity") == Identity.ANONYMOUS else house.li_na
    more = {"place": house.workshop, "title": TITLE, **more}
    case = submit(raised_by, body=CANARY, **more).case
    if so_far == "co":
        dispatched(house, case, co_units=[house.workshop])
    elif so_far == "reopened":
        replied(house, case)
        requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=1)
    elif so_far == "withdrawn":
        requester.withdraw_case(actor=house.li_na, case_id=case.pk)
    elif so_far:
        so_far(house, case)
    return Case.objects.get(pk=case.pk)


def status(browser: Client, address: str) -> int:
    return browser.get(address).status_code


@pytest.mark.parametrize("name", CASES)
def test_who_sees_the_case_its_files_and_its_changes(house, browsers, name):
    case = make(house, name)
    file = Attachment.objects.create(case=case, name="照片.jpg", content_type="image/jpeg", size=1, key=str(uuid4()))
    for address, missing in (
        (f"/case/{case.pk}/", f"/case/{uuid4()}/"),
        (f"/case/{case.pk}/live/", f"/case/{uuid4()}/live/"),
        (f"/file/{file.pk}/", f"/file/{uuid4()}/"),
    ):
        hidden = {who for who, browser in browsers.items() if status(browser, missing) == 404}
        assert hidden == set(browsers)
        # The stored file itself is not there in this test, which only those notice who may see it
        seen = {who for who, browser in browsers.items() if "file" not in address and status(browser, address) == 200}
        if "file" not in address:
            assert seen == CASES[name][2], address
            assert {status(browsers[who], address) for who in set(browsers) - seen} <= {404}


@pytest.mark.parametrize("name", STEPS)
def test_who_may_take_which_step(house, browsers, name):
    case = make(house, name)
    seers = CASES[name][2] - {"li_na"}
    for action in sorted(CASE.buttons):
        codes = {who: status(browser, f"/case/{case.pk}/do/{action}/") for who, browser in browsers.items()}
        assert {who for who, code in codes.items() if code == 404} == set(browsers) - seers - {"li_na"}, action
        assert codes["li_na"] == 403, action
        assert {codes[who] for who in seers} <= {200, 403, 409}, action
        if action in STEPS[name]:
            assert {who for who, code in codes.items() if code == 200} == STEPS[name][action], action


def test_every_step_of_the_table_has_its_page_or_is_the_requesters_or_the_clocks():
    elsewhere = {
        "answer",
        "add",
        "rate",
        "appeal",
        "withdraw",
        "follow_alone",
        "share",
        "unshare",
        "no_answer",
        "lapse",
        "give_back",
    }
    elsewhere |= {"publish", "take_down"}  # at the board
    assert set(CASE.actions) - set(CASE.buttons) - elsewhere == set()


HIDDEN_FROM = {
    "about the dispatcher": "dispatcher",
    "about the supervisor": "supervisor",
    "about the company": "dispatcher",
    "conduct of the handler": "handler",
    "conduct of the inspector": "inspector",
    "conduct": "dispatcher",
}


@pytest.fixture
def _at_one_moment():
    """Pages say how long something takes yet."""
    with timezone.frozen(timezone.now()):
        yield


@pytest.mark.parametrize(("name", "who"), HIDDEN_FROM.items())
@pytest.mark.usefixtures("_at_one_moment")
def test_whom_it_is_about_finds_it_nowhere(house, browsers, name, who):
    """Lists, counts, search, inbox, guessed addresses: with the case there they show what they show without it."""
    hunter = browsers[who]
    other = submit(house.wang_fang, body="另一件事", place=house.workshop, title="另一件事").case
    searches = [
        "/",
        "/desk/",
        "/inbox/",
        "/mine/",
        "/desk/live/",
        *(f"/desk/?queue={queue}" for queue in ("open", "to_accept", "overdue", "ended", "waiting", "all")),
        *(f"/desk/?queue=open&text={word}" for word in ("金丝雀", "公车", "LX-")),
        *(f"/desk/?queue=open&sort={sort}" for sort in ("due", "-submitted", "submitted")),
        "/desk/?queue=open&unit=WORKSHOP",
        "/desk/?queue=open&kind=conduct",
    ]

    def look():
        pages = {}
        for address in searches:
            answer = hunter.get(address)
            pages[address] = (answer.status_code, _lasting(answer.content.decode()))
        return pages

    look()  # what a first look marks as read
    before = look()
    case = make(house, name)
    assert look() == before
    assert (TITLE in str(before), case.number in str(look())) == (False, False)
    for address in (f"/case/{case.pk}/", f"/case/{case.pk}/live/", f"/case/{case.pk}/do/accept/"):
        assert hunter.get(address).status_code == 404
    if who == "dispatcher":  # nor by trying to merge with it
        answer = send_form(hunter, f"/case/{other.pk}/do/merge/", {"number": case.number})
        assert (answer.status_code, TITLE in answer.content.decode()) == (422, False)


def _lasting(page: str) -> str:
    """A page without what differs each time: tokens, versions."""
    import re  # noqa: PLC0415

    return re.sub(r'(csrfmiddlewaretoken" value=|data-live-version=)"[^"]*"', "", page)


def test_sealed_text_is_in_no_title_of_a_tab(house, browsers):
    case = make(house, "conduct")
    for who in ("li_na", "inspector"):
        page = browsers[who].get(f"/case/{case.pk}/").content.decode()
        assert TITLE not in page[page.index("<title>") : page.index("</title>")]


def test_an_unnamed_requester_is_nowhere_on_the_desks_pages(house, browsers):
    for name in ("confidential", "anonymous"):
        case = make(house, name)
        perform("note", actor=house.dispatcher, case_id=case.pk, text="内部")
        for who in CASES[name][2] - {"li_na"}:
            page = browsers[who].get(f"/case/{case.pk}/").content.decode()
            assert (house.li_na.name in page, house.li_na.employee_no in page) == (False, False)
