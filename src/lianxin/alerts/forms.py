"""What the inbox of alerts is asked for; what people say of an alert, and of a rule."""

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.queries.inbox import GROUPS
from lianxin.alerts.queries.rules import RuleLine, label_of
from lianxin.alerts.services.rules import RuleNumbers
from lianxin.kernel.forms import LongTextField
from lianxin.org.queries import Person
from lianxin.ui.autocomplete import PickerField

MOST_TEXT = 2000


class _Versioned(forms.Form):
    """About something that was seen in one version."""

    expected = forms.IntegerField(widget=forms.HiddenInput)

    def seen(self, version: int) -> None:
        """From now on it is about that version; what was typed stays."""
        self.data = {**dict(self.data.items()), "expected": version}


class InboxForm(forms.Form):
    """Which alerts are shown; wrong words in the address are passed over."""

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
        return str(self.cleaned_data.get("show") or "mine")

    @property
    def kind(self) -> str:
        """The rule of which only alerts are shown; empty for all."""
        return str(self.cleaned_data.get("rule") or "")


class ActForm(_Versioned):
    """What was done about an alert."""

    text = LongTextField(label=_("Action taken"), max_length=MOST_TEXT)


class DismissForm(ActForm):
    """Why nothing is to be done about an alert."""

    text = LongTextField(label=_("Reason"), max_length=MOST_TEXT)
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
            owner.bind(viewer)
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
        """What `services.rules.change_rule` takes of it."""
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
