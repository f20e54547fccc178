"""What can be done: buttons, links, menus, dialogs."""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from django.template import Context
from django.utils.safestring import SafeString

from lianxin.ui.components.base import Component, DrawnComponent, attribute
from lianxin.ui.components.display import Text, draw_icon
from lianxin.ui.markup import format_html

Look: TypeAlias = Literal["primary", "secondary", "danger", "quiet"]
"""primary: the one main action of a page. danger: cannot be taken back. quiet: beside others, without a frame."""


@dataclass(frozen=True, kw_only=True)
class Button(DrawnComponent):
    """A button of a form. `form` is the id of the form it belongs to when it stands outside."""

    takes_attributes: ClassVar[bool] = True
    label: Text
    look: Look = "secondary"
    icon: str = ""
    type: Literal["submit", "button"] = "submit"
    name: str = ""
    value: str = ""
    form: str = ""
    formaction: str = ""
    disabled: bool = False
    wide: bool = False
    only_icon: bool = False

    def draw(self) -> SafeString:
        more = [attribute(name, getattr(self, name)) for name in ("name", "value", "form", "formaction")]
        return format_html(
            '<button type="{}" class="btn btn-{}{}{}"{}{}{}{}{}{}>{}<span{}>{}</span></button>\n',
            self.type,
            self.look,
            " btn-wide" if self.wide else "",
            " btn-icon" if self.only_icon else "",
            *more,
            " disabled" if self.disabled else "",
            self.attrs,
            draw_icon(self.icon),
            attribute("class", "visually-hidden" if self.only_icon else ""),
            self.label,
        )


@dataclass(frozen=True, kw_only=True)
class Link(DrawnComponent):
    """A link that looks like a button; `dialog` opens the dialog of that id instead, where there is script."""

    takes_attributes: ClassVar[bool] = True
    label: Text
    url: str
    look: Look = "secondary"
    icon: str = ""
    wide: bool = False
    dialog: str = ""

    def draw(self) -> SafeString:
        return format_html(
            '<a class="btn btn-{}{}" href="{}"{}{}>{}<span>{}</span></a>\n',
            self.look,
            " btn-wide" if self.wide else "",
            self.url,
            attribute("data-dialog", self.dialog),
            self.attrs,
            draw_icon(self.icon),
            self.label,
        )


@dataclass(frozen=True, kw_only=True)
class Menu(Component):
    """Further actions behind a button; between the tags stand menu items."""

    template: ClassVar[str] = "ui/components/menu.html"
    takes_content: ClassVar[bool] = True
    label: Text
    icon: str = "dots"
    only_icon: bool = False


@dataclass(frozen=True, kw_only=True)
class MenuItem(Component):
    """One entry of a menu: a link, or with `post` a form's button."""

    takes_attributes: ClassVar[bool] = True
    label: Text
    url: str
    icon: str = ""
    post: bool = False
    danger: bool = False
    dialog: str = ""

    def render(self, context: Context | None = None) -> SafeString:
        look, picture = " menu-danger" if self.danger else "", draw_icon(self.icon)
        if not self.post:
            dialog = attribute("data-dialog", self.dialog)
            form = '<li><a class="menu-item{}" href="{}"{}{}>{}{}</a></li>\n'
            return format_html(form, look, self.url, dialog, self.attrs, picture, self.label)
        token = context.get("csrf_token") if context is not None else None
        return format_html(
            '<li><form method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<button class="menu-item{}"{}>{}{}</button></form></li>\n',
            self.url,
            token,
            look,
            self.attrs,
            picture,
            self.label,
        )


@dataclass(frozen=True, kw_only=True)
class Dialog(Component):
    """A question over the page, opened by a link that names it; without script that link leads to a page."""

    template: ClassVar[str] = "ui/components/dialog.html"
    takes_content: ClassVar[bool] = True
    id: str
    title: Text


@dataclass(frozen=True, kw_only=True)
class Confirm(Component):
    """Asks before something is done; `text` says what will follow. Further fields may stand between the tags."""

    template: ClassVar[str] = "ui/components/confirm.html"
    takes_content: ClassVar[bool] = True
    text: Text
    action_label: Text
    action_url: str
    cancel_url: str
    danger: bool = False


@dataclass(frozen=True, kw_only=True)
class Copy(Component):
    """A text to take along (a receipt, a code), with a button that copies it where there is script."""

    template: ClassVar[str] = "ui/components/copy.html"
    text: str
    label: Text
