"""The forms with which a case is raised and followed."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lianxin.cases.enums import CaseKind, Identity, Resolved, Satisfaction
from lianxin.cases.forms.fields import FilesForm, PlaceField
from lianxin.cases.queries import place_choices
from lianxin.cases.services.intake import BODY_LENGTH
from lianxin.org.queries import Person, Unit

IDENTITY_HINTS: Mapping[str, Promise] = {
    Identity.NAMED: _("Those who handle it know who you are and can come to you."),
    Identity.CONFIDENTIAL: _(
        "Nobody sees your name. Only the dispatcher can open it, with a written reason, and you are told at once."
    ),
    Identity.ANONYMOUS: _(
        "Your name and account are not kept with it. You follow it with a receipt; a lost one cannot be replaced."
    ),
}
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
    return forms.CharField(label=label, required=required, max_length=max_length, widget=forms.Textarea)


def _with_own(choices: list[Any], own: Unit | None) -> list[Any]:
    """The places with the viewer's own unit as the empty choice, which an anonymous case leaves out."""
    if own is None:
        return choices
    return [("", gettext("%(unit)s (my unit; left out when anonymous)") % {"unit": own.name}), *choices[1:]]


class SayForm(FilesForm):
    """What one says when raising a case. All but the text may be left as it is."""

    body = _text(_("What happened, and what would you like?"), max_length=BODY_LENGTH)
    place = PlaceField(label=_("Where"))
    identity = forms.ChoiceField(label=_("How do you want to say it?"), choices=Identity, widget=forms.RadioSelect)
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=100,
        help_text=_("Left empty, it is the first sentence."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of matter"),
        required=False,
        choices=[("", _("Let the dispatcher decide")), *CaseKind.choices],
        widget=forms.RadioSelect,
        help_text=_("A matter of conduct is seen by discipline inspectors alone."),
    )
    about = forms.CharField(
        label=_("Whom it is about"),
        required=False,
        max_length=200,
        help_text=_(
            "Full names, employee numbers or units. Whoever is recognised never sees it. What is unclear is settled by "
            "somebody who cannot be meant before it is dispatched; danger goes on at once."
        ),
    )
    colleague = forms.CharField(
        label=_("On behalf of a colleague"),
        required=False,
        max_length=50,
        help_text=_("Their employee number, phone or name. They are told, it is theirs, and they alone rate it."),
    )
    key = forms.UUIDField(widget=forms.HiddenInput)
    ticket = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    FOLDED = ("title", "kind", "about", "colleague")

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
    text = _text(_("What you want to add"))


class AppealForm(RequesterForm):
    text = _text(_("Why you do not agree"))


class RateForm(RequesterForm):
    resolved = forms.ChoiceField(label=_("Is it solved?"), choices=Resolved, widget=forms.RadioSelect)
    satisfaction = forms.TypedChoiceField(
        label=_("Are you satisfied?"), choices=Satisfaction, coerce=int, widget=forms.RadioSelect
    )
    comment = _text(_("Anything else you want to say"), required=False)


class WithdrawForm(RequesterForm):
    asked = forms.BooleanField(
        label=_("I was asked to withdraw"),
        required=False,
        help_text=_("Tick this and the discipline inspectors learn of it; nobody else does."),
    )


class ShareForm(RequesterForm):
    """Agreeing that everybody may read it, or taking that back: nothing to fill in."""


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label=_("Receipt code"),
        max_length=60,
        help_text=_("20 characters; spaces, dashes and small letters make no difference."),
    )
