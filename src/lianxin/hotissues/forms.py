"""What the hot list is asked for, all of it in the address bar; what people decide; what they say of warnings."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.cases.queries.choosing import category_tree
from lianxin.hotissues.enums import Lens, RuleKind
from lianxin.hotissues.queries import last_days
from lianxin.hotissues.queries.early_warning.inbox import GROUPS
from lianxin.hotissues.queries.early_warning.rules import RuleLine, label_of
from lianxin.hotissues.services.early_warning.rules import RuleNumbers
from lianxin.kernel.periods import Period
from lianxin.org.queries import Person, pick_people
from lianxin.ui.autocomplete import PickerField

DAYS = (7, 30, 90, 365)
INDENT = "\u3000"
MOST_NAME = 40
MOST_TEXT = 2000


def _periods() -> list[tuple[int | str, str]]:
    last = pgettext("period", "last %d days")
    return [*((n, last % n) for n in DAYS), ("", gettext("Date range"))]


class HotForm(forms.Form):
    """Wrong words in the address are passed over, so that every address shows something."""

    days = forms.TypedChoiceField(
        label=_("Period"),
        choices=_periods,
        coerce=int,
        empty_value="",
        required=False,
    )
    since = forms.DateField(
        label=pgettext_lazy("period", "From"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=pgettext_lazy("period", "To"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    lens = forms.ChoiceField(choices=[("", ""), *Lens.choices], required=False)
    unit = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rows = [(row.code, INDENT * (row.depth - 1) + row.name) for row in category_tree()]
        every = ("", pgettext_lazy("hot issue", "all"))
        self.fields["category"] = forms.ChoiceField(label=_("Category"), choices=[every, *rows], required=False)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        self.is_valid()

    def word(self, name: str) -> str:
        """What was chosen, empty for nothing or for what there is not."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def period(self) -> Period:
        """The days from–to if both are there and in order, else the last so many days."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since <= until and not self.word("days"):
            return Period(since, until)
        return last_days(int(self.word("days"))) if self.word("days") else last_days()


class _Versioned(forms.Form):
    """About something that was seen in one version."""

    expected = forms.IntegerField(widget=forms.HiddenInput)

    def refuse(self, fields: Mapping[str, str]) -> None:
        """Show what a service could not take where it belongs, or on top."""
        for argument, message in fields.items():
            name = argument.removesuffix("_id")
            self.add_error(name if name in self.fields else None, message)

    def seen(self, version: int) -> None:
        """From now on it is about that version; what was typed stays."""
        self.data = {**dict(self.data.items()), "expected": version}


class _Decision(_Versioned):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.fields.values():
            field.widget.attrs.setdefault(
                "class", "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            )


class RenameForm(_Decision):
    name = forms.CharField(label=_("Name"), max_length=MOST_NAME)
    reason = forms.CharField(label=_("Reason (optional)"), max_length=300, required=False)


class MergeForm(_Decision):
    other = forms.TypedChoiceField(label=_("Same issue as"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def offer(self, issues: list[tuple[int, str]]) -> "MergeForm":
        """Choose among these."""
        cast("forms.ChoiceField", self.fields["other"]).choices = [("", _("Please choose")), *issues]
        return self


class CasesForm(_Decision):
    """What is to be done with chosen cases: `act` is the button that was pressed."""

    act = forms.ChoiceField(choices=[(name, name) for name in ("out", "split", "in")])
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    name = forms.CharField(label=_("Name of the new issue"), max_length=MOST_NAME, required=False)


class InboxForm(forms.Form):
    """Which warnings are shown; wrong words in the address are passed over."""

    show = forms.ChoiceField(choices=[(name, name) for name in GROUPS], required=False, widget=forms.HiddenInput)
    rule = forms.ChoiceField(
        label=_("Rule"), choices=[("", pgettext_lazy("warning rules", "all")), *RuleKind.choices], required=False
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["rule"].widget.attrs["class"] = "form-select"
        self.is_valid()

    @property
    def group(self) -> str:
        """The tab that is asked for."""
        return str(self.cleaned_data.get("show") or "waiting")

    @property
    def kind(self) -> str:
        """The rule of which only warnings are shown; empty for all."""
        return str(self.cleaned_data.get("rule") or "")


class ActForm(_Versioned):
    """What was done about a warning."""

    text = forms.CharField(label=_("Action taken"), max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))


class DismissForm(ActForm):
    """Why nothing is to be done about a warning."""

    text = forms.CharField(label=_("Reason"), max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 4}))
    false_alarm = forms.BooleanField(
        label=_("False alarm: there was nothing to warn about"),
        help_text=_("False alarms are counted and shown to the rule owner, so that inaccurate rules can be corrected."),
        required=False,
    )


class RuleForm(_Versioned):
    """The numbers of a rule, each between its bounds; whether it is in use; and who answers for it."""

    enabled = forms.BooleanField(label=_("Enabled"), required=False)

    def __init__(self, *args: Any, line: RuleLine, viewer: Person, **more: Any) -> None:
        self.line = line
        first = {name: _plain(value) for name, value in _present(line).items()}
        super().__init__(*args, **{**more, "initial": first})
        for name, limit in line.limits.items():
            kind: Any = forms.DecimalField if name == "alpha" else forms.IntegerField
            bounds = gettext("Between %(low)s and %(high)s.") % {"low": _plain(limit.low), "high": _plain(limit.high)}
            self.fields[name] = kind(
                label=capfirst(str(label_of(name, line.rule.kind))),
                min_value=limit.low,
                max_value=limit.high,
                help_text=bounds,
            )
        if line.may_choose_owner:
            owner = PickerField(url_name="org:pick_people", label=_("Owner"), required=False)
            owner.find = partial(pick_people, viewer=viewer)
            self.fields["owner"] = owner

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What would change, as (what, from, to)."""
        before, after = _present(self.line), self.cleaned_data
        changed = [name for name in self.fields if name != "expected" and after[name] != before[name]]
        return [
            (str(self.fields[name].label), self._said(name, before[name]), self._said(name, after[name]))
            for name in changed
        ]

    @property
    def entered(self) -> list[tuple[str, str]]:
        """What was entered, to be sent once more."""
        said = [(name, self.cleaned_data[name]) for name in self.fields]
        return [(name, "on" if value is True else str(_plain(value))) for name, value in said if value]

    def _said(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return gettext("yes") if value else gettext("no")
        if name != "owner" or value is None:
            return "–" if value is None else str(_plain(value))
        owner = self.line.rule.owner
        if owner is not None and owner.pk == value:
            return owner.name
        found = cast("PickerField", self.fields["owner"]).options
        return next((option.label for option in found if option.pk == value), "–")

    @property
    def arguments(self) -> dict[str, Any]:
        """What `services.warning_rules.change_rule` takes of it."""
        said = self.cleaned_data
        return {
            "enabled": said["enabled"],
            "numbers": RuleNumbers(**{name: said[name] for name in self.line.limits}),
            "owner_id": said.get("owner", self.line.rule.owner_id),
            "expected": said["expected"],
        }


def _plain(value: Any) -> Any:
    """A number without the noughts that say nothing: 0.01 for 0.0100."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _present(line: RuleLine) -> dict[str, Any]:
    """A rule as it is now, by the names of the form's fields."""
    numbers = {name: getattr(line.rule, name) for name in line.limits}
    return {**numbers, "expected": line.rule.version, "enabled": line.rule.enabled, "owner": line.rule.owner_id}
