"""Declared components: each says what it takes and refuses anything else. README.md lists them."""

from lianxin.ui.components.actions import Button, Confirm, Copy, Dialog, Link, Menu, MenuItem
from lianxin.ui.components.base import Component, ComponentError
from lianxin.ui.components.conversation import Conversation, Event, Message
from lianxin.ui.components.display import (
    Badge,
    Card,
    Deadline,
    EmptyState,
    Facts,
    Icon,
    NoticeBox,
    Progress,
    Step,
    Tile,
    Toast,
)
from lianxin.ui.components.forms import Choices, Field, Files, FormErrors
from lianxin.ui.components.lists import Column, More, Pagination, Select, Tab, TableRows, Tabs, WorkTable
from lianxin.ui.components.navigation import NavigationBar

__all__ = [
    "Badge",
    "Button",
    "Card",
    "Choices",
    "Column",
    "Component",
    "ComponentError",
    "Confirm",
    "Conversation",
    "Copy",
    "Deadline",
    "Dialog",
    "EmptyState",
    "Event",
    "Facts",
    "Field",
    "Files",
    "FormErrors",
    "Icon",
    "Link",
    "Menu",
    "MenuItem",
    "Message",
    "More",
    "NavigationBar",
    "NoticeBox",
    "Pagination",
    "Progress",
    "Select",
    "Step",
    "Tab",
    "TableRows",
    "Tabs",
    "Tile",
    "Toast",
    "WorkTable",
]
