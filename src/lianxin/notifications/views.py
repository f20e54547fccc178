"""The inbox, and where and when one is told beside it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.accounts.policies import unidentified
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import RateLimited, ValidationFailed
from lianxin.kernel.numbers import read_number
from lianxin.kernel.tables import Column
from lianxin.notifications import queries, services
from lianxin.notifications.enums import Frequency
from lianxin.notifications.forms import AddressForm, CodeForm, TryForm, WishForm
from lianxin.ui.navigation import waiting_behind

_MISTAKEN, _TOO_MANY = 422, 429


@require_GET
@sign_in_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What concerns me, newest first."""
    number = read_number(request.GET.get("page", "")) or 1
    page, lines = queries.inbox_page(viewer=viewer_of(request), number=number)
    unread = waiting_behind(request, "notifications:inbox")
    # Whoever has a role works at a desk, where a line has room for all it says.
    base = "ui/desk.html" if viewer_of(request).grants else "ui/employee.html"
    context = {"page": page, "lines": lines, "unread": unread, "base_template": base}
    return render(request, "notifications/inbox.html", context)


@require_POST
@sign_in_required
def mark_all_read(request: HttpRequest) -> HttpResponse:
    """I have looked at everything."""
    services.mark_all_read(actor=viewer_of(request))
    return redirect("notifications:inbox")


@require_http_methods(["GET", "POST"])
@sign_in_required
@never_cache
def preferences(request: HttpRequest) -> HttpResponse:
    """Where and when I am told; what is posted says when."""
    form = WishForm(request.POST) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return _page(request, wish=form)
    entered = form.cleaned_data | {"wish": Frequency(form.cleaned_data["wish"])}
    services.choose(actor=viewer_of(request), **entered)
    messages.success(request, _("Saved."))
    return redirect("notifications:preferences")


@require_POST
@sign_in_required
def enter_address(request: HttpRequest) -> HttpResponse:
    """My address; a code goes there."""
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, address=form)
    try:
        services.enter_address(actor=viewer_of(request), address=form.cleaned_data["address"])
    except (ValidationFailed, RateLimited) as error:
        form.add_error("address", str(error))
        return _page(request, address=form, status=_status_of(error))
    return redirect("notifications:preferences")


@require_POST
@sign_in_required
def confirm_address(request: HttpRequest) -> HttpResponse:
    """The code came back."""
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _page(request, code=form)
    try:
        services.confirm_address(actor=viewer_of(request), code=form.cleaned_data["code"])
    except (ValidationFailed, RateLimited) as error:
        form.add_error("code", str(error))
        return _page(request, code=form, status=_status_of(error))
    messages.success(request, _("Email address confirmed."))
    return redirect("notifications:preferences")


@require_POST
@sign_in_required
def remove_address(request: HttpRequest) -> HttpResponse:
    """My address is forgotten."""
    services.remove_address(actor=viewer_of(request))
    messages.success(request, _("Email address removed."))
    return redirect("notifications:preferences")


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the token is the permission
@require_http_methods(["GET", "HEAD", "POST"])
@unidentified
@never_cache
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """No more of these mails, without signing in. Right and wrong tokens look the same."""
    done = request.method == "POST"
    if done:
        services.stop_by_token(token)
    return render(request, "notifications/stop.html", {"done": done})


@require_GET
@sign_in_required
@never_cache
def channel(request: HttpRequest) -> HttpResponse:
    """How mail is doing."""
    return _channel_page(request, TryForm(initial={"address": _own_address(request)}))


@require_POST
@sign_in_required
def try_channel(request: HttpRequest) -> HttpResponse:
    """A test mail, at once."""
    form = TryForm(request.POST)
    if not form.is_valid():
        return _channel_page(request, form, status=_MISTAKEN)
    try:
        services.try_channel(actor=viewer_of(request), address=form.cleaned_data["address"])
    except (ValidationFailed, RateLimited) as error:
        form.add_error("address", str(error))
        return _channel_page(request, form, status=_status_of(error))
    except services.NOT_TAKEN as error:
        said = _("Not sent: %(why)s. Response: %(answer)s") % {"why": error.trouble.label, "answer": error}
        form.add_error(None, said)
        return _channel_page(request, form, status=_MISTAKEN)
    messages.success(request, _("The mail server accepted the test email."))
    return redirect("notifications:channel")


@require_POST
@sign_in_required
def try_failed_again(request: HttpRequest) -> HttpResponse:
    """What failed goes back into the queue."""
    count = services.try_failed_again(actor=viewer_of(request))
    said = ngettext("%(n)d will be retried within a minute.", "%(n)d will be retried within a minute.", count)
    messages.success(request, said % {"n": count})
    return redirect("notifications:channel")


@require_POST
@sign_in_required
def switch_on(request: HttpRequest) -> HttpResponse:
    """Mail goes out from now on, and what waited."""
    services.switch_on(actor=viewer_of(request))
    messages.success(request, _("Email turned on."))
    return redirect("notifications:channel")


def _own_address(request: HttpRequest) -> str:
    contact = queries.own_contact(viewer=viewer_of(request), channel=services.MAIL)
    return contact.address if contact else ""


def _channel_page(request: HttpRequest, form: TryForm, *, status: int = 200) -> HttpResponse:
    state = queries.channel_state(viewer=viewer_of(request), channel=services.MAIL)
    columns = [
        Column(label=_("Status")),
        Column(label=pgettext("mail", "Reason")),
        Column(label=pgettext("mail", "Number"), numeric=True),
        Column(label=_("Next attempt")),
    ]
    context = {"state": state, "form": form, "columns": columns, "set_up": queries.mail_is_set_up()}
    return render(request, "notifications/channel.html", context, status=status)


def _status_of(error: ValidationFailed | RateLimited) -> int:
    return _TOO_MANY if isinstance(error, RateLimited) else _MISTAKEN


def _page(
    request: HttpRequest,
    *,
    address: AddressForm | None = None,
    code: CodeForm | None = None,
    wish: WishForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    contact = queries.own_contact(viewer=viewer_of(request), channel=services.MAIL)
    mistaken = address or code or wish
    context = {
        "contact": contact,
        "address_form": address or AddressForm(),
        "code_form": code or CodeForm(),
        "wish_form": wish or (WishForm.of(contact) if contact else None),
        "changing": address is not None or "change" in request.GET,
        "mistaken": mistaken,
        "set_up": queries.mail_is_set_up(),
    }
    return render(request, "notifications/preferences.html", context, status=status or (_MISTAKEN if mistaken else 200))
