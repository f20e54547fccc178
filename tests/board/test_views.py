"""The pages of the board: what they show, what they never show, and that they hold."""

import logging
import re
from datetime import timedelta
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lianxin.board import queries, services
from lianxin.board.models import Post
from lianxin.board.services import Texts
from lianxin.board.views import feed
from lianxin.cases.enums import Identity
from lianxin.cases.models import Case
from lianxin.cases.services import requester
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound
from lianxin.org.models import Person
from tests.board.stories import MONDAY, TEXTS, on_board, put_up, shared, staff
from tests.factories.cases import replied, submit
from tests.pages import post_raw, send_form

ATOM = "{http://www.w3.org/2005/Atom}"
SCRIPT = '<script>alert("坏")</script>'
BOARD = "/board/"


@pytest.fixture(autouse=True)
def _on_a_monday():
    with timezone.frozen(MONDAY):
        yield


@pytest.fixture
def reader(house, browser_of):
    return browser_of(house.wang_fang)


def page(browser, address=BOARD, **words):
    answer = browser.get(address, words)
    assert answer.status_code == 200
    return answer.content.decode()


def parsed(content):
    return ET.fromstring(content)  # noqa: S314 - our own


def prepare(case):
    return reverse("board:edit", args=[case.pk])


def feed_of(browser, person):
    answer = Client().get("/board/feed/", {"key": services.make_feed_address(actor=person)})
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return answer


def test_the_requester_is_asked_after_rating_and_off_is_the_default(house, browser_of):
    case = replied(house, submit(house.li_na, place=house.workshop).case)
    browser = browser_of(house.li_na)
    address = reverse("cases:case", args=[case.pk])
    assert "可以公开" not in page(browser, address)
    send_form(browser, address, {"resolved": "yes", "satisfaction": 5}, to="/rate/")
    assert "可以让同事看到这件事是怎么解决的吗" in page(browser, address)
    assert Case.objects.get().publication_consent_at is None
    asked = browser.get(address)
    for _twice in range(2):
        assert send_form(browser, asked, to="/share/").status_code == 302
    assert "撤回同意" in page(browser, address)
    assert send_form(browser, address, to="/unshare/").status_code == 302
    assert Case.objects.get().publication_consent_at is None


def test_with_the_receipt_one_agrees_just_as_well(house):
    body = "食堂晚饭总是凉的，希望加热。"
    submission = submit(None, body, place=house.workshop)
    replied(house, submission.case)
    browser = Client()
    send_form(browser, reverse("cases:receipt"), {"code": submission.receipt})
    send_form(browser, reverse("cases:receipt_case"), {"resolved": "yes", "satisfaction": 5}, to="/rate/")
    assert "可以公开" in page(browser, reverse("cases:receipt_case"))
    send_form(browser, reverse("cases:receipt_case"), to="/share/")
    case = Case.objects.get()
    assert (case.publication_consent_at.minute, case.publication_consent_at.second) == (0, 0)
    with timezone.frozen(MONDAY + timedelta(days=1)):
        put_up(house, case)
    with timezone.frozen(MONDAY + timedelta(days=2)):
        assert len(queries.posts_for(viewer=house.wang_fang)) == 1
        send_form(browser, reverse("cases:receipt"), {"code": submission.receipt})
        send_form(browser, reverse("cases:receipt_case"), to="/unshare/")
        assert len(queries.posts_for(viewer=house.wang_fang)) == 0


def test_a_dispatcher_replaces_looks_and_puts_it_up(house, browser_of):
    case = shared(house, body="王芳说3号楼402室没有热水，电话13812345678。")
    browser = browser_of(house.dispatcher)
    text = page(browser, prepare(case))
    assert "王芳 → 某同事" in text
    assert "<mark>13812345678</mark>" in text
    one = send_form(browser, prepare(case), press="replace:王芳").content.decode()
    assert "某同事说3号楼402室没有热水，电话13812345678。" in one
    everything = send_form(browser, prepare(case), press="replace")
    clean = everything.context["form"].texts
    assert clean.question == "某同事说某处房间没有热水，电话（电话略）。"
    looked = send_form(browser, everything, press="look")
    assert "大家将看到的内容" in looked.content.decode()
    assert Post.objects.get().state == "draft"
    assert send_form(browser, looked, press="publish").status_code == 302
    assert Post.objects.get().state == "published"
    assert send_form(browser, looked, press="publish").status_code == 302, "the same sent twice"
    assert [e.action for e in _events(case)].count("publish") == 1


def _events(case):
    from lianxin.ledger.queries import events_of  # noqa: PLC0415

    return events_of("case", case.pk)


def test_what_is_still_marked_needs_a_tick(house, browser_of):
    case = shared(house, body="王芳的热水。")
    browser = browser_of(house.dispatcher)
    looked = send_form(browser, prepare(case), press="look")
    assert send_form(browser, looked, press="publish").status_code == 422
    assert Post.objects.get().state == "draft"
    assert send_form(browser, looked, {"looked": True}, press="publish").status_code == 302


def test_what_was_typed_stays_when_somebody_was_quicker(house, browser_of):
    case = shared(house)
    browser = browser_of(house.dispatcher)
    looked = send_form(browser, prepare(case), {"title": "我写的标题"}, press="look")
    put_up(house, case, actor=house.head_dispatcher)
    answer = send_form(browser, looked, press="publish")
    text = answer.content.decode()
    assert (answer.status_code, "我写的标题" in text, "已有人先处理了" in text) == (409, True, True)


def test_nobody_else_prepares(house, browser_of):
    case = shared(house)
    for who in ("wang_fang", "outsider", "inspector", "system_admin"):
        assert browser_of(getattr(house, who)).get(prepare(case)).status_code == 404, who
    for who in ("li_na", "handler", "supervisor", "unit_leader"):
        assert browser_of(getattr(house, who)).get(prepare(case)).status_code == 403, who
        assert post_raw(browser_of(getattr(house, who)), prepare(case), {"do": "publish"}).status_code == 403, who


def test_the_way_there_stands_on_the_case(house, browser_of):
    case = shared(house)
    here = reverse("cases:case", args=[case.pk])
    assert prepare(case) in page(browser_of(house.dispatcher), here)
    assert prepare(case) not in page(browser_of(house.handler), here)


def test_no_script_runs_wherever_it_was_written(house, browser_of, reader):
    case = shared(house, body=f"{SCRIPT} 王芳{SCRIPT}")
    texts = Texts(f"题{SCRIPT}", f"问{SCRIPT}", f"答{SCRIPT}")
    with timezone.frozen(MONDAY - timedelta(days=1)):
        post = put_up(house, case, texts)
    desk = browser_of(house.dispatcher)
    pages = [
        page(reader),
        page(reader, f"/board/post/{post.pk}/"),
        page(reader, text=SCRIPT, unit=SCRIPT, category=SCRIPT, sort=SCRIPT),
        page(desk, prepare(case)),
        send_form(desk, prepare(case), press="look").content.decode(),
        page(desk, reverse("board:drafts"), state=SCRIPT),
    ]
    assert [text for text in pages if "<script>alert" in text] == []
    root = parsed(feed_of(reader, house.wang_fang).content)
    assert root.find(f"{ATOM}entry/{ATOM}title").text == f"题{SCRIPT}"
    assert "<script>" not in root.find(f"{ATOM}entry/{ATOM}summary").text


@pytest.mark.parametrize("words", ["%", "_", "\\", "'; DROP TABLE board_post; --", "热" * 500, "(" * 50])
def test_hostile_words_find_nothing_and_break_nothing(house, reader, words):
    on_board(house)
    text = page(reader, text=words, page="-1")
    shown = "宿舍没有热水" in text
    assert shown == (words == "热" * 500)  # what no field can hold is no condition


def test_search_by_words_unit_and_category(house, reader):
    staff(house)
    heat = on_board(house)
    with timezone.frozen(MONDAY - timedelta(days=1)):
        put_up(house, shared(house), Texts("食堂太咸", "少放盐。", "已换厨师。"), unit_id=house.company.pk)
    assert "食堂太咸" in page(reader)
    for words, found in (
        ({"text": "热水 锅炉"}, ["宿舍没有热水"]),
        ({"text": "盐"}, ["食堂太咸"]),
        ({"unit": "EAST"}, ["食堂太咸"]),
        ({"unit": "ROOT"}, ["宿舍没有热水", "食堂太咸"]),
        ({"unit": "NONE"}, []),
        ({"category": heat.category.code}, ["宿舍没有热水", "食堂太咸"]),
        ({"category": "canteen-1"}, []),
    ):
        text = page(reader, **words).replace("<mark>", "").replace("</mark>", "")
        assert sorted(t for t in ("宿舍没有热水", "食堂太咸") if t in text) == sorted(found), words
        assert ("没有符合条件的内容" in text) == (not found)


def test_an_empty_board_says_what_it_is_for(house, reader):
    assert "公开墙上还没有内容" in page(reader)


def test_the_number_of_queries_does_not_grow(house, reader, browser_of):
    desk = browser_of(house.dispatcher)

    def counted(browser, address):
        page(browser, address)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(browser, address)
        return len(captured)

    addresses = [(reader, BOARD), (desk, BOARD), (desk, "/board/prepare/"), (desk, "/board/prepare/?state=published")]
    on_board(house)
    shared(house)
    before = [counted(*each) for each in addresses]
    for _n in range(4):
        on_board(house)
        shared(house)
    assert [counted(*each) for each in addresses] == before


def test_nothing_shown_leads_back_to_anybody(house, browser_of, caplog):
    """Pages and feed hold no number, id, name, address, or time of day of the case, its requester or its staff."""
    body = "检修车间的李娜说没有热水。"
    with timezone.frozen(MONDAY - timedelta(days=3)):
        case = submit(house.li_na, body, place=house.workshop, identity=Identity.CONFIDENTIAL).case
        replied(house, case)
        requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
        perform("share", actor=house.li_na, case_id=case.pk)
    with timezone.frozen(MONDAY - timedelta(days=1)):
        post = put_up(house, case)
    for person in Person.objects.all()[:7]:
        services.endorse(actor=person, post_id=post.pk, wanted=True)
    services.count_endorsements()
    case.refresh_from_db()
    reader = browser_of(house.outsider)
    with caplog.at_level(logging.DEBUG):
        texts = [
            page(reader),
            page(reader, f"/board/post/{post.pk}/"),
            feed_of(reader, house.outsider).content.decode(),
        ]
    others = [p.name for p in house.people().values() if p != house.outsider]
    secrets = [str(case.pk), case.pk.hex, case.number, "检修车间", "后勤服务中心", "LX-", *others]
    secrets += [p.employee_no for p in house.people().values() if p != house.outsider]
    for text in texts:
        # Random signs, of the post's id and of the reader's own keys, may look like somebody's number.
        ours = rf'http://www.w3.org/2005/Atom|name="csrfmiddlewaretoken" value="\w+"|{post.pk}|key=[\w-]+'
        shown = re.sub(ours, "", text)
        assert [secret for secret in secrets if secret in shown] == []
        assert "7 人附议" in shown or ATOM.strip("{}") in text
        assert re.findall(r"\b\d{1,2}:\d{2}\b(?!:00)", shown.replace("00:00:00+08:00", "")) == []
        assert "T10" not in shown
    assert not [
        record for record in caplog.records if str(post.pk) in record.getMessage() and "case" in record.getMessage()
    ]
    assert post.pk.version == 4
    assert "Last-Modified" not in feed_of(reader, house.outsider).headers
    assert {"ETag", "Last-Modified"}.isdisjoint(reader.get(BOARD).headers)


def test_the_page_of_a_post_is_the_same_for_whoever_raised_it(house, browser_of):
    post = on_board(house)
    address = f"/board/post/{post.pk}/"
    pages = [
        page(browser_of(person), address).partition('<main id="content"')[2].partition("</main>")[0]
        for person in (house.li_na, house.wang_fang)
    ]
    token = re.compile(r'value="\w{64}"')
    assert token.sub("", pages[0]) == token.sub("", pages[1])
    assert TEXTS.answer in pages[0]


def test_order_says_nothing_about_who_was_first(house):
    posts = [on_board(house) for _n in range(6)]
    shown = [post.pk for post in queries.posts_for(viewer=house.wang_fang)]
    assert shown == sorted(post.pk for post in posts)


def test_endorsing_twice_counts_once_and_can_be_taken_back(house, reader):
    post = on_board(house)
    address = f"/board/post/{post.pk}/"
    shown = reader.get(address)
    for _twice in range(2):
        assert send_form(reader, shown, to="/endorse/").status_code == 302
    assert post.endorsements.count() == 1
    assert "您已附议" in page(reader, address)
    assert "人附议" not in page(reader)
    send_form(reader, address, to="/endorse/")
    assert post.endorsements.count() == 0


def test_guessed_posts_drafts_and_those_of_tomorrow_look_the_same(house, reader):
    tomorrow = put_up(house, shared(house))
    draft = services.save_draft(
        actor=house.dispatcher, case_id=shared(house).pk, texts=TEXTS, unit_id=house.root.pk, expected=0
    )
    answers = [reader.get(f"/board/post/{pk}/") for pk in (tomorrow.pk, draft.pk, uuid4(), Case.objects.first().pk)]
    assert {answer.status_code for answer in answers} == {404}
    plain = {re.sub(r'value="\w{64}"', "", answer.content.decode()) for answer in answers}
    assert len(plain) == 1


def test_the_feed_is_atom_with_days_for_times(house, reader):
    post = on_board(house)
    root = parsed(feed_of(reader, house.wang_fang).content)
    assert root.tag == f"{ATOM}feed"
    assert root.find(f"{ATOM}id").text.startswith("urn:uuid:")
    entry = root.find(f"{ATOM}entry")
    assert entry.find(f"{ATOM}id").text == f"urn:uuid:{post.pk}"
    assert entry.find(f"{ATOM}link").get("href") == f"https://say.example.com/board/post/{post.pk}/"
    times = {e.text for e in root.iter() if e.tag in (f"{ATOM}updated", f"{ATOM}published")}
    assert times == {"2026-11-16T00:00:00+08:00"}
    assert root.find(f"{ATOM}author/{ATOM}name").text == "光明供电集团"
    assert "key=" not in feed_of(reader, house.wang_fang).content.decode()


def test_a_feed_says_where_it_is_and_gives_a_summary_beside_the_whole(house, reader):
    with timezone.frozen(timezone.now() - timedelta(days=1)):
        put_up(house, shared(house), Texts("宿舍没有热水", "热水" * 100, TEXTS.answer))
    root = parsed(feed_of(reader, house.wang_fang).content)
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"] == "https://say.example.com/board/feed/"
    entry = root.find(f"{ATOM}entry")
    assert len(entry.find(f"{ATOM}summary").text) == 140
    assert "热水" * 100 in entry.find(f"{ATOM}content").text
    assert TEXTS.answer in entry.find(f"{ATOM}content").text


def test_a_feed_is_not_sent_again_as_long_as_nothing_changed(house):
    on_board(house)
    asked = {"key": services.make_feed_address(actor=house.wang_fang)}
    first = Client().get("/board/feed/", asked)
    again = Client().get("/board/feed/", asked, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    on_board(house)
    changed = Client().get("/board/feed/", asked, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


def test_a_feed_is_english_where_english_is_asked_for(house):
    on_board(house)
    key = services.make_feed_address(actor=house.wang_fang)
    asked = Client().get("/board/feed/", {"key": key, "lang": "en"})
    preferred = Client().get("/board/feed/", {"key": key}, headers={"Accept-Language": "en"})
    for answer in (asked, preferred):
        root = parsed(answer.content)
        assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
        assert root.find(f"{ATOM}subtitle").text == "What employees asked for, and the replies"
    assert parsed(Client().get("/board/feed/", {"key": key}).content).find(f"{ATOM}title").text == "公开墙"


def test_an_empty_feed_tells_no_time_either(house, reader):
    root = parsed(feed_of(reader, house.wang_fang).content)
    assert root.find(f"{ATOM}updated").text == "2026-11-16T00:00:00+08:00"


def test_a_feed_address_is_shown_for_ten_minutes_and_can_be_revoked(house, reader):
    address = reverse("board:feed_address")
    assert send_form(reader, address, to=address).url == address
    shown = re.search(r"https://say.example.com/board/feed/\?key=([\w-]+)", page(reader, address))
    assert Client().get("/board/feed/", {"key": shown[1]}).status_code == 200
    assert shown[1] in page(reader, address)
    with timezone.frozen(MONDAY + timedelta(minutes=11)):
        assert shown[1] not in page(reader, address)
    send_form(reader, address, press="revoke")
    assert Client().get("/board/feed/", {"key": shown[1]}).status_code == 404


def test_guessing_feed_addresses_is_slowed_and_no_session_opens_the_feed(house, reader, monkeypatch):
    slept = []
    monkeypatch.setattr("lianxin.kernel.crowds.sleep", slept.append)
    monkeypatch.setattr(feed.WRONG, "_free", 2)
    key = services.make_feed_address(actor=house.wang_fang)
    assert reader.get("/board/feed/").status_code == 404
    for guess in ("a", "b"):
        assert Client().get("/board/feed/", {"key": guess}).status_code == 404
    assert slept == [0.1]
    assert Client().get("/board/feed/", {"key": key}).status_code == 200


def test_four_words_at_the_bottom(house, browser_of):
    text = page(browser_of(house.wang_fang), "/")
    bar = re.search(r'<nav class="navigation.*?</nav>', text, re.DOTALL) or re.search(
        r"<nav(?!.*<nav).*?</nav>", text, re.DOTALL
    )
    assert re.findall(r"首页|说一说|公开墙|我的", re.sub(r"<[^>]+>", " ", bar[0])) == [
        "首页",
        "说一说",
        "公开墙",
        "我的",
    ]
    assert reverse("cases:mine") in text
    assert reverse("cases:mine") in page(browser_of(house.wang_fang), reverse("accounts:profile"))


def test_hidden_and_missing_look_the_same_to_the_service(house):
    with pytest.raises(NotFound):
        queries.post_for(viewer=house.wang_fang, post_id=uuid4())
