"""What the hot list is asked for, all of it in the address bar; what people decide."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lianxin.cases.queries.choosing import category_tree
from lianxin.hotissues.enums import Lens
from lianxin.hotissues.models import Issue
from lianxin.hotissues.queries import last_days
from lianxin.kernel.forms import ActionForm, DateInput
from lianxin.kernel.periods import Period

DAYS = (7, 30, 90, 365)
INDENT = "\u3000"
MOST_NAME = 40


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
    since = forms.DateField(label=pgettext_lazy("period", "From"), required=False, widget=DateInput)
    until = forms.DateField(label=pgettext_lazy("period", "To"), required=False, widget=DateInput)
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


class RenameForm(ActionForm):
    name = forms.CharField(label=_("Name"), max_length=MOST_NAME)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ConfirmForm(ActionForm):
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class MergeForm(ActionForm):
    other = forms.TypedChoiceField(label=_("Same issue as"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=300)
    sure = forms.BooleanField(label=_("I have compared the two: all their cases are about one matter."))

    def __init__(self, *args: Any, others: Iterable[Issue], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", _("Please choose")), *((each.pk, each.title) for each in others)]
        cast("forms.ChoiceField", self.fields["other"]).choices = choices


class CasesForm(forms.Form):
    """What is to be done with chosen cases: `act` is the button that was pressed."""

    expected = forms.IntegerField()
    act = forms.ChoiceField(choices=[(name, name) for name in ("out", "split", "in")])
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
    name = forms.CharField(label=_("Name of the new issue"), max_length=MOST_NAME, required=False)
