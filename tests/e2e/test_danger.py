"""Danger in a real browser: whom to call stands on top before anything is sent, and nothing of a draft leaves it."""

import random

import pytest

from lianxin.cases.models import Case
from lianxin.nlp.risk_detection import DANGEROUS, SPARED, WORDS, DangerKind, most_pressing
from lianxin.org.services import set_duty_phones
from tests.e2e.conftest import DESK, PHONE
from tests.nlp import test_risk_detection as spoken

WALL = "东墙马上要塌了，下面有人在干活"
CRISIS = "我真的不想活了"
NARROW = {"width": 320, "height": 640}
SHOWN = "document.querySelector('[data-emergency-shows]:not([hidden])').dataset.emergencyShows"
DIALLED = (
    "[...document.querySelectorAll('[data-emergency-shows]:not([hidden]) a')].map(each => each.getAttribute('href'))"
)
CALM = ["食堂的菜太咸了", "建议多办防触电培训", "没有冒烟", "检查后未发生漏气", "天热死了", "宿舍停水两天了"]
SAID = [
    WALL,
    CRISIS,
    "漏&#30005;了",
    "漏&amp;#x7535;了",
    "漏\u200b电",
    "漏\u00ad电",
    "ＧＡＳ ＬＥＡＫ in the kitchen",
    "Gas\n  leak",
    "没有着火，但是冒烟了",
    "预防火灾；已经起火",
    "防护栏杆松了",
    "护栏\n松了",
    "想死你了",
    "我想死",
    "SUICIDAL",
    "消防通道一直被货堵着",
]
WATCH = """texts => texts.map(text => {
    const field = document.querySelector('textarea[name=body]')
    field.value = text
    field.dispatchEvent(new Event('input', { bubbles: true }))
    return document.querySelector('[data-emergency-shows]:not([hidden])').dataset.emergencyShows
})"""


@pytest.fixture
def phones(house):
    set_duty_phones(actor=house.system_admin, unit_id=house.root.pk, phones="集团值班室 0571-1000")
    set_duty_phones(actor=house.system_admin, unit_id=house.workshop.pk, phones="车间值班室 0571-2000")
    return house


def on_the_server(text):
    found = most_pressing(text)
    return "calm" if found is None else "crisis" if found == DangerKind.CRISIS else "danger"


def words_of_danger():
    """Those alternatives of the list that are plain words."""
    parts = "|".join(WORDS[kind] for kind in DangerKind if kind in DANGEROUS).split("|")
    return [part for part in parts if part and not set(part) & set(r"\()[]{}?*.")]


def ready(page):
    page.wait_for_selector("[data-emergency][data-ready]", state="attached")


@pytest.mark.parametrize("size", [PHONE, DESK])
def test_the_numbers_come_first_while_one_writes_and_no_request_is_made(phones, open_as, no_barriers, size):
    page = open_as(phones.li_na, "/say/", size=size)
    ready(page)
    assert page.evaluate(SHOWN) == "calm"
    page.wait_for_load_state("networkidle")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("textarea[name=body]").press_sequentially(WALL)
    assert page.evaluate(SHOWN) == "danger"
    assert page.evaluate(DIALLED) == ["tel:05712000", "tel:119", "tel:120", "tel:110"]
    assert page.get_by_role("link", name="119").first.is_visible()
    assert "有人身危险" in page.inner_text("[data-emergency]") or "先打电话" in page.inner_text("[data-emergency]")
    no_barriers(page)
    page.locator("textarea[name=body]").fill(CRISIS)
    assert page.evaluate(SHOWN) == "crisis"
    assert "您不必一个人扛着" in page.inner_text("[data-emergency]")
    no_barriers(page)
    page.locator("textarea[name=body]").fill("")
    assert page.evaluate(SHOWN) == "calm"
    assert requests == []


def test_the_phones_follow_the_place_and_the_identity(phones, open_as):
    page = open_as(phones.li_na, "/say/")
    ready(page)
    page.fill("textarea[name=body]", WALL)
    assert page.evaluate(DIALLED)[0] == "tel:05712000"
    page.select_option("select[name=place]", label="后勤服务中心")
    assert page.evaluate(DIALLED) == ["tel:05711000", "tel:119", "tel:120", "tel:110"]
    page.select_option("select[name=place]", label="检修车间")
    assert page.evaluate(DIALLED)[0] == "tel:05712000"
    page.click("label:has-text('匿名')")
    assert page.evaluate(DIALLED)[0] == "tel:05711000"


def test_a_draft_that_comes_back_shows_them_again(phones, open_as):
    page = open_as(phones.li_na, "/say/")
    ready(page)
    page.fill("textarea[name=body]", WALL)
    page.reload()
    ready(page)
    assert page.evaluate(SHOWN) == "danger"


def test_the_browser_says_what_the_server_says(phones, open_as):
    chance = random.Random(11)
    words = words_of_danger()
    assert len(words) > 60
    pieces = [*words, *SPARED, *CALM, "今天", " ", "，", "\n", "班长说", "没有人管"]
    mixed = ["".join(chance.choices(pieces, k=chance.randint(1, 5))) for _ in range(400)]
    texts = [
        *SAID,
        *CALM,
        *spoken.SPOKEN,
        *spoken.CALM,
        *words,
        *(f"{spared}{word}" for word in words for spared in SPARED),
        *mixed,
    ]
    page = open_as(None, "/say/")
    ready(page)
    assert dict(zip(texts, page.evaluate(WATCH, texts), strict=True)) == {text: on_the_server(text) for text in texts}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("who", ["li_na", None])
def test_before_and_after_sending_all_fits_a_narrow_phone(phones, open_as, no_barriers, who, language):
    page = open_as(getattr(phones, who) if who else None, "/say/", size=NARROW, language=language)
    ready(page)
    page.fill("textarea[name=body]", WALL)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    heights = page.evaluate("[...document.querySelectorAll('.phones a')].map(e => e.offsetHeight).filter(h => h)")
    assert min(heights) >= 44
    page.click("main form[action='/say/'] button.btn-primary")
    page.wait_for_selector(".phones")
    page.wait_for_url("**/say/receipt/" if who is None else "**/case/**")
    assert page.locator(".phones a[href='tel:119']").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    no_barriers(page)
    assert Case.objects.get().danger == "life"
