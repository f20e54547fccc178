"""Categories suggested by their names."""

from tests.factories.petitions import LEAVES

from lianxin.nlp.categories import Tree, leaf_texts, suggest
from lianxin.nlp.trying import by_letters


def test_the_category_whose_leaf_is_nearest_comes_first_with_its_leaf_as_reason() -> None:
    vectors, names = by_letters(["车间的消防通道被占"], leaf_texts([path for _category, path in LEAVES]))
    best = suggest("车间的消防通道被占", vectors[0], Tree.of(LEAVES, names))[0]
    assert (best.category, best.leaf) == ("生产", ("生产", "安全", "消防通道"))


def test_a_leaf_goes_by_its_last_name_too_unless_another_leaf_has_the_same() -> None:
    paths = [("生活", "住宿", "热水"), ("生活", "住宿", "其他"), ("生产", "安全", "其他"), ("表扬",)]
    assert leaf_texts(paths) == [
        "住宿 热水", "住宿 其他", "安全 其他", "表扬",
        "热水", "住宿其他", "安全其他", "表扬",
    ]  # fmt: skip
