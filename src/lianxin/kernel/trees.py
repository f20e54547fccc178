"""Paths of nodes in a materialised-path tree."""

from treebeard.mp_tree import MP_Node

STEP = MP_Node.steplen
"""Letters of a path for each level, in every tree of ours."""


def paths_down_to(path: str) -> list[str]:
    """The paths of a node's ancestors and its own, from the root down."""
    return [path[:end] for end in range(STEP, len(path) + 1, STEP)]
