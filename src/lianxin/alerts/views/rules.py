"""The rules of early warning: for all who see alerts to read, for their owners and the administrator to change.

Nothing of a case stands here but, for a rule's owner, the false alarms that they may see anyway.
"""

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.alerts.forms import RuleForm
from lianxin.alerts.queries.rules import RuleLine, rule_for, rules_for
from lianxin.alerts.services.rules import change_rule
from lianxin.hotissues.events import tabs_for
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.forms import add_refusals
from lianxin.kernel.tables import Column

COLUMNS = (
    Column(label=gettext_lazy("Rule")),
    Column(label=pgettext_lazy("warning rules", "Enabled")),
)
COUNTS = (
    Column(label=pgettext_lazy("warning rules", "Raised"), numeric=True),
    Column(label=pgettext_lazy("warning rules", "Handled"), numeric=True),
    Column(label=pgettext_lazy("warning rules", "No action needed"), numeric=True),
    Column(label=pgettext_lazy("warning rules", "False alarms"), numeric=True),
)


@never_cache
@require_safe
@sign_in_required
def rules(request: HttpRequest) -> HttpResponse:
    """What early warning looks for, and whether it cries wolf."""
    viewer = viewer_of(request)
    found = rules_for(viewer=viewer)
    if not found:
        raise PermissionDenied(_("Warning rules are available to people who handle warnings and to rule owners."))
    counted = any(line.counts for line in found)
    context = {
        "places": tabs_for(request, viewer, "rules"),
        "rows": found,
        "columns": (*COLUMNS, *(COUNTS if counted else ())),
        "counted": counted,
    }
    return render(request, "alerts/rules.html", context)


@never_cache
@require_safe
@sign_in_required
def rule(request: HttpRequest, kind: str) -> HttpResponse:
    """One rule: what it looks for, what became of its alerts, who changed it."""
    page = rule_for(viewer=viewer_of(request), kind=kind)
    return render(request, "alerts/rule.html", {"page": page, "line": page.line})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sign_in_required
def change(request: HttpRequest, kind: str) -> HttpResponse:
    """Other numbers for a rule. First one sees what would change, then it is kept."""
    viewer = viewer_of(request)
    line = rule_for(viewer=viewer, kind=kind).line
    if not line.may_change:
        raise PermissionDenied(
            _("Only the system administrator can change this; the rule owner can change its numbers.")
        )
    if request.method != "POST":
        return _ask(request, line, RuleForm(line=line, viewer=viewer))
    form = RuleForm(request.POST, line=line, viewer=viewer)
    if not form.is_valid() or request.POST.get("do") == "edit":
        return _ask(request, line, form)
    if request.POST.get("do") != "keep":
        return _ask(request, line, form, looking=True)
    try:
        change_rule(actor=viewer, kind=kind, **form.arguments)
    except ValidationFailed as refusal:
        add_refusals(form, refusal)
        return _ask(request, line, form)
    except VersionConflict as refusal:
        now = rule_for(viewer=viewer, kind=kind).line
        form.seen(now.rule.version)
        return _ask(request, now, form, overtaken=str(refusal))
    messages.success(request, _("Saved. It applies from the next check on."))
    return redirect("alerts:rule", kind)


def _ask(
    request: HttpRequest, line: RuleLine, form: RuleForm, *, looking: bool = False, overtaken: str = ""
) -> HttpResponse:
    status = HTTPStatus.CONFLICT if overtaken else HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    context = {"line": line, "form": form, "looking": looking, "overtaken": overtaken}
    return render(request, "alerts/change_rule.html", context, status=status)
