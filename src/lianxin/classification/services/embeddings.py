"""Reading what cases say, beside the work of people: each text once for each model.

Safe to run twice and in several places at once: one reads at a time.
"""

import hashlib
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from lianxin.cases.models import Case
from lianxin.classification.events import cases_understood
from lianxin.classification.models import CaseMeaning, Unread
from lianxin.classification.services import suggestions
from lianxin.kernel import locks, timezone
from lianxin.nlp import embeddings
from lianxin.nlp.embeddings import BATCH

MANY = 100
"""After so many at once (a register was taken over, a sample made) what waits for acceptance is looked at again."""


def understand() -> int:
    """Read the cases that wait to be read, the latest first; return how many waited."""
    done = 0
    while batch := _understand_batch():
        done += batch
    if done >= MANY:
        suggestions.suggest_anew()
    return done


def read_anew() -> int:
    """Have the cases read again that were read by another model than the present one; return how many.

    Nothing is read again while there is no model: what is there is kept for when it is back.
    """
    model = embeddings.model_version()
    if not model:
        return 0
    old = CaseMeaning.objects.filter(Q(model__lt=model) | Q(model__gt=model)).values_list("case", "case__submitted_at")
    with transaction.atomic():
        if Unread.objects.exists():
            return 0
        rows = [Unread(case_id=pk, raised_at=timezone.to_the_hour(at)) for pk, at in old.iterator()]
        return len(Unread.objects.bulk_create(rows, batch_size=5000))


def _understand_batch() -> int:
    with transaction.atomic():
        taken = _take()
        if not taken:
            return 0
        cases = Case.objects.filter(sealed=False, is_test=False).in_bulk(taken)
        rows = _meanings({pk: embeddings.excerpt(case.title, case.body) for pk, case in cases.items()})
        vectors = {row.case_id: embeddings.from_bytes([row.vector])[0] for row in rows if row.vector}
        _store(rows, suggestions.suggest_for(rows, cases, vectors))
    return len(taken)


def _take() -> list[UUID]:
    """Take some that wait, of the hour in which cases were raised last, unless somebody else is reading."""
    if not locks.try_to_hold("classification.read"):
        return []
    rows = list(Unread.objects.order_by("-raised_at")[:BATCH])
    Unread.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return sorted({row.case_id for row in rows})


def _meanings(texts: dict[UUID, str]) -> list[CaseMeaning]:
    """The meanings of the texts that are not there yet; what another case says word for word is taken from there."""
    model = embeddings.model_version()
    hashes = {pk: hashlib.sha256(text.encode()).digest() for pk, text in texts.items()}
    there = CaseMeaning.objects.filter(text_hash__in=hashes.values(), model=model).values_list(
        "case", "text_hash", "vector"
    )
    known: dict[bytes, bytes | None] = {}
    current = set()
    for pk, text_hash, vector in there:
        known[bytes(text_hash)] = None if vector is None else bytes(vector)
        if hashes.get(pk) == bytes(text_hash):
            current.add(pk)
    missing = {hashes[pk]: text for pk, text in texts.items() if hashes[pk] not in known}
    known |= dict(zip(missing, _vectors(list(missing.values())), strict=True))
    return [
        CaseMeaning(case_id=pk, model=model, text_hash=hashes[pk], vector=known[hashes[pk]])
        for pk in texts
        if pk not in current
    ]


def _vectors(texts: Sequence[str]) -> list[bytes | None]:
    if not embeddings.available():
        return [None] * len(texts)
    return [embeddings.to_bytes(vector) for vector in embeddings.embed(texts)]


def _store(rows: Sequence[CaseMeaning], pairs: suggestions.Pairs) -> None:
    """Keep what was understood, but nothing of a case that was sealed in the meantime."""
    concerned = {row.case_id for row in rows}.union(*pairs)
    locked = Case.objects.select_for_update(no_key=True).filter(pk__in=concerned).only("pk", "sealed", "state")
    unsealed = [case for case in locked.order_by("pk") if not case.sealed]
    kept = [row for row in rows if row.case_id in {case.pk for case in unsealed}]
    CaseMeaning.objects.filter(case__in=[row.case_id for row in kept]).delete()
    CaseMeaning.objects.bulk_create(kept)
    suggestions.keep_pairs(pairs, frozenset(case.pk for case in unsealed if case.is_open))
    if kept:
        cases_understood.send(sender=CaseMeaning, case_ids=[row.case_id for row in kept])
