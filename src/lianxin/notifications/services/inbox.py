"""Writing to inboxes, in the transaction of the cause."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Model, QuerySet, Value, When

from lianxin.kernel import timezone
from lianxin.kernel.workflow import TransitionContext
from lianxin.notifications.models import Notice, ReadMark
from lianxin.notifications.policies import pseudonyms
from lianxin.org.queries import Person

T = TypeVar("T", bound=Model)


def notify(
    *,
    kind: str,
    recipients: Iterable[int],
    subject_type: str,
    subject_id: object,
    label: str,
    at: datetime | None = None,
    urgent: bool = False,
    hourly: bool = False,
) -> None:
    """Put one notice in each recipient's inbox (person ids; each once).

    `urgent` goes out whatever the hour; of what is `hourly`, times are kept to the hour.
    """
    moment = at or timezone.now()
    moment = timezone.to_the_hour(moment) if hourly else moment
    Notice.objects.bulk_create(
        [
            Notice(
                recipient_id=person_id,
                kind=kind,
                subject_type=subject_type,
                subject_id=str(subject_id),
                label=label,
                at=moment,
                urgent=urgent,
                hourly=hourly,
            )
            for person_id in dict.fromkeys(recipients)
        ]
    )


@dataclass(frozen=True)
class Notifier(Generic[T]):
    """Notices about objects of one kind, whose number or name is `label`: sent, or as the followers of a workflow."""

    subject_type: str
    label: Callable[[T], str]

    def send(self, kind: str, subject: T, recipients: Iterable[int]) -> None:
        """Put a notice about the object in these people's inboxes."""
        subject_id, label = subject.pk, self.label(subject)
        notify(kind=kind, recipients=recipients, subject_type=self.subject_type, subject_id=subject_id, label=label)

    def to(self, kind: str, recipients: Callable[[T], Iterable[int]]) -> Callable[[TransitionContext[Any]], None]:
        """For a transition's `then`: notify the people whom `recipients` names for the object."""
        return lambda context: self.send(kind, context.subject, recipients(context.subject))

    def done(self, *kinds: str) -> Callable[[TransitionContext[Any]], None]:
        """For a transition's `then`: what notices of these kinds asked for is done, so they leave the inboxes."""
        return lambda context: settle_notices(
            subject_type=self.subject_type, subject_ids=[context.subject.pk], kinds=kinds
        )


def notify_pseudonymous(
    *, kind: str, tag: bytes, subject_type: str, subject_id: object, label: str, at: datetime | None = None
) -> None:
    """Put one notice in the inbox of whoever has this pseudonym; nothing names them."""
    Notice.objects.create(
        recipient_tag=tag,
        kind=kind,
        subject_type=subject_type,
        subject_id=str(subject_id),
        label=label,
        at=at or timezone.now(),
    )


def recipients_of(subject_type: str, subject_id: object) -> set[int]:
    """Ids of those in whose inbox something stands about an object, as far as they are openly addressed."""
    notices = Notice.objects.filter(subject_type=subject_type, subject_id=str(subject_id), recipient__isnull=False)
    return set(notices.values_list("recipient_id", flat=True))


def take_back(*, subject_type: str, subject_id: object, recipients: Iterable[int]) -> int:
    """Take the notices about an object away from people who no longer see it; return how many there were."""
    notices = Notice.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    return notices.filter(recipient__in=list(recipients)).delete()[0]


def mark_all_read(*, actor: Person) -> int:
    """The actor has looked at everything. Returns how many open notices were unread."""
    now = timezone.now()
    ReadMark.of(actor.pk, subject_type="", subject_id="", until=now).save(force_insert=True)
    return _mark(Notice.objects.filter(recipient=actor.pk), now)


def mark_read(*, actor: Person, subject_type: str, subject_id: object, openly: bool = True) -> int:
    """The actor has looked at one object. Returns how many open notices were unread.

    Not `openly`: only notices under a pseudonym are marked, at the next full hour; open ones stay as they are.
    """
    now = timezone.now()
    about = {"subject_type": subject_type, "subject_id": str(subject_id)}
    ReadMark.of(actor.pk, **about, until=now).save(force_insert=True)
    return _mark(Notice.objects.filter(recipient=actor.pk, **about), now) if openly else 0


def _mark(notices: QuerySet[Notice], now: datetime) -> int:
    """Note when unread notices were read; of those kept to the hour, the hour."""
    read_at = Case(When(hourly=True, then=Value(timezone.to_the_hour(now))), default=Value(now))
    return notices.filter(read_at__isnull=True).update(read_at=read_at)


def settle_notices(
    *,
    subject_type: str,
    subject_ids: Collection[object],
    kinds: Collection[str],
    recipients: Iterable[int] | None = None,
) -> None:
    """What notices of these kinds asked for is done, for everybody or for some people: they leave the inbox, and what
    has not gone out yet does not go out.
    """
    now = timezone.now()
    ids = [str(subject_id) for subject_id in subject_ids]
    done = Notice.objects.filter(subject_type=subject_type, subject_id__in=ids, kind__in=kinds, settled=False)
    if recipients is not None:
        done = done.filter(recipient__in=list(recipients))
    read_at = Case(
        When(recipient__isnull=True, then=Value(None)),  # of a secret one no moment is kept
        When(read_at__isnull=False, then=F("read_at")),
        When(hourly=True, then=Value(timezone.to_the_hour(now))),
        default=Value(now),
        output_field=DateTimeField(),
    )
    done.update(settled=True, read_at=read_at)


_MARKS_AT_ONCE = 2000


def settle_read_marks() -> int:
    """Mark as read what was looked at in secret up to now, for everybody in one statement; return how many there were.

    Run at full hours, so that no change of a notice lies beside what its recipient did openly.
    """
    marks = list(ReadMark.objects.all()[:_MARKS_AT_ONCE])
    total = 0
    while marks:
        with transaction.atomic():
            found = _meant_by(marks)
            total += Notice.objects.filter(pk__in=found, read=False).update(read=True)
            ReadMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
        marks = list(ReadMark.objects.all()[:_MARKS_AT_ONCE])
    return total


def _meant_by(marks: Collection[ReadMark]) -> set[UUID]:
    """The unread secret notices, of whoever left the marks, that these mean."""
    meanings = [meant for mark in marks if (meant := mark.meaning()) is not None]
    unread = Notice.objects.filter(recipient_tag__isnull=False, read=False)
    about: dict[tuple[str, str], list[Notice]] = {}
    for notice in unread.filter(subject_id__in={meant.subject_id for meant in meanings if meant.subject_id}):
        about.setdefault((notice.subject_type, notice.subject_id), []).append(notice)
    found: set[UUID] = set()
    tags: dict[int, set[bytes]] = {}
    for meant in meanings:
        likely = about.get((meant.subject_type, meant.subject_id), [])
        if likely or not meant.subject_id:
            tags.setdefault(meant.person_id, set(pseudonyms(meant.person_id)))
        if not meant.subject_id:
            likely = list(unread.filter(recipient_tag__in=tags[meant.person_id]))
        found |= {
            notice.pk
            for notice in likely
            if notice.at <= meant.until and bytes(notice.recipient_tag or b"") in tags[meant.person_id]
        }
    return found
