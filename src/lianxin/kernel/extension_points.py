"""Places that a lower context declares on its pages, for upper contexts to fill.

The lower context declares an `ExtensionPoint` in its `events.py` and calls it where its page is made; an upper context
registers a provider in its `apps.ready()`:

    issue_panels: ExtensionPoint[["Person", "Issue"], Panel | None] = ExtensionPoint()  # below
    issue_panels.register(panel_of_issue)  # above
    panels = issue_panels(viewer, issue)  # below: one answer of each provider, in the order of registration
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class ExtensionPoint(Generic[P, R]):
    """A place for providers of one signature. Calling it asks each of them; what they raise goes to the caller."""

    def __init__(self) -> None:
        self._providers: list[Callable[P, R]] = []

    def register(self, provider: Callable[P, R]) -> None:
        """Add a provider; the same one counts once."""
        if provider not in self._providers:
            self._providers.append(provider)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> list[R]:
        """What each provider answers, in the order of registration."""
        return [provider(*args, **kwargs) for provider in self._providers]


@dataclass(frozen=True)
class Panel:
    """A part of a page: the page includes `template`, which finds `data` as `panel.data`."""

    template: str
    data: Any
