from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lianxin.org.queries import Unit


class TestCaseForm(forms.Form):
    """Where the test case is to lie: who receives it depends on that."""

    place = forms.ModelChoiceField(
        label=_("Unit"),
        queryset=Unit.objects.none(),
        empty_label=None,
        help_text=_("The nearest dispatcher at or above this unit receives the test case."),
    )

    def __init__(self, data: QueryDict | None = None, *, units: QuerySet[Unit]) -> None:
        super().__init__(data)
        place = self.fields["place"]
        assert isinstance(place, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        place.queryset = units
