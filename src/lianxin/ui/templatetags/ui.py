"""`{% load ui %}`: filters for dates, durations and figures, and what the components in `templates/cotton` compute."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField, Select
from django.forms.boundfield import BoundWidget
from django.forms.utils import flatatt
from django.http import QueryDict
from django.template import Context
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django_cotton.templatetags import Attrs

from lianxin.kernel.tables import Column, Order
from lianxin.ui import components, formatting, icons, navigation

register = template.Library()

register.filter(formatting.when)
register.filter("day", formatting.day_of)
register.filter(formatting.full_date)
register.filter("month", formatting.month_of)
register.filter(formatting.period)
register.filter(formatting.remaining)
register.filter(formatting.ago)
register.filter(formatting.number)
register.simple_tag(formatting.ratio)

register.filter(icons.icon_url)
register.simple_tag(components.deadline_state)


@register.filter
def tone_icon(tone: str) -> str:
    return icons.TONE_ICONS[tone]


@register.filter
def as_html(attrs: Attrs) -> SafeString:
    """What a component was given and does not declare, as attributes of a tag; empty ones are left out."""
    return flatatt(_filled(attrs.attrs_dict()))


def _filled(attributes: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value not in (None, "", False)}


@register.simple_tag
def control(field: BoundField, css: str, attrs: Attrs, *, counter: bool = False) -> SafeString:
    """The box of a field: its widget with the class `css` and further attributes.

    With `counter` a script counts the characters left, in the element whose id is the field's with `_counter`.
    """
    attributes = _filled(attrs.attrs_dict())
    attributes["class"] = f"{field.field.widget.attrs.get('class', '')} {css}".strip()
    if counter:
        attributes["data-counter"] = f"{field.auto_id}_counter"
        attributes["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}_counter".strip()
    return field.as_widget(attrs=attributes)


@register.filter
def look_of_control(field: BoundField) -> str:
    """The class of a field's box; empty where its form says it."""
    widget = field.field.widget
    return "" if "class" in widget.attrs else "form-select" if isinstance(widget, Select) else "form-control"


@register.filter
def value_of(values: Mapping[str, Any], option: BoundWidget) -> Any:
    """What `values` has for a choice; empty: nothing."""
    return values.get(str(option.data["value"]), "")


@register.filter
def mistakes(form: BaseForm) -> Iterable[components.Mistake]:
    return components.find_mistakes(form)


@register.filter
def cell(value: Any) -> Any:
    """A value of a table as people read it."""
    if isinstance(value, datetime):
        return formatting.when(value)
    if isinstance(value, date):
        return formatting.day_of(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else value


@register.filter
def sorted_by(column: Column, query: QueryDict) -> Order:
    """How a table is ordered by a column where the address has this query."""
    return column.order(query.get("sort", ""))


@register.filter
def elided_pages(page: Page[Any]) -> Iterable[int | str]:
    """The numbers of pages around the present one, with an ellipsis for each gap."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.simple_tag(takes_context=True)
def navigation_places(context: Context, area: navigation.Area) -> list[navigation.Place]:
    """The places to go in `area`; none where there is no request (an error page)."""
    request = context.get("request")
    return navigation.places(request, area) if request else []


@register.simple_tag(takes_context=True)
def related_pages(context: Context, area: navigation.Area) -> list[navigation.Place]:
    """The pages that share an entry of the navigation with the present one."""
    request = context.get("request")
    return navigation.beside(request, area) if request else []
