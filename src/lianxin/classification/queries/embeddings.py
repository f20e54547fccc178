"""What the worker understood of cases, for the contexts above: their texts and vectors. Sealed cases are never here."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from lianxin.cases.models import Case
from lianxin.classification.models import CaseMeaning
from lianxin.nlp import embeddings
from lianxin.nlp.embeddings import Vectors


@dataclass(frozen=True, slots=True)
class Understood:
    """A case that was understood; `vector` is missing where there is no model."""

    case_id: UUID
    title: str
    body: str
    vector: Vectors | None


def model() -> str:
    """What makes vectors at present; only vectors of one model may be compared. Empty: nothing does."""
    return embeddings.model_version()


def understood(case_ids: Collection[UUID]) -> list[Understood]:
    """Those of the cases that were understood."""
    rows = CaseMeaning.objects.filter(case__in=case_ids, case__sealed=False).order_by("case")
    found = list(rows.values_list("case", "case__title", "case__body"))
    vectors = vectors_of([row[0] for row in found])
    return [Understood(*row, vectors.get(row[0])) for row in found]


def vectors_of(case_ids: Collection[UUID]) -> dict[UUID, Vectors]:
    """The vectors of the cases by the present model, as it made them: centre them before comparing."""
    rows = CaseMeaning.objects.filter(case__in=case_ids, case__sealed=False, model=model(), vector__isnull=False)
    found = list(rows.values_list("case", "vector"))
    vectors = embeddings.from_bytes([stored for _pk, stored in found if stored is not None])
    return dict(zip((pk for pk, _stored in found), vectors, strict=True))


def number_with_vectors(cases: Q) -> int:
    """How many of the cases have a vector by the present model."""
    read = Case.objects.filter(cases, sealed=False, meaning__model=model(), meaning__vector__isnull=False)
    return read.count() if model() else 0
