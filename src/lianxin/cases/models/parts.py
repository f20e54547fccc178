"""What belongs to a case: deadlines, messages, files, ratings, who it is about, who opened it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lianxin.cases.enums import (
    DeadlineKind,
    DeclineReason,
    ExtensionState,
    Measure,
    MessageKind,
    Relation,
    Resolved,
    Satisfaction,
)
from lianxin.cases.models.case import Case
from lianxin.kernel.models import AppendOnly, BaseModel


class Deadline(BaseModel):
    """A deadline: until when something is to be done, and when it was.

    A deadline is open until it is met or cancelled. `unit` is who has to act, `unit_trail` its ancestors' ids and its
    own, as the tree stood then: figures count it there. While the case waits for its requester, `paused_at` is set,
    `left` says how much time the deadline had then, and it does not run. It rises once before it is due, as a reminder,
    and then, overdue, again and again: `escalation_level` counts the levels told so far, `escalates_at` says when the next is.
    With `escalate_every` it is a hazard's, which escalates round the clock, and its accept deadline from its start.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="deadlines")
    kind = models.CharField(max_length=10, choices=DeadlineKind)
    round = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    unit_trail = ArrayField(models.BigIntegerField())
    measure = models.CharField(max_length=12, choices=Measure)
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)
    remaining = models.DurationField(null=True)
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    escalation_level = models.PositiveSmallIntegerField(default=0)
    escalates_at = models.DateTimeField()
    escalate_every = models.DurationField(null=True)

    class Meta:
        db_table = "cases_clock"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(completed_at__isnull=True, cancelled_at__isnull=True),
                name="one_open_clock_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(completed_at__isnull=True) | Q(cancelled_at__isnull=True), name="clock_met_or_cancelled"
            ),
        ]
        indexes = [
            models.Index(
                fields=["escalates_at"],
                condition=Q(completed_at__isnull=True, cancelled_at__isnull=True, paused_at__isnull=True),
                name="clock_rises",
            ),
            models.Index(fields=["kind", "due_at"], name="clock_kind_due"),
            models.Index(
                fields=["due_at"],
                condition=Q(
                    kind__in=[DeadlineKind.CONTACT, DeadlineKind.REPLY],
                    completed_at__isnull=True,
                    cancelled_at__isnull=True,
                ),
                name="clock_open_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_at}"


class Message(AppendOnly, BaseModel):
    """One turn of the conversation. `internal` ones are for staff only; `author` is empty for a requester who is
    not named.

    `version` is the case's version when it was written: the order of the conversation, where times are too coarse
    to tell.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(max_length=10, choices=MessageKind)
    author = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    role = models.CharField(max_length=12, choices=Relation)
    text = models.TextField()
    internal = models.BooleanField(default=False)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        ordering = ["version"]
        indexes = [models.Index(fields=["case", "version"], name="message_case")]

    def __str__(self) -> str:
        return self.kind


class Attachment(BaseModel):
    """A file that somebody added, checked and re-made by `kernel.files`. `key` is its place in the store."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="attachments")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, null=True, related_name="attachments")
    name = models.CharField(max_length=120)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    key = models.CharField(max_length=100, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        """Whether it can be shown in the page."""
        return self.content_type.startswith("image/")


class CaseSubject(BaseModel):
    """A person or a unit that a case is about. They never see it."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="subjects")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "cases_about"
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, unit__isnull=True) | Q(person__isnull=True, unit__isnull=False),
                name="about_one",
            ),
            models.UniqueConstraint(fields=["case", "person", "unit"], nulls_distinct=False, name="about_once"),
        ]
        indexes = [models.Index(fields=["person", "case"], name="about_person")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class PossibleSubject(BaseModel):
    """What the names of people have in common whom a case may be about, while nobody has said who is meant.

    `mark` is one of those that `nlp.subjects.marks_of` gives a name, such as its surname. Whoever's name has it does
    not see the case. Unlike rows of `CaseSubject`, these hold for people who come, are renamed or get a role later.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="possible_subjects", db_index=False)
    mark = models.CharField(max_length=40)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "mark"], name="possible_subject_once")]
        indexes = [models.Index(fields=["mark", "case"], name="possible_subject_mark")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class SupportingUnit(BaseModel):
    """A unit that handles a case beside the lead. Its part must be on record before the lead replies."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="supporting_units")
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_cohandling"
        constraints = [models.UniqueConstraint(fields=["case", "unit", "round"], name="co_handling_once")]
        indexes = [
            models.Index(fields=["unit", "case"], name="co_handling_unit"),
            models.Index(fields=["unit"], condition=Q(done_at__isnull=True), name="co_handling_owed"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} + {self.unit_id}"


class Extension(BaseModel):
    """A request for more time: once for a case, at most ten working days."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="extension")
    requested_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    days = models.PositiveSmallIntegerField(_("working days"))
    reason = models.TextField(_("reason"))
    state = models.CharField(max_length=10, choices=ExtensionState, default=ExtensionState.REQUESTED)
    decided_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=10), name="extension_at_most_ten_days"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("requested_by")),
                name="extension_not_self_approved",
            ),
        ]
        indexes = [
            models.Index(fields=["case"], condition=Q(state=ExtensionState.REQUESTED), name="extension_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} +{self.days}"


class Rating(AppendOnly, BaseModel):
    """What the requester said of one round. Written once, by the requester alone."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="ratings")
    round = models.PositiveSmallIntegerField()
    unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, related_name="+")
    unit_trail = ArrayField(models.BigIntegerField())
    resolved = models.CharField(_("resolution"), max_length=10, choices=Resolved)
    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), choices=Satisfaction)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta(AppendOnly.Meta):
        constraints = [
            models.UniqueConstraint(fields=["case", "round"], name="one_rating_a_round"),
            models.CheckConstraint(condition=Q(satisfaction__gte=1, satisfaction__lte=5), name="rating_in_five"),
        ]

    def __str__(self) -> str:
        return f"{self.resolved} {self.satisfaction}"


class CaseAccessLog(AppendOnly, BaseModel):
    """Who opened a case, and when for the first time on a day. The requester can read it."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="access_log")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=12, choices=Relation)
    day = models.DateField()
    at = models.DateTimeField()

    class Meta(AppendOnly.Meta):
        db_table = "cases_opening"
        constraints = [models.UniqueConstraint(fields=["case", "person", "day"], name="one_opening_a_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day}"


class Unsealing(AppendOnly, BaseModel):
    """Somebody opened the sealed name of a confidential case, and why. The requester was told at once."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="unsealings")
    person = models.ForeignKey("org.Person", on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.person_id}"


class ImportedMessage(models.Model):
    """Which row of an imported register became which case, so that importing again creates nothing.

    `run` is the last import that read the row; `unit_trail` is where its place stood in the tree when it was taken
    over, for a case without deadlines.
    """

    fingerprint = models.BinaryField(primary_key=True, max_length=32)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="imported_from")
    source_number = models.CharField(max_length=40, blank=True)
    run = models.UUIDField()
    unit_trail = ArrayField(models.BigIntegerField())
    votes_for = models.IntegerField(default=0)
    votes_against = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.source_number
