"""The working calendar: a year, single days, the hours."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.kernel import timezone
from lianxin.kernel.access import viewer_of
from lianxin.org import queries, services
from lianxin.org.forms import DayForm, HoursForm
from lianxin.org.policies import may
from lianxin.org.views.shared import answer_form, permission_required

_FIRST_YEAR, _LAST_YEAR = 2001, 2100


@require_safe
@permission_required("administer_organisation")
def year(request: HttpRequest, number: int | None = None) -> HttpResponse:
    """A year's days off and make-up working days, and what the administrator set."""
    number = number or timezone.today().year
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise Http404
    context = {
        "year": queries.calendar_year(number),
        "hours": queries.business_hours(),
        "may_keep": may(viewer_of(request), "keep_calendar"),
    }
    return render(request, "org/calendar.html", context)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("keep_calendar")
def set_day(request: HttpRequest) -> HttpResponse:
    day = _day(request.GET.get("day", ""))
    override = queries.override_on(day) if day else None
    initial: dict[str, Any] = {"day": day or timezone.today()}
    if override:
        initial |= {"working": "yes" if override.working else "no", "note": override.note}
    return answer_form(
        request,
        DayForm,
        services.set_day_override,
        title=_("Set a day"),
        lead=_("Running deadlines do not move."),
        back=reverse("org:calendar"),
        done=_("Day saved."),
        initial=initial,
        then=lambda row: reverse("org:calendar_year", args=[row.day.year]),
    )


@require_POST
@permission_required("keep_calendar")
def remove_day(request: HttpRequest) -> HttpResponse:
    day = _day(request.POST.get("day", ""))
    if day is None:
        raise Http404
    services.remove_day_override(actor=viewer_of(request), day=day)
    messages.success(request, _("The statutory calendar applies to this day again."))
    return redirect("org:calendar_year", day.year)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("keep_calendar")
def hours(request: HttpRequest) -> HttpResponse:
    initial: dict[str, str] = {}
    for number, (opens, closes) in enumerate(queries.business_hours(), start=1):
        initial |= {f"opens_{number}": opens, f"closes_{number}": closes}
    return answer_form(
        request,
        HoursForm,
        services.set_business_hours,
        title=_("Business hours"),
        lead=_("Running deadlines do not move."),
        back=reverse("org:calendar"),
        done=_("Business hours saved."),
        initial=initial,
    )
