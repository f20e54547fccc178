"""Reading an inbox: only ever one's own; and how what goes out is doing."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.paginator import Page
from django.db.models import Case, Count, Max, Min, Q, QuerySet, Value, When
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied
from lianxin.kernel.paging import CappedPaginator
from lianxin.ledger.queries import Event
from lianxin.notifications.enums import CHANNEL_SUBJECT, MAIL, SERVER_SET, TAKEN, DeliveryState, FailureReason
from lianxin.notifications.events import Subject, subject, subject_types
from lianxin.notifications.models import ChannelOutage, Contact, Delivery, Hold, MailServer, Notice, ReadMark, readers
from lianxin.notifications.policies import AGAIN_WITHIN, addressed_to, keeps_channels, may_go_again, pseudonyms
from lianxin.org.queries import Person

PAGE_SIZE = 30
MOST_WORDS = 3
"""So many things that happened stand in one line."""
LOOKED_THROUGH = 12
"""For a line on a first page so many notices are read: of one object there may be many."""
READ_KEPT = timedelta(days=30)
"""So long what was read, and asks for nothing, stays in the inbox."""


@dataclass(frozen=True)
class Line:
    """What an inbox says of one object: what happened in words, an icon and where it leads.

    `notice` is the newest of those it stands for; `title` what the object is called, or its number where its title is
    not to be read there; empty where the sentence names it.
    """

    notice: Notice
    sentence: str
    icon: str
    url: str
    is_unread: bool
    title: str = ""
    is_urgent: bool = False


def unread_count(*, viewer: Person) -> int:
    """Of how many things the viewer has not looked at what is new."""
    openly = Notice.objects.filter(recipient=viewer.pk, read_at__isnull=True, settled=False)
    in_secret = {_object_of(notice) for notice in _unread_in_secret(viewer)}
    if not in_secret:
        return openly.values("subject_type", "subject_id").distinct().count()
    return len(in_secret.union(openly.values_list("subject_type", "subject_id")))


def _object_of(notice: Notice) -> tuple[str, str]:
    return notice.subject_type, notice.subject_id


def _unread_in_secret(viewer: Person) -> list[Notice]:
    """The viewer's secret notices that they have not looked at, newest first; one query for whoever has none."""
    unread = Notice.objects.filter(recipient_tag__in=pseudonyms(viewer.pk), read=False, settled=False)
    notices = list(unread.order_by("-at", "-pk"))
    return without_looked_at(notices, viewer.pk) if notices else []


def without_looked_at(notices: Iterable[Notice], person_id: int) -> list[Notice]:
    """Those secret notices of a person that none of their marks covers (see `ReadMark`)."""
    marks = list(ReadMark.objects.filter(reader__in=readers(person_id)))
    return [notice for notice in notices if not any(mark.covers(notice) for mark in marks)]


def _kept(viewer: Person) -> QuerySet[Notice]:
    """What stands in the viewer's inbox: what they are to do, what they have not read, and what is not long ago.

    What was done leaves it.
    """
    to_do = Q()
    for name, about in subject_types().items():
        to_do |= Q(subject_type=name, kind__in=about.duties)
    unread = Q(recipient__isnull=False, read_at__isnull=True) | Q(recipient__isnull=True, read=False)
    lately = Q(at__gt=timezone.now() - READ_KEPT)
    return Notice.objects.filter(addressed_to(viewer), to_do | unread | lately, settled=False)


def inbox_page(*, viewer: Person, number: int) -> tuple[Page[dict[str, Any]], list[Line]]:
    """One page of the viewer's inbox, one line for each object, the newest first; and before all others what is urgent
    and unread, however old it is.
    """
    mine = _kept(viewer)
    pressing = Max(Case(When(urgent=True, read_at__isnull=True, then=Value(1)), default=Value(0)))
    objects = mine.values("subject_type", "subject_id").annotate(pressing=pressing, newest=Max("at"))
    ordered = objects.order_by("-pressing", "-newest", "subject_id")
    page = CappedPaginator(ordered, PAGE_SIZE).get_page(max(number, 1))
    shown = [(row["subject_type"], row["subject_id"]) for row in page]
    notices = mine.filter(subject_id__in=[subject_id for _type, subject_id in shown]).order_by("-at", "-pk")
    in_secret = {notice.pk for notice in _unread_in_secret(viewer)}
    unread = {notice.pk for notice in notices if _is_unread(notice, in_secret)}
    lines = _lines(viewer, notices, unread)
    return page, [lines[each] for each in shown if each in lines]


def _is_unread(notice: Notice, in_secret: Collection[UUID]) -> bool:
    return notice.read_at is None if notice.recipient_id else notice.pk in in_secret


def latest(*, viewer: Person, limit: int = 5) -> list[Line]:
    """What is new to the viewer, one line for each object, the urgent first."""
    openly = Notice.objects.filter(recipient=viewer.pk, read_at__isnull=True, settled=False)
    ordered = openly.order_by("-urgent", "-at", "-pk")[: LOOKED_THROUGH * limit]
    found = sorted([*ordered, *_unread_in_secret(viewer)], key=attrgetter("at", "pk"), reverse=True)
    lines = _lines(viewer, found, {notice.pk for notice in found}).values()
    return sorted(lines, key=lambda line: not line.is_urgent)[:limit]


def duties(*, viewer: Person, leaving_out: Collection[str], limit: int = 5) -> list[Line]:
    """What objects of other kinds than these ask of the viewer, one line each, the newest first."""
    asked = Q(pk__in=[])
    for name, about in subject_types().items():
        if name not in leaving_out:
            asked |= Q(subject_type=name, kind__in=about.duties)
    found = Notice.objects.filter(asked, recipient=viewer.pk, settled=False).order_by("-at", "-pk")
    notices = found[: LOOKED_THROUGH * limit]
    return list(_lines(viewer, notices, [notice.pk for notice in notices if notice.read_at is None]).values())[:limit]


def _lines(viewer: Person, notices: Iterable[Notice], unread: Collection[UUID]) -> dict[tuple[str, str], Line]:
    """One line for each object of which some notices are, which come newest first."""
    groups: dict[tuple[str, str], list[Notice]] = {}
    for notice in notices:
        groups.setdefault(_object_of(notice), []).append(notice)
    titles: dict[tuple[str, str], str] = {}
    for name, about in subject_types().items():
        ids = [subject_id for kind, subject_id in groups if kind == name]
        if about.titles and ids:
            titles |= {(name, subject_id): title for subject_id, title in about.titles(viewer, ids).items()}
    return {key: _line(group, unread, titles.get(key, "")) for key, group in groups.items()}


def _line(group: Sequence[Notice], unread: Collection[UUID], title: str) -> Line:
    newest, about = group[0], subject(group[0].subject_type)
    counted = Counter(notice.kind for notice in group)
    words = [_counted(_words(about, newest.label, kind), number) for kind, number in counted.items()]
    return Line(
        newest,
        " · ".join(words[:MOST_WORDS]),
        about.icons.get(newest.kind, "bell"),
        about.url(newest.subject_id),
        any(notice.pk in unread for notice in group),
        title or (newest.label if about.titles else ""),
        any(notice.urgent and notice.pk in unread for notice in group),
    )


def _words(about: Subject, label: str, kind: str) -> str:
    """What a notice of a kind says; where its object is named by title and number, without the number."""
    if about.titles is None:
        return str(about.sentences(kind).label) % {"label": label}
    said = str(about.sentences(kind).label) % {"label": ""}
    return capfirst(said.lstrip(" :：")) or said


def _counted(words: str, number: int) -> str:
    return words if number == 1 else _("%(what)s (%(n)d times)") % {"what": words, "n": number}


def read_out(notice: Notice) -> Line:
    """How a notice reads by itself, in the language of the moment."""
    about = subject(notice.subject_type)
    sentence = str(about.sentences(notice.kind).label) % {"label": notice.label}
    return Line(notice, sentence, about.icons.get(notice.kind, "bell"), about.url(notice.subject_id), is_unread=True)


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
