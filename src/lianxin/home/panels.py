"""What contexts above add to the first page of an administrator. They register it in their `apps.ready()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lianxin.org.queries import Person


@dataclass(frozen=True)
class PanelLine:
    """One open point: what it is about, how it stands, and where it is mended (empty: not by the viewer)."""

    label: str
    status: str
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A block on top of the page, with a link to its own page."""

    title: str
    lead: str
    lines: Sequence[PanelLine]
    url: str
    link: str


GivePanel = Callable[[Person], Panel | None]
_givers: list[GivePanel] = []


def give_panel_by(give: GivePanel) -> None:
    """Have this function say what stands on top of an administrator's first page, if anything."""
    if give not in _givers:
        _givers.append(give)


def panels_for(viewer: Person) -> list[Panel]:
    """What stands on top of the viewer's first page."""
    return [panel for give in _givers if (panel := give(viewer)) is not None]
