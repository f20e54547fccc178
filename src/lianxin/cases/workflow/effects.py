"""What a step changes on the case and beside it. The state itself is set by `kernel.workflow`."""

from datetime import datetime

from django.db.models import F

from lianxin.cases.enums import (
    CaseKind,
    CaseState,
    ClockKind,
    Danger,
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
from lianxin.cases.models import Case, Clock, CoHandling, Extension, Rating, Unsealing
from lianxin.cases.workflow import notifications, routing, sla
from lianxin.cases.workflow.audit import say, write_message
from lianxin.cases.workflow.conflict_of_interest import give_back
from lianxin.cases.workflow.notifications import CaseNotice
from lianxin.kernel.workflow import Act
from lianxin.org.enums import Role
from lianxin.org.queries import Unit, role_paths

RATING_DAYS = 7


def accept(act: Act[Case]) -> None:
    sla.meet(act.subject, ClockKind.ACCEPT, at=act.at)
    reclassify(act)


def reclassify(act: Act[Case]) -> None:
    """Kind, category and urgency as they are now. A hazard, or what endangers people, runs on a hazard's clocks."""
    case, was_danger = act.subject, act.subject.danger
    case.kind, case.category, case.urgency = act.get("kind"), act.get("category"), act.get("urgency")
    act.data.update(kind=case.kind, category=case.category.code if case.category else "", urgency=case.urgency)
    is_danger = case.kind == CaseKind.HAZARD or case.urgency == Urgency.EMERGENCY
    if is_danger and not was_danger:
        case.danger = Danger.HAZARD
        if act.from_state == CaseState.WAITING:
            sla.meet(case, ClockKind.ANSWER, at=act.at)
            sla.resume(case, at=act.at)
        sla.become_hazard(case, at=act.at)
        notifications.tell_of_danger(case, act.at, passing_over=act.actor.pk)
    elif was_danger and not is_danger:
        case.danger = ""
        sla.cease_hazard(case, at=act.at)


def after_reclassifying(act: Act[Case]) -> str:
    """What turns out to be a hazard does not wait for an answer: work goes on where it stopped."""
    return act.subject.state_before_waiting if act.subject.danger else CaseState.WAITING


def decline(act: Act[Case]) -> None:
    case = act.subject
    say(act, MessageKind.REASON, reason=act.get("reason"))
    case.declined_by = act.actor
    _end(case, act.at)
    sla.meet(case, ClockKind.ACCEPT, at=act.at)
    sla.cancel_all(case, at=act.at)
    act.data["reason"] = act.get("reason")


def appeal(act: Act[Case]) -> None:
    case = act.subject
    say(act, MessageKind.APPEAL)
    case.appealed_at, case.closed_at = act.at, None
    sla.start_intake(case, unit=case.place_unit, at=act.at)


def dispatch(act: Act[Case]) -> None:
    case = act.subject
    give_back(case, act.at)
    case.lead_unit, case.handler = act.get("lead_unit"), act.get("handler")
    sla.meet(case, ClockKind.ACCEPT, at=act.at)
    sla.start_handling(case, unit=act.get("lead_unit"), at=act.at)
    co_units = act.get("co_units") or []
    case.co_handlings.filter(round=case.round, done_at__isnull=True).exclude(unit__in=co_units).delete()
    for unit in co_units:
        CoHandling.objects.get_or_create(case=case, unit=unit, round=case.round)
        notifications.tell(case, CaseNotice.CO_HANDLE, routing.handlers_at(case, unit), act.at)
    act.data.update(unit=case.lead_unit_id, handler=case.handler_id, co=[unit.pk for unit in co_units])
    if act.get("text"):
        say(act, MessageKind.NOTE, internal=True)


def take_up(act: Act[Case]) -> None:
    """A discipline inspector handles a sealed case themselves, for the nearest unit at which they are appointed."""
    case = act.subject
    inspected = case.inspection_unit or case.place_unit
    paths = [path for path in role_paths(act.actor, Role.INSPECTOR) if inspected.path.startswith(path)]
    case.lead_unit, case.handler = Unit.objects.get(path=max(paths, key=len)), act.actor
    sla.meet(case, ClockKind.ACCEPT, at=act.at)
    sla.start_handling(case, unit=case.lead_unit, at=act.at)
    sla.meet(case, ClockKind.SIGN, at=act.at)
    act.data.update(unit=case.lead_unit_id)


def sign(act: Act[Case]) -> None:
    act.subject.handler = act.actor
    sla.meet(act.subject, ClockKind.SIGN, at=act.at)


def send_back(act: Act[Case]) -> None:
    case = act.subject
    say(act, MessageKind.NOTE, internal=True)
    act.data["unit"] = case.lead_unit_id
    case.times_sent_back += 1
    give_back(case, act.at)


def ask(act: Act[Case]) -> None:
    case = act.subject
    say(act, MessageKind.QUESTION)
    if case.danger:  # the work goes on, and so do the clocks; the requester answers by adding something
        act.data["pauses"] = False
        return
    case.state_before_waiting = act.from_state
    sla.pause(case, at=act.at)
    sla.start(
        case,
        ClockKind.ANSWER,
        unit=case.lead_unit or case.place_unit,
        at=act.at,
        rule=(sla.ANSWER_WORKING_DAYS, Measure.WORKING_DAYS),
    )


def after_asking(act: Act[Case]) -> str:
    """A case waits for its answer; a hazard does not wait."""
    return act.from_state if act.subject.danger else CaseState.WAITING


def answer(act: Act[Case]) -> None:
    say(act, MessageKind.ANSWER)
    sla.meet(act.subject, ClockKind.ANSWER, at=act.at)
    sla.resume(act.subject, at=act.at)


def no_answer(act: Act[Case]) -> None:
    act.subject.outcome = Outcome.NO_ANSWER
    _end(act.subject, act.at)
    sla.cancel_all(act.subject, at=act.at)


def add(act: Act[Case]) -> None:
    say(act, MessageKind.ADDITION)


def note(act: Act[Case]) -> None:
    act.internal = True
    say(act, MessageKind.NOTE, internal=True)


def contact(act: Act[Case]) -> None:
    say(act, MessageKind.CONTACT)
    sla.meet(act.subject, ClockKind.CONTACT, at=act.at)


def co_part(act: Act[Case]) -> None:
    """The co-handling units that the actor speaks for have said their part."""
    case = act.subject
    act.internal = True
    say(act, MessageKind.PART, internal=True)
    paths = role_paths(act.actor, Role.HANDLER)
    rows = case.co_handlings.filter(round=case.round, done_at__isnull=True).select_related("unit")
    mine = [row for row in rows if any(row.unit.path.startswith(path) for path in paths)]
    CoHandling.objects.filter(pk__in=[row.pk for row in mine]).update(done_at=act.at)
    act.data["units"] = [row.unit_id for row in mine]


def request_extension(act: Act[Case]) -> None:
    Extension.objects.create(
        case=act.subject,
        requested_by=act.actor,
        requested_at=act.at,
        days=act.get("days"),
        reason=act.get("text"),
    )
    act.data["days"] = act.get("days")
    deciders = [routing.unit_leaders, routing.supervisors]
    people = [person_id for who in deciders for person_id in who(act.subject, passing_over=[act.actor.pk])]
    notifications.tell(act.subject, CaseNotice.EXTENSION_ASKED, people, act.at)


def approve_extension(act: Act[Case]) -> None:
    extension = _decide_extension(act, ExtensionState.APPROVED)
    due = sla.extend_reply(act.subject, working_days=extension.days)
    # The reason is in the words of whoever asked for the time, not of whoever granted it.
    author = extension.requested_by_id
    write_message(act, MessageKind.REASON, text=extension.reason, author_id=author, role=Relation.HANDLER)
    act.data.update(days=extension.days, due=due)


def refuse_extension(act: Act[Case]) -> None:
    _decide_extension(act, ExtensionState.REFUSED)
    act.internal = True
    say(act, MessageKind.NOTE, internal=True)


def _decide_extension(act: Act[Case], state: ExtensionState) -> Extension:
    extension = act.subject.extension
    extension.state, extension.decided_by, extension.decided_at = state, act.actor, act.at
    extension.decision_reason = act.get("text") or ""
    extension.save()
    notifications.tell(act.subject, CaseNotice.EXTENSION_DECIDED, [extension.requested_by_id], act.at)
    return extension


def reply(act: Act[Case]) -> None:
    case = act.subject
    say(act, MessageKind.REPLY)
    case.replied_at, case.remind_at = act.at, None
    Extension.objects.filter(case=case, state=ExtensionState.REQUESTED).delete()  # no longer needed
    sla.meet(case, ClockKind.CONTACT, ClockKind.REPLY, at=act.at)
    unit = case.lead_unit or case.place_unit
    for member in (case, *case.followers.filter(state=CaseState.MERGED)):
        at = member.time_kept(act.at)
        sla.open_clocks(member).filter(kind=ClockKind.RATING).update(cancelled_at=at)
        sla.start(member, ClockKind.RATING, unit=unit, at=at, rule=(RATING_DAYS, Measure.DAYS))
        notifications.tell_requester(member, CaseNotice.YOURS_REPLIED, at)


def rate(act: Act[Case]) -> None:
    """Keep the rating of this round; whether the case closes or reopens is decided by `after_rating`."""
    case = act.subject
    act.data.update(resolved=act.get("resolved"), satisfaction=act.get("satisfaction"), round=case.round)
    replied = _last_rating_clock(case)
    unit = replied.unit
    Rating.objects.create(
        case=case,
        round=case.round,
        unit=unit,
        unit_trail=replied.unit_trail,
        resolved=act.get("resolved"),
        satisfaction=act.get("satisfaction"),
        comment=act.get("comment") or "",
        at=act.at,
    )
    sla.meet(case, ClockKind.RATING, at=act.at)
    if case.lead_unit_id:
        notifications.tell(case, CaseNotice.RATED, routing.handlers(case), act.at)
    if after_rating(act) == CaseState.CLOSED:
        case.outcome = Outcome.RATED
        _end(case, act.at)
        return
    case.round, case.outcome, case.closed_at = 2, "", None
    if case.shared_at:
        unshare(act)
    case.lead_unit, case.handler = unit, None
    _put_under_supervision(case, act.at)
    sla.start_intake(case, unit=unit, at=act.at)
    notifications.tell(case, CaseNotice.TO_REDISPATCH, routing.supervisors(case), act.at)
    notifications.tell_requester(case, CaseNotice.YOURS_REOPENED, act.at)


def _last_rating_clock(case: Case) -> Clock:
    """Times may be the same, to the hour: of two that started together the one that was not cancelled is the last."""
    started = case.clocks.filter(kind=ClockKind.RATING).select_related("unit")
    return started.order_by("round", "started_at", F("cancelled_at").asc(nulls_last=True)).reverse()[0]


def after_rating(act: Act[Case]) -> str:
    """Not resolved, or either dissatisfied level, reopens once; round 2 closes with what the requester said.

    A test ends with its rating, whatever that says.
    """
    unhappy = act.get("resolved") == Resolved.NO or act.get("satisfaction") <= Satisfaction.DISSATISFIED
    # `rate` has already counted the round up when this is asked the second time
    first_round = act.data["round"] == 1
    return CaseState.REOPENED if unhappy and first_round and not act.subject.is_test else CaseState.CLOSED


def lapse(act: Act[Case]) -> None:
    act.subject.outcome = Outcome.UNRATED
    _end(act.subject, act.at)
    sla.cancel_all(act.subject, at=act.at)


def merge(act: Act[Case]) -> None:
    case = act.subject
    case.primary, case.remind_at = act.get("primary"), None
    sla.cancel_all(case, at=act.at)
    case.followers.filter(state=CaseState.MERGED).update(primary=case.primary)
    act.data["primary"] = str(case.primary.pk)


def unmerge(act: Act[Case]) -> None:
    case = act.subject
    act.data["primary"] = str(case.primary_id)
    case.primary = case.lead_unit = case.handler = None
    case.remind_at = sla.next_rise(act.at) if case.supervised_at else None
    sla.cancel_all(case, at=act.at)
    sla.start_intake(case, unit=case.place_unit, at=act.at)


def withdraw(act: Act[Case]) -> None:
    case = act.subject
    case.asked_to_withdraw = bool(act.get("asked"))
    _end(case, act.at)
    sla.cancel_all(case, at=act.at)
    if case.asked_to_withdraw:
        # Of a sealed case the inspectors are the desk, so it is those above them who learn it.
        case.inspection_unit = case.inspection_unit or routing.inspection_unit(case)
        people = routing.inspectors(case, above=1 if case.sealed else 0)
        notifications.tell(case, CaseNotice.ASKED_TO_WITHDRAW, people, act.at)


def share(act: Act[Case]) -> None:
    act.subject.shared_at = act.at


def unshare(act: Act[Case]) -> None:
    act.subject.shared_at = None
    case_unshared.send(sender=Case, case_id=act.subject.pk)


def take_down(act: Act[Case]) -> None:
    say(act, MessageKind.REASON)


def supervise(act: Act[Case]) -> None:
    _put_under_supervision(act.subject, act.at)
    if act.get("text"):
        say(act, MessageKind.NOTE, internal=True)


def unseal(act: Act[Case]) -> None:
    say(act, MessageKind.REASON)
    Unsealing.objects.create(case=act.subject, person=act.actor, reason=act.get("text"), at=act.at)


def _put_under_supervision(case: Case, at: datetime) -> None:
    case.supervised_at = case.supervised_at or at
    case.remind_at = sla.next_rise(at)


def _end(case: Case, at: datetime) -> None:
    case.closed_at, case.remind_at = at, None
