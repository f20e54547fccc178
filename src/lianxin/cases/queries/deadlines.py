"""How a deadline came about, told to whoever taps on it."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.cases.enums import DeadlineKind, ExtensionState, Measure
from lianxin.cases.models import Deadline, Extension
from lianxin.kernel import timezone as time
from lianxin.kernel.working_time import current_calendar
from lianxin.ledger.queries import Event
from lianxin.ui.formatting import short_day, when

ONE_DAY = timedelta(days=1)
MOST_STRETCHES = 4


def explain(due: Deadline, *, extension: Extension | None, events: Iterable[Event]) -> str:
    """From when the deadline runs, how it counts, which days off it skipped, what moved it."""
    parts = [_working_days(due) if due.measure == Measure.WORKING_DAYS else _round_the_clock(due)]
    if due.kind == DeadlineKind.REPLY and extension and extension.state == ExtensionState.APPROVED:
        parts.append(_("Of these, %(days)d are approved extension days.") % {"days": extension.days})
    pauses = sum(event.action == "answer" and event.at >= due.started_at for event in events)
    if pauses:
        said = ngettext(
            "Time waiting for the requester's answer (%(n)d question) is not counted.",
            "Time waiting for the requester's answer (%(n)d questions) is not counted.",
            pauses,
        )
        parts.append(said % {"n": pauses})
    if due.paused_at:
        parts.append(_("Paused since %(at)s, until the requester answers.") % {"at": when(due.paused_at)})
    return " ".join(parts)


def _round_the_clock(due: Deadline) -> str:
    minutes = round((due.due_at - due.started_at) / timedelta(minutes=1))
    if minutes % 60:
        return _("%(minutes)d minutes around the clock, from %(start)s.") % {
            "start": when(due.started_at),
            "minutes": minutes,
        }
    hours = minutes // 60
    return _("%(hours)d hours around the clock, from %(start)s.") % {"start": when(due.started_at), "hours": hours}


def _working_days(due: Deadline) -> str:
    calendar = current_calendar()
    first = due.started_at.astimezone(time.zone()).date() + ONE_DAY
    last = due.due_at.astimezone(time.zone()).date()
    count = calendar.working_days_between(first, last + ONE_DAY)
    said = ngettext(
        "%(n)d working day from %(start)s, not counting the first day, until close of business.",
        "%(n)d working days from %(start)s, not counting the first day, until close of business.",
        count,
    ) % {"start": when(due.started_at), "n": count}
    off = [day for day in _days(first, last) if not calendar.is_working_day(day)]
    return said + (" " + _("Days off not counted: %(days)s.") % {"days": _stretches(off)} if off else "")


def _days(first: date, last: date) -> Iterable[date]:
    return (first + ONE_DAY * n for n in range((last - first).days + 1))


def _stretches(days: list[date]) -> str:
    """Days as stretches: 9月29日–10月4日, 10月7日; a long list is cut short."""
    stretches: list[list[date]] = []
    for day in days:
        if stretches and day - stretches[-1][-1] == ONE_DAY:
            stretches[-1].append(day)
        else:
            stretches.append([day])
    words = ["–".join(short_day(day) for day in dict.fromkeys((s[0], s[-1]))) for s in stretches]
    return _(", ").join(words[:MOST_STRETCHES]) + (" …" if len(words) > MOST_STRETCHES else "")
