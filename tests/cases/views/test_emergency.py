"""Danger on the pages of whoever raises a case: whom to call, before and after sending."""

from html.parser import HTMLParser

import pytest
from django.test import Client

from lianxin.cases.models import Case
from lianxin.org.enums import Role
from lianxin.org.models import RoleGrant
from lianxin.org.services import set_duty_phones
from tests.factories.accounts import sign_in
from tests.factories.cases import submit
from tests.pages import send_form, text_of

WALL = "东墙马上要塌了，下面有人在干活"
CRISIS = "我真的不想活了，每天都睡不着"
CALM = "宿舍三楼没有热水"


class Parts(HTMLParser):
    """Which parts of the form's help are shown, and the numbers that can be dialled in each."""

    def __init__(self, text):
        super().__init__()
        self.shown, self.dials, self.part, self.depth = [], {}, None, 0
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "div" and self.part:
            self.depth += 1
        if "data-emergency-shows" in given:
            self.part, self.depth = given["data-emergency-shows"], 1
            self.dials[self.part] = []
            if "hidden" not in given:
                self.shown.append(self.part)
        elif self.part and given.get("href", "").startswith("tel:"):
            self.dials[self.part].append(given["href"].removeprefix("tel:"))

    def handle_endtag(self, tag):
        if tag == "div" and self.part:
            self.depth -= 1
            if not self.depth:
                self.part = None


@pytest.fixture
def phones(house):
    set_duty_phones(actor=house.system_admin, unit_id=house.root.pk, phones="集团值班室 0571-1000")
    set_duty_phones(actor=house.system_admin, unit_id=house.workshop.pk, phones="车间值班室 0571-2000")
    return house


@pytest.fixture
def li_na(phones):
    return sign_in(Client(), phones.li_na)


def dialled(answer):
    return [part.split('"')[0] for part in text_of(answer).split('href="tel:')[1:]]


def test_the_form_shows_the_numbers_of_the_own_place_in_one_line_and_holds_the_rest(li_na):
    parts = Parts(text_of(li_na.get("/say/")))
    assert parts.shown == ["calm"]
    assert parts.dials == {
        "calm": ["05712000", "119", "120", "110"],
        "danger": ["05712000", "119", "120", "110"],
        "crisis": ["05712000", "12356", "120", "110"],
    }


def test_signed_out_it_is_the_whole_enterprise(phones):
    assert Parts(text_of(Client().get("/say/"))).dials["calm"] == ["05711000", "119", "120", "110"]


@pytest.mark.parametrize(("words", "shown"), [(WALL, "danger"), (CRISIS, "crisis"), (CALM, "calm")])
def test_without_script_the_form_that_comes_back_shows_what_its_words_call_for(li_na, words, shown):
    answer = send_form(li_na, "/say/", {"body": words, "colleague": "没有这个人"})
    assert answer.status_code == 422
    assert Parts(text_of(answer)).shown == [shown]


@pytest.mark.parametrize(("words", "first"), [(WALL, "05712000"), (CRISIS, "05712000")])
def test_after_sending_the_page_leads_with_the_numbers_while_it_is_open(li_na, phones, words, first):
    page = send_form(li_na, "/say/", {"body": words}, follow=True)
    assert dialled(page)[0] == first
    assert text_of(page).index('class="phones"') < text_of(page).index("<h1")
    assert ("您不必一个人扛着" in text_of(page)) is (words == CRISIS)
    case = Case.objects.get()
    later = li_na.get(f"/case/{case.pk}/")
    assert dialled(later)[0] == first
    li_na.get("/")
    send_form(li_na, f"/case/{case.pk}/withdraw/", press="撤回")
    assert dialled(li_na.get(f"/case/{case.pk}/")) == []


def test_what_can_wait_leads_with_no_number(li_na):
    assert dialled(send_form(li_na, "/say/", {"body": CALM}, follow=True)) == []


def test_anonymously_the_receipt_and_its_page_lead_with_the_numbers(phones):
    client = Client()
    shown = send_form(client, "/say/", {"body": WALL, "place": str(phones.workshop.pk)}, follow=True)
    assert dialled(shown) == ["05712000", "119", "120", "110"]
    followed = send_form(client, "/receipt/", {"code": shown.context["receipt"]}, follow=True)
    assert dialled(followed) == ["05712000", "119", "120", "110"]


def test_for_a_colleague_the_numbers_are_said_at_once(li_na):
    page = send_form(li_na, "/say/", {"body": WALL, "colleague": "王芳", "identity": "named"}, follow=True)
    assert "0571-2000" in text_of(page)


def test_where_nobody_receives_the_form_says_so_and_keeps_the_words(li_na, phones):
    RoleGrant.objects.filter(role=Role.DISPATCHER).delete()
    assert "data-emergency-unreached>" in text_of(li_na.get("/say/"))
    answer = send_form(li_na, "/say/", {"body": WALL})
    assert answer.status_code == 422
    assert WALL in text_of(answer)
    assert "0571-2000" in text_of(answer)
    assert not Case.objects.exists()


def test_where_somebody_receives_nothing_is_said_about_it(li_na):
    assert "data-emergency-unreached hidden" in text_of(li_na.get("/say/"))


def test_what_the_browser_looks_up_is_the_same_for_everybody_and_may_be_kept(li_na):
    mine, anybodys = li_na.get("/say/emergency.json"), Client().get("/say/emergency.json")
    assert mine.json() == anybodys.json()
    assert "public" in anybodys["Cache-Control"]
    assert not anybodys.cookies


def test_the_desk_sees_the_danger_beside_and_on_the_open_case(phones, li_na, desk_of):
    submit(phones.li_na, CALM)
    send_form(li_na, "/say/", {"body": WALL})
    case = Case.objects.get(danger="life")
    browser = desk_of(phones.dispatcher)
    page = text_of(browser.get(f"/case/{case.pk}/?queue=open"))
    beside, opened = page.split('class="pane-detail"')
    assert "安全风险" in beside
    assert "安全风险" in opened[: opened.index(WALL) + 2000]
    rows = text_of(browser.get("/desk/?queue=to_accept")).split("<tbody")[1]
    assert rows.index(case.number) < rows.index(Case.objects.get(danger="").number)
    assert rows.count("安全风险") == 1


def test_her_own_list_and_first_page_mark_it(phones, li_na):
    send_form(li_na, "/say/", {"body": WALL})
    for address in ("/", "/mine/"):
        assert "安全风险" in text_of(li_na.get(address)).split("<main")[1]
