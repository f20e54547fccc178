"""The case itself, its category tree and the rules of its clocks."""

from datetime import datetime

from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node

from lianxin.cases.enums import (
    LEADERS_CONCERN,
    OPEN_STATES,
    CaseKind,
    CaseState,
    Channel,
    Danger,
    DeadlineKind,
    Identity,
    Measure,
    Outcome,
    Priority,
    Urgency,
)
from lianxin.cases.models import visibility
from lianxin.cases.models.triggers import CASE_TRIGGERS
from lianxin.cases.models.visibility import rows_of
from lianxin.kernel import timezone
from lianxin.kernel.models import BaseModel
from lianxin.org.enums import Role
from lianxin.org.queries import Person


class Category(MP_Node):
    """What a case is about, in a tree that the enterprise edits."""

    name = models.CharField(_("name"), max_length=50)
    code = models.CharField(_("code"), max_length=40, unique=True)
    active = models.BooleanField(_("enabled"), default=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class SlaRule(models.Model):
    """How long a clock runs. The nearest rule counts: of the category or its nearest ancestor, of the kind, of all."""

    clock = models.CharField(_("deadline"), max_length=10, choices=DeadlineKind)
    kind = models.CharField(_("kind"), max_length=12, choices=CaseKind, blank=True)
    category = models.ForeignKey(Category, on_delete=models.CASCADE, null=True, blank=True, related_name="sla_rules")
    amount = models.PositiveSmallIntegerField(_("amount"))
    measure = models.CharField(_("unit of time"), max_length=12, choices=Measure)

    class Meta:
        db_table = "cases_clockrule"
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "kind", "category"], nulls_distinct=False, name="one_rule_for_a_clock"
            ),
            models.CheckConstraint(condition=Q(amount__gte=1), name="clock_rule_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.clock} {self.kind or self.category_id or '*'}: {self.amount} {self.measure}"


_PROGRESS = (
    CaseState.SUBMITTED,
    CaseState.ACCEPTED,
    CaseState.DISPATCHED,
    CaseState.IN_PROGRESS,
    CaseState.REPLIED,
    CaseState.REOPENED,
)
"""In this order the work on a case proceeds; one that waits for an answer stands where it stood before."""


class CaseQuerySet(models.QuerySet["Case"]):
    """Cases."""

    def raised_by(self, person: Person) -> "CaseQuerySet":
        """Those that a person raised, by name or confidentially."""
        return self.filter(visibility.raised_by(person))

    def visible_to(self, viewer: Person) -> "CaseQuerySet":
        """Those that the viewer raised or sees by their roles."""
        return self.filter(visibility.raised_by(viewer) | visibility.visible_to_staff(viewer))

    def staff_visible_to(self, viewer: Person, *, by_ids: bool = False) -> "CaseQuerySet":
        """Those that the viewer sees by their roles: none that they raised by name, none that they are named in.

        With `by_ids`, for long lists, the ids of the cases that a unit of theirs supports are read first.
        """
        supported = visibility.listed_as_supported_by(viewer) if by_ids else None
        return self.filter(visibility.visible_to_staff(viewer, supported=supported))

    def supported_by(self, viewer: Person) -> "CaseQuerySet":
        """Those in which a unit of the viewer's, as a handler, is a supporting unit."""
        return self.filter(visibility.supported_by(viewer))

    def open(self) -> "CaseQuerySet":
        """Those that have not ended."""
        return self.filter(state__in=OPEN_STATES)

    def for_list(self) -> "CaseQuerySet":
        """With what the rows of a list show, without the text and without what leads to who raised them."""
        read = self.select_related("place_unit", "lead_unit", "category", "handler")
        return read.defer("body", "requester_tag", "requester_sealed", "receipt_hash", "submission_hash")

    def for_policies(self) -> "CaseQuerySet":
        """With all by which `policies` decides who somebody is to a case."""
        about = rows_of("CaseSubject").select_related("unit", "person").order_by("person__name", "unit__path", "id")
        units = rows_of("SupportingUnit").select_related("unit").order_by("round", "unit__path")
        return self.select_related("place_unit", "lead_unit", "inspection_unit").prefetch_related(
            Prefetch("subjects", about), "possible_subjects", Prefetch("supporting_units", units)
        )

    def for_detail(self) -> "CaseQuerySet":
        """As `for_policies`, with what its page shows of it."""
        # Planning more than five joins takes the database longer than reading their few rows by themselves.
        return (
            self.for_policies()
            .select_related("category", "handler")
            .prefetch_related(
                "requester",
                "extension",
                "primary__lead_unit",
                Prefetch("unsealings", rows_of("Unsealing").select_related("person").order_by("at", "id")),
            )
        )


class Case(BaseModel):
    """What somebody raised, and where it stands.

    Who raised it: `requester` for a named case; for a confidential one only `requester_tag` (one of the requester's
    pseudonyms, drawn for this case, by which their own sign-in finds it) and `requester_sealed` (encrypted, opened by
    an unsealing on the record); for an anonymous one only `receipt_hash`.
    Text of the requester stands here and nowhere else.
    """

    number = models.CharField(_("number"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=CaseKind)
    sealed = models.BooleanField(default=False)
    category = models.ForeignKey(
        Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("category")
    )
    urgency = models.CharField(_("urgency"), max_length=10, choices=Urgency, default=Urgency.NORMAL)
    danger = models.CharField(max_length=10, choices=Danger, blank=True, default="", db_default="")
    """Why it runs on the clocks of a hazard: by its words when it was submitted, by its kind, or by correction."""
    priority = models.PositiveSmallIntegerField(
        choices=Priority, default=Priority.NORMAL, db_default=Priority.NORMAL.value
    )
    """Follows from state, danger and urgency (`current_priority`); stored so that lists can be sorted by it."""
    title = models.CharField(_("title"), max_length=100)
    body = models.TextField(_("description"))
    about_text = models.CharField(_("subject"), max_length=200, blank=True)
    subjects_unsettled = models.BooleanField(default=False)
    """Whether it is open who is meant by `about_text`; `PossibleSubject` says who may be."""
    desk_role = models.CharField(max_length=20, choices=Role, blank=True, default="", db_default="")
    """Who receives it instead of the dispatchers of its place, all of whom it is about or may be (`workflow.desks`)."""
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.WEB)

    identity = models.CharField(_("identity"), max_length=12, choices=Identity)
    requester = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    requester_tag = models.BinaryField(max_length=32, null=True)
    requester_sealed = models.BinaryField(null=True)
    receipt_hash = models.BinaryField(max_length=32, null=True, unique=True)
    submission_hash = models.BinaryField(max_length=32, null=True, unique=True)
    submitted_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    speaker_follows = models.BooleanField(default=False, db_default=False)
    """Whether `submitted_by`, who spoke for a colleague, still reads it: until the colleague does something with it."""

    state = models.CharField(_("status"), max_length=12, choices=CaseState, default=CaseState.SUBMITTED)
    state_before_waiting = models.CharField(max_length=12, choices=CaseState, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    round = models.PositiveSmallIntegerField(default=1)
    version = models.PositiveIntegerField(default=1)
    place_unit = models.ForeignKey(
        "org.Unit", on_delete=models.PROTECT, related_name="+", verbose_name=_("place"), db_index=False
    )
    lead_unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    inspection_unit = models.ForeignKey("org.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    handler = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    declined_by = models.ForeignKey("org.Person", on_delete=models.PROTECT, null=True, related_name="+")
    primary = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    times_sent_back = models.PositiveSmallIntegerField(default=0)
    appealed_at = models.DateTimeField(null=True)
    supervised_at = models.DateTimeField(null=True)
    remind_at = models.DateTimeField(null=True)
    asked_to_withdraw = models.BooleanField(default=False)
    is_test = models.BooleanField(default=False)
    """Started by an administrator to try the system out: for those who act on it alone, and counted nowhere."""
    publication_consent_at = models.DateTimeField(null=True)
    """When the requester agreed that all may read it without what is personal; empty unless they agree now."""

    submitted_at = models.DateTimeField(_("submitted"))
    replied_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    due_clock = models.CharField(max_length=10, choices=DeadlineKind, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        triggers = CASE_TRIGGERS
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_known"),
            models.CheckConstraint(
                condition=Q(sealed=True, kind=CaseKind.CONDUCT) | (Q(sealed=False) & ~Q(kind=CaseKind.CONDUCT)),
                name="case_conduct_is_sealed",
            ),
            models.CheckConstraint(
                condition=Q(sealed=False) | Q(inspection_unit__isnull=False), name="case_sealed_has_inspection"
            ),
            models.CheckConstraint(
                condition=Q(
                    identity=Identity.NAMED,
                    requester__isnull=False,
                    requester_tag__isnull=True,
                    requester_sealed__isnull=True,
                    receipt_hash__isnull=True,
                )
                | Q(
                    identity=Identity.CONFIDENTIAL,
                    requester__isnull=True,
                    requester_tag__isnull=False,
                    requester_sealed__isnull=False,
                    receipt_hash__isnull=True,
                    submitted_by__isnull=True,
                )
                | Q(
                    identity=Identity.ANONYMOUS,
                    requester__isnull=True,
                    requester_tag__isnull=True,
                    requester_sealed__isnull=True,
                    submitted_by__isnull=True,
                ),
                name="case_identity_kept",
            ),
            models.CheckConstraint(
                condition=Q(identity=Identity.ANONYMOUS, channel=Channel.IMPORT)
                | ~Q(identity=Identity.ANONYMOUS)
                | Q(receipt_hash__isnull=False),
                name="case_anonymous_has_receipt",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.MERGED, primary__isnull=False) | ~Q(state=CaseState.MERGED),
                name="case_merged_has_primary",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CaseState.DISPATCHED, CaseState.IN_PROGRESS, CaseState.REPLIED])
                | Q(lead_unit__isnull=False),
                name="case_dispatched_has_lead",
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="case_two_rounds"),
            models.CheckConstraint(
                condition=Q(is_test=False)
                | Q(
                    identity=Identity.NAMED,
                    submitted_by__isnull=True,
                    sealed=False,
                    publication_consent_at__isnull=True,
                    primary__isnull=True,
                    round=1,
                ),
                name="case_test_stays_apart",
            ),
            models.CheckConstraint(
                condition=Q(publication_consent_at__isnull=True)
                | Q(
                    sealed=False,
                    state=CaseState.CLOSED,
                    outcome__in=[Outcome.RATED, Outcome.UNRATED],
                    replied_at__isnull=False,
                    primary__isnull=True,
                ),
                name="case_shared_is_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["place_unit", "due_at"], condition=Q(state__in=OPEN_STATES), name="case_open_place"),
            models.Index(fields=["lead_unit", "due_at"], condition=Q(state__in=OPEN_STATES), name="case_open_lead"),
            models.Index(fields=["handler", "due_at"], condition=Q(state__in=OPEN_STATES), name="case_open_handler"),
            models.Index(fields=["place_unit", "-submitted_at"], name="case_place"),
            models.Index(fields=["lead_unit", "-submitted_at"], name="case_lead"),
            models.Index(
                fields=["priority", "due_at", "-submitted_at", "id"],
                condition=Q(state__in=OPEN_STATES),
                name="case_open_first",
            ),
            models.Index(fields=["priority", "due_at"], condition=Q(priority__lt=Priority.NORMAL), name="case_urgent"),
            models.Index(fields=["requester", "-submitted_at"], name="case_requester"),
            models.Index(fields=["requester_tag", "-submitted_at"], name="case_requester_tag"),
            models.Index(fields=["-submitted_at"], name="case_submitted"),
            models.Index(fields=["state", "due_at"], name="case_state_due"),
            models.Index(fields=["remind_at"], condition=Q(remind_at__isnull=False), name="case_remind"),
            models.Index(fields=["inspection_unit"], condition=Q(sealed=True), name="case_inspection"),
            models.Index(fields=["place_unit"], condition=Q(publication_consent_at__isnull=False), name="case_shared"),
            models.Index(fields=["id"], condition=Q(subjects_unsettled=True), name="case_unsettled"),
            models.Index(fields=["desk_role"], condition=~Q(desk_role=""), name="case_desk_role"),
            models.Index(fields=["-submitted_at"], condition=Q(is_test=True), name="case_test"),
        ]

    def __str__(self) -> str:
        return self.number

    def time_kept(self, at: datetime) -> datetime:
        """What is kept of the time of something done to it, whoever did it: of an anonymous case only the hour."""
        return timezone.to_the_hour(at) if self.identity == Identity.ANONYMOUS else at

    @property
    def is_open(self) -> bool:
        """Whether something may still happen to it before it ends."""
        return self.state in OPEN_STATES

    @property
    def due_label(self) -> str:
        """What is due next, as staff call it: to accept is another thing when a case comes a second time."""
        if self.due_clock == DeadlineKind.ACCEPT and self.state == CaseState.REOPENED:
            return gettext("dispatch again")
        if self.due_clock == DeadlineKind.ACCEPT and self.is_under_appeal:
            return gettext("decide the appeal")
        return self.get_due_clock_display() if self.due_clock else ""

    @property
    def state_label(self) -> str:
        """Its state as staff call it: what was declined and submitted again by an appeal waits for a decision."""
        if self.awaits_appeal_decision:
            return gettext("appeal, to be decided")
        return self.get_state_display()

    @property
    def is_danger(self) -> bool:
        """Whether it is open and people may come to harm."""
        return self.priority == Priority.DANGER

    def is_further_than(self, other: "Case") -> bool:
        """Whether both are open and the work on this one has come further."""
        return self.is_open and other.is_open and self.progress > other.progress

    @property
    def progress(self) -> int:
        """How far the work on this open case has come, as a number to compare."""
        state = self.state_before_waiting if self.state == CaseState.WAITING else self.state
        return _PROGRESS.index(CaseState(state))

    def current_priority(self) -> Priority:
        """What `priority` has to be."""
        if not self.is_open:
            return Priority.NORMAL
        if self.danger:
            return Priority.DANGER
        return Priority.NORMAL if self.urgency == Urgency.NORMAL else Priority.URGENT

    @property
    def is_leaders_concern(self) -> bool:
        """Whether the leader of its place has to know of a danger there. Of a person in crisis, of violence and of
        what is sealed they need not: they may be a part of it.
        """
        return self.danger in LEADERS_CONCERN and not self.sealed

    @property
    def awaits_settling(self) -> bool:
        """Whether only dispatchers see it, because they first have to say whom it is about. Danger does not wait."""
        return (
            self.subjects_unsettled
            and not self.sealed
            and not self.danger
            and self.lead_unit_id is None
            and self.appealed_at is None
        )

    @property
    def is_imported(self) -> bool:
        """Taken over from an older register: in volume, but in no rate."""
        return self.channel == Channel.IMPORT

    @property
    def awaits_appeal_decision(self) -> bool:
        """Whether it is under appeal and a supervisor's turn, not the requester's."""
        return self.appealed_at is not None and self.state == CaseState.SUBMITTED

    @property
    def is_under_appeal(self) -> bool:
        """Whether a supervisor has to decide anew what was declined."""
        state = self.state_before_waiting if self.state == CaseState.WAITING else self.state
        return self.appealed_at is not None and state == CaseState.SUBMITTED
