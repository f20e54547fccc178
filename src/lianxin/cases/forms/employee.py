"""The forms with which a case is raised and followed."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.cases.enums import SAID_KINDS, Delivery, Identity, Resolved, Satisfaction
from lianxin.cases.forms.fields import FilesForm, PlaceField
from lianxin.cases.queries import place_choices
from lianxin.cases.services.intake import BODY_LENGTH, NOTHING_SAID, TOO_LONG
from lianxin.kernel import spool
from lianxin.kernel.forms import LongTextField
from lianxin.org.queries import Person, Unit

IDENTITY_HINTS: Mapping[str, Promise] = {
    Identity.NAMED: _("The handlers know who you are and can contact you."),
    Identity.CONFIDENTIAL: _(
        "No one sees your name. Only the dispatcher can unseal it, with a written reason, and you "
        "are notified immediately."
    ),
    Identity.ANONYMOUS: _(
        "Your name and account are not stored. You follow it with a receipt; a lost receipt cannot be replaced."
    ),
}
MIXED_HINT = _(
    "Your name and account are not stored. It is passed on at the next full hour, with danger within a minute. You "
    "follow it with a receipt; a lost receipt cannot be replaced."
)
"""Of an anonymous case that waits in the spool."""
IDENTITY_ICONS: Mapping[str, str] = {
    Identity.NAMED: "user",
    Identity.CONFIDENTIAL: "lock",
    Identity.ANONYMOUS: "user-question",
}
RESOLVED_ICONS: Mapping[str, str] = {
    Resolved.YES: "circle-check",
    Resolved.PARTLY: "circle-dashed",
    Resolved.NO: "circle-x",
}
SATISFACTION_ICONS: Mapping[str, str] = {
    "5": "mood-happy",
    "4": "mood-smile",
    "3": "mood-neutral",
    "2": "mood-empty",
    "1": "mood-sad",
}


def _text(label: Any, *, required: bool = True, max_length: int = 2000) -> forms.CharField:
    return LongTextField(label=label, required=required, max_length=max_length)


def _with_own(choices: list[Any], own: Unit | None) -> list[Any]:
    """The places with the viewer's own unit as the empty choice, which an anonymous case leaves out."""
    if own is None:
        return choices
    return [("", gettext("%(unit)s (my unit; left out when anonymous)") % {"unit": own.name}), *choices[1:]]


class SayForm(FilesForm):
    """What one says when raising a case. All but the text may be left as it is."""

    body = LongTextField(
        label=_("What happened, and what would you like?"),
        max_length=BODY_LENGTH,
        error_messages={"required": NOTHING_SAID, "max_length": TOO_LONG},
    )
    place = PlaceField(label=_("Place"))
    identity = forms.ChoiceField(label=_("How do you want to submit it?"), choices=Identity, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=100,
        help_text=_("If empty, the first sentence is used."),
    )
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("Let the dispatcher decide")), *SAID_KINDS],
        widget=forms.RadioSelect,
        help_text=_("Conduct issues are visible to discipline inspectors only."),
    )
    about = forms.CharField(
        label=_("Who is this about?"),
        required=False,
        max_length=200,
        help_text=_(
            "Full names, employee numbers or units. Anyone recognised never sees the case. If anything "
            "is unclear, someone not involved confirms it before dispatch; cases with danger go ahead at "
            "once."
        ),
    )
    colleague = forms.CharField(
        label=_("On behalf of a colleague"),
        required=False,
        max_length=50,
        help_text=_(
            "Your colleague's employee number, phone or name. They are notified, own the case, and only "
            "they can rate it; you can follow it until they take it over. Without a place it is their unit."
        ),
    )
    delivery = forms.ChoiceField(
        label=_("If anonymous: when is it passed on?"),
        required=False,
        choices=Delivery,
        widget=forms.RadioSelect,
        help_text=_(
            "Until then it is kept sealed, and mixed with what others write in that hour: nobody can look up when "
            "you wrote it. With danger, an hour is too long."
        ),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    ticket = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    FOLDED = ("title", "kind", "about", "colleague", "delivery")

    def __init__(self, data: Any = None, files: Any = None, *, viewer: Person | None, at: Unit | None = None) -> None:
        """The form as `viewer` fills it in; `at` is the unit whose poster they scanned."""
        initial = {"identity": Identity.NAMED if viewer else Identity.ANONYMOUS, "kind": "", "key": uuid4}
        super().__init__(data, files, initial=initial)
        place: Any = self.fields["place"]
        own = viewer.unit if viewer and viewer.unit and viewer.unit.ended_on is None else None
        if own:
            place.own = own
        # The own unit goes without saying, as the empty choice; chosen from the list, it is meant even anonymously.
        place.choices = cache(lambda: _with_own(place_choices(viewer=viewer, also=at), own))
        if at and at != own:
            place.initial = at.pk
        if viewer is None:
            del self.fields["colleague"]
        if not spool.is_on():
            del self.fields["delivery"]

    @property
    def own_unit(self) -> Unit | None:
        """The unit that an empty place stands for, unless the case is anonymous."""
        place: Any = self.fields["place"]
        unit: Unit | None = place.own
        return unit

    @property
    def is_unfolded(self) -> bool:
        """Whether something stands in the folded part that should be seen."""
        return self.is_bound and any(
            name in self.fields and (self[name].errors or self[name].value()) for name in self.FOLDED
        )


class RequesterForm(forms.Form):
    """A form of the requester's on the page of a case. `version` is the case's when the page was made."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class AnswerForm(FilesForm, RequesterForm):
    text = _text(_("Your answer"))


class AddForm(FilesForm, RequesterForm):
    text = _text(_("Additional information"))


class AppealForm(RequesterForm):
    text = _text(_("Why you disagree"))


class RateForm(RequesterForm):
    resolved = forms.ChoiceField(label=_("Is it solved?"), choices=Resolved, widget=forms.RadioSelect)
    satisfaction = forms.TypedChoiceField(
        label=_("Are you satisfied?"), choices=Satisfaction, coerce=int, widget=forms.RadioSelect
    )
    comment = _text(_("Additional comments"), required=False)


class WithdrawForm(RequesterForm):
    asked = forms.BooleanField(
        label=_("I was asked to withdraw"),
        required=False,
        help_text=_("Tick this to notify the discipline inspectors. No one else is notified."),
    )


class ConfirmForm(RequesterForm):
    """Agreeing that everybody may read it, taking that back, or following it alone: nothing to fill in."""


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=_("Receipt code"),
        max_length=60,
        help_text=_("20 characters. Spaces, dashes and upper or lower case do not matter."),
    )
