"""What a message says: numbers and sentences of ours, in the language of its reader."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lianxin.kernel.public_url import absolute
from lianxin.notifications.events import subject
from lianxin.notifications.models import Contact, Delivery, Notice
from lianxin.notifications.policies import is_pressing
from lianxin.notifications.queries import Line, read_out
from lianxin.notifications.services.channels import Message
from lianxin.notifications.services.channels.base import Item
from lianxin.notifications.services.contacts import code_of, stop_token
from lianxin.org.queries import Person

_NUMBERS = 3
"""So many case numbers stand in a subject line."""
_LINES = 50


@contextmanager
def in_language_of(person: Person) -> Iterator[None]:
    """Speak as the person reads."""
    chosen = getattr(getattr(person, "user", None), "language", "")
    with translation.override(chosen or settings.LANGUAGE_CODE):
        yield


def standing_of(person: Person, notices: Collection[Notice]) -> Mapping[Notice, bool]:
    """The notices about what the person still sees, each with whether only a bare hint of it may leave the house."""
    found: dict[Notice, bool] = {}
    for kind, group in groupby(sorted(notices, key=attrgetter("subject_type")), key=attrgetter("subject_type")):
        told = list(group)
        seen = subject(kind).standing(person, {notice.subject_id for notice in told})
        found |= {notice: seen[notice.subject_id] for notice in told if notice.subject_id in seen}
    return found


def telling(contact: Contact, first: Delivery, standing: Mapping[Notice, bool]) -> Message:
    """The message about some notices; of what is sealed, one line that says nothing."""
    with in_language_of(contact.person):
        ordered = sorted(standing, key=lambda notice: (not is_pressing(notice), notice.at, notice.label))
        lines = [read_out(notice) for notice in ordered if not standing[notice]]
        items = [item for line in lines[:_LINES] for item in _items(line)]
        if more := len(lines) - _LINES if len(lines) > _LINES else 0:
            said = ngettext("%(count)d more message in your inbox.", "%(count)d more messages in your inbox.", more)
            items.append(Item(said % {"count": more}, absolute(reverse("notifications:inbox"))))
        if any(standing.values()):
            items.append(_bare())
        subject_line = _subject_line([line.notice.label for line in lines])
        if urgent := any(is_pressing(notice) for notice in standing):
            subject_line = _("Urgent: %(subject)s") % {"subject": subject_line}
        return _message(contact, str(first.pk), subject_line, items, urgent=urgent)


def hint(contact: Contact, message_id: str) -> Message:
    """The message that there is something, and no more."""
    with in_language_of(contact.person):
        return _message(contact, message_id, _subject_line([]), [_bare()])


def asking_for_code(contact: Contact, delivery: Delivery) -> Message:
    """The message with the code that confirms the address."""
    with in_language_of(contact.person):
        said = _(
            "Enter it where you entered this address. It is valid for one day. If you did not enter an "
            "address, someone mistyped theirs: please ignore this email."
        )
        return Message(
            id=str(delivery.pk),
            address=contact.address,
            subject=_("Lianxin"),
            items=[Item(said)],
            code=code_of(contact),
        )


def _items(line: Line) -> list[Item]:
    enclosed = subject(line.notice.subject_type).enclosed(line.notice.subject_id)
    return [Item(line.sentence, absolute(line.url)), *([Item(enclosed)] if enclosed else [])]


def _bare() -> Item:
    return Item(_("You have a new message."), absolute(reverse("notifications:inbox")))


def _message(
    contact: Contact, message_id: str, subject_line: str, items: Sequence[Item], *, urgent: bool = False
) -> Message:
    return Message(
        id=message_id,
        address=contact.address,
        subject=subject_line,
        items=items,
        stop_url=absolute(reverse("notifications:stop", args=[stop_token(contact)])),
        settings_url=absolute(reverse("notifications:preferences")),
        urgent=urgent,
    )


def _subject_line(labels: Sequence[str]) -> str:
    """Case numbers alone; the name of the system where there is none to be told."""
    numbers = list(dict.fromkeys(filter(None, labels)))
    if not numbers:
        return _("Lianxin")
    return ", ".join(numbers[:_NUMBERS]) + ("…" if len(numbers) > _NUMBERS else "")
