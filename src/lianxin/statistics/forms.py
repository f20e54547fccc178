"""What figures are asked for: a unit, a period, a narrowing; all of it stands in the address bar."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lianxin.cases.enums import CaseKind, Channel
from lianxin.cases.queries.choosing import category_tree
from lianxin.kernel.forms import DateInput
from lianxin.kernel.periods import NAMED, Period, named_period
from lianxin.statistics.aggregation import Narrowing
from lianxin.statistics.definitions import RATES

INDENT = "\u3000"
ALL = ("", pgettext_lazy("figure", "all"))
UNCATEGORISED = "-"
KINDS = [ALL, *((kind.value, kind.label) for kind in CaseKind if kind != CaseKind.CONDUCT)]
"""Without the sealed kind, which is in no figure."""


class FiguresForm(forms.Form):
    """Wrong words in the address are passed over, so that every address shows figures."""

    period = forms.ChoiceField(
        label=_("Period"), choices=lambda: [*NAMED.items(), ("", _("Date range"))], required=False
    )
    since = forms.DateField(label=pgettext_lazy("period", "From"), required=False, widget=DateInput)
    until = forms.DateField(label=pgettext_lazy("period", "To"), required=False, widget=DateInput)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, required=False)
    channel = forms.ChoiceField(label=_("Channel"), choices=[ALL, *Channel.choices], required=False)
    figure = forms.ChoiceField(choices=lambda: [(code, code) for code in RATES], required=False)
    unit = forms.CharField(required=False, max_length=40)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._categories = {row.code: row for row in category_tree()}
        rows = [(code, INDENT * (row.depth - 1) + row.name) for code, row in self._categories.items()]
        rows = [ALL, *rows, (UNCATEGORISED, _("uncategorised"))]
        self.fields["category"] = forms.ChoiceField(label=_("Category"), choices=rows, required=False)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
        self.is_valid()

    @property
    def folded(self) -> list[forms.BoundField]:
        """What stands behind "more": other days, and the narrowing."""
        return [self[name] for name in ("since", "until", "kind", "category", "channel")]

    def word(self, name: str) -> str:
        """What was chosen, empty for nothing or for what there is not."""
        return str(self.cleaned_data.get(name) or "")

    @property
    def chosen_period(self) -> Period:
        """The days from–to if both are there and in order, else the named period, else this month."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since <= until and not self.word("period"):
            return Period(since, until)
        return named_period(self.word("period"))

    @property
    def narrowing(self) -> Narrowing:
        """To what the figures are narrowed."""
        category = self.word("category")
        return Narrowing(
            self.word("kind"), self._categories.get(category), self.word("channel"), category == UNCATEGORISED
        )

    @property
    def figure_code(self) -> str:
        """The figure that the page is about."""
        return self.word("figure") or next(iter(RATES))
