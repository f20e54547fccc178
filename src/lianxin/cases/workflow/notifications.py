"""Who is told what when something happens to a case. A notice carries the case's number, never a word of its text."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from lianxin.cases.enums import BEFORE_REPLY, CaseState, ExtensionState, Identity, Relation
from lianxin.cases.models import Case, Extension
from lianxin.cases.workflow import routing
from lianxin.kernel import timezone
from lianxin.kernel.workflow import TransitionContext
from lianxin.notifications.services import notify, notify_pseudonymous, settle_notices
from lianxin.org.queries import Unit

SUBJECT = "case"
Follow = Callable[[TransitionContext[Case]], None]


class CaseNotice(TextChoices):
    """What a line in the inbox says; %(label)s is the case's number."""

    DANGER = "danger", _("%(label)s: people may be in danger. Please act immediately")
    DANGER_WAITS = (
        "danger_waits",
        _("%(label)s: people may be in danger, and the case has not been accepted. Please act now"),
    )
    TO_ACCEPT = "to_accept", _("%(label)s is waiting for acceptance")
    APPEALED = "appealed", _("%(label)s: the requester appeals; please decide")
    TO_DISPATCH = "to_dispatch", _("%(label)s is waiting for dispatch")
    TO_SIGN = "to_sign", _("%(label)s was dispatched to you: please sign for it")
    CO_HANDLE = "co_handle", _("%(label)s: your unit's contribution is requested")
    SENT_BACK = "sent_back", _("%(label)s was sent back")
    RETURNED = "returned", _("%(label)s returned to the unit: its handler left or lost the role")
    ANSWERED = "answered", _("%(label)s: the requester replied to your question")
    EXTENSION_ASKED = "extension_asked", _("%(label)s: extension requested; please decide")
    EXTENSION_DECIDED = "extension_decided", _("%(label)s: your extension request has been decided")
    RATED = "rated", _("%(label)s was rated by the requester")
    TO_REDISPATCH = "to_redispatch", _("%(label)s was rated not solved: please dispatch it again")
    SUPERVISED = "supervised", _("%(label)s is under supervision: please handle it now")
    DUE_SOON = "due_soon", _("%(label)s is due soon")
    OVERDUE = "overdue", _("%(label)s is overdue")
    ENDED = "ended", _("%(label)s is closed; no further action is needed")
    ASKED_TO_WITHDRAW = (
        "asked_to_withdraw",
        _("%(label)s was withdrawn; the requester says they were asked to withdraw it"),
    )
    RAISED_FOR_YOU = "raised_for_you", _("%(label)s was submitted on your behalf: you can follow and rate it")
    YOURS_ACCEPTED = "yours_accepted", _("%(label)s was accepted")
    YOURS_DECLINED = "yours_declined", _("%(label)s was declined; the reason is on its page")
    YOURS_QUESTION = "yours_question", _("%(label)s: you have a question to answer")
    YOURS_MOVED = "yours_moved", _("%(label)s was dispatched to the handling unit")
    YOURS_CONTACT = "yours_contact", _("%(label)s: message from the handler")
    YOURS_EXTENDED = "yours_extended", _("%(label)s has an extension request; the reason is on the case page")
    YOURS_REPLIED = "yours_replied", _("%(label)s has a reply: is it solved?")
    YOURS_MERGED = "yours_merged", _("%(label)s was merged with another case about the same issue")
    YOURS_REOPENED = "yours_reopened", _("%(label)s is reopened")
    YOURS_CLOSED = "yours_closed", _("%(label)s was closed")
    YOURS_PUBLISHED = "yours_published", _("%(label)s will be published with personal details removed")
    YOURS_TAKEN_DOWN = "yours_taken_down", _("%(label)s will not be published; the reason is on the case page")
    YOURS_UNSEALED = "yours_unsealed", _("%(label)s: your name was unsealed; the reason is on the case page")


DUTIES = frozenset(
    {
        CaseNotice.DANGER,
        CaseNotice.DANGER_WAITS,
        CaseNotice.TO_ACCEPT,
        CaseNotice.APPEALED,
        CaseNotice.TO_DISPATCH,
        CaseNotice.TO_SIGN,
        CaseNotice.CO_HANDLE,
        CaseNotice.SENT_BACK,
        CaseNotice.RETURNED,
        CaseNotice.ANSWERED,
        CaseNotice.EXTENSION_ASKED,
        CaseNotice.TO_REDISPATCH,
        CaseNotice.SUPERVISED,
        CaseNotice.DUE_SOON,
        CaseNotice.OVERDUE,
        CaseNotice.ASKED_TO_WITHDRAW,
        CaseNotice.YOURS_QUESTION,
        CaseNotice.YOURS_REPLIED,
    }
)
"""After these something waits for the recipient, so they are told at once."""
TO_STAFF = DUTIES - {CaseNotice.YOURS_QUESTION, CaseNotice.YOURS_REPLIED}
"""Those that go to staff: about a hazard they go out urgently, whatever the hour."""


_IN_WORK = (*BEFORE_REPLY, CaseState.REOPENED)


STILL_ASKS: Mapping[CaseNotice, Callable[[Case], bool]] = {
    CaseNotice.DANGER: lambda case: bool(case.danger) and case.state in _IN_WORK,
    CaseNotice.DANGER_WAITS: lambda case: bool(case.danger) and case.state == CaseState.SUBMITTED,
    CaseNotice.TO_ACCEPT: lambda case: case.state == CaseState.SUBMITTED and case.appealed_at is None,
    CaseNotice.APPEALED: lambda case: case.is_under_appeal,
    CaseNotice.TO_DISPATCH: lambda case: case.state == CaseState.ACCEPTED,
    CaseNotice.SENT_BACK: lambda case: case.state == CaseState.ACCEPTED,
    CaseNotice.RETURNED: lambda case: case.handler_id is None and case.state in _IN_WORK,
    CaseNotice.TO_SIGN: lambda case: case.state == CaseState.DISPATCHED,
    CaseNotice.CO_HANDLE: lambda case: case.state in _IN_WORK,
    CaseNotice.ANSWERED: lambda case: case.state in _IN_WORK,
    CaseNotice.TO_REDISPATCH: lambda case: case.state == CaseState.REOPENED,
    CaseNotice.SUPERVISED: lambda case: case.supervised_at is not None and case.state in _IN_WORK,
    CaseNotice.OVERDUE: lambda case: case.due_at is not None and case.due_at < timezone.now(),
    CaseNotice.YOURS_QUESTION: lambda case: case.state == CaseState.WAITING or bool(case.danger and case.is_open),
    CaseNotice.YOURS_REPLIED: lambda case: case.state in (CaseState.REPLIED, CaseState.MERGED),
}
"""Whether what a notice asks for is still to be done, as the case now stands; an extension is looked up beside it."""


def settle_done(cases: Sequence[Case], *, due_before: Mapping[UUID, datetime | None]) -> None:
    """After a step: notices that ask for what is done, or remind of what is no longer due, leave the inboxes."""
    by_kinds: dict[frozenset[str], list[UUID]] = {}
    asked = Extension.objects.filter(case__in=list(due_before), state=ExtensionState.REQUESTED)
    to_decide = set(asked.values_list("case", flat=True))
    for case in cases:
        done = {kind for kind, asks in STILL_ASKS.items() if not asks(case)}
        done |= set() if case.pk in to_decide else {CaseNotice.EXTENSION_ASKED}
        done |= {CaseNotice.DUE_SOON} if case.due_at != due_before[case.pk] else set()
        by_kinds.setdefault(frozenset(done), []).append(case.pk)
    for kinds, case_ids in by_kinds.items():
        settle_notices(subject_type=SUBJECT, subject_ids=case_ids, kinds=kinds)


def settle_part(case: Case, units: Iterable[Unit]) -> None:
    """Supporting units have said their part: their handlers are asked for it no more."""
    people = {person_id for unit in units for person_id in routing.handlers_at(case, unit)}
    settle_notices(subject_type=SUBJECT, subject_ids=[case.pk], kinds=[CaseNotice.CO_HANDLE], recipients=people)


def tell(case: Case, kind: CaseNotice, people: Iterable[int], at: datetime) -> None:
    """Put a notice into the inboxes of these people, but never of somebody named in the case, or who raised it by
    name.
    """
    recipients = routing.allowed(case, people)
    urgent = bool(case.danger) and kind in TO_STAFF
    notify(
        kind=kind,
        recipients=recipients,
        subject_type=SUBJECT,
        subject_id=case.pk,
        label=case.number,
        at=at,
        urgent=urgent,
        hourly=case.identity == Identity.ANONYMOUS,
    )


def tell_of_danger(case: Case, at: datetime, *, passing_over: int | None = None) -> None:
    """Tell at once whoever has the case at their desk, and the leader of its place, whatever the hour."""
    people = [*routing.at_desk(case), *routing.leaders_at_place(case)]
    tell(case, CaseNotice.DANGER, [person_id for person_id in people if person_id != passing_over], at)


def tell_requester(case: Case, kind: CaseNotice, at: datetime) -> None:
    """Tell the requester, under the identity they chose; an anonymous one looks with the receipt."""
    if case.identity == Identity.NAMED and case.requester_id:
        recipients = [case.requester_id]
        notify(kind=kind, recipients=recipients, subject_type=SUBJECT, subject_id=case.pk, label=case.number, at=at)
    elif case.identity == Identity.CONFIDENTIAL and case.requester_tag:
        notify_pseudonymous(
            kind=kind, tag=bytes(case.requester_tag), subject_type=SUBJECT, subject_id=case.pk, label=case.number, at=at
        )


def _tell_others(context: TransitionContext[Case], kind: CaseNotice, people: Iterable[int]) -> None:
    """Tell these people, but not whoever acts; a confidential requester among them as if somebody else had acted."""
    secret = context.subject.identity == Identity.CONFIDENTIAL and Relation.REQUESTER in context.relations
    actor_id = None if secret else getattr(context.actor, "pk", None)
    tell(context.subject, kind, [person_id for person_id in people if person_id != actor_id], context.at)


def to_requester(kind: CaseNotice) -> Follow:
    """The step's follower that tells the requester."""

    def follow(context: TransitionContext[Case]) -> None:
        tell_requester(context.subject, kind, context.at)

    return follow


def to_dispatchers(kind: CaseNotice) -> Follow:
    """The step's follower that tells the nearest dispatchers."""

    def follow(context: TransitionContext[Case]) -> None:
        _tell_others(context, kind, routing.dispatchers(context.subject))

    return follow


def to_supervisors(kind: CaseNotice) -> Follow:
    """The step's follower that tells the nearest supervisors."""

    def follow(context: TransitionContext[Case]) -> None:
        _tell_others(context, kind, routing.supervisors(context.subject))

    return follow


def to_handlers(kind: CaseNotice) -> Follow:
    """The step's follower that tells the handler, or the handlers of the lead unit while nobody has signed."""

    def follow(context: TransitionContext[Case]) -> None:
        if context.subject.lead_unit_id:
            _tell_others(context, kind, routing.handlers(context.subject))

    return follow


def to_unit_leaders(kind: CaseNotice) -> Follow:
    """The step's follower that tells the leaders of the lead unit."""

    def follow(context: TransitionContext[Case]) -> None:
        if context.subject.lead_unit_id:
            _tell_others(context, kind, routing.unit_leaders(context.subject))

    return follow


def to_whoever_waits(kind: CaseNotice) -> Follow:
    """The step's follower that tells those at whose desk the case lies now."""

    def follow(context: TransitionContext[Case]) -> None:
        _tell_others(context, kind, routing.at_desk(context.subject))

    return follow
