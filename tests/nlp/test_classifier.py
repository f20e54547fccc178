"""Categories learnt from decisions, and from texts that nobody has decided."""

from collections.abc import Sequence

import numpy as np
import pytest
from tests.factories.petitions import LABELS, LEAVES, PATHS, TEXTS

from lianxin.nlp import classifier
from lianxin.nlp.categories import Tree, leaf_texts, suggest
from lianxin.nlp.classifier import Decided, best_share
from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.trying import by_letters


def read(texts: Sequence[str]) -> tuple[Vectors, Tree]:
    """The texts as one view, by their letters, and the tree."""
    vectors, names = by_letters(texts, leaf_texts(PATHS))
    return vectors[np.newaxis], Tree.of(LEAVES, names)


def test_decisions_of_dispatchers_correct_the_names() -> None:
    views, tree = read(TEXTS)
    assert suggest(TEXTS[0], views[0, 0], tree)[0].category == "生活"
    decided = Decided(tree, [TEXTS[0]] * 6, np.repeat(views[:, :1], 6, axis=1), ["生产"] * 6)
    best = suggest(TEXTS[0], views[0, 0], tree, decided)[0]
    assert (best.category, best.like, best.like_of) == ("生产", 6, 6)


def test_undecided_texts_show_how_people_say_it_in_other_words() -> None:
    texts = ["热水供应停了,洗澡要排队", "热水供应停了,澡堂没开", "消防通道堵了,叉车乱停", "消防通道堵了,货架挡着"]
    asked = "洗澡要排队,澡堂没开"
    views, tree = read([*texts, asked])
    named = suggest(asked, views[0, 4], tree)
    assert named[0].chance == named[1].chance
    along = Decided(tree, texts, views[:, :4], [None] * 4)
    assert suggest(asked, views[0, 4], tree, along)[0].category == "生活"
    assert [tree.categories[n] for n in along.guessed.argmax(axis=1)] == ["生活", "生活", "生产", "生产"]
    assert (along.labels, along.similarity([asked], views[:, 4:]).shape) == ([], (1, 0))


def test_among_many_categories_no_undecided_text_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(classifier, "FEW_CATEGORIES", 1)
    views, tree = read(TEXTS)
    assert Decided(tree, TEXTS, views, [None, *LABELS[1:]]).unlabelled == []


def test_the_guess_of_an_undecided_text_does_not_rest_on_itself() -> None:
    views, tree = read([TEXTS[0]] * 7)
    decided = Decided(tree, [TEXTS[0]] * 7, views, [None, *["生产"] * 6])
    assert tree.categories[int(decided.guessed[0].argmax())] == "生产"


def test_the_latest_decisions_are_learnt_from_and_undecided_texts_fill_what_is_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(classifier, "MAX_TEXTS", 3)
    views, tree = read(TEXTS)
    labels = [None, None, *LABELS[2:]]
    assert Decided(tree, TEXTS, views, labels).unlabelled == [1]
    full = Decided(tree, TEXTS, views, LABELS)
    assert (full.labels, full.unlabelled) == (LABELS[1:], [])
    assert Decided(tree, TEXTS, views, ["其他", *LABELS[1:]]).labels == LABELS[1:]


def test_decisions_count_as_much_as_they_tell_of_texts_held_out() -> None:
    given = [0, 0, 1, 1]
    right, wrong = np.eye(2, dtype=np.float32)[given], np.eye(2, dtype=np.float32)[[1, 1, 0, 0]]
    assert best_share(right, wrong, given) >= 0.9
    assert best_share(wrong, right, given) == 0
    assert best_share(right, right, []) == 0
