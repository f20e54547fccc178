"""The hash tree of RFC 9162: its root, and proofs that an entry is in it and that a later tree contains an earlier one.

Functions over hashes alone. A tree over the roots of full subtrees of equal size is the same tree as one over all their
leaves, so `path` and `consistency` also work on tiles.
"""

from collections.abc import Sequence
from hashlib import sha256

SIZE = 32
"""Bytes of a hash."""
EMPTY = sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root(nodes: Sequence[bytes]) -> bytes:
    """The root over these hashes."""
    level = nodes
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else EMPTY


def path(nodes: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that `nodes[index]` is in the tree over `nodes` (2.1.3.1)."""
    level, found = nodes, []
    while len(level) > 1:
        if (sibling := index ^ 1) < len(level):
            found.append(level[sibling])
        level, index = _above(level), index // 2
    return found


def consistency(nodes: Sequence[bytes], first: int) -> list[bytes]:
    """The proof that the tree over `nodes` contains the one over the first of them (2.1.4.1); 1 ≤ first ≤ all."""

    def proof(start: int, end: int, first: int, *, known: bool) -> list[bytes]:
        if first == end - start:
            return [] if known else [root(nodes[start:end])]
        split = start + (1 << (end - start - 1).bit_length() - 1)  # the largest power of two below the size
        if first <= split - start:
            return [*proof(start, split, first, known=known), root(nodes[split:end])]
        return [*proof(split, end, first - (split - start), known=False), root(nodes[start:split])]

    return proof(0, len(nodes), first, known=True)


def proves_inclusion(*, index: int, size: int, leaf: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof shows that the leaf stands at `index` in the tree of that size and root (2.1.3.2)."""
    if not (0 <= index < size and _are_hashes(leaf, root, *proof)):
        return False
    place, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(step, found)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, step)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root


def proves_consistency(
    *, first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the proof shows that the second tree begins with all entries of the first one (2.1.4.2)."""
    if not (1 <= first <= second and _are_hashes(first_root, second_root, *proof)):
        return False
    if first == second:
        return not proof and first_root == second_root
    steps = list(proof) if first & (first - 1) else [first_root, *proof]
    if not steps:
        return False
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = node_hash(step, old), node_hash(step, new)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new = node_hash(new, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


class Growing:
    """A tree to which nodes are added one by one; its root is known after each."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # the roots of full subtrees, the largest first

    def add(self, node: bytes) -> None:
        size = self.size
        while size & 1:
            node, size = node_hash(self._peaks.pop(), node), size >> 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        if not self._peaks:
            return EMPTY
        found = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            found = node_hash(peak, found)
        return found


def _above(level: Sequence[bytes]) -> list[bytes]:
    pairs = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return [*pairs, level[-1]] if len(level) & 1 else pairs


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(each) == SIZE for each in hashes)
