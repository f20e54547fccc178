"""Signing in, for the first time or again."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.mfa.webauthn.views import RemoveWebAuthnView as AllauthRemoveWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lianxin.accounts import policies, queries, services
from lianxin.accounts.adapters import set_language_cookie
from lianxin.accounts.forms import ActivationForm, RequestCodeForm, SetupForm
from lianxin.accounts.models import User
from lianxin.kernel.client_ip import client_address
from lianxin.kernel.errors import RateLimited, ValidationFailed
from lianxin.kernel.public_url import absolute
from lianxin.ui.shown_again import keep_shown, shown_in

MISTAKEN, TOO_MANY = 422, 429
SLIPS_COOKIE = "lianxin_shown_slips"


def mistaken(form: Any) -> int:
    """The status of a page whose form has mistakes."""
    return TOO_MANY if any(form.has_error(name, "too_many") for name in [*form.fields, NON_FIELD_ERRORS]) else MISTAKEN


class SignInView(LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(demo_groups=queries.demo_people(), **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=mistaken(form))


class RemovePasskeyView(AllauthRemoveWebAuthnView):
    """As allauth's, but the last one stays where a role needs it."""

    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(may_remove=services.may_remove(self.object), **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        if not services.may_remove(self.object):
            return self.render_to_response(self.get_context_data(form=form), status=MISTAKEN)
        return super().form_valid(form)


@require_POST
@never_cache
def sign_in_as(request: HttpRequest, person_id: int) -> HttpResponse:
    """One click, in the sample enterprise alone."""
    if not policies.demo_sign_in_is_open():
        raise Http404
    person = queries.active_people().filter(pk=person_id).first()
    if person is None:
        raise Http404
    user = services.open_accounts(people=[person])[person.pk]
    return perform_login(request, user)


@require_http_methods(["GET", "POST"])
@never_cache
@sensitive_post_parameters()
def activate(request: HttpRequest) -> HttpResponse:
    """Number and one-time code, a password of one's own, and one is in."""
    form = ActivationForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid() and form.user:
        try:
            services.activate(user=form.user, code=form.cleaned_data["code"], password=form.cleaned_data["password1"])
        except ValidationFailed as error:
            form.add_error("code", error.fields["code"])
        else:
            user = User.objects.get(pk=form.user.pk)
            answer = perform_login(request, user)
            # The password was typed just now, so the second step does not ask for it again.
            record_authentication(request, user, method="password", reauthenticated=True)
            return answer
    status = mistaken(form) if form.is_bound else 200
    context = {"form": form, "may_request": services.may_be_requested()}
    return render(request, "accounts/activate.html", context, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def request_code(request: HttpRequest) -> HttpResponse:
    """A sign-in code by email, without anybody in between. The answer tells nothing of who is on file."""
    if not services.may_be_requested():
        raise Http404
    form = RequestCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.request_code(typed=form.cleaned_data["login"], address=client_address(request))
        except RateLimited as error:
            form.add_error("login", ValidationError(str(error), code="too_many"))
        else:
            said = _("If an email address is on file for this number, a code arrives there within a minute.")
            messages.success(request, said)
            return redirect("accounts:activate")
    status = mistaken(form) if form.is_bound else 200
    return render(request, "accounts/request_code.html", {"form": form}, status=status)


@require_http_methods(["GET", "POST"])
@never_cache
def set_up(request: HttpRequest) -> HttpResponse:
    """The enterprise and its three administrators, once; there is no such page afterwards."""
    if not queries.setup_is_open():
        raise Http404
    form = SetupForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.set_up(
                code=data["code"],
                enterprise=data["enterprise"],
                administrators=form.administrators,
                batch=(batch := services.new_batch()),
            )
        except ValidationFailed as error:
            form.add_error(None, str(error))
        else:
            return redirect_to_slips(reverse("accounts:setup_slips"), batch)
    status = mistaken(form) if form.is_bound else 200
    return render(request, "accounts/set_up.html", {"form": form}, status=status)


@require_safe
@never_cache
def setup_slips(request: HttpRequest) -> HttpResponse:
    """The slips of the first administrators, for ten minutes and in the browser that set the system up alone."""
    return slips_page(request) or redirect("accounts:activate")


def redirect_to_slips(address: str, batch: str) -> HttpResponse:
    """Lead on to the page that shows the slips of a batch, again after a reload."""
    return keep_shown(redirect(address), SLIPS_COOKIE, batch, path=address)


def slips_page(request: HttpRequest) -> HttpResponse | None:
    """The slips to print that this browser may still show; None if there are none."""
    shown = shown_in(request, SLIPS_COOKIE)
    slips = services.slips_of(shown.secret) if shown else []
    if shown is None or not slips:
        return None
    address = absolute(reverse("accounts:activate"))
    qr = services.qr_image(address) if address else ""
    context = {"slips": slips, "until": shown.until, "address": address, "qr": qr}
    return render(request, "accounts/slips.html", context)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Show everything in another language from now on, signed in or not."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        set_language_cookie(response, language)
        if isinstance(request.user, User):
            services.choose_language(user=request.user, language=language)
    return response
