import re

import pytest

from lianxin.nlp.search_terms import SearchTerms, vector
from lianxin.nlp.simplified import in_either_script, simplified


@pytest.mark.parametrize(
    ("traditional", "simple"),
    [
        ("宿舍熱水壞了", "宿舍热水坏了"),
        ("頭髮和發電機", "头发和发电机"),
        ("裡面裏面", "里面里面"),
        ("热水坏了 ABC 3號", "热水坏了 ABC 3号"),
    ],
)
def test_traditional_characters_become_simplified_ones_in_their_places(traditional, simple):
    assert simplified(traditional) == simple
    assert vector([(traditional, "A")], most=99) == vector([(simple, "A")], most=99)
    assert SearchTerms.read(traditional) == SearchTerms.read(simple)


@pytest.mark.parametrize(("one", "other"), [("张建国", "張建國"), ("发 (A.", "髮 (A."), ("发", "發")])
def test_one_expression_finds_a_name_in_either_script(one, other):
    assert all(re.fullmatch(in_either_script(asked), text) for asked in (one, other) for text in (one, other))
    assert not re.search(in_either_script("A."), "AB")


def test_what_is_found_is_marked_as_it_is_written():
    assert [span.text for span in SearchTerms.read("热水").marked("宿舍熱水壞了") if span.marked] == ["熱水"]
    assert [span.text for span in SearchTerms.read("熱水").marked("宿舍热水坏了") if span.marked] == ["热水"]
