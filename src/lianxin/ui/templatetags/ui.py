"""`{% load ui %}`: the components as tags, and filters for dates, durations and figures. See ui/README.md."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django import template
from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from lianxin.ui import components, formatting, navigation
from lianxin.ui.components.base import NOTHING
from lianxin.ui.markup import format_html_join

register = template.Library()

SELECTED = SafeString(" selected")

TAGS: dict[str, type[components.Component]] = {
    "badge": components.Badge,
    "button": components.Button,
    "card": components.Card,
    "choices": components.Choices,
    "confirm": components.Confirm,
    "conversation": components.Conversation,
    "copy": components.Copy,
    "deadline": components.Deadline,
    "dialog": components.Dialog,
    "empty_state": components.EmptyState,
    "event": components.Event,
    "facts": components.Facts,
    "field": components.Field,
    "files": components.Files,
    "form_errors": components.FormErrors,
    "icon": components.Icon,
    "link": components.Link,
    "menu": components.Menu,
    "menu_item": components.MenuItem,
    "message": components.Message,
    "more": components.More,
    "notice": components.NoticeBox,
    "pagination": components.Pagination,
    "progress": components.Progress,
    "select": components.Select,
    "tabs": components.Tabs,
    "tile": components.Tile,
    "toast": components.Toast,
    "work_table": components.WorkTable,
}


def _inline(component: type[components.Component]) -> Callable[..., SafeString]:
    def tag(context: Context, **inputs: Any) -> SafeString:
        return component.build(inputs).render(context)

    return tag


def _block(component: type[components.Component]) -> Callable[..., SafeString]:
    def tag(context: Context, content: str, **inputs: Any) -> SafeString:
        return component.build(inputs, content).render(context)

    return tag


for _name, _component in TAGS.items():
    if _component.takes_content:
        register.simple_block_tag(_block(_component), takes_context=True, name=_name)
    else:
        register.simple_tag(_inline(_component), takes_context=True, name=_name)


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """Values and words as the `<option>`s of a select; drawn here, as there may be hundreds."""
    form = '<option value="{}"{}>{}</option>'
    marked = ((value, SELECTED if value == chosen else NOTHING, word) for value, word in choices)
    return format_html_join("", form, marked)


@register.simple_tag(takes_context=True)
def navigation_bar(context: Context, area: navigation.Area, label: str) -> SafeString:
    """The places to go in `area`; nothing where there is no request (an error page) or no place."""
    request = context.get("request")
    places = navigation.places(request, area) if request else []
    return components.NavigationBar(label=label, area=area, places=places).render()


class _Unchanging(Node):
    def __init__(self, nodes: NodeList) -> None:
        self._nodes = nodes
        self._drawn: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        if language not in self._drawn:
            self._drawn[language] = self._nodes.render(context.new())
        return self._drawn[language]


@register.tag
def unchanging(parser: Parser, _token: Token) -> Node:
    """`{% unchanging %}…{% endunchanging %}`: what stands the same on every page in a language.

    Drawn once in each language while the process runs, so nothing of the context is known between the tags.
    """
    nodes = parser.parse(("endunchanging",))
    parser.delete_first_token()
    return _Unchanging(nodes)


@register.simple_tag(takes_context=True)
def pages_beside(context: Context, area: navigation.Area, label: str) -> SafeString:
    """Tabs to the pages that share an entry of the navigation with the present one."""
    request = context.get("request")
    places = navigation.beside(request, area) if request else []
    tabs = [components.Tab(label=place.label, url=place.url, current=place.current) for place in places]
    return components.Tabs(label=label, tabs=tabs).render()


@register.inclusion_tag("ui/language_switch.html", takes_context=True)
def language_switch(context: Context) -> dict[str, Any]:
    """中文 / English, as a form that comes back to this page."""
    request = context.get("request")
    return {
        "csrf_token": context.get("csrf_token"),
        "action": reverse("set_language"),
        "next": request.get_full_path() if request else "/",
    }


@register.simple_tag
def ratio(part: int, whole: int) -> str:
    return formatting.ratio(part, whole)


@register.filter
def when(moment: datetime) -> str:
    return formatting.when(moment)


@register.filter
def day(moment: datetime) -> str:
    return formatting.day_of(moment)


@register.filter
def remaining(due: datetime) -> str:
    return formatting.remaining(due)


@register.filter
def ago(moment: datetime) -> str:
    return formatting.ago(moment)


@register.filter
def number(value: int) -> str:
    return formatting.number(value)
