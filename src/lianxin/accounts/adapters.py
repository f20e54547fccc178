"""What django-allauth does our way: who may guess how often, what a session keeps, what is said."""

import base64
import io
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.accounts import services
from lianxin.accounts.backends import EmployeeBackend
from lianxin.accounts.models import User
from lianxin.accounts.queries import account_of
from lianxin.kernel.client_ip import client_address
from lianxin.kernel.crypto import seal, unseal
from lianxin.kernel.errors import RateLimited

_SIGN_IN = "sign in"
_SEALED = "second factor"


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is no longer active."),
        "username_password_mismatch": _("The employee number or password is incorrect."),
        "incorrect_password": _("The password is incorrect."),
    }

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Compare number and password, unless there were too many failures."""
        typed = credentials.get("username", "")
        attempt = services.attempt(_SIGN_IN, request, user=account_of(typed), typed=typed)
        try:
            attempt.refuse_if_too_many()
        except RateLimited as error:
            raise ValidationError(str(error), code="too_many") from error
        user = EmployeeBackend().authenticate(request, **credentials)
        if user is None:
            attempt.failed()
            return None
        attempt.succeeded()
        return user

    def reauthenticate(self, user: User, password: str) -> bool:
        found = self.authenticate(context.request, username=user.person.employee_no, password=password)
        return found is not None and found.pk == user.pk

    def get_reauthentication_methods(self, user: User) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": gettext("Enter your password"),
            "mfa_reauthenticate": gettext("Enter a code"),
            "mfa_reauthenticate:webauthn": gettext("Use passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [{**method, "description": words[method["id"]]} for method in methods]

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        if not user.may_sign_in:
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002
        self.add_message(request, messages.ERROR, message=str(self.error_messages["account_inactive"]))
        return HttpResponseRedirect(reverse("account_login"))

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        services.note_sign_in(request=request, user=user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Take the account's language along, and let the device be known."""
        response = super().post_login(request, user, **kwargs)
        services.remember_device(request, response, user)
        if user.language and settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            set_language_cookie(response, user.language)
        return response

    def logout(self, request: HttpRequest) -> None:
        services.note_sign_out(session_key=request.session.session_key)
        super().logout(request)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def add_message(  # noqa: PLR0917 - allauth's signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,  # noqa: ARG002
        extra_tags: str = "",  # noqa: ARG002
        message: str | None = None,
    ) -> None:
        """Have the next page say it; of allauth's own texts, those that help."""
        text = message or _said(message_template or "")
        if text:
            messages.add_message(request, messages.ERROR if level >= messages.ERROR else messages.SUCCESS, text)


def _said(template: str) -> str:
    """Our words for the happenings of which allauth has a text; of the others nothing is said."""
    said = {
        "logged_out": _("You are signed out."),
        "totp_activated": _("Authenticator app set up."),
        "totp_deactivated": _("Authenticator app removed."),
        "webauthn_added": _("Passkey set up."),
        "webauthn_removed": _("Passkey removed."),
        "recovery_codes_generated": _("New recovery codes are ready."),
    }
    return str(said.get(template.rpartition("/")[2].removesuffix(".txt"), ""))


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Keep the language in this browser for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=60 * 60 * 24 * 365,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is incorrect. Please try the current one."),
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
        "cannot_delete_authenticator": _("Your role requires two-step verification. Set up another method first."),
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(seal(_SEALED, text, bound_to="")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(_SEALED, base64.b64decode(encrypted_text), bound_to="")

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        return services.may_remove(authenticator)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def get_totp_issuer(self) -> str:
        return gettext("Lianxin")

    def build_totp_svg(self, url: str) -> str:
        picture = io.BytesIO()
        segno.make(url, micro=False).save(picture, kind="svg", scale=5, light="white", xmldecl=False)
        return picture.getvalue().decode()

    def _get_site_name(self) -> str:
        return gettext("Lianxin")

    def _get_user_identifier(self, user: User) -> str:
        return user.person.employee_no
