"""Reading an inbox: only ever one's own."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from lianxin.notifications.events import subject
from lianxin.notifications.models import Notice
from lianxin.notifications.policies import addressed_to
from lianxin.org.queries import Person

PAGE_SIZE = 30


@dataclass(frozen=True)
class Line:
    """A notice as it is read: a sentence, an icon and where it leads."""

    notice: Notice
    sentence: str
    icon: str
    url: str


def _inbox(viewer: Person) -> QuerySet[Notice]:
    return Notice.objects.filter(addressed_to(viewer)).order_by("-at", "-pk")


def unread_count(*, viewer: Person) -> int:
    """How many notices the viewer has not looked at."""
    return Notice.objects.filter(addressed_to(viewer), read_at__isnull=True).count()


def inbox_page(*, viewer: Person, number: int) -> tuple[Page[Notice], list[Line]]:
    """One page of the viewer's inbox, newest first, and how its notices read."""
    page = Paginator(_inbox(viewer), PAGE_SIZE).get_page(number)
    return page, [read_out(notice) for notice in page]


def latest(*, viewer: Person, limit: int = 5) -> list[Line]:
    """The newest unread notices."""
    return [read_out(notice) for notice in _inbox(viewer).filter(read_at__isnull=True)[:limit]]


def read_out(notice: Notice) -> Line:
    """How a notice reads to its recipient, in the language of the moment."""
    about = subject(notice.subject_type)
    sentence = str(about.sentences(notice.kind).label) % {"label": notice.label}
    return Line(notice, sentence, about.icons.get(notice.kind, "bell"), about.url(notice.subject_id))
