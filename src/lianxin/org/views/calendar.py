"""The working calendar: a year, single days, the hours."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lianxin.kernel import timezone
from lianxin.kernel.access import viewer_of
from lianxin.org import queries, services
from lianxin.org.forms import DayForm, HoursForm
from lianxin.org.policies import may
from lianxin.org.views.shared import OrgFormView, permission_required

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


class CalendarFormView(OrgFormView):
    """A form about the calendar."""

    action = "keep_calendar"
    lead = gettext_lazy("Running deadlines do not move.")

    def get_back_url(self) -> str:
        return reverse("org:calendar")


class SetDay(CalendarFormView):
    title = gettext_lazy("Set a day")
    form_class = DayForm
    success_message = gettext_lazy("Day saved.")

    def get_initial(self) -> dict[str, Any]:
        day = _day(self.request.GET.get("day", ""))
        override = queries.override_on(day) if day else None
        kept = {"working": "yes" if override.working else "no", "note": override.note} if override else {}
        return {"day": day or timezone.today(), **kept}

    def service(self, **entered: Any) -> Any:
        return services.set_day_override(actor=self.viewer, **entered)

    def get_success_url(self) -> str:
        return reverse("org:calendar_year", args=[self.result.day.year])


@require_POST
@permission_required("keep_calendar")
def remove_day(request: HttpRequest) -> HttpResponse:
    day = _day(request.POST.get("day", ""))
    if day is None:
        raise Http404
    services.remove_day_override(actor=viewer_of(request), day=day)
    messages.success(request, _("The statutory calendar applies to this day again."))
    return redirect("org:calendar_year", day.year)


class SetHours(CalendarFormView):
    title = gettext_lazy("Business hours")
    form_class = HoursForm
    success_message = gettext_lazy("Business hours saved.")

    def get_initial(self) -> dict[str, Any]:
        initial: dict[str, Any] = {}
        for number, (opens, closes) in enumerate(queries.business_hours(), start=1):
            initial |= {f"opens_{number}": opens, f"closes_{number}": closes}
        return initial

    def service(self, **entered: Any) -> Any:
        return services.set_business_hours(actor=self.viewer, **entered)
