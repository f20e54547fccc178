"""What is grouped: the cases of the last months, as their requesters wrote them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np
from django.db.models import Q
from django.db.models.functions import Left

from lianxin.cases.enums import CaseKind, CaseState
from lianxin.cases.queries.publication import Case
from lianxin.classification.queries.embeddings import model, number_with_vectors, vectors_of
from lianxin.kernel import timezone
from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.entities import Names
from lianxin.nlp.tokenization import Message
from lianxin.org.queries import own_names

MONTHS = 24
"""How far back cases are grouped; older ones stay in the issue in which they are."""
_MONTH = timedelta(days=30.5)
READ = 1000
"""Characters of each text that are read."""
_BATCH = 5000
MOST = 0.9
"""The share of the cases that the model must have read for their meaning to count."""


@dataclass(frozen=True)
class Population:
    """Cases with their texts and, if there is a model, their vectors: the same place in each.

    `names`: what the enterprise calls its own, as of now.
    """

    cases: Sequence[UUID]
    messages: Sequence[Message]
    vectors: Vectors | None
    names: Names


def grouped_cases() -> Q:
    """The cases that are grouped: what was sealed or taken back is not, nor is praise, nor a test."""
    since = timezone.now() - MONTHS * _MONTH
    return (
        Q(sealed=False, is_test=False, submitted_at__gte=since)
        & ~Q(state=CaseState.WITHDRAWN)
        & ~Q(kind=CaseKind.PRAISE)
    )


def population() -> Population:
    """All of them, in the order in which they were raised.

    With a model only those that it has read; before it has read most of them, words alone have to do.
    """
    rows = Case.objects.filter(grouped_cases()).order_by("submitted_at", "pk")
    found = list(rows.values_list("pk", "title", Left("body", READ)))
    vectors: dict[UUID, Vectors] = {}
    for start in range(0, len(found) if model() else 0, _BATCH):
        vectors |= vectors_of([row[0] for row in found[start : start + _BATCH]])
    meant = _is_most(len(vectors), len(found))
    if meant:
        found = [row for row in found if row[0] in vectors]
    return Population(
        [row[0] for row in found],
        [Message(title, body) for _pk, title, body in found],
        np.array([vectors[row[0]] for row in found], dtype=np.float32) if meant else None,
        Names(own_names()),
    )


def is_meant() -> bool:
    """Whether the model has by now read so many of them that their meaning counts."""
    cases = grouped_cases()
    return bool(model()) and _is_most(number_with_vectors(cases), Case.objects.filter(cases).count())


def _is_most(read: int, there: int) -> bool:
    return there > 0 and read >= MOST * there


def linked() -> list[tuple[UUID, UUID]]:
    """Pairs that people put together at their desks: followers with their primary, and those they linked."""
    merged = Case.objects.filter(grouped_cases(), primary__isnull=False).values_list("pk", "primary")
    said = Case.objects.filter(grouped_cases(), alike__verdict="linked").values_list("pk", "alike__other")
    return [*((pk, primary) for pk, primary in merged if primary), *said]


def kept_apart() -> list[tuple[UUID, UUID]]:
    """Pairs of which people said at their desks that they are not the same matter."""
    said = Case.objects.filter(grouped_cases(), alike__verdict="apart").values_list("pk", "alike__other")
    return list(said)
