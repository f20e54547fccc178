"""The set-up checklist of a new system, and its test case."""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.cases.services.test_case import start_test_case
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied, RateLimited, ValidationFailed
from lianxin.operations import queries
from lianxin.operations.forms import TestCaseForm
from lianxin.org.queries import Person, units_for


def _administrator(request: HttpRequest) -> Person:
    """Whoever asks.

    Raises:
        PermissionDenied: they do not set the system up.
    """
    viewer = viewer_of(request)
    if not queries.sees_checklist(viewer):
        raise PermissionDenied(_("This page is for the system and security administrators."))
    return viewer


@require_safe
@never_cache
@sign_in_required
def checklist(request: HttpRequest) -> HttpResponse:
    """What the system still lacks, who can mend it, and where."""
    viewer = _administrator(request)
    items = queries.checklist()
    context = {
        "items": [(item, bool(item.url) and item.may_open(viewer)) for item in items],
        "done": sum(item.done for item in items),
    }
    return render(request, "operations/checklist.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sign_in_required
def test_case(request: HttpRequest) -> HttpResponse:
    """Start a test case, once it was chosen where."""
    viewer = _administrator(request)
    units = units_for(viewer=viewer)
    form = TestCaseForm(request.POST or None, units=units)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                case = start_test_case(actor=viewer, place=form.cleaned_data["place"])
            except (ValidationFailed, RateLimited) as refusal:
                fields = refusal.fields if isinstance(refusal, ValidationFailed) else {"": str(refusal)}
                for name, message in fields.items():
                    form.add_error(name or None, message)
            else:
                told = _("Test case %(number)s submitted.") % {"number": case.number}
                messages.success(request, told)
                return redirect("cases:case", case.pk)
    test = queries.test_case_status()
    context = {"form": form, "test": test, "is_own": test.requester_id == viewer.pk}
    return render(request, "operations/test_case.html", context, status=status)
