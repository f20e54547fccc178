"""`{% load org %}`: `{% picker bound %}`, the field of `lianxin.ui.picker`, and `{% tree branches page %}`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.forms import BoundField
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from lianxin.org.queries import Branch
from lianxin.ui.components import Field
from lianxin.ui.markup import format_html, format_html_join
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
        "may_be_none": bool(options) and not field.required,
        "text": text,
        "url": f"{reverse(field.url_name)}?field={bound.html_name}",
    }


@register.filter
def is_picker(bound: BoundField) -> bool:
    return isinstance(bound.field, PickerField)


@register.simple_tag
def tree(branches: Iterable[Branch[Any]], page: str) -> SafeString:
    """Nodes with what is below them, each a link to its page (a url name); drawn here, as there are hundreds."""
    address = reverse(page, args=[0])
    return _level(branches, address, "list-plain")


def _level(branches: Iterable[Branch[Any]], address: str, css: str) -> SafeString:
    drawn = format_html_join("", "<li>{}</li>", ((_branch(branch, address),) for branch in branches))
    return format_html('<ul class="{}">{}</ul>', css, drawn)


def _branch(branch: Branch[Any], address: str) -> SafeString:
    node = _node(branch, address)
    if not branch.below:
        return node
    below = _level(branch.below, address, "list-plain ms-4")
    return format_html("<details open><summary>{}</summary>{}</details>", node, below)


def _node(branch: Branch[Any], address: str) -> SafeString:
    node, people, deeper = branch.node, "", ""
    if node.people:
        said = ngettext("%(people)s person", "%(people)s people", node.people)
        people = " · " + said % {"people": node.people}
    if node.deeper and not branch.below:
        said = gettext("Open what is below %(name)s") % {"name": node.name}
        deeper = format_html(' <a href="?at={}">{}</a>', node.pk, said)
    return format_html(
        '<a class="row-link" href="{}">{}</a> <span class="muted">{}{}</span>{}',
        address.replace("/0/", f"/{node.pk}/"),
        node.name,
        node.get_kind_display(),
        people,
        deeper,
    )
