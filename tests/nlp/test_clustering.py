"""Average linkage over a graph, as far as a judge agrees."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from lianxin.nlp.clustering import Linkage


def _graph(similarity: dict[tuple[int, int], float], texts: int) -> sparse.csr_array:
    dense = np.zeros((texts, texts), dtype=np.float32)
    for (first, second), value in similarity.items():
        dense[first, second] = dense[second, first] = value
    return sparse.csr_array(dense)


def test_the_nearest_join_first_and_far_ones_never() -> None:
    near = _graph({(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.7, (3, 4): 0.3}, 6)
    asked: list[tuple[list[int], list[int], float]] = []

    def judge(first: list[int], second: list[int], similarity: float) -> bool:
        asked.append((first, second, round(similarity, 2)))
        return True

    assert sorted(Linkage(near, lowest=0.5, absent=0.0).groups(judge)) == [[0, 1, 2]]
    assert asked == [([0], [1], 0.9), ([2], [0, 1], 0.75)]


def test_two_that_are_refused_grow_no_further() -> None:
    near = _graph({(0, 1): 0.9, (1, 2): 0.8, (0, 2): 0.8, (2, 3): 0.6}, 4)
    assert Linkage(near, lowest=0.1, absent=0.0).groups(lambda *seen: seen[2] > 0.85) == [[0, 1]]


def test_pairs_that_are_not_in_the_graph_count_as_little_alike() -> None:
    near = _graph({(0, 1): 0.9, (1, 2): 0.6}, 3)
    assert Linkage(near, lowest=0.4, absent=0.0).groups(lambda *_seen: True) == [[0, 1]]
    assert Linkage(near, lowest=0.4, absent=0.3).groups(lambda *_seen: True) == [[0, 1, 2]]


@given(st.integers(2, 12), st.integers(0, 10_000), st.floats(0.2, 0.9))
def test_with_a_judge_who_agrees_it_is_average_linkage(texts: int, seed: int, lowest: float) -> None:
    similarity = np.random.default_rng(seed).uniform(0.01, 0.99, (texts, texts))
    similarity = np.triu(similarity, 1) + np.triu(similarity, 1).T
    found = Linkage(sparse.csr_array(similarity), lowest=lowest, absent=0.0).groups(lambda *_seen: True)
    distances = squareform(1 - similarity - np.eye(texts), checks=False)
    known = fcluster(linkage(distances, "average"), 1 - lowest, "distance")
    assert sorted(found) == sorted(
        np.flatnonzero(known == label).tolist() for label in set(known.tolist()) if (known == label).sum() > 1
    )
