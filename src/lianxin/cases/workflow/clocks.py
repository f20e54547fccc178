"""The clocks of a case: started, met, paused, resumed, cancelled. Nothing else writes `Clock`.

The rules are the table "Clocks" of the design; they stand in `ClockRule`, where the enterprise changes them.
A change never moves the deadline of a clock that already runs.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from lianxin.cases.enums import CaseState, ClockKind, Measure
from lianxin.cases.models import Case, Category, Clock, ClockRule
from lianxin.kernel.kept import Kept
from lianxin.kernel.rows import columns, insert, instances, prepared
from lianxin.kernel.working_time import current_calendar
from lianxin.org.queries import Unit, ids_down_to

STAFF_CLOCKS = (ClockKind.ACCEPT, ClockKind.SIGN, ClockKind.CONTACT, ClockKind.REPLY)
ANSWER_WORKING_DAYS = 10
FALLBACK = (7, Measure.WORKING_DAYS)


@Kept
def clock_rules() -> dict[tuple[str, str, int | None], tuple[int, str]]:
    """(clock, kind, category id) → (amount, measure), as the enterprise set them."""
    rows = ClockRule.objects.values_list("clock", "kind", "category_id", "amount", "measure")
    return {(clock, kind, category): (amount, measure) for clock, kind, category, amount, measure in rows}


def rule_for(clock: ClockKind, kind: str, category: Category | None) -> tuple[int, str]:
    """How long a clock runs: the rule of the category or its nearest ancestor, else of the kind, else of all."""
    rules = clock_rules()
    if category is not None:
        for node in (category, *reversed(Category.objects.get_ancestors(category))):
            for key in ((clock, kind, node.pk), (clock, "", node.pk)):
                if key in rules:
                    return rules[key]
    return rules.get((clock, kind, None)) or rules.get((clock, "", None)) or FALLBACK


def due_after(start: datetime, amount: int, measure: str) -> datetime:
    """When a clock that starts at `start` falls due.

    Working days end at the close of business (民法典 201, 203); hours and calendar days run round the clock.
    """
    if measure == Measure.WORKING_DAYS:
        return current_calendar().add_working_days(start, amount)
    return start + (timedelta(hours=amount) if measure == Measure.HOURS else timedelta(days=amount))


def reminder_at(start: datetime, due: datetime, measure: str) -> datetime:
    """When whoever has to act is reminded: three quarters through, in working time for a clock of working days."""
    if measure != Measure.WORKING_DAYS:
        return start + (due - start) * 3 / 4
    calendar = current_calendar()
    return min(due, calendar.add_working_time(start, calendar.working_time_between(start, due) * 3 / 4))


def open_clocks(case: Case) -> QuerySet[Clock]:
    """The clocks that are neither met nor cancelled."""
    return Clock.objects.filter(case=case, met_at__isnull=True, cancelled_at__isnull=True)


def planned(case: Case, kind: ClockKind, *, unit: Unit, at: datetime, rule: tuple[int, str] | None = None) -> Clock:
    """A clock for a unit, not saved yet."""
    at = case.time_kept(at)
    amount, measure = rule or rule_for(kind, case.kind, case.category)
    due = due_after(at, amount, measure)
    return Clock(
        case=case,
        kind=kind,
        round=case.round,
        unit=unit,
        unit_trail=ids_down_to(unit),
        measure=measure,
        started_at=at,
        due_at=due,
        rises_at=reminder_at(at, due, measure) if kind in STAFF_CLOCKS else due,
    )


def start(case: Case, kind: ClockKind, *, unit: Unit, at: datetime, rule: tuple[int, str] | None = None) -> None:
    """Start a clock for a unit."""
    insert(planned(case, kind, unit=unit, at=at, rule=rule))


def start_handling(case: Case, *, unit: Unit, at: datetime) -> None:
    """A unit got the case: its sign clock starts; response and reply start too, or go over to it, due as before."""
    open_clocks(case).filter(kind=ClockKind.SIGN).update(cancelled_at=at)
    start(case, ClockKind.SIGN, unit=unit, at=at)
    running = open_clocks(case).filter(kind__in=[ClockKind.CONTACT, ClockKind.REPLY])
    running.update(unit=unit, unit_trail=ids_down_to(unit))
    kinds = set(
        Clock.objects.filter(case=case, round=case.round, cancelled_at__isnull=True).values_list("kind", flat=True)
    )
    for kind in (ClockKind.CONTACT, ClockKind.REPLY):
        if kind not in kinds:
            start(case, kind, unit=unit, at=at)


def meet(case: Case, *kinds: ClockKind, at: datetime) -> None:
    """What the clocks ask for was done."""
    open_clocks(case).filter(kind__in=kinds).update(met_at=at, paused_at=None, left=None)


def cancel_all(case: Case, *, at: datetime) -> None:
    """The case ended otherwise: nothing is due any more."""
    open_clocks(case).update(cancelled_at=at, paused_at=None, left=None)


def pause(case: Case, *, at: datetime) -> None:
    """The case waits for its requester: the staff's clocks stop, and keep how much time they have left."""
    running = list(open_clocks(case).filter(kind__in=STAFF_CLOCKS))
    for clock in running:
        clock.paused_at, clock.left = at, _left(clock, at)
    Clock.objects.bulk_update(running, ["paused_at", "left"])


def _left(clock: Clock, at: datetime) -> timedelta:
    if clock.measure == Measure.WORKING_DAYS:
        return current_calendar().remaining(clock.due_at, at, since=clock.started_at)
    return max(clock.due_at - at, timedelta(0))


def resume(case: Case, *, at: datetime) -> None:
    """The requester answered: each clock gets back its time left; an overdue one stays so and rises a day later."""
    for clock in open_clocks(case).filter(paused_at__isnull=False):
        if clock.left:
            is_reminded = clock.rises_at == clock.due_at
            if clock.measure == Measure.WORKING_DAYS:
                clock.due_at = current_calendar().resume(clock.due_at, at, left=clock.left)
            else:
                clock.due_at = max(clock.due_at, at + clock.left)
            clock.rises_at = clock.due_at if is_reminded else _next_reminder(clock, at)
        else:
            clock.rises_at = max(clock.rises_at, next_rise(at))
        clock.paused_at = clock.left = None
        clock.save(update_fields=["due_at", "rises_at", "paused_at", "left"])


def extend_reply(case: Case, *, working_days: int) -> datetime:
    """Give the reply clock more working days, counted from its due day; return the new due time."""
    clock = open_clocks(case).get(kind=ClockKind.REPLY)
    clock.due_at = current_calendar().add_working_days(clock.due_at, working_days)
    clock.rises_at, clock.level = _next_reminder(clock, clock.started_at), 0
    clock.save(update_fields=["due_at", "rises_at", "level"])
    return clock.due_at


def _next_reminder(clock: Clock, since: datetime) -> datetime:
    """When to remind of a deadline that was moved; three quarters through what is left."""
    return reminder_at(since, clock.due_at, clock.measure)


def refresh_due(cases: Sequence[Case]) -> None:
    """Note on the cases themselves what is due next: the earliest running clock of the staff, none while one waits."""
    running = [case.pk for case in cases if case.state not in (CaseState.WAITING, CaseState.MERGED)]
    due: dict[object, tuple[datetime, str]] = {}
    if running:
        clocks = Clock.objects.filter(case__in=running, met_at__isnull=True, cancelled_at__isnull=True)
        found = clocks.filter(kind__in=STAFF_CLOCKS).values_list("case", "due_at", "kind")
        for case_id, due_at, kind in sorted(found, key=lambda one: (one[1], STAFF_CLOCKS.index(ClockKind(one[2])))):
            due.setdefault(case_id, (due_at, kind))
    for case in cases:
        case.due_at, case.due_clock = due.get(case.pk, (None, ""))


def next_rise(at: datetime) -> datetime:
    """When an overdue clock rises again: at the close of the next working day."""
    return current_calendar().add_working_days(at, 1)


def risen(at: datetime) -> QuerySet[Clock]:
    """The running clocks whose time has come."""
    running = Clock.objects.filter(met_at__isnull=True, cancelled_at__isnull=True, paused_at__isnull=True)
    return running.filter(rises_at__lte=at)


def claim(clock_ids: Collection[UUID], at: datetime) -> list[Clock]:
    """Claim risen clocks, each once for each level, in this order; those are left out that somebody else claimed.

    One that is due goes up a level, and its next rise is set; one that is not due yet next rises when it is.
    """
    claimed: dict[UUID, Clock] = {}
    with prepared() as cursor:
        cursor.execute(
            _CLAIM.format(columns=columns(Clock, "risen")),
            {"ids": list(clock_ids), "at": at, "next": next_rise(at)},
        )
        for row in cursor.fetchall():
            (clock,) = instances(row, Clock)
            claimed[clock.pk] = clock
    return [claimed[clock_id] for clock_id in clock_ids if clock_id in claimed]


_CLAIM = """
    UPDATE cases_clock risen
    SET level = level + CASE WHEN due_at <= %(at)s THEN 1 ELSE 0 END,
        rises_at = CASE WHEN due_at <= %(at)s THEN %(next)s::timestamptz ELSE due_at END
    WHERE id = ANY(%(ids)s::uuid[]) AND rises_at <= %(at)s
      AND met_at IS NULL AND cancelled_at IS NULL AND paused_at IS NULL
    RETURNING {columns}
"""
