"""A new case finds its issue, as soon as it was read: assigned, suggested to people, or left alone."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from lianxin.cases.queries.publication import Case
from lianxin.classification.queries.embeddings import understood
from lianxin.hotissues.enums import Standing
from lianxin.hotissues.models import Grouping, Issue, Membership
from lianxin.hotissues.services.index_cache import locked, pins, renew
from lianxin.hotissues.services.pair_constraints import Pins
from lianxin.hotissues.services.population import grouped_cases, population
from lianxin.nlp.tokenization import Message
from lianxin.nlp.topic_assignment import Matters, Outcome


@dataclass(frozen=True)
class _Index:
    """All issues with the texts of their cases, as of one version of who belongs where."""

    version: UUID
    meant: bool
    issues: list[int]
    matters: Matters
    pins: Pins[UUID]


class _Memory:
    """The one index that this worker keeps: about a hundred bytes for each word of the issues' cases, and vectors."""

    index: _Index | None = None


def place(case_ids: Collection[UUID]) -> None:
    """Say of cases that were just read to which issue they belong; inside the reader's transaction."""
    if not Issue.objects.exists():
        return
    with transaction.atomic():
        grouping = locked()
        index = _of_version(grouping)
        here = set(Case.objects.filter(grouped_cases(), pk__in=case_ids).values_list("pk", flat=True))
        here -= set(Membership.objects.filter(case__in=case_ids).values_list("case", flat=True))
        rows = []
        for text in understood(here):
            if text.case_id in index.pins.held or (index.meant and text.vector is None):
                continue
            given = index.matters.assign(Message(text.title, text.body), text.vector if index.meant else None)
            if given.outcome == Outcome.ALONE or index.pins.bars(text.case_id, index.issues[given.matter]):
                continue
            standing = Standing.MEMBER if given.outcome == Outcome.ASSIGNED else Standing.SUGGESTED
            rows.append(Membership(case_id=text.case_id, issue_id=index.issues[given.matter], standing=standing))
        Membership.objects.bulk_create(rows, ignore_conflicts=True)


def forget(case_id: UUID) -> None:
    """Nothing is kept of a case that was sealed; from the next regrouping on its words name nothing either."""
    Membership.objects.filter(case=case_id).delete()


def read_anew() -> None:
    """The enterprise calls its own by other names: the index is read again before the next case is placed."""
    renew(locked())


def _of_version(grouping: Grouping) -> _Index:
    if _Memory.index is None or _Memory.index.version != grouping.version:
        _Memory.index = _read(grouping.version)
    return _Memory.index


def _read(version: UUID) -> _Index:
    found = population()
    place_of = {case: number for number, case in enumerate(found.cases)}
    members: dict[int, list[int]] = {}
    for case, issue in Membership.objects.filter(standing=Standing.MEMBER).values_list("case", "issue"):
        if case in place_of:
            members.setdefault(issue, []).append(place_of[case])
    matters = Matters(found.messages, found.vectors, list(members.values()), names=found.names)
    return _Index(version, found.vectors is not None, list(members), matters, pins())
