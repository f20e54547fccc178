"""Finding cases by what was written in them.

Who finds a case is who sees it: that condition stands in the same statement as the words, so that what is hidden is
neither counted nor cut off nor shown. What statements are made depends on who asks and for what, never on what there is
to hide.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, OrderBy, Q, QuerySet, Value

from lianxin.cases import policies
from lianxin.cases.models import Case, Message, Opening, SearchRow
from lianxin.org.queries import Person
from lianxin.text.columns import Relevance, spread
from lianxin.text.searching import Piece, Wanted

MOST_FOUND = 500
"""How many are put in order of relevance: of more, the newest (or, sorted by another column, the first by that)."""
FEW = 2000
"""So many rows are fetched by the index in a few milliseconds."""
_LISTED, _PASSED, _FETCHED, _UNPACKED = 0.3, 1.0, 6.0, 7.0
"""Microseconds: an entry of the index, a row passed by, a row fetched from somewhere, its words unpacked."""
OPEN_TO_REQUESTERS = "ABC"
"""The weights of what a requester may read in their own case (see `workflow.finding`)."""
SNIPPET = 90
_RAISED = F("submitted_at")
_RAISED_UNWALKED = ExpressionWrapper(_RAISED + Value(timedelta(0)), DateTimeField())
"""The same, but not by an index: what is looked up is few, and to walk all that is newer would unpack its words."""


@dataclass(frozen=True)
class Hit:
    """What of a found case answers the words."""

    title: list[Piece]
    snippet: list[Piece]
    """Empty where the viewer has not opened the case."""

    @property
    def is_inside(self) -> bool:
        """Whether the words stand where the viewer has not read them yet."""
        return not self.snippet and not any(piece.marked for piece in self.title)


def answering(cases: QuerySet[Case], *, viewer: Person, wanted: Wanted, narrowed: Q, sort: str = "") -> QuerySet[Case]:
    """Of the cases at the viewer's desk those that answer; the most relevant first unless sorted otherwise.

    Args:
        cases: the viewer's, already narrowed in full.
        viewer: who asks; the sight is asked for here once more, beside the words.
        wanted: what is asked for.
        narrowed: as much of what narrows the list as the columns of `SearchRow` can say.
        sort: a column by which the list is sorted, with "-" from the last.
    """
    rows = SearchRow.objects.filter(policies.finds(viewer), narrowed)
    way = _way(rows, wanted)
    found = rows.filter(**way).order_by(*_order(sort, _RAISED if "words__matches" not in way else _RAISED_UNWALKED))
    exactly = cases.filter(pk__in=found.values("pk")[:MOST_FOUND], search_row__words__says=wanted.query())
    return exactly.annotate(relevance=Relevance("search_row__words", wanted.query()))


def _order(sort: str, raised: "F | ExpressionWrapper[Any]") -> "tuple[OrderBy | str, ...]":
    """By which the first are found; the newest unless the list is sorted by something else."""
    if sort == "submitted":
        return raised.asc(), "-pk"
    newest = (raised.desc(), "pk")
    due = {"due": F("due_at").asc(nulls_last=True), "-due": F("due_at").desc(nulls_last=True)}
    return (due[sort], *newest) if sort in due else newest


def _way(rows: QuerySet[SearchRow], wanted: Wanted) -> dict[str, str]:
    """The condition that a row has the words: looked up in the index, or read in the viewer's rows, the first first,
    until enough of them have them.

    What is rare is in few rows of the index; what is everywhere is in the first rows of whoever asks. Either way finds
    the same; taken is what costs less by what the database knows of words and rows.
    """
    common = spread(SearchRow, "words", wanted)
    listed = common.rows * common.share
    if listed < FEW:
        return {"words__matches": wanted.cover()}
    plan = rows.explain(format="json")
    theirs = json.loads(plan)[0]["Plan"]["Plan Rows"] if plan else 0
    until_enough = MOST_FOUND / common.share
    # Newest first past the rows of others; or all of theirs, found by their units. In the index: all that have it,
    # then those of theirs.
    walking = until_enough * (common.rows / max(theirs, 1) * _PASSED + _UNPACKED)
    if min(walking, theirs * (_FETCHED + _UNPACKED)) < listed * _LISTED + theirs * common.share * _FETCHED:
        return {"words__says": wanted.cover()}
    if common.rarest == wanted.cover():
        return {"words__matches": wanted.cover()}
    return {"words__matches": common.rarest, "words__says": wanted.cover()}


def found(cases: QuerySet[Case]) -> Sequence[UUID]:
    """The keys of what `answering` found, asked for once: their number is known with them."""
    return list(cases.values_list("pk", flat=True))


def unfindable(*, most: int) -> int:
    """How many cases no search finds because their row is missing, as after an import that was not ours; at most so
    many are counted.
    """
    return Case.objects.filter(search_row=None, is_test=False).order_by()[:most].count()


def own_answering(cases: QuerySet[Case], *, wanted: Wanted) -> QuerySet[Case]:
    """Of somebody's own cases, which are few, those that answer by what they may read in them: never by notes of the
    staff.
    """
    return cases.filter(search_row__words__says=wanted.query(OPEN_TO_REQUESTERS))


def hits(*, viewer: Person, wanted: Wanted, cases: Sequence[Case]) -> dict[UUID, Hit]:
    """For cases found at the viewer's desk: the title and, where they have opened the case before, the part of the text
    or conversation that answers.

    Reading what was written is opening a case, which its requester can see: so of others only the title is shown, as in
    every list. Of a sealed case nothing but its title is ever shown outside its page.
    """
    texts: dict[UUID, list[str]] = {case.pk: [] for case in cases}
    opened = Opening.objects.filter(person=viewer, case__in=texts, case__sealed=False).values("case")
    bodies = Case.objects.filter(pk__in=opened).values_list("pk", "body", Value(0))
    said = Message.objects.filter(case__in=opened).order_by().values_list("case", "text", "version")
    for pk, text, _version in sorted(bodies.union(said, all=True), key=itemgetter(2)):
        texts[pk].append(text)
    return {case.pk: _hit(wanted, case, texts[case.pk]) for case in cases}


def _hit(wanted: Wanted, case: Case, texts: Iterable[str]) -> Hit:
    beginning = case.title.removesuffix("…")  # most titles are: it need not stand there twice
    rest = [text.removeprefix(beginning).lstrip("。，！？；\n ") for text in texts]
    return Hit(wanted.marked(case.title), wanted.snippet(rest, SNIPPET))
