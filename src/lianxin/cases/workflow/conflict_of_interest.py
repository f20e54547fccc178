"""What a conflict of interest changes: a case is sealed, or somebody in it turns out to be whom it is about."""

from collections.abc import Collection
from datetime import datetime

from lianxin.cases.enums import CaseKind, CaseState, DeadlineKind, ExtensionState, MessageKind
from lianxin.cases.events import case_sealed
from lianxin.cases.models import Case, CaseSubject, Extension, SupportingUnit
from lianxin.cases.workflow import guards, notifications, routing, sla
from lianxin.cases.workflow.audit import say
from lianxin.cases.workflow.notifications import CaseNotice
from lianxin.kernel.workflow import TransitionContext


def seal(context: TransitionContext[Case]) -> None:
    """The case becomes a conduct case: from now on it is the discipline inspectors' alone."""
    case = context.subject
    say(context, MessageKind.NOTE, internal=True)
    give_back(case, context.at)
    case.kind, case.sealed, case.desk_role = CaseKind.CONDUCT, True, ""
    routing.leave_out_nearest_inspectors(case)
    case.inspection_unit = routing.inspection_unit(case)
    case.supporting_units.all().delete()
    # Who followed it and has ended keeps their own record, but no way into this one.
    case.followers.exclude(state=CaseState.MERGED).update(primary=None)
    case_sealed.send(sender=Case, case_id=case.pk)


def give_back(case: Case, at: datetime) -> None:
    """Nobody has the case in hand any more."""
    case.lead_unit = case.handler = None
    if case.state == CaseState.WAITING and case.state_before_waiting != CaseState.SUBMITTED:
        case.state_before_waiting = CaseState.ACCEPTED
    sla.open_deadlines(case).filter(kind=DeadlineKind.SIGN).update(cancelled_at=at)
    Extension.objects.filter(case=case, state=ExtensionState.REQUESTED).delete()


TOLD_ON_NAMING = {
    CaseState.SUBMITTED: CaseNotice.TO_ACCEPT,
    CaseState.ACCEPTED: CaseNotice.TO_DISPATCH,
    CaseState.DISPATCHED: CaseNotice.TO_SIGN,
    CaseState.REOPENED: CaseNotice.TO_REDISPATCH,
}
"""What they are told to whose desk a case goes when those in line before them turn out to be named in it."""


def name_people(context: TransitionContext[Case]) -> None:
    """Whoever is named loses the case at once; what they had in hand goes back to the dispatcher."""
    _name(context, before=routing.at_desk(context.subject))


def settle_subjects(context: TransitionContext[Case]) -> None:
    """It is said who is meant by the requester's words. The others who might have been are treated as anybody else."""
    case, before = context.subject, routing.at_desk(context.subject)
    case.possible_subjects.all().delete()
    case.subjects_unsettled = False
    context.data["nobody"] = bool(context.get("nobody"))
    _name(context, before=before)


def _name(context: TransitionContext[Case], *, before: Collection[int]) -> None:
    case = context.subject
    context.internal = True
    people, units = guards.newly_named(context)
    context.data.update(people=[person.pk for person in people], units=[unit.pk for unit in units])
    rows = [CaseSubject(case=case, person=person) for person in people] + [
        CaseSubject(case=case, unit=unit) for unit in units
    ]
    case.subjects.add(*rows, bulk=False)
    routing.choose_desk(case)
    if case.sealed:
        case.inspection_unit = routing.inspection_unit(case)
    concerned = [row.pk for row in case.supporting_units.all() if routing.is_about_unit(case, row.unit)]
    SupportingUnit.objects.filter(pk__in=concerned, done_at__isnull=True).delete()
    if context.from_state != CaseState.REPLIED and _is_in_hand_of_the_named(case):
        give_back(case, context.at)
    kind = TOLD_ON_NAMING.get(CaseState(after_naming(context)))
    if kind:
        newcomers = set(routing.at_desk(case)).difference(before, [getattr(context.actor, "pk", None)])
        notifications.tell(case, kind, newcomers, context.at)


def _is_in_hand_of_the_named(case: Case) -> bool:
    if case.lead_unit is None:
        return False
    able = routing.everyone_able(case, case.lead_unit)
    handler_lost = case.handler_id is not None and case.handler_id not in able
    return handler_lost or not able or routing.is_about_unit(case, case.lead_unit)


def after_naming(context: TransitionContext[Case]) -> str:
    """A dispatched case whose unit or handler turns out to be named is to be dispatched anew."""
    given_back = (
        context.from_state in (CaseState.DISPATCHED, CaseState.IN_PROGRESS) and context.subject.lead_unit is None
    )
    return CaseState.ACCEPTED if given_back else context.from_state
