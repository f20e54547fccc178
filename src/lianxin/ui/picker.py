"""A form field with which something is found by typing and then chosen (a colleague, a unit).

Rendered by the context that does the finding (`{% load org %}{% picker form.colleague %}`). With script the choices
come while typing; without it the typed words go with the form: one match is taken, several come back to choose from.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from django import forms
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.numbers import read_number


class Option(NamedTuple):
    """Something to choose: its id, its name, and what tells it from another of that name."""

    pk: int
    label: str
    hint: str = ""


class Find(Protocol):
    """Finds what may be chosen, by its words or by its id."""

    def __call__(self, *, text: str = "", pk: int | None = None) -> list[Option]: ...


class PickerWidget(forms.Widget):
    """Reads the chosen id and the typed words; drawn by a template tag."""

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> tuple[str, str]:
        return str(data.get(name) or "").strip(), str(data.get(f"{name}_q") or "").strip()


class PickerField(forms.Field):
    """A field whose cleaned value is the id of what was chosen, or None.

    Args:
        find: set it in the form's `__init__` once the viewer is known: `self.fields["colleague"].find = partial(...)`.
        url_name: the address that answers a search with choices.
    """

    widget = PickerWidget
    default_error_messages = {
        "none": _("Nothing was found. Please try other words."),
        "several": _("There are several. Please choose one."),
    }
    find: Find

    def __init__(self, *, url_name: str, **options: Any) -> None:
        super().__init__(**options)
        self.url_name = url_name
        self.options: list[Option] = []

    def clean(self, value: Any) -> int | None:
        chosen, text = value if isinstance(value, tuple) else (str(value or ""), "")
        if (number := read_number(chosen)) is not None:
            self.options = self.find(pk=number)
        elif text:
            self.options = self.find(text=text)
        elif self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        else:
            return None
        if len(self.options) != 1:
            code = "several" if self.options else "none"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return self.options[0].pk
