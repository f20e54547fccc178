"""Forms of where and when one wants to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.forms import ServiceForm, TimeInput
from lianxin.notifications.enums import Encryption, Frequency
from lianxin.notifications.models import Contact


def _plain_text(autocomplete: str = "off") -> forms.TextInput:
    """For what is no word: nothing corrects it."""
    return forms.TextInput(attrs={"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"})


class AddressForm(forms.Form):
    address = forms.CharField(label=_("Email address"), max_length=254, widget=_plain_text("email"))


class TryForm(AddressForm):
    """Where a test mail goes."""


class MailServerForm(ServiceForm):
    host = forms.CharField(
        label=_("Host"), max_length=253, help_text=_("For example smtp.example.com."), widget=_plain_text()
    )
    tls = forms.ChoiceField(
        label=_("Encryption"), choices=Encryption.choices, initial=Encryption.STARTTLS, widget=forms.RadioSelect
    )
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535, initial=587)
    user = forms.CharField(
        label=_("User name"),
        max_length=254,
        required=False,
        widget=_plain_text(),
        help_text=_("Often the whole email address. Empty: the server asks for no sign-in."),
    )
    password = forms.CharField(
        label=_("Password or authorisation code"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Stored encrypted and never shown. Empty: the stored one stays, for the same host, port and user."),
    )
    sender = forms.CharField(
        label=pgettext_lazy("mail", "From"),
        max_length=320,
        widget=_plain_text(),
        help_text=_("For example lianxin@example.com. Usually the address of the user."),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code from the email"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class WishForm(forms.Form):
    """When one is told. The daily hour may not lie in the quiet hours: nothing would ever come."""

    wish = forms.ChoiceField(label=_("When to notify me"), choices=Frequency.choices, widget=forms.RadioSelect)
    daily_at = forms.TimeField(label=_("Time of the daily email"), widget=TimeInput)
    quiet_from = forms.TimeField(label=_("Quiet hours from"), widget=TimeInput)
    quiet_until = forms.TimeField(label=pgettext_lazy("quiet hours", "until"), widget=TimeInput)
    working_days_only = forms.BooleanField(label=_("Working days only"), required=False)

    @classmethod
    def of(cls, contact: Contact) -> "WishForm":
        """The form as it stands now."""
        return cls(initial={name: getattr(contact, name) for name in cls.base_fields})

    def clean(self) -> dict[str, Any]:
        entered = super().clean() or {}
        at, start, end = (entered.get(name) for name in ("daily_at", "quiet_from", "quiet_until"))
        if at and start and end:
            quiet = start <= at < end if start <= end else at >= start or at < end
            if quiet:
                self.add_error("daily_at", gettext("This is within your quiet hours. Please choose another time."))
        return entered
