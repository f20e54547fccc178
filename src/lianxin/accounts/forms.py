"""Forms of signing in and of setting it up."""

from collections.abc import Iterator
from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm as AllauthReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm as AllauthAuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as AllauthCodeReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm as AllauthActivateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm as AllauthAddPasskeyForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.accounts import queries, services
from lianxin.accounts.models import User
from lianxin.accounts.services import Attempt, Newcomer
from lianxin.kernel.errors import RateLimited
from lianxin.org.enums import ADMINISTRATORS, Role

_NUMBER_LENGTH = 30


def refuse_if_too_many(attempt: Attempt) -> None:
    """As a mistake of the form."""
    try:
        attempt.refuse_if_too_many()
    except RateLimited as error:
        raise ValidationError(str(error), code="too_many") from error


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, help_text=help_text)


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            label=_("Employee number or phone"),
            max_length=_NUMBER_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        )
        self.fields["password"] = _password(_("Password"), "current-password")
        self.fields["remember"].label = _("Stay signed in on this device")
        self.fields["remember"].initial = True
        self.fields["remember"].help_text = _(
            "Leave this unticked on a shared device: closing the browser signs you out, and nothing you typed is kept."
        )
        self.order_fields(["login", "password", "remember"])


class ReauthenticateForm(AllauthReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"] = _password(_("Password"), "current-password")


class _CountedCode(forms.Form):
    """A code of the second step: few guesses, and each code of the app once, in all processes together."""

    user: User

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("Verification code")
        del code.widget.attrs["placeholder"]

    def clean_code(self) -> str:
        request: HttpRequest = context.request
        attempt = services.attempt("second factor", request, user=self.user)
        refuse_if_too_many(attempt)
        try:
            code: str = super().clean_code()  # type: ignore[misc]
        except ValidationError:
            attempt.failed()
            raise
        if not services.use_code_once(user=self.user, code=code):
            raise ValidationError(gettext("This code has already been used. Please wait for the next one."))
        attempt.succeeded()
        return code


class AuthenticateForm(_CountedCode, AllauthAuthenticateForm):
    pass


class CodeReauthenticateForm(_CountedCode, AllauthCodeReauthenticateForm):
    pass


class ActivateTotpForm(AllauthActivateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code shown in the app")
        del self.fields["code"].widget.attrs["placeholder"]

    def clean_code(self) -> str:
        """The code is used by this: it does not sign anybody in as well."""
        code: str = super().clean_code()
        if not services.use_code_once(user=self.user, code=code):
            raise ValidationError(gettext("This code has already been used. Please wait for the next one."))
        return code


class AddPasskeyForm(AllauthAddPasskeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        name.label, name.max_length = _("Passkey name"), 50


class _NewPasswordForm(forms.Form):
    password1 = _password(
        _("New password"), "new-password", _("At least 8 characters, not only digits. A short sentence works well.")
    )
    password2 = _password(_("Repeat new password"), "new-password")

    def check_password(self, user: User) -> None:
        """Put what is wrong with the new password on its fields."""
        first, second = self.cleaned_data.get("password1", ""), self.cleaned_data.get("password2", "")
        if first and second and first != second:
            self.add_error("password2", gettext("The passwords do not match."))
        elif first and second:
            try:
                password_validation.validate_password(first, user)
            except ValidationError as error:
                self.add_error("password1", error)


class ChangePasswordForm(_NewPasswordForm):
    password = _password(_("Current password"), "current-password")
    field_order = ("password", "password1", "password2")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        user = queries.own_account(self.request)
        attempt = services.attempt("sign in", self.request, user=user)
        refuse_if_too_many(attempt)
        if self.cleaned_data.get("password"):
            if user.check_password(self.cleaned_data["password"]):
                attempt.succeeded()
                self.check_password(user)
            else:
                attempt.failed()
                self.add_error("password", gettext("The password is incorrect."))
        return self.cleaned_data


class RequestCodeForm(forms.Form):
    login = forms.CharField(
        label=_("Employee number or phone"),
        max_length=_NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )


class ActivationForm(RequestCodeForm, _NewPasswordForm):
    code = forms.CharField(
        label=_("Sign-in code"),
        max_length=40,
        help_text=_("Printed on your slip or sent to you, for example K7MP-3XQ9-TRWD."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    field_order = ("login", "code", "password1", "password2")

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None

    def clean(self) -> dict[str, Any]:
        typed, code = self.cleaned_data.get("login"), self.cleaned_data.get("code")
        if not typed or not code:
            return self.cleaned_data
        user = queries.account_of(typed)
        attempt = services.attempt("activate", self.request, user=user, typed=typed)
        refuse_if_too_many(attempt)
        if not services.code_is_right(user=user, code=code):
            attempt.failed()
            raise ValidationError(
                gettext("The employee number or code is incorrect, or the code has been used or has expired.")
            )
        attempt.succeeded()
        self.user = user
        if user:
            self.check_password(user)
        return self.cleaned_data


class SetupForm(forms.Form):
    code = forms.CharField(
        label=_("Setup code"),
        max_length=40,
        help_text=_("Printed in the terminal at first start."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    enterprise = forms.CharField(label=_("Name of the enterprise"), max_length=100)

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        for role in ADMINISTRATORS:
            self.fields[f"{role}_name"] = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=50)
            self.fields[f"{role}_number"] = forms.CharField(label=_("Employee number"), max_length=_NUMBER_LENGTH)

    def parts(self) -> Iterator[tuple[Role, forms.BoundField, forms.BoundField]]:
        """For each administrator the two fields that name them."""
        for role in ADMINISTRATORS:
            yield role, self[f"{role}_name"], self[f"{role}_number"]

    def clean_code(self) -> str:
        attempt = services.attempt("set up", self.request, user=None, typed="")
        refuse_if_too_many(attempt)
        if not services.setup_code_is_right(self.cleaned_data["code"]):
            attempt.failed()
            raise ValidationError(gettext("This is not the setup code printed at first start."))
        attempt.succeeded()
        return self.cleaned_data["code"]

    def clean(self) -> dict[str, Any]:
        seen: set[str] = set()
        for role in ADMINISTRATORS:
            number = queries.normal_number(self.cleaned_data.get(f"{role}_number", ""))
            if number and number in seen:
                self.add_error(f"{role}_number", gettext("These must be three different people."))
            seen.add(number)
        return self.cleaned_data

    @property
    def administrators(self) -> dict[Role, Newcomer]:
        data = self.cleaned_data
        return {role: Newcomer(data[f"{role}_name"], data[f"{role}_number"]) for role in ADMINISTRATORS}
