"""Fields as people meet them: label above, help below it, the error where it belongs and once more on top."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from django.forms import BaseForm, BoundField, CheckboxInput, RadioSelect, Select, SelectMultiple
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lianxin.ui.components.base import NOTHING, Component, ComponentError, DrawnComponent, attribute, part
from lianxin.ui.components.display import Text, draw_icon
from lianxin.ui.markup import format_html, format_html_join

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
    def optional_mark(self) -> SafeString:
        """The word beside the label of a field that may be left empty."""
        return NOTHING if self.bound.field.required else part('<span class="field-optional">{}</span>', _("optional"))

    @property
    def help(self) -> SafeString:
        """What stands below the label; it may hold HTML."""
        if not self.bound.help_text:
            return NOTHING
        form = '<p class="field-help" id="{}_helptext">{}</p>\n'
        return format_html(form, self.bound.auto_id, SafeString(self.bound.help_text))

    @property
    def mistakes(self) -> SafeString:
        """What has to be put right."""
        if not self.bound.errors:
            return NOTHING
        form = '<p class="field-error" id="{}_error">{}<span>{}</span></p>\n'
        said = format_html_join(" ", "{}", ((each,) for each in self.bound.errors))
        return format_html(form, self.bound.auto_id, draw_icon("alert-circle", "s"), said)

    @property
    def wrong(self) -> str:
        """The class of a field that has to be put right."""
        return " field-wrong" if self.bound.errors else ""


@dataclass(frozen=True, kw_only=True)
class Field(_Bound, DrawnComponent):
    """A text box, select, date, single tick box, or a short list of radio buttons or tick boxes.

    Args:
        counter: show how many characters are left; needs max_length on the field.
        draft: the key under which the browser keeps what is typed until the server has it; unique within the site.
        autofocus: at most one a page.
        hide_label: the label is only read out (one box on a page whose heading asks the question).
    """

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

    def draw(self) -> SafeString:
        bound = self.bound
        match self.kind:
            case "tick":
                label = format_html('<label for="{}">{}</label>', bound.id_for_label, bound.label)
                form = '<div class="field field-tick{}">{}<div class="tick">{}{}</div>{}</div>\n'
                return format_html(form, self.wrong, self.mistakes, self.control, label, self.help)
            case "group":
                return self._draw_group()
            case _:
                return format_html(
                    '<div class="field{}"><label class="field-label{}" for="{}">{}{}</label>{}{}{}{}</div>\n',
                    self.wrong,
                    " visually-hidden" if self.hide_label else "",
                    bound.id_for_label,
                    bound.label,
                    self.optional_mark,
                    self.help,
                    self.mistakes,
                    self.control,
                    self._counter(),
                )

    def _draw_group(self) -> SafeString:
        bound = self.bound
        option = '<div class="tick">{}<label for="{}">{}</label></div>'
        return format_html(
            '<fieldset class="field{}"{}><legend{}>{}{}</legend>{}{}{}</fieldset>\n',
            self.wrong,
            attribute("aria-describedby", self.described_by),
            attribute("class", "visually-hidden" if self.hide_label else ""),
            bound.label,
            self.optional_mark,
            self.help,
            self.mistakes,
            format_html_join(
                "", option, ((each.tag(), each.id_for_label, each.choice_label) for each in bound.subwidgets)
            ),
        )

    def _counter(self) -> SafeString:
        most = getattr(self.bound.field, "max_length", None)
        if not self.counter or not most:
            return NOTHING
        said = _("At most %(n)s characters") % {"n": most}
        return format_html('<p class="field-counter" id="{}_counter">{}</p>', self.bound.auto_id, said)


class Choice(NamedTuple):
    value: str
    label: str
    hint: Text
    icon: str
    id: str
    checked: bool


@dataclass(frozen=True, kw_only=True)
class Choices(_Bound, DrawnComponent):
    """Radio buttons as cards, each with one line on what it means.

    Args:
        hints: choice value → that line.
        icons: choice value → icon.
        across: side by side where there is room (ratings), instead of one below the other.
    """

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

    def draw(self) -> SafeString:
        return format_html(
            '<fieldset class="field choices{}{}"{}><legend>{}{}</legend>{}{}<div class="choice-list">{}</div>'
            "</fieldset>\n",
            " choices-across" if self.across else "",
            self.wrong,
            attribute("aria-describedby", self.described_by),
            self.bound.label,
            self.optional_mark,
            self.help,
            self.mistakes,
            format_html_join("", "{}", ((self._card(choice),) for choice in self.choices)),
        )

    def _card(self, choice: Choice) -> SafeString:
        hint_id = f"{choice.id}_hint" if choice.hint else ""
        return format_html(
            '<label class="choice" for="{}"><input type="radio" name="{}" value="{}" id="{}"{}{}{}{}>'
            '<span class="choice-edge" aria-hidden="true"></span>{}'
            '<span class="choice-text"><span class="choice-label">{}</span>{}</span></label>',
            choice.id,
            self.bound.html_name,
            choice.value,
            choice.id,
            attribute("aria-describedby", hint_id),
            " checked" if choice.checked else "",
            " required" if self.bound.field.required else "",
            attribute("data-draft", self.draft),
            draw_icon(choice.icon),
            choice.label,
            format_html('<span class="choice-hint" id="{}">{}</span>', hint_id, choice.hint) if choice.hint else "",
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
