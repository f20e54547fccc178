"""All that one page about a case needs, as much of it as the viewer may see."""

from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import CaseState, DeadlineKind, ExtensionState, Relation, Resolved
from lianxin.cases.models import Attachment, Case, CaseAccessLog, Deadline, Extension, Message, SupportingUnit
from lianxin.cases.models.numbers import numbers_meant
from lianxin.cases.queries.case_detail import get_case_for
from lianxin.cases.queries.conversation import Files, conversation_of
from lianxin.cases.queries.sentences import units_mentioned
from lianxin.cases.queries.work_queues import next_due_of
from lianxin.cases.workflow import CASE, Actor
from lianxin.cases.workflow.notifications import SUBJECT
from lianxin.kernel.errors import ValidationFailed
from lianxin.kernel.workflow import Transition
from lianxin.ledger.queries import Event, events_of
from lianxin.org.enums import Role
from lianxin.org.queries import Person, role_paths

OUTSIDE_THE_MENU = frozenset({"no_answer", "lapse"})


@dataclass(frozen=True)
class CasePage:
    """What the viewer sees of a case.

    `requester` is the person who raised it where the viewer may know; `transitions` what the viewer could do now, in
    the table's order; `conversation` messages and events as they happened; `files` by the message with
    which they came (None: with the case itself); `parts_owed` the co-handlings of this round that the viewer has yet to
    speak for; `units` the names of the units that the events mention; `primary` the case that this one follows, if the
    viewer may see it.
    """

    case: Case
    relations: frozenset[Relation]
    requester: Person | None
    transitions: list[Transition[Case]]
    conversation: list[Message | Event]
    files: Files
    access_log: list[CaseAccessLog]
    deadlines: list[Deadline]
    next_due: Deadline | None
    parts_owed: list[SupportingUnit] = field(default_factory=list)
    units: dict[int, str] = field(default_factory=dict)
    viewer_id: int | None = None
    primary: Case | None = None

    @property
    def is_requester(self) -> bool:
        """Whether the viewer raised the case."""
        return Relation.REQUESTER in self.relations

    @property
    def attachments(self) -> list[Attachment]:
        """The files with which the case was raised."""
        return self.files.get(None, [])

    @property
    def extension(self) -> Extension | None:
        """The request for more time, if there was one."""
        return getattr(self.case, "extension", None)

    @property
    def events(self) -> list[Event]:
        """What happened, without what was said."""
        return [turn for turn in self.conversation if isinstance(turn, Event)]

    @property
    def parts(self) -> list[SupportingUnit]:
        """The co-handling units of this round."""
        return [row for row in self.case.supporting_units.all() if row.round == self.case.round]

    def can(self, action: str) -> bool:
        """Whether the viewer could do this now."""
        return any(step.action == action for step in self.transitions)

    @property
    def for_the_board(self) -> bool:
        """Whether the viewer prepares what everybody may read of the case."""
        return self.case.publication_consent_at is not None and self.can("publish")

    def runs(self, kind: DeadlineKind) -> bool:
        """Whether a deadline of this kind is open."""
        return any(row.kind == kind and not row.completed_at and not row.cancelled_at for row in self.deadlines)

    @cached_property
    def offered(self) -> list[str]:
        """The actions that make sense now, in the table's order: allowed, and ruled out by nothing known."""
        return list(dict.fromkeys(step.action for step in self.transitions if self._makes_sense(step.action)))

    @cached_property
    def next_action(self) -> str:
        """The one thing for this viewer to do now; empty when it is somebody else's turn."""
        return next((action for action, due in self._turns() if due and action in self.offered), "")

    def _makes_sense(self, action: str) -> bool:
        case, extension = self.case, self.extension
        awaits_decision = extension is not None and extension.state == ExtensionState.REQUESTED
        unsettled = case.subjects_unsettled and not case.danger
        decidable = awaits_decision and extension is not None and extension.requested_by_id != self.viewer_id
        ruled_out = {
            "settle_subjects": not case.subjects_unsettled,
            "seal": case.sealed,
            "dispatch": case.sealed or unsettled,
            "transfer": case.sealed or unsettled,
            "take_up": unsettled,
            "take_over": case.handler_id == self.viewer_id,
            "unseal": not case.requester_sealed or self.requester is not None,
            "send_back": case.sealed or (bool(case.times_sent_back) and Relation.SUPERVISOR not in self.relations),
            "co_part": not self.parts_owed,
            "request_extension": extension is not None,
            "approve_extension": not decidable,
            "refuse_extension": not decidable,
        }
        return not ruled_out.get(action, False)

    def _turns(self) -> list[tuple[str, bool]]:
        """The actions in the order in which they come first, and whether they are due."""
        mine = Relation.LEAD_HANDLER in self.relations
        return [
            ("settle_subjects", not self.case.danger),
            ("approve_extension", True),
            ("accept", True),
            ("dispatch", True),
            ("take_up", True),
            ("sign", self.case.handler_id in (None, self.viewer_id)),
            ("co_part", True),
            ("contact", mine and self.runs(DeadlineKind.CONTACT)),
            ("reply", mine),
            ("settle_subjects", True),
        ]


def case_page(*, viewer: Actor, case: Case) -> CasePage:
    """What `viewer` sees of a case that `get_case_for` gave them; a long history takes no more queries."""
    relations = frozenset(policies.relations_of(viewer, case))
    as_requester = Relation.REQUESTER in relations
    conversation, files = conversation_of(case, as_requester=as_requester)
    deadlines = list(case.deadlines.select_related("unit").order_by("started_at", "due_at", "id"))
    access_log = case.access_log.select_related("person").order_by("at", "person__name", "id")
    return CasePage(
        case=case,
        relations=relations,
        requester=_requester(viewer, case),
        transitions=[s for s in CASE.possible(case.state, relations) if s.action not in OUTSIDE_THE_MENU],
        conversation=conversation,
        files=files,
        access_log=list(access_log) if as_requester else [],
        deadlines=deadlines,
        next_due=next_due_of(deadlines),
        parts_owed=_parts_owed(viewer, case),
        units=units_mentioned(
            (turn for turn in conversation if isinstance(turn, Event)), known=[row.unit for row in deadlines]
        ),
        viewer_id=viewer.pk if isinstance(viewer, Person) else None,
        primary=case.primary if case.primary and policies.relations_of(viewer, case.primary) else None,
    )


def why_not_solved(page: CasePage) -> dict[int, str]:
    """What the requester wrote with a rating that says "not solved" or reopened the case, by its round.

    Whoever has the case at their desk reads it at once; what was written with other ratings stays with the requester.
    """
    rounds = [
        event.data["round"]
        for event in page.events
        if event.action == "rate" and (event.data["resolved"] == Resolved.NO or event.to_state == CaseState.REOPENED)
    ]
    if not rounds:
        return {}
    return dict(page.case.ratings.filter(round__in=rounds).exclude(comment="").values_list("round", "comment"))


def seen_version(*, viewer: Actor, case: Case) -> int:
    """The version of the newest thing in a case that the viewer may read: another one when their page would change."""
    if Relation.REQUESTER not in policies.relations_of(viewer, case):
        return case.version
    shown = events_of(SUBJECT, case.pk).filter(internal=False).order_by("-version")
    return shown.values_list("version", flat=True).first() or 0


def _requester(viewer: Actor, case: Case) -> Person | None:
    if not policies.may_see_requester(viewer, case):
        return None
    return policies.requester_of(case)


def _parts_owed(viewer: Actor, case: Case) -> list[SupportingUnit]:
    if not isinstance(viewer, Person):
        return []
    paths = tuple(role_paths(viewer, Role.HANDLER))
    return [
        row
        for row in case.supporting_units.all()
        if row.round == case.round and row.done_at is None and row.unit.path.startswith(paths)
    ]


def reader_count(*, viewer: Person, case: Case) -> int:
    """How many requesters will read a reply: its own, and those of its followers (none that the viewer is named in)."""
    followers = case.followers.filter(state=CaseState.MERGED).prefetch_related("subjects__unit", "possible_subjects")
    return 1 + sum(not policies.is_named(viewer, follower) for follower in followers)


def case_by_number(*, viewer: Person, number: str) -> Case | None:
    """The case of this number at the viewer's desk, or None.

    Raises:
        ValidationFailed: there is a slip in the number.
    """
    meant = numbers_meant(number)
    if meant == []:
        raise ValidationFailed({"number": _("Please check the number: a character is wrong, or two are swapped.")})
    return Case.objects.staff_visible_to(viewer).filter(number__in=meant or [number.strip().upper()]).first()


def case_changes(*, viewer: Person, case_id: UUID, after_version: int | None) -> list[Event]:
    """What was done to a case since the viewer saw it, oldest first; nothing where that is not known.

    Raises:
        NotFound: the case is not in the viewer's sight.
    """
    case = get_case_for(viewer, case_id)
    return list(events_of(SUBJECT, case.pk, after_version=after_version)) if after_version is not None else []
