"""What can be done: buttons, links, menus, dialogs."""

from dataclasses import dataclass
from typing import ClassVar, Literal, TypeAlias

from lianxin.ui.components.base import Component
from lianxin.ui.components.display import Text

Look: TypeAlias = Literal["primary", "secondary", "danger", "quiet"]
"""primary: the one main action of a page. danger: cannot be taken back. quiet: beside others, without a frame."""


@dataclass(frozen=True, kw_only=True)
class Button(Component):
    """A button of a form. `form` is the id of the form it belongs to when it stands outside."""

    template: ClassVar[str] = "ui/components/button.html"
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


@dataclass(frozen=True, kw_only=True)
class Link(Component):
    """A link that looks like a button; `dialog` opens the dialog of that id instead, where there is script."""

    template: ClassVar[str] = "ui/components/link.html"
    takes_attributes: ClassVar[bool] = True
    label: Text
    url: str
    look: Look = "secondary"
    icon: str = ""
    wide: bool = False
    dialog: str = ""


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

    template: ClassVar[str] = "ui/components/menu_item.html"
    takes_attributes: ClassVar[bool] = True
    label: Text
    url: str
    icon: str = ""
    post: bool = False
    danger: bool = False
    dialog: str = ""


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
