"""Reading an inbox: only ever one's own; and how what goes out is doing."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied
from lianxin.kernel.paging import MOST, CappedPaginator
from lianxin.ledger.queries import Event
from lianxin.notifications.enums import CHANNEL_SUBJECT, MAIL, SERVER_SET, TAKEN, DeliveryState, FailureReason
from lianxin.notifications.events import subject
from lianxin.notifications.models import ChannelOutage, Contact, Delivery, Hold, MailServer, Notice, ReadMark, readers
from lianxin.notifications.policies import AGAIN_WITHIN, keeps_channels, may_go_again, pseudonyms
from lianxin.org.queries import Person

PAGE_SIZE = 30


@dataclass(frozen=True)
class Line:
    """A notice as it is read: a sentence, an icon and where it leads."""

    notice: Notice
    sentence: str
    icon: str
    url: str
    is_unread: bool


class _Newest:
    """The viewer's notices, newest first, read as far as a slice goes."""

    def __init__(self, viewer: Person) -> None:
        self._viewer = viewer

    def __getitem__(self, part: slice) -> list[Notice]:
        return list(_newest(self._viewer, part.stop)[part]) if part.stop else []  # an empty slice joins no other


def _lists_of(viewer: Person) -> tuple[QuerySet[Notice], QuerySet[Notice]]:
    """The viewer's openly and secretly addressed notices; each has its index, both together have none."""
    return (
        Notice.objects.filter(recipient=viewer.pk),
        Notice.objects.filter(recipient_tag__in=pseudonyms(viewer.pk)),
    )


def _newest(viewer: Person, limit: int) -> QuerySet[Notice]:
    """The newest notices: as many of each list, merged, without reading the others."""
    openly, secretly = (rows.order_by("-at", "-pk")[:limit] for rows in _lists_of(viewer))
    return openly.union(secretly, all=True).order_by("-at", "-pk")[:limit]


def unread_count(*, viewer: Person) -> int:
    """How many notices the viewer has not looked at."""
    openly = Notice.objects.filter(recipient=viewer.pk, read_at__isnull=True).count()
    return openly + len(_unread_in_secret(viewer))


def _unread_in_secret(viewer: Person) -> list[Notice]:
    """The viewer's secret notices that they have not looked at, newest first; one query for whoever has none."""
    notices = list(Notice.objects.filter(recipient_tag__in=pseudonyms(viewer.pk), read=False).order_by("-at", "-pk"))
    return without_looked_at(notices, viewer.pk) if notices else []


def without_looked_at(notices: Iterable[Notice], person_id: int) -> list[Notice]:
    """Those secret notices of a person that none of their marks covers (see `ReadMark`)."""
    marks = list(ReadMark.objects.filter(reader__in=readers(person_id)))
    return [notice for notice in notices if not any(mark.covers(notice) for mark in marks)]


def urgent_unread(*, viewer: Person, limit: int = 10) -> list[Line]:
    """The newest unread notices of the viewer about danger: they stand first until they are read."""
    found = Notice.objects.filter(recipient=viewer.pk, urgent=True, read_at__isnull=True).order_by("-at")
    return [read_out(notice) for notice in found[:limit]]


def _urgent_first(urgent: list[Line], lines: list[Line]) -> list[Line]:
    known = {line.notice.pk for line in urgent}
    return [*urgent, *(line for line in lines if line.notice.pk not in known)]


def inbox_page(*, viewer: Person, number: int) -> tuple[Page[Notice], list[Line]]:
    """One page of the viewer's inbox, newest first, and how its notices read. On the first page what is urgent and
    unread stands on top, however old it is.
    """
    found = sum(rows[: MOST + 1].count() for rows in _lists_of(viewer))
    page = CappedPaginator(_Newest(viewer), PAGE_SIZE, found=found).get_page(max(number, 1))
    in_secret = {notice.pk for notice in _unread_in_secret(viewer)}
    lines = [read_out(notice, is_unread=_is_unread(notice, in_secret)) for notice in page]
    return page, _urgent_first(urgent_unread(viewer=viewer), lines) if page.number == 1 else lines


def _is_unread(notice: Notice, in_secret: Collection[UUID]) -> bool:
    return notice.read_at is None if notice.recipient_id else notice.pk in in_secret


def latest(*, viewer: Person, limit: int = 5) -> list[Line]:
    """The newest unread notices, the urgent ones first."""
    openly = Notice.objects.filter(recipient=viewer.pk, read_at__isnull=True).order_by("-at", "-pk")[:limit]
    found = sorted([*openly, *_unread_in_secret(viewer)], key=attrgetter("at", "pk"), reverse=True)
    newest = [read_out(notice) for notice in found[:limit]]
    return _urgent_first(urgent_unread(viewer=viewer, limit=limit), newest)[:limit]


def read_out(notice: Notice, *, is_unread: bool = True) -> Line:
    """How a notice reads to its recipient, in the language of the moment."""
    about = subject(notice.subject_type)
    sentence = str(about.sentences(notice.kind).label) % {"label": notice.label}
    return Line(notice, sentence, about.icons.get(notice.kind, "bell"), about.url(notice.subject_id), is_unread)


def own_contact(*, viewer: Person, channel: str) -> Contact | None:
    """Where the viewer wants to be told on a channel; None while they have entered nothing."""
    return Contact.objects.filter(person=viewer, channel=channel).first()


def mail_is_set_up() -> bool:
    """Whether mail goes to a server, rather than being printed on the console."""
    return mail_server() is not None


def mail_is_set_outside() -> bool:
    """Whether `LIANXIN_MAIL_URL` says where mail goes, so that nobody can say so on the page."""
    return settings.LIANXIN_MAIL is not None or settings.LIANXIN_MAIL_DECLINED


def mail_server() -> Any:
    """The mail server of the environment or, failing that, of the page; None where mail goes to none."""
    return settings.LIANXIN_MAIL if mail_is_set_outside() else MailServer.objects.first()


def mail_sender() -> str:
    """Who mails come from, such as `连心桥 <lianxin@example.com>`."""
    server = mail_server()
    return server.sender if isinstance(server, MailServer) else str(settings.LIANXIN_MAIL_FROM)


def held_since(channel: str = "mail") -> datetime | None:
    """Since when nothing goes out on a channel because nobody has switched it on; None while it is on."""
    return Hold.objects.filter(channel=channel).values_list("since", flat=True).first()


@dataclass(frozen=True)
class MailStatus:
    """Whether mail works, for the set-up checklist, `lianxin doctor`, the metrics and the settings page alike."""

    set_up: bool
    declined: bool
    """Whoever runs the server says that no mail is to be sent."""
    tested: bool
    """A mail server has taken a mail of ours at least once."""
    outage: ChannelOutage | None
    """Since when, and why, nothing goes out now."""


def mail_status() -> MailStatus:
    """How mail stands now."""
    events = Event.objects.filter(subject_type=CHANNEL_SUBJECT, subject_id=MAIL)
    taken = events.filter(action=TAKEN)
    sent = Delivery.objects.filter(channel=MAIL, state=DeliveryState.SENT)
    if changed := events.filter(action=SERVER_SET).aggregate(at=Max("at"))["at"]:
        taken, sent = taken.filter(at__gt=changed), sent.filter(done_at__gt=changed)
    set_up = mail_is_set_up()
    return MailStatus(
        set_up=set_up,
        declined=settings.LIANXIN_MAIL_DECLINED,
        tested=taken.exists() or sent.exists(),
        outage=ChannelOutage.objects.filter(channel=MAIL).first() if set_up else None,
    )


class DeliveryHealth(NamedTuple):
    """How what goes out is doing, for whoever watches over the system."""

    queued: int
    """Deliveries whose time has come, or that failed at least once, and that have not ended."""
    oldest_queued_at: datetime | None
    """When the oldest of them was to go; None while there is none."""
    failed_last_day: int
    """Refused for good, or given up after three days, in the last 24 hours."""
    unknown_last_day: int
    """Handed over without an answer in the last 24 hours: they may have arrived, and are not sent again."""
    last_sent_at: datetime | None


def delivery_health() -> DeliveryHealth:
    """The figures behind `lianxin doctor` and the metrics; they tell of nobody."""
    now = timezone.now()
    ended = Q(done_at__gt=now - timedelta(days=1))
    waiting = Q(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING]) & (Q(next_at__lte=now) | Q(attempts__gt=0))
    figures = Delivery.objects.aggregate(
        queued=Count("pk", filter=waiting),
        oldest_queued_at=Min("due_at", filter=waiting),
        failed_last_day=Count("pk", filter=ended & Q(state=DeliveryState.FAILED)),
        unknown_last_day=Count("pk", filter=ended & Q(state=DeliveryState.UNKNOWN)),
        last_sent_at=Max("done_at", filter=Q(state=DeliveryState.SENT)),
    )
    return DeliveryHealth(**figures)


@dataclass(frozen=True)
class DeliveryProblem:
    """Deliveries in one state for one reason."""

    state: DeliveryState
    trouble: str
    """Its words; empty for what is older than their being kept."""
    count: int
    next_at: datetime | None
    """When the first of them is tried again, where any is."""


class ChannelState(NamedTuple):
    """How one channel is doing: numbers and times, nobody's name or address, no case."""

    waiting: int
    """To go now, and not tried yet."""
    later: int
    """Planned: somebody's quiet hours, or their daily mail."""
    retried: int
    oldest_at: datetime | None
    """When the oldest of what waits or is retried was to go."""
    sent: int
    failed: int
    unknown: int
    """These three in the last day."""
    again: int
    """What failed and may be tried again."""
    snags: list[DeliveryProblem]
    outage: ChannelOutage | None
    held_since: datetime | None


def channel_state(*, viewer: Person, channel: str) -> ChannelState:
    """How a channel is doing, for who keeps it.

    Raises:
        PermissionDenied: the viewer does not.
    """
    if not keeps_channels(viewer):
        raise PermissionDenied(_("You do not have permission to do this."))
    now = timezone.now()
    on_the_way = Q(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])
    new, retried = on_the_way & Q(attempts=0), Q(state=DeliveryState.QUEUED, attempts__gt=0)
    sending = Q(state=DeliveryState.SENDING)
    due = (new & Q(next_at__lte=now)) | sending
    today, lately = Q(done_at__gt=now - timedelta(days=1)), Q(done_at__gt=now - AGAIN_WITHIN)
    rows = Delivery.objects.filter(on_the_way | lately, channel=channel)
    figures = rows.aggregate(
        waiting=Count("pk", filter=due),
        later=Count("pk", filter=new & Q(next_at__gt=now)),
        retried=Count("pk", filter=retried),
        oldest_at=Min("due_at", filter=due | retried),
        sent=Count("pk", filter=today & Q(state=DeliveryState.SENT)),
        failed=Count("pk", filter=today & Q(state=DeliveryState.FAILED)),
        unknown=Count("pk", filter=today & Q(state=DeliveryState.UNKNOWN)),
        again=Count("pk", filter=may_go_again(now)),
    )
    bad = retried | (lately & Q(state__in=[DeliveryState.FAILED, DeliveryState.UNKNOWN]))
    outage = ChannelOutage.objects.filter(channel=channel).first()
    return ChannelState(
        **figures, snags=_snags(rows.filter(bad), retried), outage=outage, held_since=held_since(channel)
    )


def _snags(rows: QuerySet[Delivery], retried: Q) -> list[DeliveryProblem]:
    """What did not go out at once, by state and reason."""
    counted = rows.values("state", "trouble").annotate(count=Count("pk"), first=Min("next_at", filter=retried))
    return [
        DeliveryProblem(
            DeliveryState(row["state"]),
            str(FailureReason(row["trouble"]).label) if row["trouble"] else "",
            row["count"],
            row["first"],
        )
        for row in counted.order_by("state", "trouble")
    ]
