"""Which of many messages are about the same concrete matter.

Two messages are alike by their words and by their meaning. Groups grow by average likeness; between two levels a
group stands only if it has an anchor: a word or pair of words that most of its messages have and few others. Without
that rule themes ("unpaid wages") would pass for matters.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lianxin.text.clustering import Tree, graph, link
from lianxin.text.embeddings import Vectors
from lianxin.text.neighbours import near_pairs
from lianxin.text.vectors import Lexicon, Message, Words, all_words, centre_of, centred, marks_of, words_of


@dataclass(frozen=True, slots=True)
class Recipe:
    """What counts as one matter; fitted on labelled messages (docs/developer/meaning.md).

    Attributes:
        read: characters of the body whose words count.
        share: how much words count beside meaning.
        sure: as like as this, a group needs no anchor.
        least: less like than this, nothing is a group.
        anchored: likeness plus `anchor_weight` times the anchor's strength that makes a group between the two.
        floor: less like than this, two messages are as good as unlike.
        absent: how like those are on average.
        neighbours: of each message at most so many are looked at.
    """

    read: int
    share: float
    sure: float
    least: float
    anchored: float
    anchor_weight: float
    floor: float = 0.12
    absent: float = 0.04
    neighbours: int = 60


WITH_MEANING = Recipe(read=1000, share=0.4, sure=0.44, least=0.28, anchored=0.53, anchor_weight=0.3)
WORDS_ONLY = Recipe(
    read=300, share=1.0, sure=0.42, least=0.15, anchored=0.33, anchor_weight=0.2, floor=0.05, absent=0.02
)

COMMON = 0.03
"""A word in more than this share of all messages anchors nothing."""
CONCRETE = 0.75
"""An anchor weaker than this holds together a theme or a way of writing: for a person to look at, no hot issue."""
GENERAL = 0.7
"""What a single word of the dictionary is worth as an anchor beside a name: names of places, plants and houses are not
in the dictionary, so they show as pairs of words."""


def group(
    messages: Sequence[Message],
    vectors: Vectors | None = None,
    *,
    recipe: Recipe | None = None,
    progress: Callable[[int], object] | None = None,
) -> list[list[int]]:
    """The groups of two and more, as places in `messages`, the largest first. Who stands alone is in none.

    Args:
        messages: what was written.
        vectors: their embeddings as stored, one a row; without them, only words count.
        recipe: what counts as one matter.
        progress: told how many messages were compared.
    """
    if len(messages) < 2:  # noqa: PLR2004 - a pair
        return []
    recipe = recipe or (WORDS_ONLY if vectors is None else WITH_MEANING)
    cut = [words_of(message, recipe.read) for message in messages]
    tokens = Lexicon.of(all_words(text) for text in cut).weigh(cut)
    meaning = None if vectors is None else centred(vectors, centre_of(vectors))
    near = graph(
        near_pairs(tokens, meaning, share=recipe.share, floor=recipe.floor, most=recipe.neighbours, progress=progress)
    )
    tree = link(near, len(messages), lowest=recipe.least, absent=recipe.absent)
    return sorted(stand(tree, cut, recipe), key=len, reverse=True)


def stand(tree: Tree, cut: Sequence[Words], recipe: Recipe) -> list[list[int]]:
    """The largest nodes of the tree that are matters."""
    anchors = Anchors(cut)
    found = []
    open_nodes = _roots(tree)
    while open_nodes:
        node = open_nodes.pop()
        if node < tree.texts:
            continue
        height = tree.heights[node - tree.texts]
        members = tree.members(node)
        if height >= recipe.sure or (
            height + recipe.anchor_weight >= recipe.anchored
            and height + recipe.anchor_weight * anchors.strength(members) >= recipe.anchored
        ):
            found.append(sorted(members))
        else:
            open_nodes.extend(tree.joins[node - tree.texts])
    return found


def _roots(tree: Tree) -> list[int]:
    below = {child for join in tree.joins for child in join}
    return [node for node in range(tree.texts, tree.texts + len(tree.joins)) if node not in below]


class Anchors:
    """How well a single word or pair of words tells a group from all other messages."""

    def __init__(self, cut: Sequence[Words]) -> None:
        self._marks = [marks_of(text) for text in cut]
        self._general = {word for text in cut for word in all_words(text)}
        self._held = Counter(mark for marks in self._marks for mark in marks)
        self._most = COMMON * len(cut)

    def best(self, members: Sequence[int]) -> tuple[str, float]:
        """The mark that coincides best with the group, and how well: the harmonic mean of the share of the group that
        has it and the share of those who have it that are in the group, from 0 to 1.
        """
        counts = Counter(mark for member in members for mark in self._marks[member])
        best, strength = "", 0.0
        for mark, inside in counts.items():
            held = self._held[mark]
            if inside > 1 and held <= max(self._most, 2):
                agreement = 2 * inside / (len(members) + held)
                if mark in self._general:
                    agreement *= GENERAL
                if agreement > strength or (agreement == strength and len(mark) > len(best)):
                    best, strength = mark, agreement
        return best, strength

    def strength(self, members: Sequence[int]) -> float:
        """How well the best mark coincides with the group, from 0 to 1."""
        return self.best(members)[1]
