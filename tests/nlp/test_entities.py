"""An enterprise's own names in texts: one word each, however they are spelt."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.nlp.test_grouping import ALONE, CANTEEN, HOT_WATER

from lianxin.nlp.entities import Name, Names, spellings
from lianxin.nlp.grouping import group
from lianxin.nlp.tokenization import Message, words
from lianxin.nlp.topic_assignment import Matters, Outcome

PLACE, EQUIPMENT = "place", "equipment"
NAMES = Names(
    [
        Name(("一号宿舍楼", "1栋"), PLACE),
        Name(("三号宿舍楼",), PLACE),
        Name(("十二号宿舍楼",), PLACE),
        Name(("城东变电站", "城东变"), PLACE),
        Name(("城东变电站主控楼",), PLACE),
        Name(("3号主变",), EQUIPMENT),
        Name(("10kV 城东线",), EQUIPMENT),
        Name(("检修部",)),
        Name(("带电作业班",)),
    ]
)


def told(title, body=""):
    return NAMES.told(Message(title, body))


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("一号宿舍楼", "一号宿舍楼"),
        ("1号宿舍楼没水", "一号宿舍楼"),
        ("1#宿舍楼", "一号宿舍楼"),
        ("住在1栋的职工", "一号宿舍楼"),
        ("12号宿舍楼", "十二号宿舍楼"),
        ("#3主变异响", "3号主变"),
        ("3 号 主变", "3号主变"),
        ("10KV城东线跳闸", "10kV 城东线"),
        ("城东变渗油", "城东变电站"),
        ("城东变电站主控楼漏水", "城东变电站主控楼"),
    ],
)
def test_one_thing_is_one_word_however_it_is_spelt(text, word):
    assert [each for each in NAMES.cut(text) if each in NAMES] == [word]


@pytest.mark.parametrize("text", ["十一号宿舍楼", "21号宿舍楼", "二十一号宿舍楼", "13#主变", "110kV城东线", "宿舍楼"])
def test_a_number_is_not_cut_in_two(text):
    assert [each for each in NAMES.cut(text) if each in NAMES] == []


def test_what_stands_between_names_is_cut_as_ever():
    assert NAMES.cut("请问一号宿舍楼 热水，何时恢复") == [*words("请问"), "一号宿舍楼", *words("热水，何时恢复")]


@given(st.text(alphabet="一二三12号宿舍楼主变 #kK十城东线，", max_size=30))
def test_nothing_of_a_text_is_lost(text):
    parts = list(NAMES.pieces(text))
    assert "".join(part for part, is_name in parts if not is_name) in text.lower() or any(name for _, name in parts)
    assert Names([]).cut(text) == words(text)


def test_two_messages_about_different_things_of_one_kind_are_apart():
    assert NAMES.apart(told("一号宿舍楼没热水"), told("3号宿舍楼没热水"))
    assert not NAMES.apart(told("一号宿舍楼没热水"), told("没热水", "1栋三天没有热水"))
    assert not NAMES.apart(told("一号宿舍楼没热水"), told("没热水"))
    assert not NAMES.apart(told("一号宿舍楼停电"), told("3号主变异响"))


def test_what_lies_in_another_is_not_apart_from_it():
    assert not NAMES.apart(told("城东变电站漏水"), told("城东变电站主控楼漏水"))
    assert NAMES.apart(told("城东变电站 城东变电站主控楼"), told("一号宿舍楼"))


def test_names_without_a_kind_are_words_and_tell_nothing_apart():
    assert NAMES.cut("带电作业班加班") == ["带电作业班", "加班"]
    assert told("带电作业班加班") == ()
    assert NAMES.apart(told("检修部 一号宿舍楼"), told("检修部 三号宿舍楼"))


def test_one_thing_in_common_is_enough():
    assert not NAMES.apart(told("一号宿舍楼旁3号主变异响"), told("三号宿舍楼旁3号主变异响"))


def test_of_two_groups_most_decide():
    one, three = told("一号宿舍楼"), told("三号宿舍楼")
    assert NAMES.elsewhere(Counter({one: 2}), Counter({three: 1}))
    assert not NAMES.elsewhere(Counter({one: 1}), Counter({one: 2, three: 1}))
    assert not NAMES.elsewhere(Counter(), Counter({one: 2}))


def test_a_line_of_a_list_is_a_name_with_its_other_spellings():
    assert spellings(" 城东变电站，城东变\t东变 ,") == ["城东变电站", "城东变", "东变"]
    assert spellings("  ") == []


WATER = [
    Message(f"{house}没有热水", f"{house}的热水停了三天，下班洗不了澡，请尽快修好。")
    for house in ("一号宿舍楼", "1号宿舍楼", "1栋", "三号宿舍楼", "3号宿舍楼", "三号宿舍楼")
]


def test_the_same_trouble_at_two_places_is_two_matters():
    assert group([*WATER, *ALONE]) == [[0, 1, 2, 3, 4, 5]]
    assert group([*WATER, *ALONE], names=NAMES) == [[0, 1, 2], [3, 4, 5]]


def test_a_new_message_goes_to_the_matter_of_its_place():
    known = Matters([*WATER, *ALONE], None, [[0, 1, 2], [3, 4, 5]], names=NAMES)
    here = known.assign(Message("3#宿舍楼没有热水", "三号宿舍楼热水停了三天"))
    assert (here.outcome, here.matter, here.anchor) == (Outcome.ASSIGNED, 1, "三号宿舍楼")
    elsewhere = known.assign(Message("十二号宿舍楼没有热水", "十二号宿舍楼的热水停了三天，洗不了澡"))
    assert elsewhere.outcome == Outcome.ALONE


def test_without_names_nothing_changes():
    messages = [*HOT_WATER, *CANTEEN, *ALONE, *WATER]
    assert group(messages, names=Names([])) == group(messages)


def test_thousands_of_names_are_found():
    many = Names([Name((f"{street}路{number}号楼",), PLACE) for street in "东西南北中" for number in range(1, 1001)])
    assert len(many) == 5000
    assert many.cut("西路988号楼与北路88号楼之间") == ["西路988号楼", "与", "北路88号楼", "之间"]
