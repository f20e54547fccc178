"""What is entered about the organisation. A form's fields are named as the arguments of the service it leads to."""

from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.kernel import timezone
from lianxin.kernel.files.receiving import has_arrived
from lianxin.kernel.forms import DayField, LongTextField, ServiceForm, TimeInput
from lianxin.kernel.spreadsheets import plain
from lianxin.nlp.entities import spellings
from lianxin.org import queries
from lianxin.org.enums import MembershipKind, OwnNameKind, PartyOrganisationKind, Role, RosterPart, UnitKind
from lianxin.org.roster import COLUMNS, IGNORED
from lianxin.ui.autocomplete import PickerField

STRETCHES = 4
"""How many stretches of a working day can be entered."""


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    first = timezone.today if required else None
    return DayField(label=label, required=required, help_text=help_text, initial=first)


class UnitForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("Short and permanent, for example LJ-E-1."))
    kind = forms.ChoiceField(label=_("Kind"), choices=UnitKind.choices, initial=UnitKind.DEPARTMENT)


class DutyPhonesForm(ServiceForm):
    phones = LongTextField(
        label=_("Duty phones"),
        required=False,
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_(
            "One per line: a name, then the number, for example “Duty room 0571-88880000”. They must be "
            "answered around the clock. If empty, the unit uses the numbers of the unit above it."
        ),
    )


class MoveUnitForm(ServiceForm):
    parent = PickerField(url_name="org:pick_units", label=_("Parent unit"))


class PartyOrganisationForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    code = forms.CharField(label=_("Code"), max_length=40)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=PartyOrganisationKind.choices, initial=PartyOrganisationKind.BRANCH
    )


class AddPartyOrganisationForm(PartyOrganisationForm):
    unit = PickerField(url_name="org:pick_units", label=_("Host unit"))
    parent = PickerField(url_name="org:pick_party_organisations", label=_("Party organisation above"), required=False)


class MovePartyOrganisationForm(ServiceForm):
    parent = PickerField(
        url_name="org:pick_party_organisations",
        label=_("Party organisation above"),
        required=False,
        help_text=_("Leave empty for the top level."),
    )


class NamesForm(ServiceForm):
    """Many names at once, one a line, with other spellings behind a comma or in further columns."""

    kind = forms.ChoiceField(label=_("Type"), choices=OwnNameKind.choices, widget=forms.RadioSelect)
    names = LongTextField(
        label=_("Names"),
        max_length=None,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "One per line. Add other spellings and short names of the same thing after it, separated by commas."
        ),
    )
    unit = PickerField(
        url_name="org:pick_units",
        label=_("Unit"),
        required=False,
        help_text=_("The system administrator of this unit can then change them too."),
    )

    def clean_names(self) -> list[list[str]]:
        lines = (spellings(line) for line in self.cleaned_data["names"].splitlines())
        return [found for found in lines if found]


class NameForm(ServiceForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=OwnNameKind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=60)
    others = forms.CharField(
        label=_("Other spellings"),
        required=False,
        help_text=_("Separated by commas."),
    )
    unit = PickerField(url_name="org:pick_units", label=_("Unit"), required=False)

    def clean_others(self) -> list[str]:
        return spellings(self.cleaned_data["others"])


class PersonForm(ServiceForm):
    name = forms.CharField(label=pgettext_lazy("person", "Name"), max_length=50)
    employee_no = forms.CharField(label=_("Employee number"), max_length=30)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False, help_text=_("Also used to sign in."))
    email = forms.EmailField(
        label=_("Work email"), max_length=254, required=False, help_text=_("A sign-in code can be sent there.")
    )


class AddPersonForm(PersonForm):
    unit = PickerField(url_name="org:pick_units", label=_("Unit"))
    job_title = forms.CharField(label=_("Job title"), max_length=50, required=False)
    started_on = day_field(_("Start date"))


class EmploymentForm(ServiceForm):
    unit = PickerField(url_name="org:pick_units", label=_("Unit"))
    job_title = forms.CharField(label=_("Job title"), max_length=50, required=False)
    started_on = day_field(_("Start date there"))


class LastDayForm(ServiceForm):
    last_day = day_field(_("Last day"))


class MembershipForm(ServiceForm):
    party_organisation = PickerField(url_name="org:pick_party_organisations", label=_("Party organisation"))
    kind = forms.ChoiceField(label=_("Kind"), choices=MembershipKind.choices)
    started_on = day_field(_("From"))


class PostForm(ServiceForm):
    name = forms.CharField(label=_("Post"), max_length=50)
    unit = PickerField(url_name="org:pick_units", label=_("Unit"), required=False)
    party_organisation = PickerField(
        url_name="org:pick_party_organisations",
        label=_("Or Party organisation"),
        required=False,
    )
    started_on = day_field(_("From"))


ROLES_TO_CHOOSE = [("", _("Choose a role")), *Role.choices]
"""Nothing is chosen beforehand: a role granted by oversight would be a right given away."""


class GrantForm(ServiceForm):
    person = PickerField(url_name="org:pick_people", label=_("Person"))
    role = forms.ChoiceField(label=_("Role"), choices=ROLES_TO_CHOOSE)
    unit = PickerField(
        url_name="org:pick_units", label=_("Unit"), help_text=_("The role covers this unit and all below it.")
    )
    started_on = day_field(_("From"))
    ended_on = day_field(_("Last day"), required=False, help_text=_("Leave empty for no end date."))


class GrantManyForm(ServiceForm):
    """One role for many people: listed, or those who hold another role."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLES_TO_CHOOSE)
    unit = PickerField(
        url_name="org:pick_units", label=_("Unit"), help_text=_("The role covers this unit and all below it.")
    )
    people = forms.CharField(
        label=_("People"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One per line: employee number, phone or name. You can paste them from a spreadsheet."),
    )
    same_role = forms.ChoiceField(
        label=_("The same people as"), required=False, choices=[("", pgettext_lazy("people", "none")), *Role.choices]
    )
    same_unit = PickerField(
        url_name="org:pick_units",
        label=_("Only those who hold it at"),
        required=False,
        help_text=_("Leave empty for all units."),
    )
    started_on = day_field(_("From"))
    ended_on = day_field(_("Last day"), required=False, help_text=_("Leave empty for no end date."))


class EndRoleForm(ServiceForm):
    last_day = day_field(_("Last day"), required=False, help_text=_("Leave empty to end the role immediately."))


class DayForm(ServiceForm):
    day = day_field(_("Day"))
    working = forms.TypedChoiceField(
        label=pgettext_lazy("calendar", "This day is"),
        choices=[("no", _("a day off")), ("yes", _("a working day"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        initial="no",
    )
    note = forms.CharField(label=_("Reason"), max_length=100, required=False)


class HoursForm(ServiceForm):
    """Up to four stretches; a row left empty is no stretch."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for number in range(1, STRETCHES + 1):
            for name, label in (("opens", _("Period %(number)d: start")), ("closes", _("Period %(number)d: end"))):
                self.fields[f"{name}_{number}"] = forms.TimeField(
                    label=label % {"number": number}, required=False, widget=TimeInput
                )

    def arguments(self) -> dict[str, Any]:
        entered = self.cleaned_data
        pairs = [(entered[f"opens_{n}"], entered[f"closes_{n}"]) for n in range(1, STRETCHES + 1)]
        # A row half filled ends before it begins, which the service refuses.
        return {"stretches": [(opens or time.max, closes or time.min) for opens, closes in pairs if opens or closes]}


class TrailFilter(ServiceForm):
    kind = forms.ChoiceField(label=pgettext_lazy("trail", "Type"), required=False)
    person = PickerField(url_name="org:pick_people", label=_("Person"), required=False)
    since = day_field(_("Since"), required=False)
    until = day_field(_("Until"), required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [("", _("everything")), *queries.kinds()]


class RosterForm(ServiceForm):
    file = forms.FileField(
        label=_("Workbook"),
        help_text=_("An .xlsx, .xls, .ods or .csv file, at most 20 MB."),
        validators=[has_arrived],
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.ods,.csv"}),
    )
    missing_left = forms.BooleanField(
        label=_("People not in this file have left"),
        required=False,
        help_text=_(
            "Tick this only if the file lists everyone. You can review the people affected before anything changes."
        ),
    )


class MissingForm(ServiceForm):
    missing_left = forms.BooleanField(label=_("People not in this file have left"), required=False)


class ApplyRosterForm(ServiceForm):
    """`confirmed` is asked only where many people are missing."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confirmed = forms.IntegerField(label=_("Number of people leaving"), required=False)

    def __init__(self, *args: Any, ask: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not ask:
            del self.fields["confirmed"]


class ColumnsForm(ServiceForm):
    """What the columns of each sheet of a roster mean. A field's value is `part.field`, or that it means nothing."""

    def __init__(self, *args: Any, sheets: list[dict[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._sheets = [sheet for sheet in sheets if sheet["columns"]]
        for at, sheet in enumerate(self._sheets):
            if sheet.get("hidden"):
                self.fields[f"sheet{at}_read"] = forms.BooleanField(
                    label=_("Read this hidden sheet too"), required=False, initial=bool(sheet["part"])
                )
            for column in sheet["columns"]:
                self.fields[self._name(at, column)] = forms.ChoiceField(
                    label=column["header"] or column["place"],
                    choices=_meanings(sheet["guess"]),
                    required=False,
                    initial=f"{sheet['guess']}.{column['field']}" if column["field"] else IGNORED,
                    help_text=_("Column %(place)s, such as “%(sample)s”") % {k: column[k] for k in ("place", "sample")},
                )

    @staticmethod
    def _name(at: int, column: dict[str, Any]) -> str:
        return f"sheet{at}_{column['place']}"

    @property
    def by_sheet(self) -> list[tuple[dict[str, Any], list[forms.BoundField]]]:
        return [
            (sheet, [self[name] for name in self.fields if name.startswith(f"sheet{at}_")])
            for at, sheet in enumerate(self._sheets)
        ]

    def clean(self) -> dict[str, Any]:
        """Insist that the columns of a sheet belong together, and none is named twice."""
        for at, sheet in enumerate(self._sheets):
            chosen = [value for value in self._chosen(at, sheet).values() if value != IGNORED]
            if len({value.partition(".")[0] for value in chosen}) > 1:
                self.add_error(
                    None, _("“%(sheet)s”: all columns of a sheet must belong to one group.") % {"sheet": sheet["title"]}
                )
            if len(set(chosen)) < len(chosen):
                self.add_error(None, _("“%(sheet)s”: two columns have the same meaning.") % {"sheet": sheet["title"]})
        return self.cleaned_data

    def _chosen(self, at: int, sheet: dict[str, Any]) -> dict[str, str]:
        """The meaning of each header; of a header that stands there twice, the first that has one."""
        chosen: dict[str, str] = {}
        for column in sheet["columns"]:
            meaning = self.cleaned_data.get(self._name(at, column)) or IGNORED
            if chosen.get(column["header"], IGNORED) == IGNORED:
                chosen[column["header"]] = meaning
        return chosen

    def arguments(self) -> dict[str, Any]:
        choices: dict[str, Any] = {}
        for at, sheet in enumerate(self._sheets):
            chosen = self._chosen(at, sheet)
            part = next((value.partition(".")[0] for value in chosen.values() if value != IGNORED), IGNORED)
            fields = {plain(header): value.partition(".")[2] or IGNORED for header, value in chosen.items()}
            choices[sheet["title"]] = {"part": part, "fields": fields}
            if sheet.get("hidden"):
                choices[sheet["title"]]["read"] = self.cleaned_data[f"sheet{at}_read"]
        return {"choices": choices}


def _meanings(part: str) -> list[Any]:
    """The columns to choose from, those of the sheet's own part first."""
    parts = sorted(RosterPart, key=lambda one: one != part)
    groups = [(one.label, [(f"{one.value}.{column.field}", column.label) for column in COLUMNS[one]]) for one in parts]
    return [(IGNORED, pgettext_lazy("roster", "not used")), *groups]
