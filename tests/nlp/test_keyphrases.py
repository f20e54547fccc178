"""What tells a matter from others: names that few share, found without any list of them."""

import pytest

from lianxin.nlp import keyphrases as marks_module
from lianxin.nlp.keyphrases import KeyphraseIndex
from lianxin.nlp.tokenization import Message, Words, words_of


def _marks(*texts: str) -> KeyphraseIndex:
    return KeyphraseIndex([words_of(Message("", text), 300) for text in texts])


def test_a_name_the_dictionary_does_not_know_is_the_anchor() -> None:
    marks = _marks("青禾苑停水", "青禾苑没有水", "停水通知", "道路停水施工")
    name, strength = marks.anchor(marks.borne_by([0, 1]))
    assert name in "青禾苑"
    assert strength == marks.strength(marks.borne_by([0, 1])) == 1


def test_what_one_message_alone_says_anchors_nothing() -> None:
    marks = _marks("青禾苑停水", "龙泉路修路", "咨询年假")
    assert marks.anchor(marks.borne_by([0])) == ("", 0.0)
    assert marks.anchor(marks.borne_by([0, 1])) == ("", 0.0)


def test_an_anchor_that_others_bear_too_is_weaker() -> None:
    marks = KeyphraseIndex(
        [Words([], ["锅炉"])] * 2 + [Words([], ["锅炉", "检修"])] * 2 + [Words([], [str(n)]) for n in range(200)]
    )
    assert marks.strength(marks.borne_by([0, 1])) == pytest.approx(2 * 2 / (2 + 4))
    assert marks.strength(marks.borne_by([2, 3])) == 1


def test_what_most_messages_have_marks_nothing() -> None:
    marks = KeyphraseIndex([Words([], ["食堂", "冷饭"] if n < 2 else ["食堂"]) for n in range(400)])
    assert marks.strength(marks.borne_by([5, 6, 7])) == 0
    assert marks.strength(marks.borne_by([0, 1])) == 1


def test_a_name_binds_once_and_further_signs_bind_more() -> None:
    noise = [Words([], [str(n)]) for n in range(200)]
    place = [Words([], ["青禾", "禾苑"])] * 2
    both = [Words(["锅炉"], ["青禾", "禾苑"])] * 2
    alone, more = KeyphraseIndex([*place, *noise]), KeyphraseIndex([*both, *noise])
    assert alone.bonds(alone.borne_by([0]), alone.borne_by([1])) == 1
    assert more.bonds(more.borne_by([0]), more.borne_by([1])) == 2
    assert more.bonds(more.borne_by([0]), more.borne_by([2])) == 0


def test_two_groups_together_bear_what_either_bears() -> None:
    marks = _marks("青禾苑停水", "青禾苑停电", "青禾苑停水停电")
    joined = marks.borne_by([0, 1]) + marks.borne_by([2])
    whole = marks.borne_by([0, 1, 2])
    assert (joined.marks.tolist(), joined.counts.tolist()) == (whole.marks.tolist(), whole.counts.tolist())


def test_a_new_text_bears_the_marks_that_are_known() -> None:
    marks = _marks("青禾苑停水", "青禾苑停电", "其他")
    new = marks.of(words_of(Message("青禾苑", "从未见过的事"), 300))
    assert marks.bears(new, marks.anchor(marks.borne_by([0, 1]))[0])
    assert new.size == 1
    assert marks.of(Words([], [])).marks.size == 0


def test_no_messages_have_no_marks() -> None:
    assert KeyphraseIndex([]).of(Words(["青禾苑"], [])).marks.size == 0


def test_more_messages_than_can_be_numbered_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks_module, "_ROW", 2)
    with pytest.raises(ValueError, match="too many"):
        _marks("停水", "停电", "修路", "年假")
