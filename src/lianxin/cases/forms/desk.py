"""What is entered at a desk. Each form's `arguments()` are those of the service that it leads to."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lianxin.cases.enums import SAID_KINDS, CaseKind, CaseState, ContactBy, DeclineReason, Field, Urgency
from lianxin.cases.events import Offer, suggestions_for
from lianxin.cases.forms.fields import FilesForm
from lianxin.cases.models import Case
from lianxin.cases.queries import CaseFilter, CasePage, case_by_number, choosing, get_case_for, merge_candidates
from lianxin.cases.queries.kinds import suggested_kinds
from lianxin.cases.services import bulk_actions
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.forms import DateInput, LongTextField
from lianxin.org.queries import Person
from lianxin.ui.autocomplete import Option, PickerField
from lianxin.ui.formatting import when

TEXT_LENGTH = 4000


def _text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    return LongTextField(label=label, required=required, max_length=TEXT_LENGTH, help_text=help_text)


class FilterForm(forms.Form):
    """What narrows a work list; it stands in the address bar."""

    text = forms.CharField(label=_("Number or keywords"), required=False, max_length=50)
    state = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("all")), *CaseState.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *CaseKind.choices])
    unit = forms.CharField(label=_("Unit"), required=False, max_length=50)
    category = forms.CharField(label=_("Category"), required=False, max_length=40, widget=forms.Select)
    since = forms.DateField(label=_("Submitted from"), required=False, widget=DateInput)
    until = forms.DateField(label=_("Submitted until"), required=False, widget=DateInput)
    queue = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    FOLDED = ("state", "kind", "unit", "category", "since", "until")

    def __init__(self, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for name in ("text", *self.FOLDED):
            widget = self.fields[name].widget
            widget.attrs["class"] = "form-select" if isinstance(widget, forms.Select) else "form-control"
        self.fields["text"].widget.attrs |= {"type": "search", "placeholder": _now("Number or keywords")}

    @property
    def folded(self) -> list[forms.BoundField]:
        """The conditions that are shown on demand."""
        return [self[name] for name in self.FOLDED]

    def offer(self) -> "FilterForm":
        """Put the categories into their list; to read what was chosen they are not needed."""
        widget = self.fields["category"].widget
        assert isinstance(widget, forms.Select)  # noqa: S101
        widget.choices = [("", _("all")), *choosing.category_choices()]
        return self

    @classmethod
    def read(cls, words: QueryDict) -> CaseFilter:
        """What the address bar says; a value that makes no sense is left out."""
        if not words:
            return CaseFilter()
        form = cls(words)
        form.is_valid()
        return CaseFilter(**{name: value for name, value in form.cleaned_data.items() if value})


class TickedField(forms.TypedMultipleChoiceField):
    """Cases as they were seen, `id.version` each, as a mapping; the service knows on which the viewer may act."""

    def valid_value(self, value: Any) -> bool:  # noqa: ARG002 - whatever is ticked
        return True

    def clean(self, value: Any) -> dict[UUID, int]:
        return dict(super().clean(value))


def _seen(ticked: str) -> tuple[UUID, int]:
    case_id, _dot, version = ticked.partition(".")
    return UUID(case_id), int(version)


class SelectedForm(forms.Form):
    """The cases ticked in a work list, and what to do with them."""

    action = forms.ChoiceField(choices=[("sign", ""), ("dispatch", ""), ("accept", "")])
    selected = TickedField(coerce=_seen)
    lead_unit = PickerField(url_name="org:pick_units", label=_("Lead unit"))
    kind = forms.ChoiceField(choices=SAID_KINDS, required=False)
    category = forms.TypedChoiceField(coerce=int, empty_value=None, required=False)
    urgency = forms.ChoiceField(choices=Urgency, required=False)

    def __init__(self, data: Any, *, viewer: Person) -> None:
        super().__init__(data)
        self.viewer = viewer
        unit = self.fields["lead_unit"]
        assert isinstance(unit, PickerField)  # noqa: S101 - for the type checker
        unit.bind(viewer)
        unit.required = self.data.get("action") in ("dispatch", "accept")
        category = self.fields["category"]
        assert isinstance(category, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        category.choices = choosing.category_groups
        for name in ("kind", "category", "urgency"):
            self.fields[name].required = self.data.get("action") == "accept"

    def deal_with(self) -> bulk_actions.Outcome:
        """Do it."""
        seen = self.cleaned_data["selected"]
        if self.cleaned_data["action"] == "sign":
            return bulk_actions.sign_for_several(actor=self.viewer, seen=seen)
        (unit,) = choosing.units_by_id([self.cleaned_data["lead_unit"]])
        if self.cleaned_data["action"] == "accept":
            decided = {name: self.cleaned_data[name] for name in ("kind", "urgency")}
            category = choosing.category_of(self.cleaned_data["category"])
            assert category is not None  # noqa: S101 - chosen from those there are
            return bulk_actions.accept_and_dispatch_several(
                actor=self.viewer, seen=seen, category=category, lead_unit=unit, **decided
            )
        return bulk_actions.dispatch_several(actor=self.viewer, seen=seen, lead_unit=unit)


class TakeBackForm(forms.Form):
    """The cases of which a dispatch is taken back."""

    selected = TickedField(coerce=_seen)


class ActForm(forms.Form):
    """A form for one step of a case. `expected` is the version of the case that was seen; `beside` the number of
    another case that the page was opened for, or empty.
    """

    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, data: Any = None, files: Any = None, *, viewer: Person, page: CasePage, beside: str = ""
    ) -> None:
        super().__init__(data, files, initial={"expected": page.case.version})
        self.viewer, self.page, self.beside = viewer, page, beside
        for field in self.fields.values():
            if isinstance(field, PickerField):
                field.bind(viewer)
        self.prepare()

    def prepare(self) -> None:
        """Fill in what depends on the viewer and the case."""

    def suggested(self, name: Field) -> list[Offer]:
        """What is suggested for a field, the first choice first."""
        return self._suggestions[name]

    @cached_property
    def _suggestions(self) -> Mapping[Field, list[Offer]]:
        return suggestions_for([self.page.case])[self.page.case.pk]

    def seen(self, version: int) -> None:
        """What was entered is now for this version of the case."""
        entered = QueryDict(mutable=True)
        entered.update(self.data)
        entered["expected"] = str(version)
        self.data = entered

    def arguments(self) -> dict[str, Any]:
        """What was entered, by the names of the service's arguments."""
        return dict(self.cleaned_data)


class NoteForm(ActForm):
    text = _text(_("Note"), help_text=_("Visible to staff only."))


class ReasonForm(ActForm):
    text = _text(_("Reason"))


class ContactForm(FilesForm, ActForm):
    by = forms.ChoiceField(label=_("How"), choices=ContactBy, initial=ContactBy.MESSAGE, widget=forms.RadioSelect)
    text = _text(
        _("Message to the requester, or what was said"),
        help_text=_("The requester reads it: also what you note of a call or a visit."),
    )


class QuestionForm(ActForm):
    text = _text(_("Question to the requester"))


class PartForm(ActForm):
    text = _text(
        _("Your unit's contribution"),
        help_text=_("Visible to the lead handler and the dispatcher, not to the requester."),
    )


class ReminderForm(ActForm):
    text = _text(_("Your next step"), required=False, help_text=_("Visible to staff only."))


class SealForm(ActForm):
    text = _text(_("Why this is a conduct issue"), help_text=_("The discipline inspector will review it."))


class UnsealForm(ActForm):
    reason = _text(
        _("Why the name is needed"), help_text=_("The requester is notified immediately and can read this reason.")
    )


class DeclineForm(ActForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason, widget=forms.RadioSelect)
    text = _text(_("Explanation to the requester"), help_text=_("Tell them what they can do instead, and where."))


class ReplyForm(FilesForm, ActForm):
    text = _text(_("Reply to the requester"), help_text=_("What was done, what remains to be done, and by when."))


class ExtensionForm(ActForm):
    days = forms.TypedChoiceField(label=_("Length of extension"), coerce=int)
    text = _text(_("Reason"), help_text=_("The requester can read this if the extension is approved."))

    def prepare(self) -> None:
        days = self.fields["days"]
        assert isinstance(days, forms.TypedChoiceField)  # noqa: S101
        days.choices = [
            (count, _days_until(count) % {"n": count, "due": when(due)})
            for count, due in choosing.extension_dues(self.page.case)
        ]


def _days_until(count: int) -> str:
    return ngettext("%(n)d working day: reply by %(due)s", "%(n)d working days: reply by %(due)s", count)


class ClassifyForm(ActForm):
    """Kind, category and urgency; what the requester chose or the words suggest is filled in."""

    kind = forms.ChoiceField(label=_("Kind"))
    category = forms.TypedChoiceField(label=_("Category"), coerce=int)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=Urgency)

    def prepare(self) -> None:
        case = self.page.case
        kinds: list[Any] = [(value, label) for value, label in SAID_KINDS if (value == CaseKind.CONDUCT) == case.sealed]
        if case.kind == CaseKind.UNSORTED:
            kinds.insert(0, ("", _now("Please choose")))
        if suggested := suggested_kinds([case], {case.pk: self._suggestions}).get(case.pk):
            self.fields["kind"].help_text = suggested.reason
        self._offer("kind", kinds, suggested.kind if suggested else case.kind)
        self.groups = choosing.category_groups(keeping=case.category_id)
        self._offer("category", [("", _now("Please choose")), *self.groups], choosing.present_category(case))
        self.fields["urgency"].initial = case.urgency

    def _offer(self, name: str, choices: list[Any], initial: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.choices, field.initial = choices, initial

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "category": choosing.category_of(self.cleaned_data["category"])}


class NamePeopleForm(ActForm):
    """Whom the case is about."""

    people = forms.TypedMultipleChoiceField(
        label=_("People named in the text"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    person = PickerField(url_name="org:pick_people", label=_("Person"), required=False)
    unit = PickerField(url_name="org:pick_units", label=_("Unit"), required=False)

    def prepare(self) -> None:
        self.offer_people(choosing.people_in_text(self.page.case))

    def offer_people(self, options: Sequence[Option]) -> None:
        """Put before the eyes whom it may be about."""
        if not options:
            del self.fields["people"]
            return
        people = self.fields["people"]
        assert isinstance(people, forms.TypedMultipleChoiceField)  # noqa: S101
        people.choices = [(option.pk, f"{option.label} {option.hint}".strip()) for option in options]

    def arguments(self) -> dict[str, Any]:
        person, unit = self.cleaned_data["person"], self.cleaned_data["unit"]
        return {
            "expected": self.cleaned_data["expected"],
            "people": choosing.people_by_id([*self.cleaned_data.get("people", []), *([person] if person else [])]),
            "units": choosing.units_by_id([unit]) if unit else [],
        }


class SettleSubjectsForm(NamePeopleForm):
    """Who is meant by what the requester wrote about whom it is."""

    nobody = forms.BooleanField(label=_("No one who works here"), required=False)

    def prepare(self) -> None:
        case = self.page.case
        options = {
            option.pk: option for option in [*choosing.people_perhaps_meant(case), *choosing.people_in_text(case)]
        }
        self.fields["people"].label = _("Who is this about?")
        self.fields["person"].label = _("Another person")
        self.offer_people(list(options.values()))

    def arguments(self) -> dict[str, Any]:
        return {**super().arguments(), "nobody": self.cleaned_data["nobody"]}


class DispatchFields(forms.Form):
    """To whom a case goes."""

    lead_unit = PickerField(url_name="org:pick_units", label=_("Lead unit"))
    handler = PickerField(
        url_name="org:pick_people",
        label=_("Handler"),
        required=False,
        help_text=_("If empty, any handler in the unit can sign for it."),
    )
    co_units = forms.TypedMultipleChoiceField(
        label=_("Supporting units"), required=False, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    co_unit = PickerField(url_name="org:pick_units", label=_("Another supporting unit"), required=False)
    text = _text(_("Note for handlers"), required=False, help_text=_("Visible to staff only."))

    def offer_units(self, viewer: Person, page: CasePage, suggested: Sequence[Offer]) -> None:
        """Put the likely units before the eyes, those suggested first."""
        likely = choosing.likely_units(viewer=viewer, case=page.case, suggested=suggested)
        lead, co_units = self.fields["lead_unit"], self.fields["co_units"]
        assert isinstance(lead, PickerField)  # noqa: S101
        assert isinstance(co_units, forms.TypedMultipleChoiceField)  # noqa: S101
        lead.options = likely
        owing = {row.unit_id: row.unit.name for row in page.parts if row.done_at is None}
        co_units.choices = list(({option.pk: option.label for option in likely} | owing).items())
        co_units.initial = list(owing)  # a unit that still owes its part goes on owing it, unless it is unticked

    def destination(self) -> dict[str, Any]:
        """The units and the handler that were chosen, as the service takes them."""
        entered = self.cleaned_data
        co_ids = [*entered["co_units"], *([entered["co_unit"]] if entered["co_unit"] else [])]
        return {
            "lead_unit": next(iter(choosing.units_by_id([entered["lead_unit"]])), None)
            if entered["lead_unit"]
            else None,
            "co_units": choosing.units_by_id(list(dict.fromkeys(co_ids))),
            "handler": choosing.person_by_id(entered["handler"]) if entered["handler"] else None,
            "text": entered["text"],
        }


class DispatchForm(DispatchFields, ActForm):
    def prepare(self) -> None:
        first_time = self.page.case.round == 1
        self.offer_units(self.viewer, self.page, self.suggested(Field.LEAD_UNIT) if first_time else [])

    def arguments(self) -> dict[str, Any]:
        return {"expected": self.cleaned_data["expected"], **self.destination()}


class AcceptForm(ClassifyForm):
    """Taking a case in; a sealed one goes no further from here."""


class AcceptAndDispatchForm(DispatchFields, ClassifyForm):
    """Taking a case in and, if a lead unit is chosen, dispatching it in the same go.

    Up to three categories are suggested, each taken by one tap; any other is chosen from the tree below them.
    """

    other_category = forms.TypedChoiceField(
        label=_("Or another category"), coerce=int, empty_value=None, required=False
    )

    def prepare(self) -> None:
        ClassifyForm.prepare(self)
        self._suggest_categories()
        self._suggest_urgency()
        self.offer_units(self.viewer, self.page, self.suggested(Field.LEAD_UNIT))
        self.fields["lead_unit"].required = False
        self.fields["lead_unit"].help_text = _("Choose one to dispatch the case now, or leave it for later.")
        self.order_fields(["expected", "kind", "urgency", "category", "other_category"])

    def _suggest_categories(self) -> None:
        category = self.fields["category"]
        names = choosing.category_names(self.groups)
        offers = [] if category.initial else [each for each in self.suggested(Field.CATEGORY) if each.value in names]
        self.category_reasons = {each.value: each.reason for each in offers}
        if not offers:
            del self.fields["other_category"]
            return
        self._offer("other_category", [("", _now("as selected above")), *self.groups], None)
        category.widget = forms.RadioSelect(choices=[(each.value, names[each.value]) for each in offers])
        category.initial = int(offers[0].value)

    def _suggest_urgency(self) -> None:
        for offer in self.suggested(Field.URGENCY):
            urgency = self.fields["urgency"]
            urgency.initial = max(offer.value, urgency.initial, key=Urgency.values.index)
            urgency.help_text = offer.reason

    def clean(self) -> dict[str, Any]:
        entered = self.cleaned_data
        if other := entered.pop("other_category", None):
            entered["category"] = other
        return entered

    def arguments(self) -> dict[str, Any]:
        classified = {name: self.cleaned_data[name] for name in ("expected", "kind", "urgency")}
        classified["category"] = choosing.category_of(self.cleaned_data["category"])
        if not self.cleaned_data["lead_unit"]:
            return classified
        return {**classified, **self.destination()}


class MergeForm(ActForm):
    primary = forms.ChoiceField(
        label=_("Open cases about the same place and topic"), required=False, widget=forms.RadioSelect
    )
    number = forms.CharField(
        label=_("Or the number of another case"),
        required=False,
        max_length=20,
        help_text=_("For example LX-2611-7K4QM."),
    )

    def prepare(self) -> None:
        primary = self.fields["primary"]
        assert isinstance(primary, forms.ChoiceField)  # noqa: S101
        candidates = merge_candidates(viewer=self.viewer, case=self.page.case)
        if chosen := self._beside():
            primary.initial = str(chosen.pk)
            candidates = [chosen, *(row for row in candidates if row.pk != chosen.pk)]
        primary.choices = [(str(row.pk), f"{row.number} {row.title}（{row.state_label}）") for row in candidates]
        if not primary.choices:
            del self.fields["primary"]
            self.fields["number"].label = _("Number of the case to merge into")

    def _beside(self) -> Case | None:
        try:
            return case_by_number(viewer=self.viewer, number=self.beside) if self.beside else None
        except ValidationFailed:
            return None

    def clean_number(self) -> Case | None:
        if not (number := self.cleaned_data["number"]):
            return None
        try:
            found = case_by_number(viewer=self.viewer, number=number)
        except ValidationFailed as error:
            raise ValidationError(error.fields["number"]) from error
        if found is None:
            raise ValidationError(_now("Case not found, or you do not have access to it."))
        return found

    def clean(self) -> dict[str, Any]:
        """The case to follow becomes `leader`: never one on which less was done than on this one."""
        entered = self.cleaned_data
        leader = entered.get("number")
        if not leader and entered.get("primary"):
            leader = get_case_for(self.viewer, UUID(entered["primary"]))
        if leader is None and not self.errors:
            self.add_error("number", _now("Choose a case, or enter its number."))
        if leader and self.page.case.is_further_than(leader):
            self.add_error(
                "number",
                _now("%(number)s is at an earlier stage than this case. Open it and merge it into this one.")
                % {"number": leader.number},
            )
        return {**entered, "leader": leader}

    def arguments(self) -> dict[str, Any]:
        return {"expected": self.cleaned_data["expected"], "primary_id": self.cleaned_data["leader"].pk}
