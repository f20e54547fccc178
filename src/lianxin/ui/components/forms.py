"""Fields as people meet them: label above, help below it, the error where it belongs and once more on top."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from django.forms import BaseForm, BoundField, CheckboxInput, RadioSelect, Select, SelectMultiple
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianxin.ui.components.base import Component, ComponentError
from lianxin.ui.components.display import Text

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class _Bound(Component):
    bound: BoundField

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.bound, BoundField):
            raise ComponentError(f"{type(self).__name__}: bound={self.bound!r} is not a field of a form")

    @property
    def described_by(self) -> str:
        return self.bound.aria_describedby or ""

    @property
    def optional(self) -> bool:
        return not self.bound.field.required


@dataclass(frozen=True, kw_only=True)
class Field(_Bound):
    """A text box, select, date, single tick box, or a short list of radio buttons or tick boxes.

    Args:
        counter: show how many characters are left; needs max_length on the field.
        draft: the key under which the browser keeps what is typed until the server has it; unique within the site.
        autofocus: at most one a page.
        hide_label: the label is only read out (one box on a page whose heading asks the question).
    """

    template: ClassVar[str] = "ui/components/field.html"
    takes_attributes: ClassVar[bool] = True
    counter: bool = False
    draft: str = ""
    rows: int = 0
    autofocus: bool = False
    hide_label: bool = False
    autocomplete: str = ""
    inputmode: str = ""
    placeholder: Text = ""

    @property
    def kind(self) -> Literal["tick", "group", "control"]:
        if isinstance(self.bound.field.widget, CheckboxInput):
            return "tick"
        return "group" if self.bound.use_fieldset else "control"

    @property
    def control(self) -> SafeString:
        widget = self.bound.field.widget
        look = "form-select" if isinstance(widget, Select | SelectMultiple) else "form-control"
        if self.kind == "tick":
            look = "form-check-input"
        attributes: dict[str, Any] = {"class": f"{widget.attrs.get('class', '')} {look}".strip(), **self.attributes}
        attributes |= {"data-draft": self.draft} if self.draft else {}
        attributes |= {"rows": self.rows} if self.rows else {}
        attributes |= {"autofocus": True} if self.autofocus else {}
        optional = {"autocomplete": self.autocomplete, "inputmode": self.inputmode, "placeholder": self.placeholder}
        attributes |= {name: value for name, value in optional.items() if value}
        if self.counter:
            attributes["data-counter"] = f"{self.bound.auto_id}_counter"
        return self.bound.as_widget(attrs=attributes)

    @property
    def max_length(self) -> int | None:
        return getattr(self.bound.field, "max_length", None)


class Choice(NamedTuple):
    value: str
    label: str
    hint: Text
    icon: str
    id: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Choices(_Bound):
    """Radio buttons as cards, each with one line on what it means.

    Args:
        hints: choice value → that line.
        icons: choice value → icon.
        across: side by side where there is room (ratings), instead of one below the other.
    """

    template: ClassVar[str] = "ui/components/choices.html"
    hints: Mapping[str, Text] | None = None
    icons: Mapping[str, str] | None = None
    across: bool = False
    draft: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.bound.field.widget, RadioSelect):
            raise ComponentError(f"Choices: the widget of {self.bound.name!r} is not RadioSelect")

    @property
    def choices(self) -> Iterator[Choice]:
        for option in self.bound.subwidgets:
            value = str(option.data["value"])
            yield Choice(
                value=value,
                label=option.choice_label,
                hint=(self.hints or {}).get(value, ""),
                icon=(self.icons or {}).get(value, ""),
                id=option.id_for_label,
                checked=option.data["selected"],
            )


@dataclass(frozen=True, kw_only=True)
class Files(_Bound):
    """Photos and files with previews; with script, number and size are checked before the upload."""

    template: ClassVar[str] = "ui/components/files.html"
    most: int = 9
    megabytes: int = 10
    accept: str = "image/*,application/pdf,.doc,.docx,.xls,.xlsx"
    label: Text = ""

    @property
    def bytes(self) -> int:
        return self.megabytes * MEGABYTE


class Mistake(NamedTuple):
    message: str
    target: str


@dataclass(frozen=True, kw_only=True)
class FormErrors(Component):
    """What has to be put right, on top of the form, each leading to its field; takes the focus."""

    template: ClassVar[str] = "ui/components/form_errors.html"
    form: BaseForm

    @property
    def mistakes(self) -> list[Mistake]:
        found = [Mistake(str(message), "") for message in self.form.non_field_errors()]
        for bound in self.form:
            target = (bound.subwidgets[0].id_for_label if bound.use_fieldset else bound.id_for_label) or ""
            said = {"label": str(bound.label).rstrip("?？")}
            found += [
                Mistake(_("%(label)s: %(message)s") % {**said, "message": message}, target) for message in bound.errors
            ]
        return found
