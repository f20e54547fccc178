"""A case as its requester sees it, and what they can do with it, signed in or with the receipt."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from lianxin.cases.forms import employee as forms
from lianxin.cases.queries import (
    CasePage,
    case_page,
    emergency,
    get_case_for,
    is_handled_again,
    raised_already,
    receiving_of,
    requester_page,
    spoken_case_page,
    told_to_requester,
    was_said_already,
)
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services import spooled
from lianxin.cases.services.access_log import note_following
from lianxin.cases.services.requester import Requester
from lianxin.cases.services.subject_recognition import recognise
from lianxin.cases.workflow import ReceiptHolder
from lianxin.cases.workflow.notifications import SUBJECT
from lianxin.kernel import spool
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import PermissionDenied, ValidationFailed, VersionConflict
from lianxin.kernel.files import StorageFull, downloaded_page
from lianxin.kernel.forms import add_refusals
from lianxin.ledger.proofs import checker
from lianxin.ledger.queries import first_proof_of


@dataclass(frozen=True)
class Entrance:
    """How the requester came in, signed in or with the receipt, which decides the addresses of their pages."""

    actor: Requester
    case_id: UUID

    @property
    def by_receipt(self) -> bool:
        return isinstance(self.actor, ReceiptHolder)

    def url(self, name: str = "case") -> str:
        """The address of the case or of an action on it."""
        return reverse(f"cases:receipt_{name}") if self.by_receipt else reverse(f"cases:{name}", args=[self.case_id])


@dataclass(frozen=True)
class Action:
    """Something a requester can do (see `services.requester.SERVICES`): its form, what it is called while it is on its
    way, and what is said when it is done.
    """

    form: type[forms.RequesterForm]
    name: str | Promise
    done: str | Promise


ACTIONS: Mapping[str, Action] = {
    "answer": Action(forms.AnswerForm, gettext_lazy("Your answer"), gettext_lazy("Sent. Work continues.")),
    "add": Action(
        forms.AddForm, gettext_lazy("Additional information"), gettext_lazy("Added. The handlers were notified.")
    ),
    "rate": Action(forms.RateForm, gettext_lazy("Your rating"), gettext_lazy("Your rating was saved. Thank you.")),
    "appeal": Action(
        forms.AppealForm, gettext_lazy("Your appeal"), gettext_lazy("Your appeal was sent to a supervisor.")
    ),
    "withdraw": Action(
        forms.WithdrawForm, gettext_lazy("Withdrawing the case"), gettext_lazy("You withdrew the case.")
    ),
    "follow_alone": Action(
        forms.ConfirmForm, gettext_lazy("Following it alone"), gettext_lazy("Done. Only you follow it now.")
    ),
    "share": Action(
        forms.ConfirmForm,
        gettext_lazy("Consent to publish"),
        gettext_lazy("Thank you. You can withdraw your consent at any time."),
    ),
    "unshare": Action(
        forms.ConfirmForm,
        gettext_lazy("Withdrawing the consent to publish"),
        gettext_lazy("Consent withdrawn: it is no longer published."),
    ),
}
WAITS = gettext_lazy("Sent. It is kept sealed until it is passed on; see below when that is.")
REOPENED = gettext_lazy("Rating saved. The case is reopened under a supervisor's watch.")


@dataclass(frozen=True)
class Trouble:
    """Why an action was not done, what others did in the meantime, and what the requester had typed."""

    text: str
    changes: list[str] = field(default_factory=list)
    kept: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
@cache_control(private=True, no_cache=True)
@sign_in_required
def act(request: HttpRequest, case_id: UUID, action: str) -> HttpResponse:
    """One of `ACTIONS`, by a requester who is signed in."""
    return perform(request, Entrance(viewer_of(request), case_id), action)


def perform(request: HttpRequest, entrance: Entrance, action: str) -> HttpResponse:
    """Do one of `ACTIONS`; if it cannot be done, the page says why and keeps what was typed."""
    if request.method != "POST":
        return withdraw_page(request, entrance) if action == "withdraw" else redirect(entrance.url())
    form = ACTIONS[action].form(request.POST, request.FILES)
    if not form.is_valid():
        return show(request, entrance, bound=(action, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    said = dict(form.cleaned_data)
    expected = said.pop("version")
    try:
        case = _do(entrance, action, said, expected)
    except ValidationFailed as refusal:
        add_refusals(form, refusal)
        return show(request, entrance, bound=(action, form), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except StorageFull as refusal:
        form.add_error("files", str(refusal))
        return show(request, entrance, bound=(action, form), status=HTTPStatus.INSUFFICIENT_STORAGE)
    except (VersionConflict, PermissionDenied) as refusal:
        changes = [told_to_requester(each) for each in getattr(refusal, "changes", ())]
        trouble = Trouble(str(refusal), changes, spooled.words_of(said))
        return show(request, entrance, bound=(action, form), status=HTTPStatus.CONFLICT, trouble=trouble)
    except spool.SpoolBusy as refusal:
        form.add_error(None, str(refusal))
        return show(request, entrance, bound=(action, form), status=HTTPStatus.SERVICE_UNAVAILABLE)
    done = REOPENED if action == "rate" and case and is_handled_again(case) else ACTIONS[action].done
    if entrance.by_receipt and spool.is_on():
        done = WAITS
    messages.success(request, str(done))
    return redirect(f"{entrance.url()}?done={action}")


def _do(entrance: Entrance, action: str, said: dict[str, Any], expected: int | None) -> Any:
    """Call the service; the same form sent twice counts once, and what staff did unseen is no reason to ask again."""
    act_now = partial(requester_services.act, action, actor=entrance.actor, case_id=entrance.case_id, **said)
    try:
        return act_now(expected=expected)
    except VersionConflict as refusal:
        if was_said_already(action=action, changes=refusal.changes, said=said):
            return None
        if refusal.changes and action != "add":
            raise
        return act_now()


def show(
    request: HttpRequest,
    entrance: Entrance,
    *,
    page: CasePage | None = None,
    bound: tuple[str, forms.RequesterForm] | None = None,
    status: int = HTTPStatus.OK,
    trouble: Trouble | None = None,
) -> HttpResponse:
    """The page of a case for its requester, with a form that came back where there is one."""
    page = page or _own_page(entrance)
    mine = requester_page(page)
    just_sent = "done" in request.GET and spool.is_on()
    on_its_way = spooled.acts_on(page.case.pk, fresh=just_sent) if entrance.by_receipt else []
    sent = {act.content["action"] for act in on_its_way if not act.refused} - {"add"}
    fresh = {
        name: ACTIONS[name].form(initial={"version": page.case.version})
        for name in mine.standing.actions
        if name not in sent
    }
    tried, form = bound or ("", None)
    if form is not None and tried in fresh:
        # What came back is sent again for the case as it is now.
        form.data = {**request.POST.dict(), "version": page.case.version}
        fresh[tried] = form
    done = request.GET.get("done", "")
    just_submitted = done == "submit" and page.case.version == 1
    context = {
        "page": page,
        "case": page.case,
        "mine": mine,
        "standing": mine.standing,
        "forms": fresh,
        "form": form,
        "on_its_way": [
            {
                "act": act,
                "what": ACTIONS[act.content["action"]].name,
                "words": spooled.words_of(act.content["said"]),
                "at_once": spooled.goes_at_once(act),
            }
            for act in on_its_way
        ],
        "main": mine.standing.main if mine.standing.main in fresh else "",
        "tried": tried,
        "trouble": trouble,
        "entrance": entrance,
        "urls": {name: entrance.url(name) for name in (*fresh, "proof")},
        "drafts": {} if entrance.by_receipt else {name: f"case.{page.case.pk}.{name}" for name in fresh},
        "done": done if done in ACTIONS or done == "submit" else "",
        "just_submitted": just_submitted,
        "receiving": receiving_of(page.case) if just_submitted else None,
        "help": emergency.help_for_requester(page.case),
        "said_before": raised_already(viewer=entrance.actor, case=page.case) if just_submitted else None,
        "said": recognise(page.case.about_text) if just_submitted else None,
        "draft_new": f"case-new.{getattr(entrance.actor, 'pk', '')}",
        "resolved_icons": forms.RESOLVED_ICONS,
        "satisfaction_icons": forms.SATISFACTION_ICONS,
    }
    return render(request, "cases/employee/case.html", context, status=status)


@require_safe
@cache_control(private=True, no_cache=True)
@sign_in_required
def spoken(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A case that the viewer raised for a colleague, as the colleague reads it."""
    viewer = viewer_of(request)
    page = spoken_case_page(viewer=viewer, case_id=case_id)
    note_following(actor=viewer, case=page.case)
    mine = requester_page(page)
    context = {
        "page": page,
        "case": page.case,
        "mine": mine,
        "standing": mine.standing,
        "forms": {},
        "main": "",
        "follows": True,
        "done": "submit" if request.GET.get("done") == "submit" else "",
        "just_submitted": "done" in request.GET and page.case.version == 1,
        "receiving": receiving_of(page.case),
        "help": emergency.help_for_requester(page.case),
        "draft_new": f"case-new.{viewer.pk}",
    }
    return render(request, "cases/employee/case.html", context)


def _own_page(entrance: Entrance) -> CasePage:
    """The case as its requester sees it; whoever sees it from a desk has other pages."""
    page = case_page(viewer=entrance.actor, case=get_case_for(entrance.actor, entrance.case_id))
    if not page.is_requester:
        raise PermissionDenied(_("Only the requester can do this."))
    return page


def take_proof(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """The proof that the case is in the record, in a page that checks it without a network."""
    case = _own_page(entrance).case
    told = first_proof_of(SUBJECT, case.pk)
    if told is None:
        messages.info(
            request, _("Your case gets its place in the record at the next full hour. Please come back then.")
        )
        return redirect(entrance.url())
    name = _("Proof")
    return downloaded_page(checker(told), f"{name}-{case.number}.html")


@require_safe
@sign_in_required
def proof(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The proof that one's case is in the record."""
    return take_proof(request, Entrance(viewer_of(request), case_id))


def withdraw_page(request: HttpRequest, entrance: Entrance) -> HttpResponse:
    """Asks before a case is withdrawn."""
    page = _own_page(entrance)
    if "withdraw" not in requester_page(page).standing.actions:
        return redirect(entrance.url())
    form = forms.WithdrawForm(initial={"version": page.case.version})
    context = {"case": page.case, "form": form, "url": entrance.url("withdraw"), "back": entrance.url()}
    return render(request, "cases/employee/withdraw.html", context)
