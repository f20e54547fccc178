"""What a step changes on the case and beside it. The state itself is set by `kernel.workflow`."""

from datetime import datetime

from django.db.models import F

from lianxin.cases.enums import (
    CaseKind,
    CaseState,
    Danger,
    DeadlineKind,
    ExtensionState,
    Measure,
    MessageKind,
    Outcome,
    Relation,
    Resolved,
    Satisfaction,
    Urgency,
)
from lianxin.cases.events import case_unshared
from lianxin.cases.models import Case, Deadline, Extension, Rating, SupportingUnit, Unsealing
from lianxin.cases.workflow import notifications, routing, sla
from lianxin.cases.workflow.audit import say, write_message
from lianxin.cases.workflow.conflict_of_interest import give_back
from lianxin.cases.workflow.danger import danger_of
from lianxin.cases.workflow.notifications import CaseNotice
from lianxin.kernel.workflow import TransitionContext
from lianxin.org.enums import Role
from lianxin.org.queries import Unit, role_paths

RATING_DAYS = 7


def accept(context: TransitionContext[Case]) -> None:
    sla.meet(context.subject, DeadlineKind.ACCEPT, at=context.at)
    reclassify(context)


def reclassify(context: TransitionContext[Case]) -> None:
    """Kind, category and urgency as they are now. A hazard, or what endangers people, runs on a hazard's clocks."""
    case, was_danger = context.subject, context.subject.danger
    case.kind, case.category, case.urgency = context.get("kind"), context.get("category"), context.get("urgency")
    context.data.update(kind=case.kind, category=case.category.code if case.category else "", urgency=case.urgency)
    is_danger = case.kind == CaseKind.HAZARD or case.urgency == Urgency.EMERGENCY
    if is_danger and not was_danger:
        if context.from_state == CaseState.WAITING:
            sla.meet(case, DeadlineKind.ANSWER, at=context.at)
            sla.resume(case, at=context.at)
        _become_danger(case, Danger.HAZARD, context.at, passing_over=context.actor.pk)
    elif was_danger and not is_danger:
        case.danger = ""
        sla.cease_hazard(case, at=context.at)


def _become_danger(case: Case, danger: Danger, at: datetime, *, passing_over: int | None = None) -> None:
    """From now on a case runs on a hazard's deadlines, and whoever can act is notified at once."""
    case.danger = danger
    sla.become_hazard(case, at=at)
    notifications.tell_of_danger(case, at, passing_over=passing_over)


def _hear_danger(context: TransitionContext[Case]) -> None:
    """What the requester adds is heard like what they wrote first."""
    case = context.subject
    danger, urgency = danger_of(context.get("text") or "", CaseKind(case.kind))
    if danger and not case.danger:
        case.urgency = urgency
        _become_danger(case, danger, context.at)
        context.data["danger"] = danger


def after_reclassifying(context: TransitionContext[Case]) -> str:
    """What turns out to be a hazard does not wait for an answer: work goes on where it stopped."""
    return context.subject.state_before_waiting if context.subject.danger else CaseState.WAITING


def decline(context: TransitionContext[Case]) -> None:
    case = context.subject
    say(context, MessageKind.REASON, reason=context.get("reason"))
    case.declined_by = context.actor
    _end(case, context.at)
    sla.meet(case, DeadlineKind.ACCEPT, at=context.at)
    sla.cancel_all(case, at=context.at)
    context.data["reason"] = context.get("reason")


def appeal(context: TransitionContext[Case]) -> None:
    case = context.subject
    say(context, MessageKind.APPEAL)
    case.appealed_at, case.closed_at = context.at, None
    sla.start_intake(case, unit=case.place_unit, at=context.at)


def dispatch(context: TransitionContext[Case]) -> None:
    case = context.subject
    give_back(case, context.at)
    case.lead_unit, case.handler = context.get("lead_unit"), context.get("handler")
    sla.meet(case, DeadlineKind.ACCEPT, at=context.at)
    sla.start_handling(case, unit=context.get("lead_unit"), at=context.at)
    co_units = context.get("co_units") or []
    case.supporting_units.filter(round=case.round, done_at__isnull=True).exclude(unit__in=co_units).delete()
    for unit in co_units:
        SupportingUnit.objects.get_or_create(case=case, unit=unit, round=case.round)
        notifications.tell(case, CaseNotice.CO_HANDLE, routing.handlers_at(case, unit), context.at)
    context.data.update(unit=case.lead_unit_id, handler=case.handler_id, co=[unit.pk for unit in co_units])
    if context.get("text"):
        say(context, MessageKind.NOTE, internal=True)


def take_up(context: TransitionContext[Case]) -> None:
    """A discipline inspector handles a sealed case themselves, for the nearest unit at which they are appointed."""
    case = context.subject
    inspected = case.inspection_unit or case.place_unit
    paths = [path for path in role_paths(context.actor, Role.INSPECTOR) if inspected.path.startswith(path)]
    case.lead_unit, case.handler = Unit.objects.get(path=max(paths, key=len)), context.actor
    sla.meet(case, DeadlineKind.ACCEPT, at=context.at)
    sla.start_handling(case, unit=case.lead_unit, at=context.at)
    sla.meet(case, DeadlineKind.SIGN, at=context.at)
    context.data.update(unit=case.lead_unit_id)


def sign(context: TransitionContext[Case]) -> None:
    context.subject.handler = context.actor
    sla.meet(context.subject, DeadlineKind.SIGN, at=context.at)


def send_back(context: TransitionContext[Case]) -> None:
    case = context.subject
    say(context, MessageKind.NOTE, internal=True)
    context.data["unit"] = case.lead_unit_id
    case.times_sent_back += 1
    give_back(case, context.at)


def ask(context: TransitionContext[Case]) -> None:
    case = context.subject
    say(context, MessageKind.QUESTION)
    if case.danger:  # the work goes on, and so do the clocks; the requester answers by adding something
        context.data["pauses"] = False
        return
    case.state_before_waiting = context.from_state
    sla.pause(case, at=context.at)
    sla.start(
        case,
        DeadlineKind.ANSWER,
        unit=case.lead_unit or case.place_unit,
        at=context.at,
        rule=(sla.ANSWER_WORKING_DAYS, Measure.WORKING_DAYS),
    )


def after_asking(context: TransitionContext[Case]) -> str:
    """A case waits for its answer; a hazard does not wait."""
    return context.from_state if context.subject.danger else CaseState.WAITING


def answer(context: TransitionContext[Case]) -> None:
    say(context, MessageKind.ANSWER)
    sla.meet(context.subject, DeadlineKind.ANSWER, at=context.at)
    sla.resume(context.subject, at=context.at)
    _hear_danger(context)


def no_answer(context: TransitionContext[Case]) -> None:
    context.subject.outcome = Outcome.NO_ANSWER
    _end(context.subject, context.at)
    sla.cancel_all(context.subject, at=context.at)


def add(context: TransitionContext[Case]) -> None:
    say(context, MessageKind.ADDITION)
    _hear_danger(context)


def note(context: TransitionContext[Case]) -> None:
    context.internal = True
    say(context, MessageKind.NOTE, internal=True)


def contact(context: TransitionContext[Case]) -> None:
    say(context, MessageKind.CONTACT)
    sla.meet(context.subject, DeadlineKind.CONTACT, at=context.at)


def co_part(context: TransitionContext[Case]) -> None:
    """The co-handling units that the actor speaks for have said their part."""
    case = context.subject
    context.internal = True
    say(context, MessageKind.PART, internal=True)
    paths = role_paths(context.actor, Role.HANDLER)
    rows = case.supporting_units.filter(round=case.round, done_at__isnull=True).select_related("unit")
    mine = [row for row in rows if any(row.unit.path.startswith(path) for path in paths)]
    SupportingUnit.objects.filter(pk__in=[row.pk for row in mine]).update(done_at=context.at)
    context.data["units"] = [row.unit_id for row in mine]


def request_extension(context: TransitionContext[Case]) -> None:
    Extension.objects.create(
        case=context.subject,
        requested_by=context.actor,
        requested_at=context.at,
        days=context.get("days"),
        reason=context.get("text"),
    )
    context.data["days"] = context.get("days")
    deciders = [routing.unit_leaders, routing.supervisors]
    people = [person_id for who in deciders for person_id in who(context.subject, passing_over=[context.actor.pk])]
    notifications.tell(context.subject, CaseNotice.EXTENSION_ASKED, people, context.at)


def approve_extension(context: TransitionContext[Case]) -> None:
    extension = _decide_extension(context, ExtensionState.APPROVED)
    due = sla.extend_reply(context.subject, working_days=extension.days)
    # The reason is in the words of whoever asked for the time, not of whoever granted it.
    author = extension.requested_by_id
    write_message(context, MessageKind.REASON, text=extension.reason, author_id=author, role=Relation.HANDLER)
    context.data.update(days=extension.days, due=due)


def refuse_extension(context: TransitionContext[Case]) -> None:
    _decide_extension(context, ExtensionState.REFUSED)
    context.internal = True
    say(context, MessageKind.NOTE, internal=True)


def _decide_extension(context: TransitionContext[Case], state: ExtensionState) -> Extension:
    extension = context.subject.extension
    extension.state, extension.decided_by, extension.decided_at = state, context.actor, context.at
    extension.decision_reason = context.get("text") or ""
    extension.save()
    notifications.tell(context.subject, CaseNotice.EXTENSION_DECIDED, [extension.requested_by_id], context.at)
    return extension


def reply(context: TransitionContext[Case]) -> None:
    case = context.subject
    say(context, MessageKind.REPLY)
    case.replied_at, case.remind_at = context.at, None
    Extension.objects.filter(case=case, state=ExtensionState.REQUESTED).delete()  # no longer needed
    sla.meet(case, DeadlineKind.CONTACT, DeadlineKind.REPLY, at=context.at)
    unit = case.lead_unit or case.place_unit
    for member in (case, *case.followers.filter(state=CaseState.MERGED)):
        at = member.time_kept(context.at)
        sla.open_deadlines(member).filter(kind=DeadlineKind.RATING).update(cancelled_at=at)
        sla.start(member, DeadlineKind.RATING, unit=unit, at=at, rule=(RATING_DAYS, Measure.DAYS))
        notifications.tell_requester(member, CaseNotice.YOURS_REPLIED, at)


def rate(context: TransitionContext[Case]) -> None:
    """Keep the rating of this round; whether the case closes or reopens is decided by `after_rating`."""
    case = context.subject
    context.data.update(resolved=context.get("resolved"), satisfaction=context.get("satisfaction"), round=case.round)
    replied = _last_rating_clock(case)
    unit = replied.unit
    Rating.objects.create(
        case=case,
        round=case.round,
        unit=unit,
        unit_trail=replied.unit_trail,
        resolved=context.get("resolved"),
        satisfaction=context.get("satisfaction"),
        comment=context.get("comment") or "",
        at=context.at,
    )
    sla.meet(case, DeadlineKind.RATING, at=context.at)
    if case.lead_unit_id:
        notifications.tell(case, CaseNotice.RATED, routing.handlers(case), context.at)
    if after_rating(context) == CaseState.CLOSED:
        case.outcome = Outcome.RATED
        _end(case, context.at)
        return
    case.round, case.outcome, case.closed_at = 2, "", None
    if case.publication_consent_at:
        unshare(context)
    case.lead_unit, case.handler = unit, None
    _put_under_supervision(case, context.at)
    sla.start_intake(case, unit=unit, at=context.at)
    notifications.tell(case, CaseNotice.TO_REDISPATCH, routing.supervisors(case), context.at)
    notifications.tell_requester(case, CaseNotice.YOURS_REOPENED, context.at)


def _last_rating_clock(case: Case) -> Deadline:
    """Times may be the same, to the hour: of two that started together the one that was not cancelled is the last."""
    started = case.deadlines.filter(kind=DeadlineKind.RATING).select_related("unit")
    return started.order_by("round", "started_at", F("cancelled_at").asc(nulls_last=True)).reverse()[0]


def after_rating(context: TransitionContext[Case]) -> str:
    """Not resolved, or either dissatisfied level, reopens once; round 2 closes with what the requester said.

    A test ends with its rating, whatever that says.
    """
    unhappy = context.get("resolved") == Resolved.NO or context.get("satisfaction") <= Satisfaction.DISSATISFIED
    # `rate` has already counted the round up when this is asked the second time
    first_round = context.data["round"] == 1
    return CaseState.REOPENED if unhappy and first_round and not context.subject.is_test else CaseState.CLOSED


def lapse(context: TransitionContext[Case]) -> None:
    context.subject.outcome = Outcome.UNRATED
    _end(context.subject, context.at)
    sla.cancel_all(context.subject, at=context.at)


def merge(context: TransitionContext[Case]) -> None:
    case = context.subject
    case.primary, case.remind_at = context.get("primary"), None
    sla.cancel_all(case, at=context.at)
    case.followers.filter(state=CaseState.MERGED).update(primary=case.primary)
    context.data["primary"] = str(case.primary.pk)


def unmerge(context: TransitionContext[Case]) -> None:
    case = context.subject
    context.data["primary"] = str(case.primary_id)
    case.primary = case.lead_unit = case.handler = None
    case.remind_at = sla.next_escalation(context.at) if case.supervised_at else None
    sla.cancel_all(case, at=context.at)
    sla.start_intake(case, unit=case.place_unit, at=context.at)


def withdraw(context: TransitionContext[Case]) -> None:
    case = context.subject
    case.asked_to_withdraw = bool(context.get("asked"))
    _end(case, context.at)
    sla.cancel_all(case, at=context.at)
    if case.asked_to_withdraw:
        # Of a sealed case the inspectors are the desk, so it is those above them who learn it.
        case.inspection_unit = case.inspection_unit or routing.inspection_unit(case)
        people = routing.inspectors(case, above=1 if case.sealed else 0)
        notifications.tell(case, CaseNotice.ASKED_TO_WITHDRAW, people, context.at)


def share(context: TransitionContext[Case]) -> None:
    context.subject.publication_consent_at = context.at


def unshare(context: TransitionContext[Case]) -> None:
    context.subject.publication_consent_at = None
    case_unshared.send(sender=Case, case_id=context.subject.pk)


def take_down(context: TransitionContext[Case]) -> None:
    say(context, MessageKind.REASON)


def supervise(context: TransitionContext[Case]) -> None:
    _put_under_supervision(context.subject, context.at)
    if context.get("text"):
        say(context, MessageKind.NOTE, internal=True)


def unseal(context: TransitionContext[Case]) -> None:
    say(context, MessageKind.REASON)
    Unsealing.objects.create(case=context.subject, person=context.actor, reason=context.get("text"), at=context.at)


def _put_under_supervision(case: Case, at: datetime) -> None:
    case.supervised_at = case.supervised_at or at
    case.remind_at = sla.next_escalation(at)


def _end(case: Case, at: datetime) -> None:
    case.closed_at, case.remind_at = at, None
