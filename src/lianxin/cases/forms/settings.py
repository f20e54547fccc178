"""What the system administrator enters about categories and clocks."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lianxin.cases.enums import SAID_KINDS, Measure
from lianxin.cases.models import Category
from lianxin.cases.queries import choosing
from lianxin.cases.services.settings import CLOCKS_TO_SET, NAME_LENGTH
from lianxin.kernel.forms import ServiceForm

COUNTED_FOR_STAFF = (Measure.WORKING_DAYS, Measure.HOURS, Measure.MINUTES)


class NameForm(ServiceForm):
    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)


class MoveForm(ServiceForm):
    parent = forms.TypedChoiceField(label=_("Parent category"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, category: Category, **options: Any) -> None:
        super().__init__(*args, **options)
        parent = self.fields["parent"]
        assert isinstance(parent, forms.TypedChoiceField)  # noqa: S101 - for the type checker
        parent.choices = [
            ("", _now("top level")),
            *(
                (row.pk, choosing.INDENT * (row.depth - 1) + row.name)
                for row in choosing.category_tree()
                if not row.path.startswith(category.path)
            ),
        ]


class AmountForm(ServiceForm):
    """How long a clock runs."""

    amount = forms.IntegerField(label=_("Amount"), min_value=1, max_value=2000)
    measure = forms.ChoiceField(label=_("Unit of time"), choices=[(one.value, one.label) for one in COUNTED_FOR_STAFF])


class ExceptionForm(AmountForm):
    """A rule of its own for a kind, a category, or a kind within a category."""

    clock = forms.ChoiceField(label=_("Stage"), choices=[(one.value, one.label) for one in CLOCKS_TO_SET])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *SAID_KINDS])
    category_id = forms.TypedChoiceField(label=_("Category"), coerce=int, empty_value=None, required=False)

    field_order = ("clock", "kind", "category_id", "amount", "measure")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        category = self.fields["category_id"]
        assert isinstance(category, forms.TypedChoiceField)  # noqa: S101
        category.choices = [("", _now("all")), *choosing.category_groups()]

    def clean(self) -> dict[str, Any]:
        entered = self.cleaned_data
        if not entered.get("kind") and not entered.get("category_id"):
            self.add_error(
                "kind", _now("Choose a kind or a category. To change the rule for all cases, edit it in the table.")
            )
        return entered
