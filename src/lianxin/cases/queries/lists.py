"""Lists and counts of cases: those one raised, those at one's desk."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from hashlib import blake2s
from typing import Any

from django.db.models import BooleanField, Count, F, Q, QuerySet, Value, When
from django.db.models import Case as CaseExpression
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from lianxin.cases import policies
from lianxin.cases.enums import OPEN_STATES, CaseKind, CaseState, ClockKind, ExtensionState
from lianxin.cases.models import Case, Clock, CoHandling, Extension
from lianxin.kernel import clock
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, in_reach, reached

S = CaseState
AWAITS_REQUESTER = (S.WAITING, S.REPLIED)
DESK_ROLES = (Role.DISPATCHER, Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR, Role.INSPECTOR)
_MOST_UNITS = 50
_A_NUMBER = re.compile(r"[A-Za-z]+-\d{4}-\d{4,}")
WATCHED = 30
"""How many cases at the head of a work list are looked at to tell whether it changed."""


@dataclass(frozen=True)
class Queue:
    """A work list: what it is called, who has one, and whether what is in it waits for them."""

    label: str | Promise
    roles: tuple[Role, ...] = DESK_ROLES
    awaits: bool = False


QUEUES: Mapping[str, Queue] = {
    "to_accept": Queue(pgettext_lazy("work list", "To accept"), (Role.DISPATCHER, Role.INSPECTOR), awaits=True),
    "to_dispatch": Queue(pgettext_lazy("work list", "To dispatch"), (Role.DISPATCHER,), awaits=True),
    "to_take_up": Queue(pgettext_lazy("work list", "To take up"), (Role.INSPECTOR,), awaits=True),
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
    "waiting": Queue(pgettext_lazy("work list", "Waiting for an answer")),
    "open": Queue(pgettext_lazy("work list", "All open")),
    "ended": Queue(pgettext_lazy("work list", "Ended")),
}
"""In the order of the tabs: what waits for the viewer first."""


@dataclass(frozen=True)
class CaseFilter:
    """What a work list is narrowed to; each field is a word in the address bar, empty for all."""

    queue: str = ""
    state: str = ""
    kind: str = ""
    unit: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""

    def as_query(self) -> dict[str, str]:
        """The filter as it stands in the address bar."""
        return {field.name: str(value) for field in fields(self) if (value := getattr(self, field.name))}

    @property
    def narrows(self) -> bool:
        """Whether it leaves out anything of its queue."""
        return replace(self, queue="", sort="") != CaseFilter()


_NOT_IN_ROWS = ("body", "requester_tag", "requester_sealed", "receipt_hash", "submission_hash")

SORTS = {
    "due": (F("due_at").asc(nulls_last=True), "-submitted_at"),
    "-due": (F("due_at").desc(nulls_last=True), "-submitted_at"),
    "submitted": ("submitted_at",),
    "-submitted": ("-submitted_at",),
    "number": ("number",),
    "-number": ("-number",),
}
"""Deadlines first, unless asked otherwise."""
SORTS_OF_ENDED = {**SORTS, "due": SORTS["-submitted"], "-due": SORTS["submitted"]}
"""Nothing is due any more in what has ended."""


def my_cases(*, viewer: Person) -> QuerySet[Case]:
    """The cases the viewer raised by name or confidentially, those that wait for them first, then the newest."""
    awaited = CaseExpression(
        When(state__in=AWAITS_REQUESTER, then=Value(True)), default=Value(False), output_field=BooleanField()
    )
    return (
        Case.objects.filter(policies.own(viewer))
        .select_related("lead_unit")
        .annotate(awaits_me=awaited)
        .order_by("-awaits_me", "-submitted_at")
    )


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
    now = clock.now()
    by_place = reached(viewer, "place_unit", Role.DISPATCHER)
    by_lead = reached(viewer, "lead_unit", Role.HANDLER)
    led = reached(viewer, "lead_unit", Role.UNIT_LEADER)
    supervised = reached(viewer, "place_unit", Role.SUPERVISOR) | reached(viewer, "lead_unit", Role.SUPERVISOR)
    sealed = Q(sealed=True)
    asked = Extension.objects.filter(state=ExtensionState.REQUESTED).exclude(requested_by=viewer.pk)
    extension = Q(state=S.IN_PROGRESS, pk__in=asked.values("case"))
    appeal = Q(state=S.SUBMITTED, appealed_at__isnull=False) & ~Q(declined_by=viewer.pk)
    contents = {
        "to_accept": Q(state=S.SUBMITTED, appealed_at__isnull=True) & (by_place | sealed),
        "to_dispatch": Q(state=S.ACCEPTED, sealed=False) & by_place,
        "to_take_up": Q(state__in=[S.ACCEPTED, S.REOPENED], sealed=True),
        "to_sign": Q(state=S.DISPATCHED) & by_lead & (Q(handler__isnull=True) | Q(handler=viewer.pk)),
        "to_answer": Q(state=S.IN_PROGRESS, handler=viewer.pk),
        "to_contribute": Q(pk__in=_parts_owed(viewer), state__in=[S.DISPATCHED, S.IN_PROGRESS, S.WAITING]),
        "to_decide": (extension & (led | supervised | sealed)) | (appeal & (supervised | sealed)),
        "to_redispatch": Q(state=S.REOPENED, sealed=False) & supervised,
        "overdue": Q(state__in=OPEN_STATES, due_at__lt=now) & (by_place | by_lead | led | supervised | sealed),
        "supervised": Q(supervised_at__isnull=False, state__in=OPEN_STATES)
        & ~Q(state=S.REPLIED)
        & (led | supervised | sealed),
        "waiting": Q(state=S.WAITING),
        "open": Q(state__in=OPEN_STATES),
        "ended": ~Q(state__in=OPEN_STATES),
    }
    return {name: contents[name] for name in queues_of(viewer)}


def _parts_owed(viewer: Person) -> QuerySet[CoHandling, Any]:
    """Cases in which a unit of the viewer's has not said its part in this round."""
    mine = CoHandling.objects.filter(reached(viewer, "unit", Role.HANDLER), done_at__isnull=True)
    return mine.filter(round=F("case__round")).values("case")


def desk_cases(*, viewer: Person, chosen: CaseFilter | None = None) -> QuerySet[Case]:
    """The cases at the viewer's desk, narrowed and sorted, without who raised them.

    A sealed case is there for its inspectors only. A queue that the viewer does not have stands for all open cases.
    """
    chosen = chosen or CaseFilter()
    contents = queues(viewer)
    ended = chosen.queue == "ended" and chosen.queue in contents
    parts = policies.few_parts(viewer) if ended and viewer.holds(Role.HANDLER) else None
    cases = Case.objects.filter(policies.desk(viewer, parts=parts))
    cases = cases.filter(contents.get(chosen.queue) or Q(state__in=OPEN_STATES))
    sorts = SORTS_OF_ENDED if ended else SORTS
    return cases.filter(_narrowing(chosen)).order_by(*sorts.get(chosen.sort, sorts["due"]), "pk")


def in_rows(cases: QuerySet[Case]) -> list[Case]:
    """A part of a list of cases with what its rows show; their keys are found first, so that few rows are joined."""
    keys = list(cases.values_list("pk", flat=True))
    rows = Case.objects.select_related("place_unit", "lead_unit", "handler", "category").defer(*_NOT_IN_ROWS)
    found = rows.in_bulk(keys)
    return [found[key] for key in keys if key in found]


def _narrowing(chosen: CaseFilter) -> Q:
    wanted = Q()
    if chosen.state in CaseState.values:
        wanted &= Q(state=chosen.state)
    if chosen.kind in CaseKind.values:
        wanted &= Q(kind=chosen.kind)
    if chosen.unit:
        named = Unit.objects.filter(Q(code=chosen.unit) | Q(name__icontains=chosen.unit)).order_by("depth", "path")
        paths = list(named.values_list("path", flat=True)[:_MOST_UNITS])
        wanted &= in_reach(paths, "place_unit__path") | in_reach(paths, "lead_unit__path")
    if _A_NUMBER.fullmatch(chosen.text):
        wanted &= Q(number=chosen.text.upper())
    elif chosen.text:
        wanted &= Q(number__icontains=chosen.text) | Q(title__icontains=chosen.text) | Q(body__icontains=chosen.text)
    if chosen.since:
        wanted &= Q(submitted_at__gte=_midnight(chosen.since))
    if chosen.until:
        wanted &= Q(submitted_at__lt=_midnight(chosen.until + timedelta(days=1)))
    return wanted


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=clock.zone())


def desk_version(*, viewer: Person, chosen: CaseFilter) -> str:
    """A word that changes when any of the first cases of the list does; one query. What has ended is not watched."""
    if chosen.queue == "ended":
        return ""
    first = desk_cases(viewer=viewer, chosen=chosen).values_list("pk", "version")[:WATCHED]
    return blake2s(repr(list(first)).encode(), digest_size=8).hexdigest()


def desk_counts(*, viewer: Person) -> dict[str, int]:
    """How many cases lie in each of the viewer's work lists (ended ones are not counted), in one query."""
    wanted = {name: q for name, q in queues(viewer).items() if name != "ended"}
    if not wanted:
        return {}
    counts = Case.objects.filter(policies.desk(viewer), state__in=OPEN_STATES).aggregate(
        **{name: Count("pk", filter=q) for name, q in wanted.items()}
    )
    return {name: counts[name] or 0 for name in wanted}


def first_queue(viewer: Person, counts: Mapping[str, int]) -> str:
    """The work list to begin with: the first in which something waits for the viewer, else all open cases."""
    return next((name for name, q in queues_of(viewer).items() if q.awaits and counts.get(name)), "open")


def awaiting_count(*, viewer: Person) -> int:
    """How many cases wait for the viewer to act, each once; no query for who has no desk."""
    if not has_desk(viewer):
        return 0
    waiting = Q(pk__in=[])
    for name, condition in queues(viewer).items():
        if QUEUES[name].awaits:
            waiting |= condition
    return Case.objects.filter(policies.desk(viewer), waiting, state__in=OPEN_STATES).count()


def next_due_of(clocks: Iterable[Clock]) -> Clock | None:
    """The clock that the requester should know of: when the next thing will have happened."""
    running = [row for row in clocks if not row.met_at and not row.cancelled_at and row.kind != ClockKind.SIGN]
    return min(running, key=lambda row: (row.due_at, row.pk), default=None)
