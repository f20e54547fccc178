"""Whether two texts are one: what must hold of any two, and where the line is drawn."""

from hypothesis import given
from hypothesis import strategies as st

from lianxin.nlp.similarity import is_same_text, jaccard, shingles

TEXTS = st.text(alphabet="宿舍三楼没有热水已经天了，。 aB１", max_size=40)


@given(TEXTS, TEXTS)
def test_it_is_a_share_and_the_same_from_either_side(one, other):
    assert 0 <= jaccard(one, other) <= 1
    assert jaccard(one, other) == jaccard(other, one)


@given(TEXTS)
def test_a_text_is_the_same_as_itself_however_it_is_typed(text):
    whole = 1.0 if shingles(text) else 0.0
    assert jaccard(text, text) == whole
    assert jaccard(text, f"  {text.upper()}\u200b ") == whole


@given(TEXTS, TEXTS)
def test_only_texts_of_the_same_runs_are_wholly_the_same(one, other):
    assert (jaccard(one, other) == 1) == (shingles(one) == shingles(other) != frozenset())


@given(TEXTS, st.text(alphabet="xyz", min_size=1, max_size=20))
def test_what_is_added_makes_it_less_the_same(text, more):
    assert jaccard(text, text + more) <= jaccard(text, text)


def test_a_greeting_more_is_the_same_text_another_matter_is_not():
    said = "宿舍三楼没有热水，已经三天了，晚班回来洗不了澡，请尽快派人来修一修锅炉。"
    assert is_same_text(said, f"您好，{said}谢谢")
    assert not is_same_text(
        said, said.replace("三楼", "五楼").replace("热水", "暖气").replace("洗不了澡", "冷得睡不着")
    )
    assert not is_same_text("没有热水", "没有暖气")
    assert not is_same_text("", "")
