"""Categories suggested by their names, and corrected by decisions."""

import numpy as np

from lianxin.text.categories import Decided, Tree, suggest
from lianxin.text.trying import Trial, by_letters, leaves_of

PATHS = [
    ("生活", "住宿", "热水供应"),
    ("生活", "食堂", "饭菜质量"),
    ("生产", "安全", "消防通道"),
    ("生产", "设备", "设备检修"),
]
TEXTS = ["宿舍热水供应停了", "食堂饭菜质量差", "仓库消防通道堵了", "三号机设备检修拖延"]


def test_the_category_whose_leaf_is_nearest_comes_first_with_its_leaf_as_reason() -> None:
    leaves = leaves_of(["生活", "生产"], PATHS)
    vectors, leaf_vectors = by_letters(["车间的消防通道被占"], [" ".join(path[1:]) for _category, path in leaves])
    best = suggest("车间的消防通道被占", vectors[0], Tree.of(leaves, leaf_vectors))[0]
    assert (best.category, best.leaf) == ("生产", ("生产", "安全", "消防通道"))


def test_decisions_of_dispatchers_correct_the_names() -> None:
    leaves = leaves_of(["生活", "生产"], PATHS)
    vectors, leaf_vectors = by_letters(TEXTS, [" ".join(path[1:]) for _category, path in leaves])
    tree = Tree.of(leaves, leaf_vectors)
    assert suggest(TEXTS[0], vectors[0], tree)[0].category == "生活"
    decided = Decided(tree, [TEXTS[0]] * 6, np.repeat(vectors[:1], 6, axis=0), ["生产"] * 6)
    best = suggest(TEXTS[0], vectors[0], tree, decided)[0]
    assert (best.category, best.like, best.like_of) == ("生产", 6, 6)


def test_labels_outside_the_tree_are_their_own_leaves() -> None:
    assert leaves_of(["生活", "其他"], PATHS)[-1] == ("其他", ("其他",))


def test_a_register_is_scored_and_what_cannot_be_scored_is_left_out() -> None:
    texts, labels = TEXTS * 3, ["生活", "生活", "生产", "生产"] * 3
    leaves = leaves_of(labels, PATHS)
    vectors, leaf_vectors = by_letters(texts, [" ".join(path[1:]) for _category, path in leaves])
    scores = Trial(texts, vectors, labels, Tree.of(leaves, leaf_vectors)).scores()
    assert (scores.zero_shot, scores.shots_5, scores.shots_10, scores.cross_validated) == (1, 1, None, 1)
