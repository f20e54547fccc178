"""Cutting texts for the index, reading what is asked for, marking what answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lianxin.nlp.search_terms import SearchTerms, vector


def found_by(text):
    """The terms and their places."""
    return dict(part.rsplit(":", 1) for part in vector([(text, "B")], most=1000)[0].split())


def test_a_text_is_found_by_every_pair_of_neighbours_at_its_place():
    assert found_by("3号变电站，A7县") == {
        "'3'": "4B",
        "'3号'": "4B",
        "'号变'": "5B",
        "'变电'": "6B",
        "'电站'": "7B",
        "'站'": "8B",
        "'a'": "9B",
        "'a7'": "9B",
        "'7'": "10B",
        "'7县'": "10B",
        "'县'": "11B",
    }


def test_width_case_entities_and_spaces_make_no_difference():
    assert found_by("３号&nbsp;变电站 ＷＩＦＩ") == found_by("3 号变电站wifi")


def test_words_of_figures_do_not_run_together():
    assert found_by("hot water 10 20").keys() == {"'hot'", "'water'", "'water10'", "'10'", "'20'"}


def test_what_exceeds_the_measure_is_left_out():
    assert vector([("宿舍热水", "A"), ("食堂", "B")], most=5) == ("'宿舍':4A '舍热':5A '热水':6A '水':7A '食':11B", 5)


@pytest.mark.parametrize(
    ("asked", "query"),
    [
        ("热水", "('热水')"),
        ("宿舍热水", "('宿舍') & ('热水')"),
        ("热水 宿舍", "('热水') & ('宿舍')"),
        ("变电站", "('变电' <1> '电站')"),
        ("3号变电站", "('3号' <1> '号变' <1> '变电' <1> '电站')"),
        ("A7县", "('a7' <1> '7县')"),
        ("10kV线路", "('10kv') & ('线路')"),
        ("5楼没热水", "('5楼') & ('热水')"),
        ("LX-2611-0042", "('lx' <1> '2611' <1> '0042')"),
        ("“热水 停了” 食堂", "('热水' <2> '停了') & ('食堂')"),
        ('"停了，希望"', "('停了' <2> '希望')"),
        ('"食堂晚餐"', "('食堂' <1> '堂晚' <1> '晚餐')"),
        ("「食堂」", "('食堂')"),
        ("热", "('热':*)"),
        ("的", "('的':*)"),
        ("热水的", "('热水')"),
        ("canteens", "('canteens':*)"),
        ('"canteens"', "('canteens')"),
        ("%", ""),
        ("' & | ! :* \\", ""),
        ("热水' | '宿舍", "('热水') & ('宿舍')"),
        ("\x00热\x00水", "('热水')"),
        ('"', ""),
        ('热水 "宿舍', "('热水') & ('宿舍')"),
    ],
)
def test_what_is_asked_for(asked, query):
    assert SearchTerms.read(asked).query() == query


def test_only_parts_of_some_weights_can_be_asked():
    assert SearchTerms.read("变电站 热").query("ABC") == "('变电':ABC <1> '电站':ABC) & ('热':*ABC)"


def test_whoever_asks_for_much_is_heard_in_part():
    assert SearchTerms.read("热水 宿舍 " * 5000).query() == "('热水') & ('宿舍')"
    assert SearchTerms.read("".join(chr(0x4E00 + n) + " " for n in range(5000))).query().count("&") == 11


def marked(pieces):
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("asked", "text", "shown"),
    [
        ("热水", "宿舍没有热水，热水器坏了", "宿舍没有[热水]，[热水]器坏了"),
        ("3号变电站", "在３号变电站，不在13号变电站", "在[３号变电站]，不在13号变电站"),
        ("wifi", "WiFi坏了", "[WiFi]坏了"),
        ("热水 水停", "热水停了", "[热水停]了"),
        ("食堂", "宿舍<b>", "宿舍<b>"),
    ],
)
def test_what_answers_is_marked_as_it_was_written(asked, text, shown):
    assert marked(SearchTerms.read(asked).marked(text)) == shown


def test_a_snippet_shows_where_most_of_it_stands():
    texts = ["热水。" + "好" * 300, "头" * 100 + "热水和食堂" + "尾" * 100]
    assert marked(SearchTerms.read("食堂 热水").snippet(texts, 20)) == "…头头头头[热水]和[食堂]尾尾尾尾尾尾尾尾尾尾尾…"
    assert SearchTerms.read("电梯").snippet(texts, 20) == []


@given(st.text(max_size=300))
def test_whatever_is_typed_is_understood_or_nothing(text):
    wanted = SearchTerms.read(text)
    assert "".join(piece.text for piece in wanted.marked(text)) == text
    assert bool(wanted) == bool(wanted.query())
