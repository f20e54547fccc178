"""What a component is: a frozen dataclass whose fields are its inputs, and the template that draws it."""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Literal, Self, get_args, get_origin, get_type_hints

from django.forms.utils import flatatt
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

ATTRIBUTE_PREFIXES = ("hx_", "data_", "aria_")


class ComponentError(TypeError):
    """A component was given an input it does not know, not given one it needs, or given a value it cannot take."""


@cache
def _choices(component: Any) -> dict[str, tuple[Any, ...]]:
    hints = get_type_hints(component)
    return {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Literal}


@cache
def _inputs(component: Any) -> dict[str, Field[Any]]:
    return {f.name: f for f in fields(component) if f.name not in {"content", "attributes"}}


def _is_required(declared: Field[Any]) -> bool:
    return declared.default is MISSING and declared.default_factory is MISSING


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
        known = _inputs(component)
        extra = {name: value for name, value in inputs.items() if name not in known}
        if cls.takes_attributes:
            attributes = {name: value for name, value in extra.items() if name.startswith(ATTRIBUTE_PREFIXES)}
        else:
            attributes = {}
        if unknown := sorted(extra.keys() - attributes.keys()):
            raise ComponentError(f"{cls.__name__} does not know {unknown}; it takes {sorted(known)}")
        given = {name: value for name, value in inputs.items() if name in known}
        missing = [name for name, f in known.items() if _is_required(f) and given.get(name) in (None, "")]
        if missing:
            raise ComponentError(f"{cls.__name__} needs {missing}")
        return cls(**given, content=content, attributes={k.replace("_", "-"): v for k, v in attributes.items()})

    def __post_init__(self) -> None:
        component: Any = type(self)
        for name, allowed in _choices(component).items():
            if getattr(self, name) not in allowed:
                raise ComponentError(f"{type(self).__name__}: {name}={getattr(self, name)!r} is not one of {allowed}")

    @property
    def attrs(self) -> SafeString:
        """The extra attributes, escaped, as they stand in a tag."""
        return flatatt({name: value for name, value in self.attributes.items() if value not in (None, "", False)})

    def render(self, context: Context | None = None) -> SafeString:
        """The HTML. From `context` only the request and its CSRF token are passed on."""
        around = context if context is not None else Context()
        inner = {"c": self, "csrf_token": around.get("csrf_token"), "request": around.get("request")}
        return SafeString(get_template(self.template).render(inner))
