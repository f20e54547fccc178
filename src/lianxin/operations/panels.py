"""What stands on an administrator's first page until the system is ready."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.home.panels import Panel, PanelLine
from lianxin.operations.queries import checklist, sees_checklist
from lianxin.org.queries import Person


def checklist_panel(viewer: Person) -> Panel | None:
    """The open items of the set-up checklist; nothing once all are done, or for whoever does not set up."""
    if not sees_checklist(viewer):
        return None
    items = checklist()
    open_items = [item for item in items if not item.done]
    if not open_items:
        return None
    lead = ngettext(
        "%(n)d item is missing before the system is ready for real cases.",
        "%(n)d items are missing before the system is ready for real cases.",
        len(open_items),
    )
    return Panel(
        title=_("Setup checklist"),
        lead=lead % {"n": len(open_items)},
        lines=[
            PanelLine(item.label, item.status, item.url if item.url and item.may_open(viewer) else "")
            for item in open_items
        ],
        url=reverse("operations:checklist"),
        link=_("Open the checklist"),
    )
