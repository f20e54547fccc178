"""Finding cases by words: who finds what, and what nobody can find out."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps

from lianxin.cases import queries, tasks
from lianxin.cases.enums import CaseKind, Identity
from lianxin.cases.models import Case, SearchRow
from lianxin.cases.queries import CaseFilter, search
from lianxin.cases.services import requester, triage
from lianxin.cases.services import search as search_service
from lianxin.cases.services.search import rebuild_search
from lianxin.cases.services.transitions import perform
from lianxin.kernel import timezone
from tests.cases.stories import TUESDAY
from tests.factories.cases import accepted, category, in_progress, replied, submit


def found(viewer, text, **chosen):
    """The titles that somebody finds, in order."""
    chosen.setdefault("queue", "all")
    return [case.title for case in queries.desk_cases(viewer=viewer, chosen=CaseFilter(text=text, **chosen))]


def mine(viewer, text):
    return [case.title for case in queries.my_cases(viewer=viewer, text=text)]


def raised(house, title, body="没有别的。", **more):
    return submit(more.pop("by", house.li_na), body, title=title, **more).case


@pytest.fixture
def shelf(house):
    """Four cases with words in different places."""
    raised(house, "宿舍热水停了", "三楼洗不了澡。")
    raised(house, "3号变电站漏雨", "巡视时发现，A7县来的师傅也看到了。")
    raised(house, "食堂太咸", "晚餐也是。宿舍离得远，WiFi也没有，热水要自己打。")
    raised(house, "13号变电站缺灯", "在２号门旁边。")
    return house


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("热水", {"宿舍热水停了", "食堂太咸"}),
        ("热水 宿舍", {"宿舍热水停了", "食堂太咸"}),
        ("宿舍热水", {"宿舍热水停了", "食堂太咸"}),
        ('"宿舍热水"', {"宿舍热水停了"}),
        ("“晚餐也是 宿舍”", {"食堂太咸"}),
        ("3号变电站", {"3号变电站漏雨"}),
        ("变电站", {"3号变电站漏雨", "13号变电站缺灯"}),
        ("A7县", {"3号变电站漏雨"}),
        ("a7", {"3号变电站漏雨"}),
        ("2号门", {"13号变电站缺灯"}),
        ("wifi", {"食堂太咸"}),
        ("wif", {"食堂太咸"}),
        ("ＷＩＦＩ", {"食堂太咸"}),
        ("电", {"3号变电站漏雨", "13号变电站缺灯"}),
        ("水停", {"宿舍热水停了"}),
        ("电梯", set()),
        ("热水 电梯", set()),
    ],
)
def test_words_in_any_order_phrases_and_mixed_names(shelf, text, titles):
    assert set(found(shelf.dispatcher, text)) == titles
    assert set(mine(shelf.li_na, text)) == titles


@pytest.mark.parametrize(
    "text",
    [
        "%",
        "_",
        "\\",
        "'",
        '"',
        "' OR 1=1 --",
        ":*",
        "&|!()<->",
        "\x00",
        "？" * 10000,
        "“",
        "妖" * 10000,
        "<script>",
        "🙂",
        "�",
    ],
)
def test_whatever_is_typed_finds_what_it_says_or_nothing(shelf, text):
    assert found(shelf.dispatcher, text) == []
    assert mine(shelf.li_na, text) == []


def test_the_title_counts_most_then_the_newest(house, monkeypatch):
    # A drawn number is a few words more or fewer, which weigh a little; these are as long as each other.
    numbers = iter(["LX-2611-2345", "LX-2611-2346", "LX-2611-2347"])
    monkeypatch.setattr("lianxin.cases.services.intake.draw_number", lambda _at: next(numbers))
    with timezone.frozen(TUESDAY):
        raised(house, "食堂菜凉", "做饭时没有热水。")
    with timezone.frozen(TUESDAY + timedelta(days=1)):
        raised(house, "热水停了")
    with timezone.frozen(TUESDAY + timedelta(days=2)):
        raised(house, "班车晚点", "等车时没有热水。")
    assert found(house.dispatcher, "热水") == ["热水停了", "班车晚点", "食堂菜凉"]
    assert found(house.dispatcher, "热水", sort="submitted") == ["食堂菜凉", "热水停了", "班车晚点"]
    assert found(house.dispatcher, "热水", sort="due") == ["食堂菜凉", "热水停了", "班车晚点"]


def test_a_search_is_narrowed_by_all_that_narrows_a_list(shelf):
    case = Case.objects.get(title="宿舍热水停了")
    accepted(shelf, case)
    everything = {
        "unit": "EAST",
        "category": "housing-1",
        "kind": "help",
        "state": "accepted",
        "since": timezone.today(),
    }
    assert found(shelf.dispatcher, "热水", **everything) == ["宿舍热水停了"]
    assert found(shelf.dispatcher, "热水", category="housing") == ["宿舍热水停了"]
    yesterday = timezone.today() - timedelta(days=1)
    other = {
        "unit": "WEST",
        "category": "safety",
        "kind": "hazard",
        "state": "closed",
        "until": yesterday,
    }
    for name, value in other.items():
        assert found(shelf.dispatcher, "热水", **{name: value}) == []
    assert set(found(shelf.dispatcher, "热水", queue="to_accept")) == {"食堂太咸"}
    assert found(shelf.dispatcher, "热水", queue="ended") == []


def test_what_is_said_later_is_found_at_once_with_what_the_requester_wrote(house):
    case = replied(house, raised(house, "宿舍热水停了"))
    assert found(house.dispatcher, "锅炉 宿舍") == ["宿舍热水停了"]
    assert mine(house.li_na, "锅炉 宿舍") == ["宿舍热水停了"]
    assert found(house.dispatcher, case.number) == found(house.dispatcher, case.number[3:]) == ["宿舍热水停了"]


def test_an_internal_note_is_found_by_staff_and_never_by_the_requester(house):
    case = in_progress(house, raised(house, "宿舍热水停了"))
    perform("note", actor=house.handler, case_id=case.pk, text="锅炉厂家说要等配件，热水下周恢复。")
    assert found(house.dispatcher, "配件") == found(house.handler, "厂家 热水") == ["宿舍热水停了"]
    for text in ("配件", "厂家 热水", '"配件"', "配", "下周"):
        assert mine(house.li_na, text) == []
    assert mine(house.li_na, "热水") == ["宿舍热水停了"]


def test_nobody_is_found_by_name(house):
    raised(house, "食堂菜凉", identity=Identity.NAMED)
    raised(house, "班车晚点", identity=Identity.CONFIDENTIAL, about="孙强")
    for text in ("李娜", "李", "1001", "孙强", "2003"):
        assert found(house.dispatcher, text) == found(house.head_dispatcher, text) == []


def test_who_does_not_see_a_case_does_not_find_it(house):
    conduct = raised(house, "主任接受宴请", "在酒店。", kind=CaseKind.CONDUCT, about="孙强")
    named = raised(house, "仓库排班不公", "孙强安排的酒店值班。", about="孙强")
    assert found(house.inspector, "酒店") == ["主任接受宴请"]
    assert found(house.dispatcher, "酒店") == ["仓库排班不公"]
    for person in house.people().values():
        seen = {case.title for case in (conduct, named) if case in _at_desk(person)}
        assert set(found(person, "酒店")) == seen
    assert found(house.handler, "酒店") == found(house.outsider, "酒店") == found(house.li_na, "酒店") == []


def _at_desk(person):
    return Case.objects.staff_visible_to(person)


def test_what_is_sealed_or_named_later_is_gone_from_the_search_at_once(house):
    case = raised(house, "仓库排班不公", "酒店值班总是我们。")
    other = in_progress(house, raised(house, "酒店报销", "补助没有发。"))
    assert set(found(house.dispatcher, "酒店")) == {"仓库排班不公", "酒店报销"}
    triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="涉及作风")
    triage.name_people(actor=house.dispatcher, case_id=other.pk, people=[house.handler])
    assert found(house.dispatcher, "酒店") == ["酒店报销"]
    assert found(house.handler, "酒店") == []
    assert found(house.inspector, "酒店") == ["仓库排班不公"]


def test_the_columns_of_a_search_row_follow_the_case(house):
    case = replied(house, raised(house, "宿舍热水停了"))
    requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=5)
    row, case = SearchRow.objects.get(), Case.objects.get()
    for name in ("sealed", "state", "kind", "submitted_at", "due_at", "place_unit_id", "lead_unit_id", "category_id"):
        assert getattr(row, name) == getattr(case, name)
    assert (row.category_id, row.state) == (category().pk, "closed")


def test_made_anew_it_is_as_it_was(house):
    case = in_progress(house, raised(house, "宿舍热水停了"))
    perform("note", actor=house.handler, case_id=case.pk, text="等配件。")
    raised(house, "食堂太咸")
    before = list(SearchRow.objects.order_by("pk").values())
    SearchRow.objects.filter(pk=case.pk).delete()
    steps = []
    assert rebuild_search(begin=lambda number: steps.append(number) or steps.append) == 2
    assert steps == [2, 2]
    assert list(SearchRow.objects.order_by("pk").values()) == before
    assert found(house.dispatcher, "配件") == ["宿舍热水停了"]


def test_what_no_search_finds_is_mended_by_itself(house, monkeypatch):
    monkeypatch.setattr(search_service, "BATCH", 2)
    cases = [raised(house, f"宿舍热水停了{n}") for n in range(4)]
    before = list(SearchRow.objects.order_by("pk").values())
    SearchRow.objects.filter(pk__in=[case.pk for case in cases[1:]]).delete()
    tasks.find_missing(0)
    assert list(SearchRow.objects.order_by("pk").values()) == before
    assert search_service.find_missing() == 0


def test_a_very_long_conversation_does_not_stop_anybody(house):
    case = in_progress(house, raised(house, "宿舍热水停了"))
    for n in range(12):
        perform("note", actor=house.handler, case_id=case.pk, text=chr(0x4E00 + n) * 2 + "记录" * 1990)
    assert found(house.dispatcher, chr(0x4E00) * 2) == ["宿舍热水停了"]
    assert SearchRow.objects.get().letters <= 40_000


TEXTS = ("热水断断续续，晚上没有，希望修好。", "晚上热水断了，续水也断断续续。", "3号班组希望换电灯。", "希望有人管。")
ASKED = {
    "热水": "热水",
    "希望 热水": "希望修好",
    "“断断续续，晚上”": "断断续续，晚上",
    "3号班组": "3号班组",
    "希望": "希望",
    "电": "电",
    "量子": "量子",
}
"""What is typed, and what the text that it finds has in it."""
NARROWED = (
    {"kind": "help"},
    {"unit": "EAST"},
    {"unit": "LOGISTICS"},
    {"state": "submitted"},
    {"queue": "open"},
    {"queue": "to_accept"},
    {"queue": "ended"},
    {"since": TUESDAY.date() + timedelta(days=2), "until": TUESDAY.date() + timedelta(days=3)},
)


@pytest.fixture
def years(house):
    """Cases that share words: some led and co-handled, some ended, one sealed, one that names the handler."""
    for number in range(12):
        with timezone.frozen(TUESDAY + timedelta(days=number // 2, minutes=number)):
            by = house.co_handler if number == 5 else house.li_na
            case = raised(house, f"宿舍第{number}件", TEXTS[number % 4], by=by)
            if number % 3 == 0:
                in_progress(house, case, co_units=[house.workshop] if number else [])
            if number % 10 == 1:
                triage.decline_case(actor=house.dispatcher, case_id=case.pk, reason="other", text="不归我们。")
    with timezone.frozen(TUESDAY + timedelta(days=6)):
        raised(house, "主任收礼", TEXTS[0], kind=CaseKind.CONDUCT, about="孙强")
        named = raised(house, "处长的热水", TEXTS[0])
        in_progress(house, named)
        triage.name_people(actor=house.dispatcher, case_id=named.pk, people=[house.handler])
    return house


def by_hand(viewer, held, **chosen):
    """The titles of what stands in the viewer's list and has these characters in it."""
    cases = queries.desk_cases(viewer=viewer, chosen=CaseFilter(**{"queue": "all", **chosen}))
    return {case.title for case in cases if held in case.title + case.body}


def test_everybody_finds_what_they_see_and_no_more(years):
    for viewer in years.people().values():
        for text, held in ASKED.items():
            assert set(found(viewer, text)) == by_hand(viewer, held), (viewer.name, text)


def test_a_search_is_narrowed_alike_for_everybody(years):
    for viewer in (years.dispatcher, years.head_supervisor, years.handler, years.co_handler):
        for narrowed in NARROWED:
            assert set(found(viewer, "希望", **narrowed)) == by_hand(viewer, "希望", **narrowed), narrowed


def test_of_many_the_first_by_the_column_are_kept(years, monkeypatch):
    monkeypatch.setattr(search, "MOST_FOUND", 3)
    newest, oldest = ["处长的热水", "宿舍第11件", "宿舍第10件"], ["宿舍第0件", "宿舍第2件", "宿舍第3件"]
    assert set(found(years.dispatcher, "希望")) == set(newest)
    assert found(years.dispatcher, "希望", sort="-submitted") == newest
    assert found(years.dispatcher, "希望", sort="submitted") == oldest
    assert found(years.dispatcher, "希望", sort="submitted") == oldest
    assert set(found(years.dispatcher, "希望", sort="due")) == set(newest)
    due = [case.title for case in queries.desk_cases(viewer=years.dispatcher, chosen=CaseFilter(sort="due"))]
    assert (
        found(years.dispatcher, "希望", sort="due", queue="open")[:3]
        == [title for title in due if title in by_hand(years.dispatcher, "希望")][:3]
    )


def test_traditional_and_simplified_characters_find_each_other(house):
    raised(house, "宿舍熱水停了", "發電機壞了。")
    raised(house, "食堂热水不热")
    assert (
        set(found(house.dispatcher, "热水")) == set(found(house.dispatcher, "熱水")) == {"宿舍熱水停了", "食堂热水不热"}
    )
    assert mine(house.li_na, "发电机") == mine(house.li_na, "發電機") == ["宿舍熱水停了"]


def test_what_was_written_in_traditional_characters_before_is_found_after_the_migration(house):
    old, other = raised(house, "宿舍熱水停了"), raised(house, "食堂热水不热")
    SearchRow.objects.filter(case=old).update(words="'宿舍':1A '熱水':2A")
    import_module("lianxin.cases.migrations.0030_simplified_search").forget_traditional(apps, None)
    assert list(SearchRow.objects.values_list("case", flat=True)) == [other.pk]
    search_service.find_missing()
    assert found(house.dispatcher, "热水 宿舍") == ["宿舍熱水停了"]
