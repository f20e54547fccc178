"""Registers with known categories, scored."""

import numpy as np
from tests.factories.petitions import LABELS, PATHS, TEXTS

from lianxin.nlp.categories import Tree, leaf_texts
from lianxin.nlp.trying import Trial, by_letters, leaves_of


def test_labels_outside_the_tree_are_their_own_leaves() -> None:
    assert leaves_of(["生活", "其他"], PATHS)[-1] == ("其他", ("其他",))


def test_a_leaf_belongs_to_the_highest_label_above_it() -> None:
    assert leaves_of(["交通", "物流"], [("交通", "物流", "快递"), ("商贸", "物流", "仓储")]) == [
        ("交通", ("交通", "物流", "快递")),
        ("物流", ("商贸", "物流", "仓储")),
    ]


def test_a_register_is_scored_and_what_cannot_be_scored_is_left_out() -> None:
    texts, labels = TEXTS * 3, LABELS * 3
    leaves = leaves_of(labels, PATHS)
    vectors, names = by_letters(texts, leaf_texts([path for _category, path in leaves]))
    scores = Trial(texts, vectors[np.newaxis], labels, Tree.of(leaves, names)).scores()
    assert (scores.zero_shot, scores.shots_5, scores.shots_10, scores.cross_validated) == (1, 1, None, 1)
