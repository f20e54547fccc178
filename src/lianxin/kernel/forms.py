"""Forms that lead to a service: their fields are named as the service's arguments."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.texts import is_blank, with_plain_breaks


class DateInput(forms.DateInput):
    """The browser's own picker of a day."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own picker of a time."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class DayField(forms.DateField):
    """A day, chosen in the browser's own picker."""

    widget = DateInput


class LongTextField(forms.CharField):
    """A text of several lines, of at most 1,000 characters unless `max_length` says otherwise.

    A line break counts as one character, and what nobody can see is no text.
    """

    widget = forms.Textarea(attrs={"rows": 4})

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": 1000, **options})

    def to_python(self, value: Any) -> str:
        """What was written, or nothing."""
        text = str(super().to_python(with_plain_breaks(value) if isinstance(value, str) else value))
        return "" if is_blank(text) else text


class ServiceForm(forms.Form):
    """A form whose fields are the arguments of a service.

    A field that is looked up for somebody (a picker) has a method `bind(viewer)`, and one whose value is an id says so
    with `is_id`: its argument ends in `_id`.
    """

    def __init__(self, *args: Any, viewer: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.viewer = viewer
        for field in self.fields.values():
            if bind := getattr(field, "bind", None):
                bind(viewer)

    def offer(self, name: str, **choice: Any) -> None:
        """Set what a field offers: its `choices`, or the `queryset` of a model's rows."""
        field: Any = self.fields[name]
        for attribute, value in choice.items():
            setattr(field, attribute, value)

    @property
    def has_pickers(self) -> bool:
        """Whether its page needs the script of pickers."""
        return any(hasattr(field, "bind") for field in self.fields.values())

    def arguments(self) -> dict[str, Any]:
        """What was entered, by the names of the service's arguments."""
        is_id = {name for name, field in self.fields.items() if getattr(field, "is_id", False)}
        return {f"{name}_id" if name in is_id else name: value for name, value in self.cleaned_data.items()}


class ConfirmForm(ServiceForm):
    """Nothing to enter: it only asks."""


class ActionForm(ServiceForm):
    """A step of a workflow: nothing to enter but which version of the object is meant."""

    expected = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReasonForm(ActionForm):
    """A step that needs a text."""

    text = LongTextField(label=_("Reason"))


def describe_filters(form: forms.Form) -> list[str]:
    """What was chosen in a form of filters, in words: the label of each field and of its choice."""
    form.is_valid()
    said = []
    for name, value in form.cleaned_data.items():
        field = form.fields[name]
        if value in field.empty_values or field.widget.is_hidden:
            continue
        choices = dict(getattr(field, "choices", ()))
        said.append(f"{form[name].label} {choices.get(value, value)}")
    return said


def add_refusals(form: forms.Form, refusal: ValidationFailed) -> None:
    """Show what a service could not take at its fields; on top what belongs to none of them."""
    for name, message in refusal.fields.items():
        form.add_error(name if name in form.fields else None, message)
