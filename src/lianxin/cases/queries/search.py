"""Finding cases by what was written in them.

Who finds a case is who sees it: that condition stands in the same statement as the words, so that what is hidden is
neither counted nor cut off nor shown.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet, Value

from lianxin.cases.models import Case, CaseAccessLog, Message, SearchRow
from lianxin.nlp.columns import Relevance
from lianxin.nlp.search_terms import SearchTerms, TextSpan
from lianxin.org.queries import Person

MOST_FOUND = 1000
"""How many are put in order of relevance: of more, the newest (or, sorted by another column, the first by that)."""
OPEN_TO_REQUESTERS = "ABC"
"""The weights of what a requester may read in their own case (see `workflow.search_indexing`)."""
SNIPPET = 90
_NEWEST = ("-submitted_at", "pk")
_FIRST: Mapping[str, Sequence[Any]] = {
    "": _NEWEST,
    "submitted": ("submitted_at", "-pk"),
    "due": (F("due_at").asc(nulls_last=True), *_NEWEST),
    "-due": (F("due_at").desc(nulls_last=True), *_NEWEST),
}
"""By the sort of the list: which are kept of more than `MOST_FOUND`."""


@dataclass(frozen=True)
class SearchHit:
    """What of a found case answers the words."""

    title: list[TextSpan]
    snippet: list[TextSpan]
    """Empty where the viewer has not opened the case."""

    @property
    def is_inside(self) -> bool:
        """Whether the words stand where the viewer has not read them yet."""
        return not self.snippet and not any(piece.marked for piece in self.title)


def answering(rows: QuerySet[SearchRow], *, wanted: SearchTerms, sort: str = "") -> QuerySet[Case]:
    """Of the cases of these rows those that answer, with their `relevance`: at most `MOST_FOUND`, the newest.

    Args:
        rows: what the viewer may find.
        wanted: what is asked for.
        sort: a column by which the list is sorted, with "-" from the last: then the first by that.
    """
    found = rows.filter(words__matches=wanted.query()).order_by(*_FIRST.get(sort, _NEWEST)).values("pk")[:MOST_FOUND]
    return Case.objects.filter(pk__in=found).annotate(relevance=Relevance("search_row__words", wanted.query()))


def unfindable(*, most: int) -> int:
    """How many cases no search finds because their row is missing, as after an import that was not ours; at most so
    many are counted.
    """
    return Case.objects.filter(search_row=None, is_test=False).order_by()[:most].count()


def own_answering(cases: QuerySet[Case], *, wanted: SearchTerms) -> QuerySet[Case]:
    """Of somebody's own cases, which are few, those that answer by what they may read in them: never by notes of the
    staff.
    """
    return cases.filter(search_row__words__matches=wanted.query(OPEN_TO_REQUESTERS))


def hits(*, viewer: Person, wanted: SearchTerms, cases: Sequence[Case]) -> dict[UUID, SearchHit]:
    """For cases found at the viewer's desk: the title and, where they have opened the case before, the part of the text
    or conversation that answers.

    Reading what was written is opening a case, which its requester can see: so of others only the title is shown, as in
    every list. Of a sealed case nothing but its title is ever shown outside its page.
    """
    texts: dict[UUID, list[str]] = {case.pk: [] for case in cases}
    opened = CaseAccessLog.objects.filter(person=viewer, case__in=texts, case__sealed=False, reason="").values("case")
    bodies = Case.objects.filter(pk__in=opened).values_list("pk", "body", Value(0))
    said = Message.objects.filter(case__in=opened).order_by().values_list("case", "text", "version")
    for pk, text, _version in sorted(bodies.union(said, all=True), key=itemgetter(2)):
        texts[pk].append(text)
    return {case.pk: _hit(wanted, case, texts[case.pk]) for case in cases}


def _hit(wanted: SearchTerms, case: Case, texts: Iterable[str]) -> SearchHit:
    beginning = case.title.removesuffix("…")  # most titles are: it need not stand there twice
    rest = [text.removeprefix(beginning).lstrip("。，！？；\n ") for text in texts]
    return SearchHit(wanted.marked(case.title), wanted.snippet(rest, SNIPPET))
