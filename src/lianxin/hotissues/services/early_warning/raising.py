"""Raising what the rules found: each once, with its rows, its event and its notices, in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from lianxin.cases.queries.publication import Case
from lianxin.hotissues.enums import UNSETTLED, RuleKind, WarningNotice, WarningState
from lianxin.hotissues.models import EarlyWarning, Issue, WarningCase
from lianxin.hotissues.services.early_warning.finding import Found
from lianxin.hotissues.services.early_warning.telling import followers, forget_told, tell, waits, whom_to_tell
from lianxin.hotissues.workflow import SUBJECT, this_hour
from lianxin.kernel import timezone
from lianxin.kernel.trees import STEP, paths_down_to
from lianxin.kernel.working_time import current_calendar
from lianxin.ledger.services import append_event
from lianxin.org.queries import Unit

HOURS = 3
"""Danger that nobody takes up goes one level up after so many hours, counted from the beginning of the hour in which
it was raised: after two hours at the earliest."""
WORKING_DAYS = 3
"""All else after so many working days."""


def raise_found(found: Iterable[Found]) -> int:
    """Raise what was found, unless the same is raised and not settled; return how many warnings that were.

    Whoever calls found it under the lock of issues (`memory.locked`), so nobody else raises, merges or regroups; and
    the database lets a rule have one unsettled warning of a subject.
    """
    return sum(_raise(each) for each in found)


def _raise(found: Found) -> bool:
    at = this_hour()
    subject = dict(found.subject)
    if "issue_id" in subject:
        subject["unit_id"] = _lowest_unit(found.rows).pk
    warning = EarlyWarning(
        rule_id=found.rule, raised_at=at, rises_at=_rises(found.rule, at), **subject, **found.numbers
    )
    EarlyWarning.objects.bulk_create([warning], ignore_conflicts=True)
    if not EarlyWarning.objects.filter(pk=warning.pk).exists():
        return False
    WarningCase.objects.bulk_create(WarningCase(warning=warning, case_id=pk) for pk in found.rows)
    # From here on no row can be sealed until this is through; one that was a moment ago undoes the warning.
    if Case.objects.filter(pk__in=found.rows, sealed=True).exists():
        warning.delete()
        return False
    _note(warning, "raise", at)
    tell(warning, WarningNotice(found.rule), [*whom_to_tell(warning), *followers(warning)], at)
    return True


def _lowest_unit(cases: Sequence[UUID]) -> Unit:
    """The lowest unit that covers the places of the cases; of several trees the first."""
    paths = sorted(set(Case.objects.filter(pk__in=cases).order_by().values_list("place_unit__path", flat=True)))
    covering = [path for path in paths_down_to(paths[0]) if all(other.startswith(path) for other in paths)]
    return Unit.objects.get(path=covering[-1] if covering else paths[0][:STEP])


def _rises(rule: str, at: datetime) -> datetime:
    """When one level more is told."""
    if rule == RuleKind.DANGER:
        return at + timedelta(hours=HOURS)
    return current_calendar().add_working_days(at, WORKING_DAYS)


def rise() -> int:
    """Tell one level more of each warning that nobody has taken up in time, once; return how many there were.

    Safe to run in several places at once: each warning is claimed by a guarded update.
    """
    now, done = timezone.now(), 0
    due = EarlyWarning.objects.filter(state=WarningState.NEW, rises_at__lte=now)
    for warning in due.select_related("case", "unit").order_by("rises_at"):
        with transaction.atomic():
            if due.filter(pk=warning.pk).update(rises_at=None):
                at = timezone.to_the_hour(now)
                tell(warning, waits(warning), whom_to_tell(warning, above=True), at)
                _note(warning, "rise", at)
                done += 1
    return done


def tell_newcomers() -> None:
    """Tell whoever can act by now on a warning that nobody has taken up: the handler of a case since dispatched, or a
    post's new holder. Each person once.
    """
    for warning in EarlyWarning.objects.filter(state=WarningState.NEW).select_related("case", "unit"):
        with transaction.atomic():
            tell(warning, WarningNotice(warning.rule_id), whom_to_tell(warning), this_hour())


def follow_merge(*, issue: Issue, other: Issue) -> None:
    """The warnings of an issue that was merged into another become that one's, inside the act of merging.

    Where both have one of the same rule that is not settled, the one that somebody took up stays, else the older.
    """
    mine = EarlyWarning.objects.filter(issue__in=[issue, other], state__in=UNSETTLED)
    kept: dict[str, EarlyWarning] = {}
    for warning in sorted(mine, key=lambda one: (one.state != WarningState.TAKEN, one.raised_at)):
        if (first := kept.setdefault(warning.rule_id, warning)) is not warning:
            _join(first, warning)
    EarlyWarning.objects.filter(issue=other).update(issue=issue)


def _join(kept: EarlyWarning, gone: EarlyWarning) -> None:
    """What made one warning stands with the other; the numbers stay as of then."""
    rows = [WarningCase(warning=kept, case_id=pk) for pk in gone.rows.values_list("case", flat=True)]
    WarningCase.objects.bulk_create(rows, ignore_conflicts=True)
    forget_told(gone, list(gone.told.values_list("person", flat=True)))
    gone.delete()
    kept.unit = _lowest_unit(list(kept.rows.values_list("case", flat=True)))
    kept.save(update_fields=["unit"])
    _note(kept, "join", this_hour())


def _note(warning: EarlyWarning, action: str, at: datetime, **data: Any) -> None:
    """Put on the record what the clock did, without a word of any case."""
    append_event(
        subject_type=SUBJECT,
        subject_id=warning.pk,
        action=action,
        role="clock",
        from_state=warning.state,
        to_state=warning.state,
        version=warning.version,
        at=at,
        data={"rule": warning.rule_id, **data},
    )
