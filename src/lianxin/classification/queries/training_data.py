"""What the enterprise decided before, as far as new cases can be compared with it: what suggestions are drawn from.

Only what says nothing about anybody is remembered: no sealed case, and none that names somebody.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from django.core.cache import cache

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case, Category
from lianxin.classification.models import CaseMeaning
from lianxin.kernel.trees import STEP, paths_down_to
from lianxin.nlp import embeddings
from lianxin.nlp.categories import LIKE, SUGGESTED, Suggestion, Tree, grams, leaf_texts, suggest
from lianxin.nlp.classifier import Decided
from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.normalization import plain
from lianxin.nlp.vectors import centred

REMEMBERED = 1000
"""The latest decided cases that are looked at; learning from them takes a second or two, in the worker."""
UNLABELLED = 300
"""The latest cases that wait to be decided: the fewer decisions there are, the more they help."""
READ = 300
"""Characters of the body that count beside the title."""
PRIOR = 50
"""What all texts have in common is learnt from them; as many texts' weight has what the categories have in common."""
SAME_PLACE = 2.0
"""How much more a case of the same place says about who handles such cases there."""
KEEP_SECONDS = 600
_CACHE_KEY = "classification.training_set"


@dataclass(frozen=True, slots=True)
class LabelledCase:
    """A case of which somebody decided what it is about, and who leads it; `category` is None where it still waits."""

    text: str
    category: str | None
    lead_unit: int | None
    place: int


def text_of(title: str, body: str) -> str:
    """What of a case is compared."""
    return f"{plain(title)}\n{plain(body)[:READ]}"


def category_leaves() -> list[tuple[str, tuple[str, ...]]]:
    """(id, names from the top down) of each category in use that has none in use below it."""
    rows = {row.path: row for row in Category.objects.filter(active=True).order_by("path")}
    parents = {path[:-STEP] for path in rows}
    return [
        (str(row.pk), tuple(rows[above].name for above in paths_down_to(path) if above in rows))
        for path, row in rows.items()
        if path not in parents
    ]


class TrainingSet:
    """The category tree and the decided cases, ready to be asked about a new text."""

    def __init__(
        self,
        leaves: Sequence[tuple[str, tuple[str, ...]]],
        past: Sequence[LabelledCase],
        vectors: Sequence[bytes | None],
        latest: Sequence[bytes] = (),
    ) -> None:
        """`vectors` of the past cases and of the `latest` ones, decided or not: by the present model, as stored."""
        named = tuple(leaf_texts([path for _category, path in leaves]))
        # By letters alone every level tells something; the model is better off without the highest.
        spelled = [*(" ".join(path) for _category, path in leaves), *named[len(leaves) :]]
        name_rows, self._column = grams(spelled)
        known = {category for category, _path in leaves}
        self.common: Vectors | None = None
        """What all texts have in common, by the model; None without one."""
        with_model = embeddings.available()
        fitting = [n for n, each in enumerate(past) if each.category is None or each.category in known]
        chosen = [n for n in fitting if vectors[n] or not with_model]
        self.past = [past[n] for n in chosen if past[n].category]
        """The decided ones, in their order."""
        texts = [past[n].text for n in chosen]
        if with_model:
            name_vectors = _name_vectors(named, embeddings.model_version())
            stored = embeddings.from_bytes([vector for n in chosen if (vector := vectors[n])])
            self.common = centre(embeddings.from_bytes(latest), name_vectors.mean(axis=0))
            rows = centred(stored, self.common)
        else:
            name_vectors, rows = name_rows.toarray(), self._letters(texts)
        self.tree = Tree.of(leaves, name_vectors)
        labels = [past[n].category for n in chosen]
        self._decided = Decided(self.tree, texts, rows[np.newaxis], labels) if chosen and leaves else None

    def place(self, text: str, vector: Vectors | None) -> Vectors:
        """Where a text lies among the categories and the decided cases."""
        if vector is None or self.common is None:
            return self._letters([text])[0]
        return centred(vector.reshape(1, -1), self.common)[0]

    def categories(self, text: str, row: Vectors) -> list[Suggestion]:
        """The three most fitting categories, by id; none for a text that says nothing the categories know."""
        if not self.tree.leaves or not (row.any() or self.past):
            return []
        return suggest(text, row, self.tree, self._decided)

    def units(self, text: str, row: Vectors, place: int) -> list[tuple[int, int, int]]:
        """(unit, how many of the likest cases it led, of how many): the three units that led most, the first first."""
        led = [n for n, each in enumerate(self.past) if each.lead_unit is not None]
        if self._decided is None or not led:
            return []
        near = self._decided.similarity([text], row.reshape(1, 1, -1))[0][led].clip(min=0)
        near *= np.array([SAME_PLACE if self.past[n].place == place else 1.0 for n in led], dtype=np.float32)
        likest = [int(n) for n in np.argsort(-near)[:LIKE] if near[n] > 0]
        weight: defaultdict[int, float] = defaultdict(float)
        count: Counter[int] = Counter()
        for n in likest:
            unit = self.past[led[n]].lead_unit or 0
            weight[unit] += float(near[n])
            count[unit] += 1
        most = sorted(weight, key=weight.__getitem__, reverse=True)[:SUGGESTED]
        return [(unit, count[unit], len(likest)) for unit in most]

    def _letters(self, texts: Sequence[str]) -> Vectors:
        rows: Vectors = grams(texts, self._column)[0].toarray()
        return rows


def centre(vectors: Vectors, prior: Vectors) -> Vectors:
    """What the texts have in common; as long as they are few, mostly what is known of it beforehand."""
    summed = vectors.sum(axis=0, dtype=np.float64) if len(vectors) else 0.0
    shrunk: Vectors = np.asarray((summed + PRIOR * prior) / (len(vectors) + PRIOR), dtype=np.float32)
    return shrunk


@lru_cache(maxsize=4)
def _name_vectors(texts: tuple[str, ...], _model: str) -> Vectors:
    return embeddings.embed(list(texts))


def build_training_set() -> TrainingSet:
    """Read the latest decided cases and learn from them: a second or two."""
    telling = Case.objects.filter(sealed=False, is_test=False, subjects__isnull=True, subjects_unsettled=False)
    telling = telling.order_by("-submitted_at")
    columns = ("title", "body", "category", "lead_unit", "place_unit", "meaning__model", "meaning__vector")
    waiting = telling.filter(state=CaseState.SUBMITTED, category__isnull=True).values_list(*columns)[:UNLABELLED]
    decided = telling.filter(category__isnull=False).values_list(*columns)[:REMEMBERED]
    model = embeddings.model_version()
    past: list[LabelledCase] = []
    vectors: list[bytes | None] = []
    for title, body, category, lead_unit, place, read_by, vector in [*reversed(waiting), *reversed(decided)]:
        past.append(LabelledCase(text_of(title, body), str(category) if category else None, lead_unit, place))
        vectors.append(bytes(vector) if vector and read_by == model else None)
    read = CaseMeaning.objects.filter(model=model, vector__isnull=False).order_by("-case__submitted_at")
    latest = [bytes(vector) for vector in read.values_list("vector", flat=True)[:REMEMBERED] if vector]
    return TrainingSet(category_leaves(), past, vectors, latest)


def training_set() -> TrainingSet:
    """The present training set, cached for `KEEP_SECONDS`: new decisions tell within ten minutes."""
    known: TrainingSet | None = cache.get(_CACHE_KEY)
    if known is None:
        known = build_training_set()
        cache.set(_CACHE_KEY, known, KEEP_SECONDS)
    return known


def forget_training_set() -> None:
    """Learn anew at the next call."""
    cache.delete(_CACHE_KEY)
