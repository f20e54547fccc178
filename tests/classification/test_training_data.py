"""What suggestions are drawn from."""

import pytest

from lianxin.classification.queries.training_data import LabelledCase, TrainingSet
from lianxin.nlp import embeddings
from tests.factories.petitions import LEAVES

WAITING = [
    LabelledCase(text, None, None, 1)
    for text in ("热水供应停了，洗澡排队", "热水供应停了，澡堂没开", "消防通道堵了，叉车乱停", "消防通道堵了，货架挡着")
]
DECIDED = [LabelledCase("消防通道堵了，货架挡着", "生产", 7, 1)]


@pytest.fixture(autouse=True)
def _by_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embeddings, "available", lambda: False)


def chances(known: TrainingSet, text: str) -> dict[str, float]:
    """What speaks for each category."""
    return {each.category: each.chance for each in known.categories(text, known.place(text, None))}


def test_cases_that_wait_show_how_people_here_say_it() -> None:
    asked = "洗澡排队，澡堂没开，站在通道里"
    assert chances(TrainingSet(LEAVES, [], []), asked) == {"生产": 0.881, "生活": 0.119}
    assert chances(TrainingSet(LEAVES, WAITING, [None] * 4), asked)["生活"] > 0.2


def test_cases_that_wait_are_no_decisions() -> None:
    known = TrainingSet(LEAVES, WAITING + DECIDED, [None] * 5)
    text = "消防通道堵了"
    row = known.place(text, None)
    assert known.past == DECIDED
    assert (known.categories(text, row)[0].like, known.units(text, row, 1)) == (1, [(7, 1, 1)])


def test_a_text_that_says_nothing_the_categories_know_gets_no_suggestion() -> None:
    known = TrainingSet(LEAVES, WAITING, [None] * 4)
    assert known.categories("你好", known.place("你好", None)) == []
