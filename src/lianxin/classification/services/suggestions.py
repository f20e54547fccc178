"""What the worker suggests for cases that it has read: for acceptance, and other open cases that may be the same."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from lianxin.cases.enums import OPEN_STATES, CaseKind, CaseState, Field, Urgency
from lianxin.cases.models import Case, SimilarCase
from lianxin.cases.policies import confidential_requester
from lianxin.classification.models import CaseMeaning, Suggestion
from lianxin.classification.queries.suggestions import offered_for
from lianxin.classification.queries.training_data import TrainingSet, centre, forget_training_set, text_of, training_set
from lianxin.nlp import embeddings
from lianxin.nlp.embeddings import Vectors
from lianxin.nlp.grouping import WITH_MEANING
from lianxin.nlp.risk_detection import Danger, DangerKind, dangers
from lianxin.nlp.similarity import is_same_text
from lianxin.nlp.tokenization import Message, all_words, words_of
from lianxin.nlp.vectors import Lexicon, centred
from lianxin.notifications.services import pseudonyms

COMPARED = 3000
"""The latest open cases with which a new one is compared by meaning."""
COMPARED_BY_WORDS = 300
"""Where there is no model."""
NEAREST = 20
"""Of those, so many are compared by their words as well."""
MOST_ALIKE = 5
LIKE_BY_MEANING, LIKE_BY_WORDS = 0.35, 0.3
"""How like two cases have to be for one to be shown beside the other."""
MOST_OF_ONE_PERSON = 20
MOST_ANEW = 500
EMERGENCIES = frozenset({DangerKind.CRISIS, DangerKind.LIFE, DangerKind.VIOLENCE})

Pairs = dict[tuple[UUID, UUID], tuple[float, bool]]
"""Two cases (the smaller id first) → how like they are, and whether one person raised the same text twice."""


def offers(case: Case, vector: Vectors | None, known: TrainingSet) -> dict[str, list[dict[str, Any]]]:
    """What is suggested for a case when it is accepted: for each field at most three, the first choice first."""
    text = text_of(case.title, case.body)
    row = known.place(text, vector)
    found = dangers(f"{case.title}\n{case.body}")
    return {
        Field.CATEGORY: [
            {"value": int(each.category), "leaf": list(each.leaf), "like": each.like, "like_of": each.like_of}
            for each in known.categories(text, row)
        ],
        Field.URGENCY: [
            {"value": urgency_of(case, found), "kinds": [each.kind for each in found], "words": _words(found)}
        ],
        Field.LEAD_UNIT: [
            {"value": unit, "like": like, "like_of": like_of}
            for unit, like, like_of in known.units(text, row, case.place_unit_id)
        ],
    }


def _words(found: Sequence[Danger]) -> list[str]:
    return [word for each in found for word in each.words]


def urgency_of(case: Case, found: Sequence[Danger]) -> Urgency:
    """People in danger come first, whatever else is said; what may hurt somebody, or cannot wait, is urgent."""
    if any(each.kind in EMERGENCIES for each in found):
        return Urgency.EMERGENCY
    return Urgency.URGENT if found or case.kind == CaseKind.HAZARD else Urgency.NORMAL


def suggest_for(rows: Sequence[CaseMeaning], cases: dict[UUID, Case], vectors: dict[UUID, Vectors]) -> Pairs:
    """Fill in what is offered for each case just read that is open, and find the open cases that are like it."""
    new = {row.case_id: cases[row.case_id] for row in rows if cases[row.case_id].is_open}
    if not new:
        return {}
    known = training_set()
    for row in rows:
        if row.case_id in new:
            row.offered = offers(new[row.case_id], vectors.get(row.case_id), known)
    return _alike(list(new.values()), vectors, known) | _raised_twice(list(new.values()))


def suggest_anew() -> int:
    """Suggest again, with what was decided since, for the cases that wait to be accepted; return how many."""
    forget_training_set()
    known = training_set()
    waiting = CaseMeaning.objects.filter(case__state=CaseState.SUBMITTED, case__sealed=False)
    rows = list(waiting.select_related("case").order_by("-case__submitted_at", "pk")[:MOST_ANEW])
    model = embeddings.model_version()
    for row in rows:
        vector = embeddings.from_bytes([row.vector])[0] if row.vector and row.model == model else None
        row.offered = offers(row.case, vector, known)
    CaseMeaning.objects.bulk_update(rows, ["offered"])
    return len(rows)


def keep_pairs(pairs: Pairs, still_open: frozenset[UUID]) -> None:
    """Keep which cases are alike, seen from either; what people decided of two stays."""
    kept = [
        SimilarCase(case_id=one, other_id=other, similarity=similarity, same_person=same)
        for ids, (similarity, same) in pairs.items()
        if still_open.issuperset(ids)
        for one, other in (ids, ids[::-1])
    ]
    SimilarCase.objects.bulk_create(
        kept,
        update_conflicts=True,
        unique_fields=["case", "other"],
        update_fields=["similarity", "same_person"],
    )


def _pair(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)


def _alike(new: Sequence[Case], vectors: dict[UUID, Vectors], known: TrainingSet) -> Pairs:
    stored = _open_cases(with_model=known.common is not None)
    pool = list(dict.fromkeys([*stored, *(case.pk for case in new)]))
    if known.common is None:
        near = {case.pk: [n for n, pk in enumerate(pool) if pk != case.pk] for case in new}
        return _by_words(pool, near, None)
    raw = np.array([vectors[pk] if pk in vectors else embeddings.from_bytes([stored[pk]])[0] for pk in pool])
    meaning = centred(raw, centre(raw, known.common))
    near = {}
    for case in new:
        own = pool.index(case.pk)
        similarity = meaning @ meaning[own]
        near[case.pk] = [n for n in np.argsort(-similarity)[: NEAREST + 1].tolist() if n != own]
    return _by_words(pool, near, meaning)


def _open_cases(*, with_model: bool) -> dict[UUID, bytes]:
    """The latest open cases, with their vectors by the present model."""
    rows = CaseMeaning.objects.filter(case__sealed=False, case__state__in=OPEN_STATES).order_by("-case__submitted_at")
    if not with_model:
        return dict.fromkeys(rows.values_list("case", flat=True)[:COMPARED_BY_WORDS], b"")
    rows = rows.filter(model=embeddings.model_version(), vector__isnull=False)
    return {pk: bytes(vector) for pk, vector in rows.values_list("case", "vector")[:COMPARED] if vector}


def _by_words(pool: Sequence[UUID], near: dict[UUID, list[int]], meaning: Vectors | None) -> Pairs:
    """Compare the nearest by their words as well; at most five for each case stay."""
    wanted = {*near, *(pool[n] for places in near.values() for n in places)}
    texts = {
        pk: words_of(Message(title, body), WITH_MEANING.read)
        for pk, title, body in Case.objects.filter(pk__in=wanted).values_list("pk", "title", "body")
    }
    lexicon = Lexicon.of(all_words(text) for text in texts.values())
    order = {pk: n for n, pk in enumerate(texts)}
    tokens = lexicon.weigh(list(texts.values()))
    place = {pk: n for n, pk in enumerate(pool)}
    pairs: Pairs = {}
    for pk, places in near.items():
        shared = np.asarray((tokens @ tokens[[order[pk]]].T).todense()).ravel()
        scores = []
        for n in places:
            score = float(shared[order[pool[n]]])
            if meaning is not None:
                score = WITH_MEANING.share * score + (1 - WITH_MEANING.share) * float(meaning[n] @ meaning[place[pk]])
            scores.append((score, pool[n]))
        least = LIKE_BY_WORDS if meaning is None else LIKE_BY_MEANING
        for score, other in sorted(scores, reverse=True)[:MOST_ALIKE]:
            if score >= least:
                pairs[_pair(pk, other)] = (round(score, 3), False)
    return pairs


def _raised_twice(new: Sequence[Case]) -> Pairs:
    """Pairs that one person raised with the same text. Of an anonymous case nobody knows who raised it."""
    pairs: Pairs = {}
    for case in new:
        for other in same_persons_cases(case):
            if is_same_text(case.body, other.body):
                pairs[_pair(case.pk, other.pk)] = (1.0, True)
    return pairs


def same_persons_cases(case: Case) -> list[Case]:
    """Other open cases that the same person raised in the same way: by name, or confidentially."""
    others = Case.objects.filter(sealed=False, is_test=False, state__in=OPEN_STATES).exclude(pk=case.pk)
    if case.requester_id is not None:
        others = others.filter(requester=case.requester_id)
    elif (person_id := confidential_requester(case)) is not None:
        others = others.filter(requester_tag__in=pseudonyms(person_id))
    else:
        return []
    return list(others.order_by("-submitted_at").only("pk", "body")[:MOST_OF_ONE_PERSON])


def note_taken(case: Case, taken: Mapping[Field, object], *, at: datetime) -> None:
    """Keep what had been suggested and what was taken instead or of it, the first time for each field of a case."""
    offered, at = offered_for(case), case.time_kept(at)
    rows = []
    for field, value in taken.items():
        values = [str(each["value"]) for each in offered.get(field, [])]
        if values:
            rank = values.index(str(value)) + 1 if str(value) in values else None
            rows.append(Suggestion(case=case, field=field, offered=values, taken=str(value), rank=rank, at=at))
    Suggestion.objects.bulk_create(rows, ignore_conflicts=True)
