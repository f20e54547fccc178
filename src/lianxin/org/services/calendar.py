"""The enterprise's working days and hours."""

from collections.abc import Sequence
from datetime import date, time

from django.db import transaction
from django.utils.translation import gettext as _

from lianxin.kernel.business_calendar import WorkingCalendar
from lianxin.kernel.errors import NotFound, ValidationFailed
from lianxin.kernel.models import BusinessHours, DayOverride
from lianxin.kernel.working_time import forget_calendar
from lianxin.ledger.services import append_event
from lianxin.org.models import Person
from lianxin.org.policies import require
from lianxin.org.services.record import acting_role, check, collapse_spaces


def _changed(actor: Person | None, subject: str, action: str, **data: object) -> None:
    """Append the event, and read the calendar anew now and once others can see the change."""
    append_event(
        subject_type="org.calendar",
        subject_id=subject,
        action=action,
        actor_id=actor.pk if actor else None,
        role=acting_role(actor),
        data=data,
    )
    forget_calendar()
    transaction.on_commit(forget_calendar)


@transaction.atomic
def set_day_override(*, actor: Person | None, day: date, working: bool, note: str = "") -> DayOverride:
    """Make a day a working day, or a day off, whatever the statutory calendar says. Running deadlines do not move.

    Raises:
        PermissionDenied: the actor does not keep the calendar.
        ValidationFailed: the note is too long.
    """
    require(actor, "keep_calendar")
    override = DayOverride.objects.filter(day=day).first() or DayOverride(day=day)
    override.working, override.note = working, collapse_spaces(note)
    check(override, "note")
    override.save()
    _changed(actor, day.isoformat(), "set_day", working=working)
    return override


@transaction.atomic
def remove_day_override(*, actor: Person | None, day: date) -> None:
    """Let the statutory calendar decide about a day again.

    Raises:
        PermissionDenied: the actor does not keep the calendar.
        NotFound: nothing was set for that day.
    """
    require(actor, "keep_calendar")
    if not DayOverride.objects.filter(day=day).delete()[0]:
        raise NotFound(_("No setting for this day."))
    _changed(actor, day.isoformat(), "remove_day")


@transaction.atomic
def set_business_hours(*, actor: Person | None, stretches: Sequence[tuple[time, time]]) -> list[BusinessHours]:
    """Set the stretches of a working day. Those that touch or overlap become one; running deadlines do not move.

    Raises:
        PermissionDenied: the actor does not keep the calendar.
        ValidationFailed: there is none, or one ends before it begins.
    """
    require(actor, "keep_calendar")
    try:
        hours = WorkingCalendar(hours=tuple(stretches)).hours
    except ValueError as error:
        raise ValidationFailed({"": _("Please enter at least one period, each ending after it starts.")}) from error
    BusinessHours.objects.all().delete()
    rows = BusinessHours.objects.bulk_create(BusinessHours(opens=opens, closes=closes) for opens, closes in hours)
    _changed(actor, "hours", "set_hours", hours=[f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in hours])
    return rows
