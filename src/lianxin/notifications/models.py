"""The inbox: what concerns a person, without a word of what anybody wrote; and what goes out from it."""

import json
import secrets
from datetime import datetime, time
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lianxin.kernel.crypto import keyed_hash, seal, unseal
from lianxin.kernel.models import BaseModel
from lianxin.notifications.enums import DeliveryState, Encryption, FailureReason, Frequency, LetterKind


class Notice(BaseModel):
    """One line in somebody's inbox, about one object.

    Addressed openly (`recipient`) or, where the address itself is a secret, under one of the recipient's pseudonyms
    (`recipient_tag`), which only their own sign-in can compute. `kind` names the sentence (see
    `events.Subject`); `label` is a number such as LX-2611-7K4QM, never a title.

    The row is its own entry in the queue of what goes out: written in the transaction of its cause, it waits until
    the worker has looked at it (`passed_on`). What is secretly addressed never enters that queue.

    Of reading, an open notice keeps the moment (`read_at`). A secret one keeps no more than that it was read (`read`),
    which the worker sets at the next full hour together with all others (see `ReadMark`): a moment, or a row changed
    beside those of an open notice, would name the recipient.

    `hourly`: the times of what it is about are kept to the hour, so that nobody is found out by them; and so are its
    own and those of its deliveries.
    """

    recipient = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    recipient_tag = models.BinaryField(max_length=32, null=True)
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=40)
    label = models.CharField(max_length=40)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    read = models.BooleanField(default=False, db_default=False)
    passed_on = models.BooleanField(default=False, db_default=False)
    urgent = models.BooleanField(default=False, db_default=False)
    """People may come to harm: it waits for no hour of the day, and stands first in the inbox until it is read."""
    hourly = models.BooleanField(default=False, db_default=False)
    settled = models.BooleanField(default=False, db_default=False)
    """What it asked for is done, by whomever: it stands in no inbox any more."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__isnull=False, recipient_tag__isnull=True)
                | Q(recipient__isnull=True, recipient_tag__isnull=False),
                name="notice_has_one_address",
            ),
            models.CheckConstraint(
                condition=Q(recipient_tag__isnull=True) | Q(read_at__isnull=True), name="notice_in_secret_has_no_time"
            ),
            models.CheckConstraint(condition=Q(recipient__isnull=True) | Q(read=False), name="notice_read_has_a_time"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-at"], name="notice_recipient"),
            models.Index(fields=["recipient_tag", "-at"], name="notice_tag"),
            models.Index(fields=["recipient"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["recipient"], condition=Q(urgent=True), name="notice_urgent"),
            models.Index(fields=["recipient_tag"], condition=Q(read=False), name="notice_tag_unread"),
            models.Index(
                fields=["at"], condition=Q(passed_on=False, recipient__isnull=False), name="notice_to_pass_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class ReadMark(BaseModel):
    """That somebody looked at something, until the next full hour, when the worker marks what it means as read.

    Nothing here names whoever looked: only confidential requesters look at things of which nothing open tells, so a
    name would give them away. `reader` is one of many keyed hashes of theirs, drawn anew for each mark and found
    nowhere else; who it was and at what they looked is sealed, and always equally long.
    """

    reader = models.BinaryField(max_length=32)
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["reader"], name="read_mark_reader")]

    def __str__(self) -> str:
        return "read"

    @classmethod
    def of(cls, person_id: int, *, subject_type: str, subject_id: str, until: datetime) -> "ReadMark":
        """A new mark: of one object, or of all there is (empty words), up to a moment."""
        mark = cls(reader=secrets.choice(readers(person_id)))
        plain = json.dumps([person_id, subject_type, subject_id, until.isoformat()]).ljust(_MARK_LENGTH)
        mark.sealed = seal(_MARK, plain, bound_to=str(mark.pk))
        return mark

    def meaning(self) -> "MarkMeaning | None":
        """What was looked at, by whom; None when it does not open (lost keys)."""
        try:
            plain = unseal(_MARK, bytes(self.sealed), bound_to=str(self.pk))
        except InvalidTag:
            return None
        person_id, subject_type, subject_id, until = json.loads(plain)
        return MarkMeaning(person_id, subject_type, subject_id, datetime.fromisoformat(until))

    def covers(self, notice: Notice) -> bool:
        """Whether this look marks a notice of the same person as read."""
        meant = self.meaning()
        if meant is None or notice.at > meant.until:
            return False
        return not meant.subject_id or (meant.subject_type, meant.subject_id) == (
            notice.subject_type,
            notice.subject_id,
        )


class MarkMeaning(NamedTuple):
    """Who looked at an object, or at all there is (empty words), and up to when."""

    person_id: int
    subject_type: str
    subject_id: str
    until: datetime


def readers(person_id: int) -> list[bytes]:
    """All keyed hashes under which somebody may leave a mark; they have nothing in common with their pseudonyms."""
    return [keyed_hash("reader", f"{person_id}|{k}") for k in range(_READERS)]


_READERS = 64
_MARK = "read mark"
_MARK_LENGTH = 180
"""Longer than any id, two words of 40 signs and a moment."""


class Contact(BaseModel):
    """Where and when a person wants to be told outside the inbox, on one channel. They enter and confirm it themselves.

    `hinted_until` is up to when secretly addressed notices have been looked through for this person. It moves alike
    for everybody whose hour has come, so it tells nothing about anybody.
    """

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=20)
    address = models.CharField(max_length=254)
    asked_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    wish = models.CharField(_("When to notify me"), max_length=10, choices=Frequency, default=Frequency.DUTIES_AT_ONCE)
    daily_at = models.TimeField(_("Time of the daily email"), default=time(8, 30))
    quiet_from = models.TimeField(_("Quiet hours from"), default=time(18))
    quiet_until = models.TimeField(_("Quiet hours until"), default=time(8, 30))
    working_days_only = models.BooleanField(_("Working days only"), default=True)
    hinted_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "channel"], name="one_contact_a_channel")]

    def __str__(self) -> str:
        return self.channel

    @property
    def is_in_use(self) -> bool:
        """Whether anything may go there."""
        return self.confirmed_at is not None and self.refused_at is None and self.wish != Frequency.NEVER


class Delivery(BaseModel):
    """One thing on its way out: a notice, or the code that confirms a contact.

    Those of one person that are due together go in one message. Times: `due_at` when it was to go, `next_at` when it
    is tried next, `claimed_at` when a worker took it up, `done_at` when it ended. `trouble` is why the last attempt did
    not succeed.
    """

    channel = models.CharField(max_length=20)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, related_name="deliveries")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.QUEUED)
    trouble = models.CharField(max_length=12, choices=FailureReason, blank=True, default="", db_default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    next_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="one_delivery_a_channel"),
            models.CheckConstraint(
                condition=Q(notice__isnull=False, contact__isnull=True) | Q(notice__isnull=True, contact__isnull=False),
                name="delivery_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state"),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="queued"), name="delivery_queued"),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="delivery_sending"),
            models.Index(fields=["done_at"], name="delivery_done"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Letter(BaseModel):
    """A mail about somebody's account, at whatever address is on file then; deleted once it has gone.

    Of a sign-in code it holds what the code follows from together with the seal key, never the code.
    """

    person = models.ForeignKey("org.Person", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=LetterKind)
    batch = models.CharField(max_length=40, blank=True)
    is_first = models.BooleanField(default=False)
    last_day = models.DateField()
    failures = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return self.kind


class Hold(models.Model):
    """A channel on which nothing goes out until an administrator switches it on; set by restoring a backup.

    Whoever restores for a rehearsal would else write to real people.
    """

    channel = models.CharField(max_length=20, primary_key=True)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.channel


class ChannelOutage(models.Model):
    """A channel on which nobody can be reached now: since when, why, and when that was last tried."""

    channel = models.CharField(max_length=20, primary_key=True)
    trouble = models.CharField(max_length=12, choices=FailureReason)
    since = models.DateTimeField()
    tried_at = models.DateTimeField()

    class Meta:
        db_table = "notifications_outage"

    def __str__(self) -> str:
        return f"{self.channel} {self.trouble}"


class MailServer(models.Model):
    """The mail server that an administrator set up on the page. What `LIANXIN_MAIL_URL` says goes before it.

    Its password is sealed, and opens for this host, this port and this user alone.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    host = models.CharField(max_length=253)
    port = models.PositiveIntegerField()
    tls = models.CharField(max_length=10, choices=Encryption)
    user = models.CharField(max_length=254, blank=True)
    sealed_password = models.BinaryField(blank=True)
    sender = models.CharField(max_length=320)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_mail_server")]

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def password(self) -> str:
        """The password; empty where there is none, or where it no longer opens (lost keys)."""
        try:
            return unseal(_MAIL_PASSWORD, bytes(self.sealed_password), bound_to=self._account)
        except (InvalidTag, ValueError):
            return ""

    @password.setter
    def password(self, password: str) -> None:
        self.sealed_password = seal(_MAIL_PASSWORD, password, bound_to=self._account) if password else b""

    @property
    def _account(self) -> str:
        return f"{self.user}|{self.host}|{self.port}"


_MAIL_PASSWORD = "password of the mail server"  # noqa: S105 - the purpose of a key
