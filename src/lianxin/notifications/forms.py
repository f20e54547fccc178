"""Forms of where and when one wants to be told."""

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.forms import TimeInput
from lianxin.notifications.enums import Frequency
from lianxin.notifications.models import Contact


class AddressForm(forms.Form):
    address = forms.CharField(
        label=_("Email address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email", "autocapitalize": "none", "spellcheck": "false"}),
    )


class TryForm(AddressForm):
    """Where a test mail goes."""


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
