"""What a component is: a frozen dataclass whose fields are its inputs, and the template that draws it."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

from django.forms.utils import flatatt
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

from lianxin.ui.markup import format_html

ATTRIBUTE_PREFIXES = ("hx_", "data_", "aria_")


NOTHING = SafeString()


class ComponentError(TypeError):
    """A component was given an input it does not know, not given one it needs, or given a value it cannot take."""


def attribute(name: str, value: Any) -> SafeString:
    """` name="value"` as it stands in a tag; nothing without a value."""
    return format_html(' {}="{}"', name, value) if value else NOTHING


def part(form: str, text: Any) -> SafeString:
    """A text in the tags around it; nothing without a text."""
    return format_html(form, text) if text else NOTHING


@cache
def _choices(component: Any) -> dict[str, tuple[Any, ...]]:
    hints = get_type_hints(component)
    return {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


@cache
def _inputs(component: Any) -> tuple[frozenset[str], tuple[str, ...]]:
    """What a component takes, and what of that it needs."""
    taken = [f for f in fields(component) if f.name not in {"content", "attributes"}]
    required = (f.name for f in taken if f.default is MISSING and f.default_factory is MISSING)
    return frozenset(f.name for f in taken), tuple(required)


@dataclass(frozen=True, kw_only=True)
class Component:
    """Inputs are given by name. A required one left empty is missing: that is what a misspelt variable becomes."""

    template: ClassVar[str]
    takes_content: ClassVar[bool] = False
    takes_attributes: ClassVar[bool] = False

    content: str = ""
    """What stands between the tags of a block component."""
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """hx-*, data-* and aria-* attributes; in a template written hx_get="…", data_draft="…"."""

    @classmethod
    def build(cls, inputs: Mapping[str, Any], content: str = "") -> Self:
        """The component from what a template gave.

        Raises:
            ComponentError: saying which input is unknown, missing or out of range, and what there is.
        """
        component: Any = cls
        known, required = _inputs(component)
        given, attributes = dict(inputs), {}
        for name in inputs.keys() - known:
            if not cls.takes_attributes or not name.startswith(ATTRIBUTE_PREFIXES):
                unknown = sorted(inputs.keys() - known)
                raise ComponentError(f"{cls.__name__} does not know {unknown}; it takes {sorted(known)}")
            del given[name]
        if missing := [name for name in required if given.get(name) in (None, "")]:
            raise ComponentError(f"{cls.__name__} needs {missing}")
        if len(given) < len(inputs):
            attributes = {k.replace("_", "-"): v for k, v in inputs.items() if k not in known}
        return cls(**given, content=content, attributes=attributes)

    def __post_init__(self) -> None:
        component: Any = type(self)
        for name, allowed in _choices(component).items():
            if getattr(self, name) not in allowed:
                raise ComponentError(f"{type(self).__name__}: {name}={getattr(self, name)!r} is not one of {allowed}")

    @property
    def attrs(self) -> SafeString:
        """The extra attributes, escaped, as they stand in a tag."""
        if not self.attributes:
            return NOTHING
        return flatatt({name: value for name, value in self.attributes.items() if value not in (None, "", False)})

    def render(self, context: Context | None = None) -> SafeString:
        """The HTML. From `context` only the request and its CSRF token are passed on."""
        around = context if context is not None else Context()
        inner = {"c": self, "csrf_token": around.get("csrf_token"), "request": around.get("request")}
        return SafeString(get_template(self.template).render(inner))


@dataclass(frozen=True, kw_only=True)
class DrawnComponent(Component):
    """One that draws itself, several times faster than a template: for what a page holds many of."""

    def draw(self) -> SafeString:
        """The HTML."""
        raise NotImplementedError

    def render(self, context: Context | None = None) -> SafeString:  # noqa: ARG002 - what draws itself asks for nothing
        return self.draw()
