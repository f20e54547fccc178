"""The tree of RFC 9162, against the published vectors and against its definition."""

import json
import random
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import pytest

from lianxin.ledger import merkle

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "merkle.json").read_text())
WITH_SHORT_ROOTS = "additional/sizes-are-equal-one-and-proof-is-empty"
"""Upstream accepts roots of twelve bytes; a root of ours has 32."""


def octets(value):
    return b64decode(value or "")


def test_inclusion_as_published():
    wrong, accepted = [], 0
    for name, told in VECTORS["inclusion"].items():
        holds = merkle.proves_inclusion(
            index=told["leafIdx"],
            size=told["treeSize"],
            leaf=octets(told["leafHash"]),
            proof=[octets(step) for step in told["proof"] or []],
            root=octets(told["root"]),
        )
        accepted += holds
        wrong += [name] if holds == told["wantErr"] else []
    assert (len(VECTORS["inclusion"]), accepted, wrong) == (98, 6, [])


def test_consistency_as_published_but_for_one():
    wrong, accepted = [], 0
    for name, told in VECTORS["consistency"].items():
        holds = merkle.proves_consistency(
            first=told["size1"],
            second=told["size2"],
            first_root=octets(told["root1"]),
            second_root=octets(told["root2"]),
            proof=[octets(step) for step in told["proof"] or []],
        )
        accepted += holds
        wrong += [name] if holds == told["wantErr"] else []
    assert (len(VECTORS["consistency"]), accepted, wrong) == (98, 5, [WITH_SHORT_ROOTS])


def by_definition(nodes):
    if len(nodes) < 2:
        return nodes[0] if nodes else sha256(b"").digest()
    split = 1
    while split * 2 < len(nodes):
        split *= 2
    return sha256(b"\x01" + by_definition(nodes[:split]) + by_definition(nodes[split:])).digest()


NODES = [merkle.leaf_hash(bytes([number])) for number in range(70)]


def test_roots_are_those_of_the_definition_and_grow():
    tree = merkle.Growing()
    assert tree.root() == merkle.root([]) == by_definition([])
    for size in range(1, len(NODES) + 1):
        tree.add(NODES[size - 1])
        assert tree.root() == merkle.root(NODES[:size]) == by_definition(NODES[:size])
        assert tree.size == size


def test_every_leaf_of_every_tree_is_proved_and_no_other():
    for size in range(1, 40):
        root = merkle.root(NODES[:size])
        for index in range(size):
            proof = merkle.path(NODES[:size], index)
            told = {"index": index, "size": size, "root": root, "proof": proof}
            assert merkle.proves_inclusion(leaf=NODES[index], **told)
            assert not merkle.proves_inclusion(leaf=NODES[index + 1], **told)


def test_every_tree_contains_all_earlier_ones():
    for second in range(1, 40):
        for first in range(1, second + 1):
            told = {
                "first": first,
                "second": second,
                "first_root": merkle.root(NODES[:first]),
                "second_root": merkle.root(NODES[:second]),
            }
            proof = merkle.consistency(NODES[:second], first)
            assert merkle.proves_consistency(**told, proof=proof)
            changed = [*NODES[: first - 1], NODES[-1], *NODES[first:second]]
            forged = merkle.consistency(changed, first)
            told["second_root"] = merkle.root(changed)
            assert not merkle.proves_consistency(**told, proof=forged)


def test_proofs_over_tiles_are_those_over_leaves():
    leaves = [random.Random(9).randbytes(32) for _ in range(8 * 13)]
    tiles = [merkle.root(leaves[start : start + 8]) for start in range(0, len(leaves), 8)]
    assert merkle.root(tiles) == merkle.root(leaves)
    assert merkle.path(leaves[40:48], 3) + merkle.path(tiles, 5) == merkle.path(leaves, 43)
    assert merkle.consistency(tiles, 5) == merkle.consistency(leaves, 40)


@pytest.mark.parametrize("size", [0, -1])
def test_an_empty_tree_proves_nothing(size):
    assert not merkle.proves_inclusion(index=0, size=size, leaf=NODES[0], proof=[], root=NODES[0])
    root = merkle.root(NODES[:1])
    assert not merkle.proves_consistency(first=size, second=1, first_root=merkle.EMPTY, second_root=root, proof=[])
