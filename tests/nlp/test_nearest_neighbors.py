"""Who is near whom: found in blocks, the same as comparing all with all."""

import numpy as np
import pytest

from lianxin.nlp import nearest_neighbors
from lianxin.nlp.nearest_neighbors import Space
from lianxin.nlp.tokenization import Message, all_words, words_of
from lianxin.nlp.vectors import Lexicon, centre_of, centred

WORDS = ["停水", "停电", "食堂", "宿舍", "班车", "锅炉", "年假", "工资", "电梯", "路灯", "车间", "仓库"]


def _tokens(texts: int) -> tuple[Lexicon, list]:
    chosen = np.random.default_rng(1).integers(0, len(WORDS), (texts, 6))
    cut = [words_of(Message(WORDS[row[0]], "，".join(WORDS[n] for n in row)), 300) for row in chosen]
    return Lexicon.of(all_words(text) for text in cut), cut


@pytest.mark.parametrize("frequent", [0, 3, 100])
def test_near_ones_are_those_that_comparing_all_finds(monkeypatch: pytest.MonkeyPatch, frequent: int) -> None:
    monkeypatch.setattr(nearest_neighbors, "FREQUENT", frequent)
    monkeypatch.setattr(nearest_neighbors, "BLOCK", 7)
    lexicon, cut = _tokens(40)
    tokens = lexicon.weigh(cut)
    vectors = np.random.default_rng(2).normal(size=(40, 8)).astype(np.float32)
    meaning = centred(vectors, centre_of(vectors))
    whole = 0.4 * (tokens @ tokens.T).toarray() + 0.6 * (meaning @ meaning.T)
    np.fill_diagonal(whole, 0)
    near = Space.of(tokens, meaning, 0.4).near(floor=0.3, most=100).toarray()
    assert np.allclose(near, np.where(whole >= 0.3, whole, 0), atol=1e-5)


def test_of_each_at_most_so_many_are_kept_seen_from_either() -> None:
    lexicon, cut = _tokens(40)
    tokens = lexicon.weigh(cut)
    near = Space.of(tokens, None, 1.0).near(floor=0.05, most=3).toarray()
    whole = (tokens @ tokens.T).toarray()
    np.fill_diagonal(whole, 0)
    for row, all_of_them in zip(near, whole, strict=True):
        nearest = np.sort(all_of_them)[-3:]
        assert (row > 0).sum() >= (nearest >= 0.05).sum()
        assert row.max() == pytest.approx(all_of_them.max(), abs=1e-5)
    assert (near == near.T).all()


def test_words_count_by_rarity_and_in_a_title_threefold() -> None:
    cut = [words_of(Message(*text), 300) for text in (("停水", "停电"), ("停水", "食堂"), ("停水", "停电"))]
    lexicon = Lexicon.of(all_words(text) for text in cut)
    row = dict(zip(lexicon.column, lexicon.weigh(cut[:1]).toarray()[0].tolist(), strict=True))
    weights = {"停水": (1 + np.log(3)) * (np.log(4 / 4) + 1), "停电": np.log(4 / 3) + 1}
    length = np.sqrt(sum(weight**2 for weight in weights.values()))
    assert row == pytest.approx({word: weight / length for word, weight in weights.items()} | {"食堂": 0})
    unknown = lexicon.weigh([words_of(Message("从未", "见过"), 300)]).toarray()
    assert (unknown == 0).all()
