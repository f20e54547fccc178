"""`{% load org %}{% picker bound %}`: the field of `lianxin.ui.picker` on a page."""

from typing import Any

from django import template
from django.forms import BoundField
from django.urls import reverse

from lianxin.ui.components import Field
from lianxin.ui.picker import PickerField

register = template.Library()


@register.inclusion_tag("org/picker.html")
def picker(bound: BoundField) -> dict[str, Any]:
    """A box to type in and the choices below it. The page's head needs htmx.js for choices while typing."""
    field = bound.field
    if not isinstance(field, PickerField):
        raise template.TemplateSyntaxError(f"{bound.name!r} is not a PickerField")
    if bound.form.is_bound:
        chosen, text = bound.data
        options = field.options
    else:
        chosen, text = str(bound.initial or ""), ""
        options = field.find(pk=int(chosen)) if chosen else field.options  # a form may propose some
    return {
        "c": Field(bound=bound),
        "name": bound.html_name,
        "options": options,
        "chosen": chosen,
        "text": text,
        "url": f"{reverse(field.url_name)}?field={bound.html_name}",
    }


@register.filter
def is_picker(bound: BoundField) -> bool:
    return isinstance(bound.field, PickerField)
