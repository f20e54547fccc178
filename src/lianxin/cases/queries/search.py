"""Finding cases by what was written in them.

Who finds a case is who sees it: that condition stands in the same statement as the words, so that what is hidden is
neither counted nor cut off nor shown, and costs no statement that others would not cost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from operator import itemgetter
from uuid import UUID

from django.db.models import DateTimeField, ExpressionWrapper, F, Q, QuerySet, Value

from lianxin.cases import policies
from lianxin.cases.models import Case, Message, SearchRow
from lianxin.org.queries import Person
from lianxin.text.columns import Relevance
from lianxin.text.searching import Piece, Wanted

MOST_FOUND = 500
"""How many are put in order of relevance: of more, the newest (or, sorted by another column, the first by that)."""
OPEN_TO_REQUESTERS = "ABC"
"""The weights of what a requester may read in their own case (see `workflow.finding`)."""
SNIPPET = 90
_NEWEST = F("submitted_at").desc()
"""By `search_newest`: whoever sees nearly everything finds what is frequent without looking at all of it."""
_NEWEST_OF_MINE = ExpressionWrapper(F("submitted_at") + Value(timedelta(0)), DateTimeField()).desc()
"""The same, but not by that index: whoever sees few cases would walk past those of all others."""
_ORDERS = {
    "due": F("due_at").asc(nulls_last=True),
    "-due": F("due_at").desc(nulls_last=True),
    "submitted": F("submitted_at").asc(),
    "number": F("submitted_at").asc(),
}


@dataclass(frozen=True)
class Hit:
    """What of a found case answers the words."""

    title: list[Piece]
    snippet: list[Piece]


def answering(cases: QuerySet[Case], *, viewer: Person, wanted: Wanted, narrowed: Q, sort: str = "") -> QuerySet[Case]:
    """Of the cases at the viewer's desk those that answer; the most relevant first unless sorted otherwise.

    Args:
        cases: the viewer's, already narrowed in full.
        viewer: who asks; the sight is asked for here once more, beside the words.
        wanted: what is asked for.
        narrowed: as much of what narrows the list as the columns of `SearchRow` can say.
        sort: a column by which the list is sorted, with "-" from the last.
    """
    sees_all = None in viewer.units_by_path.values()
    order = _ORDERS.get(sort, _NEWEST if sees_all else _NEWEST_OF_MINE)
    found = SearchRow.objects.filter(policies.finds(viewer), narrowed, words__matches=wanted.cover())
    found = found.order_by(order, "pk")[:MOST_FOUND]
    exactly = cases.filter(pk__in=found.values("pk"), search_row__words__matches=wanted.query())
    return exactly.annotate(relevance=Relevance("search_row__words", wanted.query()))


def found(cases: QuerySet[Case]) -> Sequence[UUID]:
    """The keys of what `answering` found, asked for once: their number is known with them."""
    return list(cases.values_list("pk", flat=True))


def unfindable(*, most: int) -> int:
    """How many cases no search finds because their row is missing, as after an import that was not ours; at most so
    many are counted.
    """
    return Case.objects.filter(search_row=None).order_by()[:most].count()


def own_answering(cases: QuerySet[Case], *, wanted: Wanted) -> QuerySet[Case]:
    """Of somebody's own cases those that answer, by what they may read in them: never by notes of the staff."""
    return cases.filter(search_row__words__matches=wanted.query(OPEN_TO_REQUESTERS))


def hits(*, wanted: Wanted, cases: Sequence[Case]) -> dict[UUID, Hit]:
    """For cases found at the viewer's desk: the title, and the part of the text or conversation that answers."""
    texts: dict[UUID, list[str]] = {case.pk: [] for case in cases}
    bodies = Case.objects.filter(pk__in=texts).values_list("pk", "body", Value(0))
    said = Message.objects.filter(case__in=texts).order_by().values_list("case", "text", "version")
    for pk, text, _version in sorted(bodies.union(said, all=True), key=itemgetter(2)):
        texts[pk].append(text)
    return {case.pk: _hit(wanted, case, texts[case.pk]) for case in cases}


def _hit(wanted: Wanted, case: Case, texts: Iterable[str]) -> Hit:
    beginning = case.title.removesuffix("…")  # most titles are: it need not stand there twice
    rest = [text.removeprefix(beginning).lstrip("。，！？；\n ") for text in texts]
    return Hit(wanted.marked(case.title), wanted.snippet(rest, SNIPPET))
