"""A form field with which something is found by typing and then chosen (a colleague, a unit).

`{{ form.colleague.as_field_group }}` shows it. With script (the page's head needs htmx.js) the choices come while
typing; without it the typed words go with the form: one match is taken, several come back to choose from.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple, Protocol

from django import forms
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.numbers import read_number


class Option(NamedTuple):
    """Something to choose: its id, its name, and what tells it from another of that name."""

    pk: int
    label: str
    hint: str = ""


class TooShort(Exception):  # noqa: N818 - reads as the sentence it is
    """So few letters were typed that nothing is looked for."""


class Find(Protocol):
    """Finds what may be chosen, by its words or by its id.

    Raises:
        TooShort: there are fewer letters than it takes.
    """

    def __call__(self, *, text: str = "", pk: int | None = None) -> list[Option]: ...


_finders: dict[str, Callable[..., list[Option]]] = {}


def register_finder(url_name: str, finder: Callable[..., list[Option]]) -> None:
    """Say what finds the choices behind an address: called with `viewer` and as `Find`."""
    _finders[url_name] = finder


def find_choices(url_name: str, *, viewer: Any, text: str) -> list[Option]:
    """What a person finds at an address by typing.

    Raises:
        TooShort: there are fewer letters than it takes.
    """
    return _finders[url_name](viewer=viewer, text=text)


class PickerWidget(forms.Widget):
    """Reads the chosen id and the typed words; the field's own template shows it."""

    def value_from_datadict(self, data: Mapping[str, Any], _files: Any, name: str) -> tuple[str, str]:
        return str(data.get(name) or "").strip(), str(data.get(f"{name}_q") or "").strip()


class PickerBoundField(forms.BoundField):
    """A picker in its form: what is chosen, what was typed, and what there is to choose from."""

    field: "PickerField"

    @property
    def chosen(self) -> str:
        """The id of what is chosen; empty: nothing yet."""
        return self.data[0] if self.form.is_bound else str(self.initial or "")

    @property
    def typed(self) -> str:
        return self.data[1] if self.form.is_bound else ""

    @cached_property
    def options(self) -> list[Option]:
        """What was found; in a new form what is chosen already, or what the form proposes."""
        if self.chosen and not self.form.is_bound:
            return self.field.find(pk=int(self.chosen))
        return self.field.options

    @property
    def may_be_none(self) -> bool:
        return bool(self.options) and not self.field.required

    @property
    def url(self) -> str:
        """The address that answers a search with choices."""
        return f"{reverse(self.field.url_name)}?field={self.html_name}"


class PickerField(forms.Field):
    """A field whose cleaned value is the id of what was chosen, or None.

    Args:
        url_name: the address that answers a search with choices; what was registered for it (`register_finder`) finds
            them for the form's viewer, unless the form sets another `find`.
    """

    is_id = True

    widget = PickerWidget
    bound_field_class = PickerBoundField
    default_error_messages = {
        "required": _("Please choose: %(label)s."),
        "none": _("No results. Please try other keywords."),
        "too_short": _("Please enter at least two characters."),
        "several": _("There are several matches. Please choose one."),
    }
    find: Find

    def __init__(self, *, url_name: str, **options: Any) -> None:
        super().__init__(template_name="ui/forms/picker.html", **options)
        self.url_name = url_name
        self.options: list[Option] = []

    def bind(self, viewer: Any) -> None:
        """Find what this person may choose (`kernel.forms.ServiceForm`)."""
        if finder := _finders.get(self.url_name):
            self.find = partial(finder, viewer=viewer)

    def clean(self, value: Any) -> int | None:
        chosen, text = value if isinstance(value, tuple) else (str(value or ""), "")
        if (number := read_number(chosen)) is not None:
            self.options = self.find(pk=number)
        elif text:
            try:
                self.options = self.find(text=text)
            except TooShort as refusal:
                raise forms.ValidationError(self.error_messages["too_short"], code="too_short") from refusal
        elif self.required:
            raise forms.ValidationError(self.error_messages["required"], "required", {"label": self.label})
        else:
            return None
        if len(self.options) != 1:
            code = "several" if self.options else "none"
            raise forms.ValidationError(self.error_messages[code], code=code)
        return self.options[0].pk
