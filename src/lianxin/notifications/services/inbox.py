"""Writing to inboxes, in the transaction of the cause."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Case, Value, When

from lianxin.kernel import clock
from lianxin.kernel.rows import insert, prepared
from lianxin.notifications.models import Notice
from lianxin.notifications.policies import addressed_to, secret_address
from lianxin.org.queries import Person


def notify(
    *,
    kind: str,
    recipients: Iterable[int],
    subject_type: str,
    subject_id: object,
    label: str,
    at: datetime | None = None,
    hourly: bool = False,
) -> None:
    """Put one notice in each recipient's inbox (person ids; each once); `hourly`: its times are kept to the hour."""
    moment = at or clock.now()
    moment = clock.to_the_hour(moment) if hourly else moment
    insert(
        *(
            Notice(
                recipient_id=person_id,
                kind=kind,
                subject_type=subject_type,
                subject_id=str(subject_id),
                label=label,
                at=moment,
                hourly=hourly,
            )
            for person_id in dict.fromkeys(recipients)
        ),
        may_wait=True,
    )


def notify_in_secret(
    *, kind: str, tag: bytes, subject_type: str, subject_id: object, label: str, at: datetime | None = None
) -> None:
    """Put one notice in the inbox of whoever has this secret address; nothing names them."""
    notice = Notice(
        recipient_tag=tag,
        kind=kind,
        subject_type=subject_type,
        subject_id=str(subject_id),
        label=label,
        at=at or clock.now(),
    )
    insert(notice, may_wait=True)


def recipients_of(subject_type: str, subject_id: object) -> set[int]:
    """Ids of those in whose inbox something stands about an object, as far as they are openly addressed."""
    notices = Notice.objects.filter(subject_type=subject_type, subject_id=str(subject_id), recipient__isnull=False)
    return set(notices.values_list("recipient_id", flat=True))


def take_back(*, subject_type: str, subject_id: object, recipients: Iterable[int]) -> int:
    """Take the notices about an object away from people who no longer see it; return how many there were."""
    notices = Notice.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
    return notices.filter(recipient__in=list(recipients)).delete()[0]


_LOOKED_AT_ONE = """
    UPDATE notifications_notice SET read_at = CASE WHEN hourly THEN %(hour)s::timestamptz ELSE %(now)s::timestamptz END
    WHERE (recipient_id = %(person)s OR recipient_tag = %(tag)s) AND read_at IS NULL
      AND subject_type = %(type)s AND subject_id = %(id)s
"""


def mark_all_read(*, actor: Person) -> int:
    """The actor has looked at everything. Returns how many notices were unread."""
    now = clock.now()
    read_at = Case(When(hourly=True, then=Value(clock.to_the_hour(now))), default=Value(now))
    return Notice.objects.filter(addressed_to(actor), read_at__isnull=True).update(read_at=read_at)


def mark_read(*, actor: Person, subject_type: str, subject_id: object) -> int:
    """The actor has looked at one object. Returns how many notices were unread."""
    now = clock.now()
    given: dict[str, Any] = {
        "now": now,
        "hour": clock.to_the_hour(now),
        "person": actor.pk,
        "tag": secret_address(actor.pk),
        "type": subject_type,
        "id": str(subject_id),
    }
    with prepared() as cursor:
        cursor.execute(_LOOKED_AT_ONE, given)
        return cursor.rowcount
