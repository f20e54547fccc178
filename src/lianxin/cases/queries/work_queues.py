"""Lists and counts of cases: those one raised, those at one's desk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from hashlib import blake2s
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, F, Q, QuerySet, Value, When
from django.db.models import Case as CaseExpression
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from lianxin.cases.enums import OPEN_STATES, CaseKind, CaseState, DeadlineKind, ExtensionState, Priority
from lianxin.cases.models import Case, Deadline, Extension, SearchRow, SupportingUnit
from lianxin.cases.models.numbers import numbers_meant
from lianxin.cases.queries.publication import category_branch
from lianxin.cases.queries.rows import in_rows
from lianxin.cases.queries.search import answering, own_answering
from lianxin.kernel import timezone
from lianxin.kernel.paging import MOST as MOST_PAGED
from lianxin.nlp.search_terms import SearchTerms
from lianxin.org.enums import Role
from lianxin.org.queries import Person, ids_called, in_units_of

S = CaseState
AWAITS_REQUESTER = (S.WAITING, S.REPLIED)
DESK_ROLES = (Role.DISPATCHER, Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR, Role.INSPECTOR)
MOST_AWAITING = 100
"""The navigation, on every page, says 99+ of more."""
MOST_URGENT = 200
"""So many urgent cases stand first in the list of all."""
WATCHED = 30
"""How many cases at the head of a work list are looked at to tell whether it changed."""


@dataclass(frozen=True)
class Queue:
    """A work list: what it is called, who has one, and whether what is in it waits for them."""

    label: str | Promise
    roles: tuple[Role, ...] = DESK_ROLES
    awaits: bool = False


QUEUES: Mapping[str, Queue] = {
    "danger": Queue(pgettext_lazy("work list", "Safety risk")),
    "to_accept": Queue(pgettext_lazy("work list", "To accept"), (Role.DISPATCHER, Role.INSPECTOR), awaits=True),
    "to_dispatch": Queue(pgettext_lazy("work list", "To dispatch"), (Role.DISPATCHER,), awaits=True),
    "to_take_up": Queue(pgettext_lazy("work list", "To start"), (Role.INSPECTOR,), awaits=True),
    "to_sign": Queue(pgettext_lazy("work list", "To sign for"), (Role.HANDLER,), awaits=True),
    "to_answer": Queue(pgettext_lazy("work list", "To answer"), (Role.HANDLER, Role.INSPECTOR), awaits=True),
    "to_contribute": Queue(pgettext_lazy("work list", "To contribute"), (Role.HANDLER,), awaits=True),
    "to_decide": Queue(
        pgettext_lazy("work list", "To decide"), (Role.UNIT_LEADER, Role.SUPERVISOR, Role.INSPECTOR), awaits=True
    ),
    "to_redispatch": Queue(pgettext_lazy("work list", "To dispatch again"), (Role.SUPERVISOR,), awaits=True),
    "overdue": Queue(pgettext_lazy("work list", "Overdue")),
    "supervised": Queue(
        pgettext_lazy("work list", "Under supervision"), (Role.UNIT_LEADER, Role.SUPERVISOR, Role.INSPECTOR)
    ),
    "waiting": Queue(pgettext_lazy("work list", "Waiting for answer")),
    "open": Queue(pgettext_lazy("work list", "All open")),
    "ended": Queue(pgettext_lazy("work list", "Closed")),
    "all": Queue(pgettext_lazy("work list", "All cases")),
}
"""In the order of the tabs: what waits for the viewer first."""


@dataclass(frozen=True)
class CaseFilter:
    """What a work list is narrowed to; each field is a word in the address bar, empty for all."""

    queue: str = ""
    state: str = ""
    kind: str = ""
    unit: str = ""
    category: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""

    def as_query(self) -> dict[str, str]:
        """The filter as it stands in the address bar."""
        return {field.name: str(value) for field in fields(self) if (value := getattr(self, field.name))}

    @property
    def wanted(self) -> SearchTerms | None:
        """What is asked for in words; None for nothing, or for the number of a case."""
        return SearchTerms.read(self.text) if self.text and self.numbers is None else None

    @property
    def numbers(self) -> list[str] | None:
        """The numbers of cases that are asked for; none where there is a slip in it; None for other words."""
        return numbers_meant(self.text)

    @property
    def has_slip(self) -> bool:
        """Whether the number asked for cannot be one: a sign is wrong, or two changed places."""
        return self.numbers == []

    @property
    def narrows(self) -> bool:
        """Whether it leaves out anything of its queue."""
        return replace(self, queue="", sort="") != CaseFilter()


SORTS = {
    "due": ("priority", F("due_at").asc(nulls_last=True), "-submitted_at"),
    "-due": (F("due_at").desc(nulls_last=True), "-submitted_at"),
    "submitted": ("submitted_at",),
    "-submitted": ("-submitted_at",),
}
"""What is urgent first, then by deadline, unless asked otherwise."""
LONG = frozenset({"ended", "all"})
"""Work lists that may be a million rows long: neither counted nor watched."""
DUE = ("due", "-due")
SORTS_OF_LONG = {**SORTS, "due": SORTS["-submitted"], "-due": SORTS["submitted"]}
"""Nothing is due any more in most of a long list."""
SORTS_OF_FOUND = {**SORTS, "due": SORTS["due"][1:], "": (F("relevance").desc(), "-submitted_at")}
"""The most relevant first, unless asked otherwise."""


def my_cases(*, viewer: Person, text: str = "") -> QuerySet[Case]:
    """The cases the viewer raised by name or confidentially: the urgent ones, those that wait for them, the newest.

    With `text`, only those in whose words, as the viewer may read them, it is found.
    """
    awaited = CaseExpression(
        When(state__in=AWAITS_REQUESTER, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    mine: QuerySet[Case] = Case.objects.raised_by(viewer)
    if text and (numbers := numbers_meant(text)) is not None:
        mine = mine.filter(number__in=numbers)
    elif text:
        mine = own_answering(mine, wanted=SearchTerms.read(text))
    ordered = mine.alias(awaits_me=awaited).order_by("priority", "-awaits_me", "-submitted_at")
    return ordered.select_related("lead_unit")


def my_first_cases(*, viewer: Person, most: int) -> list[Case]:
    """So many of those with which `my_cases` begins."""
    return list(my_cases(viewer=viewer)[:most])


def awaits_requester(case: Case) -> bool:
    """Whether the case waits for whoever raised it."""
    return case.state in AWAITS_REQUESTER


def has_desk(viewer: Person) -> bool:
    """Whether they hold a role that has work lists."""
    return viewer.holds(*DESK_ROLES)


def queues_of(viewer: Person) -> dict[str, Queue]:
    """The work lists that the viewer's roles have, in order."""
    return {name: queue for name, queue in QUEUES.items() if viewer.holds(*queue.roles)}


def queues(viewer: Person) -> dict[str, Q]:
    """What is in each of the viewer's work lists."""
    by_place = in_units_of(viewer, "place_unit", Role.DISPATCHER)
    by_lead = in_units_of(viewer, "lead_unit", Role.HANDLER)
    led = in_units_of(viewer, "lead_unit", Role.UNIT_LEADER)
    supervised = in_units_of(viewer, "place_unit", Role.SUPERVISOR) | in_units_of(viewer, "lead_unit", Role.SUPERVISOR)
    sealed = Q(sealed=True)
    asked = Extension.objects.filter(state=ExtensionState.REQUESTED).exclude(requested_by=viewer.pk)
    extension = Q(state=S.IN_PROGRESS, pk__in=asked.values("case"))
    appeal = Q(state=S.SUBMITTED, appealed_at__isnull=False) & ~Q(declined_by=viewer.pk)
    contents = {
        "danger": Q(priority=Priority.DANGER),
        "to_accept": Q(state=S.SUBMITTED, appealed_at__isnull=True) & (by_place | sealed),
        "to_dispatch": Q(state=S.ACCEPTED, sealed=False) & by_place,
        "to_take_up": Q(state__in=[S.ACCEPTED, S.REOPENED], sealed=True),
        "to_sign": Q(state=S.DISPATCHED) & by_lead & (Q(handler__isnull=True) | Q(handler=viewer.pk)),
        "to_answer": Q(state=S.IN_PROGRESS, handler=viewer.pk),
        "to_contribute": Q(pk__in=_parts_owed(viewer), state__in=[S.DISPATCHED, S.IN_PROGRESS, S.WAITING]),
        "to_decide": (extension & (led | supervised | sealed)) | (appeal & (supervised | sealed)),
        "to_redispatch": Q(state=S.REOPENED, sealed=False) & supervised,
        "overdue": Q(state__in=OPEN_STATES, due_at__lt=timezone.now())
        & (by_place | by_lead | led | supervised | sealed),
        "supervised": Q(supervised_at__isnull=False, state__in=OPEN_STATES)
        & ~Q(state=S.REPLIED)
        & (led | supervised | sealed),
        "waiting": Q(state=S.WAITING),
        "open": Q(state__in=OPEN_STATES),
        "ended": ~Q(state__in=OPEN_STATES),
        "all": ~Q(pk__in=[]),
    }
    return {name: contents[name] for name in queues_of(viewer)}


def _parts_owed(viewer: Person) -> QuerySet[SupportingUnit, Any]:
    """Cases in which a unit of the viewer's has not said its part in this round."""
    mine = SupportingUnit.objects.filter(in_units_of(viewer, "unit", Role.HANDLER), done_at__isnull=True)
    return mine.filter(round=F("case__round")).values("case")


def desk_cases(*, viewer: Person, chosen: CaseFilter | None = None) -> QuerySet[Case]:
    """The cases at the viewer's desk, narrowed and sorted, without who raised them.

    A sealed case is there for its inspectors only. A queue that the viewer does not have stands for all open cases.
    With words, the most relevant are first, and there are at most `search.MOST_FOUND`.
    """
    chosen = chosen or CaseFilter()
    contents = queues(viewer)
    queue = chosen.queue if chosen.queue in contents else "open"
    narrowed = contents.get(queue, Q(state__in=OPEN_STATES)) & _narrowing(chosen)
    is_long = queue in LONG
    if chosen.wanted is None:
        sorts = SORTS_OF_LONG if is_long else SORTS
        cases: QuerySet[Case] = Case.objects.staff_visible_to(viewer, by_ids=is_long).filter(narrowed)
    else:
        sorts = SORTS_OF_FOUND
        first = "" if is_long and chosen.sort in DUE else chosen.sort
        cases = answering(_rows_to_search(viewer, narrowed, is_long=is_long), wanted=chosen.wanted, sort=first)
    return cases.order_by(*sorts.get(chosen.sort, sorts.get("", sorts["due"])), "pk")


def _rows_to_search(viewer: Person, narrowed: Q, *, is_long: bool) -> QuerySet[SearchRow]:
    """The rows in which words are looked for: of a long list, which `SearchRow` has all columns to narrow, without a
    look at the cases; else those of its cases.
    """
    if is_long:
        return SearchRow.objects.searchable_by(viewer).filter(narrowed)
    return SearchRow.objects.filter(pk__in=Case.objects.staff_visible_to(viewer).filter(narrowed).values("pk"))


def desk_rows(*, viewer: Person, chosen: CaseFilter, stop: int) -> list[Case]:
    """The first cases at the viewer's desk, with what the rows of a list show."""
    return WorkList(viewer=viewer, chosen=chosen)[:stop]


class WorkList:
    """The cases at the viewer's desk as a paginator takes them: a slice of it has the rows of a page."""

    def __init__(self, *, viewer: Person, chosen: CaseFilter) -> None:
        self._viewer, self._chosen = viewer, chosen

    def __getitem__(self, part: slice) -> list[Case]:
        """The rows of a page: first their keys, so that only what is shown is joined with units, category, handler."""
        if self._chosen.wanted is not None:
            return in_rows(self._found[part])
        if self._chosen.queue == "all" and not self._chosen.sort:
            return in_rows(self._all(part))
        return in_rows(self._keys[part])

    def _all(self, part: slice) -> list[UUID]:
        """The keys of a part of the list of all. The few urgent ones are found by themselves, so that the many others
        need not be sorted by it.
        """
        start, stop = part.start or 0, part.stop
        urgent = list(self._keys.filter(priority__lt=Priority.NORMAL).order_by(*SORTS["due"], "pk")[:MOST_URGENT])
        first = urgent[start:stop]
        is_cut = len(urgent) == MOST_URGENT
        others = self._keys.exclude(pk__in=urgent) if is_cut else self._keys.filter(priority=Priority.NORMAL)
        return [*first, *others[max(start - len(urgent), 0) : max(stop - len(urgent), 0)]]

    def count(self) -> int:
        """How many there are; of very many, one more than can be turned to. One query, unless they were searched."""
        if self._chosen.wanted is not None:
            return len(self._found)
        return self._cases.order_by()[: MOST_PAGED + 1].count()

    @cached_property
    def _cases(self) -> QuerySet[Case]:
        return desk_cases(viewer=self._viewer, chosen=self._chosen)

    @property
    def _keys(self) -> "QuerySet[Case, UUID]":
        return self._cases.values_list("pk", flat=True)

    @cached_property
    def _found(self) -> list[UUID]:
        """The keys of what was searched for, asked for once: their number is known with them."""
        return list(self._keys)


def _narrowing(chosen: CaseFilter) -> Q:
    wanted = Q()
    if chosen.state in CaseState.values:
        wanted &= Q(state=CaseState(chosen.state))
    if chosen.kind in CaseKind.values:
        wanted &= Q(kind=CaseKind(chosen.kind))
    if chosen.unit:
        units = ids_called(chosen.unit)
        wanted &= Q(place_unit__in=units) | Q(lead_unit__in=units)
    if chosen.category:
        wanted &= Q(category__in=category_branch(chosen.category))
    if chosen.numbers is not None:
        wanted &= Q(number__in=chosen.numbers)
    if chosen.since:
        wanted &= Q(submitted_at__gte=_midnight(chosen.since))
    if chosen.until:
        wanted &= Q(submitted_at__lt=_midnight(chosen.until + timedelta(days=1)))
    return wanted


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.zone())


def desk_version(*, viewer: Person, chosen: CaseFilter, first: Sequence[Case] | None = None) -> str:
    """A word that changes when any of the first cases of the list does; one query, or none where they are at hand.
    What is long or was searched is not watched.
    """
    if chosen.queue in LONG or chosen.text:
        return ""
    if first is None:
        watched = list(desk_cases(viewer=viewer, chosen=chosen).values_list("pk", "version")[:WATCHED])
    else:
        watched = [(case.pk, case.version) for case in first[:WATCHED]]
    return blake2s(repr(watched).encode(), digest_size=8).hexdigest()


def desk_counts(*, viewer: Person) -> dict[str, int]:
    """How many cases lie in each of the viewer's work lists (the long ones are not counted), in one query."""
    contents = {name: condition for name, condition in queues(viewer).items() if name not in LONG}
    if not contents:
        return {}
    counts = {name: Count("pk", filter=condition) for name, condition in contents.items()}
    return Case.objects.staff_visible_to(viewer).open().aggregate(**counts)


def first_queue(viewer: Person, counts: Mapping[str, int]) -> str:
    """The work list to begin with: the first in which something waits for the viewer, else all open cases."""
    return next((name for name, q in queues_of(viewer).items() if q.awaits and counts.get(name)), "open")


def awaiting(*, viewer: Person) -> int:
    """How many cases wait for the viewer to act, each once, up to `MOST_AWAITING`; no query without a desk."""
    if not has_desk(viewer):
        return 0
    waiting = Q(pk__in=[])
    for name, condition in queues(viewer).items():
        if QUEUES[name].awaits:
            waiting |= condition
    return Case.objects.staff_visible_to(viewer).open().filter(waiting)[:MOST_AWAITING].count()


def next_due_of(deadlines: Iterable[Deadline]) -> Deadline | None:
    """The deadline that the requester should know of: when the next thing will have happened."""
    running = [
        row for row in deadlines if not row.completed_at and not row.cancelled_at and row.kind != DeadlineKind.SIGN
    ]
    return min(running, key=lambda row: (row.due_at, row.pk), default=None)
