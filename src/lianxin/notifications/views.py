"""The inbox, and where and when one is told beside it."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lianxin.accounts.policies import unidentified
from lianxin.kernel.access import sign_in_required, viewer_of
from lianxin.kernel.errors import RateLimited, ValidationFailed
from lianxin.kernel.forms import ConfirmForm
from lianxin.kernel.numbers import read_number
from lianxin.kernel.tables import Column
from lianxin.kernel.views import ServiceFormView
from lianxin.notifications import queries, services
from lianxin.notifications.enums import Encryption, Frequency
from lianxin.notifications.forms import AddressForm, CodeForm, MailServerForm, TryForm, WishForm
from lianxin.notifications.policies import keeps_channels
from lianxin.org.queries import Person
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
@reauthentication_required
def enter_address(request: HttpRequest) -> HttpResponse:
    """My address; a code goes there, and later sign-in codes: who finds a device signed in must not enter theirs."""
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
        form.add_error(None, services.explain(error))
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


class MailServerFormView(ServiceFormView):
    """A form about the mail server."""

    def has_permission(self, viewer: Person) -> bool:
        return keeps_channels(viewer) and not queries.mail_is_set_outside()

    def get_back_url(self) -> str:
        return reverse("notifications:channel")


class SetMailServer(MailServerFormView):
    title = gettext_lazy("Mail server")
    lead = gettext_lazy("Your mail provider or IT department knows these. You can send a test email afterwards.")
    form_class = MailServerForm
    success_message = gettext_lazy("Saved. Please send a test email.")

    def get_initial(self) -> dict[str, Any]:
        server = queries.mail_server()
        if server is None:
            return {}
        return {name: getattr(server, name) for name in ("host", "port", "tls", "user", "sender")}

    def service(self, **entered: Any) -> None:
        services.set_mail_server(actor=self.viewer, **entered | {"tls": Encryption(entered["tls"])})


class RemoveMailServer(MailServerFormView):
    title = gettext_lazy("Remove the mail server")
    lead = gettext_lazy("Its password is deleted, and no email is sent until a server is set up again.")
    form_class = ConfirmForm
    submit_label = gettext_lazy("Remove")
    danger = True
    success_message = gettext_lazy("Mail server removed.")

    def service(self, **_entered: Any) -> None:
        services.remove_mail_server(actor=self.viewer)


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
    context = {
        "state": state,
        "form": form,
        "columns": columns,
        "server": (server := queries.mail_server()),
        "set_outside": queries.mail_is_set_outside(),
        "facts": _facts(server) if server else [],
    }
    return render(request, "notifications/channel.html", context, status=status)


def _facts(server: Any) -> list[tuple[str, str]]:
    """What there is to say of the mail server; not its password."""
    return [
        (_("Host"), f"{server.host}:{server.port}"),
        (_("Encryption"), str(Encryption(server.tls).label)),
        (_("User name"), server.user or _("none")),
        (pgettext("mail", "From"), queries.mail_sender()),
    ]


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
