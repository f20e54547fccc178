"""The process of a case: one table, which reads like the one in the design (docs/developer/cases.md)."""

from collections.abc import Collection, Sequence

import pgtrigger

from lianxin.cases.enums import BEFORE_REPLY, CaseState, Relation
from lianxin.cases.models import Case
from lianxin.cases.workflow import audit, conflict_of_interest, effects, guards, notifications, sla
from lianxin.cases.workflow.buttons import BUTTONS
from lianxin.cases.workflow.notifications import CaseNotice, to_dispatchers, to_handlers, to_requester, to_unit_leaders
from lianxin.kernel.triggers import transition_trigger
from lianxin.kernel.workflow import Transition, Workflow
from lianxin.ledger.queries import Event, events_of

SUBMITTED, ACCEPTED, DECLINED = CaseState.SUBMITTED, CaseState.ACCEPTED, CaseState.DECLINED
DISPATCHED, IN_PROGRESS, WAITING = CaseState.DISPATCHED, CaseState.IN_PROGRESS, CaseState.WAITING
REPLIED, REOPENED, CLOSED = CaseState.REPLIED, CaseState.REOPENED, CaseState.CLOSED
MERGED, WITHDRAWN = CaseState.MERGED, CaseState.WITHDRAWN

REQUESTER, DISPATCHER, APPEAL_JUDGE = Relation.REQUESTER, Relation.DISPATCHER, Relation.APPEAL_JUDGE
HANDLER, LEAD_HANDLER, CO_HANDLER = Relation.HANDLER, Relation.LEAD_HANDLER, Relation.CO_HANDLER
UNIT_LEADER, SUPERVISOR, INSPECTOR, CLOCK = (
    Relation.UNIT_LEADER,
    Relation.SUPERVISOR,
    Relation.INSPECTOR,
    Relation.CLOCK,
)
STAFF = (DISPATCHER, HANDLER, CO_HANDLER, UNIT_LEADER, SUPERVISOR)


def _ask(source: CaseState, *allowed: Relation) -> Transition[Case]:
    return Transition(
        "ask",
        (source,),
        allowed,
        to=(WAITING, source),
        resolve_target=effects.after_asking,
        required=("text",),
        apply=effects.ask,
        then=(to_requester(CaseNotice.YOURS_QUESTION),),
    )


def _settle(cases: Sequence[Case]) -> None:
    """Note on the cases themselves what is due next, and what stands first in lists."""
    sla.refresh_due(cases)
    for case in cases:
        case.priority = case.current_priority()


def _changes(case: Case, version: int, relations: Collection[str]) -> list[Event]:
    events = events_of(notifications.SUBJECT, case.pk, after_version=version)
    return list(events.filter(internal=False) if REQUESTER in relations else events)


CASE = Workflow[Case](
    # At the dispatcher's desk
    Transition(
        "accept",
        (SUBMITTED,),
        (DISPATCHER, APPEAL_JUDGE),
        to=ACCEPTED,
        required=("kind", "category", "urgency"),
        conditions=(guards.classified, guards.not_conduct),
        apply=effects.accept,
        then=(to_requester(CaseNotice.YOURS_ACCEPTED),),
    ),
    Transition(
        "decline",
        (SUBMITTED,),
        (DISPATCHER, APPEAL_JUDGE),
        to=DECLINED,
        required=("reason", "text"),
        apply=effects.decline,
        then=(to_requester(CaseNotice.YOURS_DECLINED),),
    ),
    Transition(
        "appeal",
        (DECLINED,),
        (REQUESTER,),
        to=SUBMITTED,
        required=("text",),
        conditions=(guards.not_a_test, guards.not_appealed, guards.appeal_reaches_somebody),
        apply=effects.appeal,
        then=(notifications.to_supervisors(CaseNotice.APPEALED),),
    ),
    Transition(
        "reclassify",
        (ACCEPTED, DISPATCHED, IN_PROGRESS),
        (DISPATCHER,),
        required=("kind", "category", "urgency"),
        conditions=(guards.classified, guards.not_conduct),
        apply=effects.reclassify,
    ),
    Transition(
        "reclassify",
        (WAITING,),
        (DISPATCHER,),
        to=(WAITING, SUBMITTED, ACCEPTED, DISPATCHED, IN_PROGRESS),
        resolve_target=effects.after_reclassifying,
        required=("kind", "category", "urgency"),
        conditions=(guards.classified, guards.not_conduct),
        apply=effects.reclassify,
    ),
    Transition(
        "seal",
        (SUBMITTED,),
        (DISPATCHER,),
        to=SUBMITTED,
        required=("text",),
        conditions=(guards.not_a_test, guards.not_sealed, guards.reaches_inspectors),
        apply=conflict_of_interest.seal,
        then=(to_dispatchers(CaseNotice.TO_ACCEPT),),
    ),
    Transition(
        "seal",
        (ACCEPTED, DISPATCHED, IN_PROGRESS),
        (DISPATCHER,),
        to=ACCEPTED,
        required=("text",),
        conditions=(guards.not_a_test, guards.not_sealed, guards.reaches_inspectors),
        apply=conflict_of_interest.seal,
        then=(to_dispatchers(CaseNotice.TO_DISPATCH),),
    ),
    Transition(
        "seal",
        (WAITING, REOPENED),
        (DISPATCHER,),
        required=("text",),
        conditions=(guards.not_a_test, guards.not_sealed, guards.reaches_inspectors),
        apply=conflict_of_interest.seal,
        then=(to_dispatchers(CaseNotice.TO_DISPATCH),),
    ),
    Transition(
        "settle_subjects",
        (DISPATCHED, IN_PROGRESS),
        (DISPATCHER,),
        to=(ACCEPTED, DISPATCHED, IN_PROGRESS),
        resolve_target=conflict_of_interest.after_naming,
        conditions=(guards.subjects_unsettled, guards.says_who_is_meant, guards.leaves_somebody),
        apply=conflict_of_interest.settle_subjects,
    ),
    Transition(
        "settle_subjects",
        (SUBMITTED, ACCEPTED, WAITING, REPLIED, REOPENED, MERGED),
        (DISPATCHER, APPEAL_JUDGE),
        conditions=(guards.subjects_unsettled, guards.says_who_is_meant, guards.leaves_somebody),
        apply=conflict_of_interest.settle_subjects,
    ),
    # Cases that are merged name the same people, so the clock names in the others who is named in one
    Transition(
        "name_people",
        (DISPATCHED, IN_PROGRESS),
        (DISPATCHER, CLOCK),
        to=(ACCEPTED, DISPATCHED, IN_PROGRESS),
        resolve_target=conflict_of_interest.after_naming,
        conditions=(guards.names_somebody, guards.leaves_somebody),
        apply=conflict_of_interest.name_people,
    ),
    Transition(
        "name_people",
        (SUBMITTED, ACCEPTED, WAITING, REPLIED, REOPENED, MERGED),
        (DISPATCHER, CLOCK),
        conditions=(guards.names_somebody, guards.leaves_somebody),
        apply=conflict_of_interest.name_people,
    ),
    Transition(
        "name_people",
        (DECLINED, WITHDRAWN, CLOSED),
        (CLOCK,),
        conditions=(guards.names_somebody,),
        apply=conflict_of_interest.name_people,
    ),
    Transition(
        "dispatch",
        (ACCEPTED,),
        (DISPATCHER,),
        to=DISPATCHED,
        required=("lead_unit",),
        conditions=(guards.subjects_settled, guards.lead_unit_fits),
        apply=effects.dispatch,
        then=(to_handlers(CaseNotice.TO_SIGN), to_requester(CaseNotice.YOURS_MOVED)),
    ),
    Transition(
        "dispatch",
        (REOPENED,),
        (SUPERVISOR,),
        to=DISPATCHED,
        required=("lead_unit",),
        conditions=(guards.subjects_settled, guards.lead_unit_fits),
        apply=effects.dispatch,
        then=(to_handlers(CaseNotice.TO_SIGN), to_requester(CaseNotice.YOURS_MOVED)),
    ),
    Transition(
        "recall",
        (DISPATCHED,),
        (DISPATCHER,),
        to=ACCEPTED,
        apply=effects.recall,
    ),
    Transition(
        "take_up",
        (ACCEPTED, REOPENED),
        (INSPECTOR,),
        to=IN_PROGRESS,
        conditions=(guards.subjects_settled,),
        apply=effects.take_up,
    ),
    Transition(
        "transfer",
        (IN_PROGRESS,),
        (DISPATCHER, SUPERVISOR),
        to=DISPATCHED,
        required=("lead_unit",),
        conditions=(guards.subjects_settled, guards.lead_unit_fits),
        apply=effects.dispatch,
        then=(to_handlers(CaseNotice.TO_SIGN), to_requester(CaseNotice.YOURS_MOVED)),
    ),
    Transition(
        "merge",
        (*BEFORE_REPLY, REOPENED),
        (DISPATCHER,),
        to=MERGED,
        required=("primary",),
        conditions=(guards.not_a_test, guards.primary_fits),
        apply=effects.merge,
        then=(to_requester(CaseNotice.YOURS_MERGED),),
    ),
    Transition(
        "unmerge",
        (MERGED,),
        (DISPATCHER, CLOCK),
        to=SUBMITTED,
        apply=effects.unmerge,
        then=(to_dispatchers(CaseNotice.TO_ACCEPT),),
    ),
    Transition(
        "unseal",
        (*BEFORE_REPLY, REPLIED, REOPENED, CLOSED),
        (DISPATCHER,),
        required=("text",),
        conditions=(guards.confidential,),
        apply=effects.unseal,
        then=(to_requester(CaseNotice.YOURS_UNSEALED),),
    ),
    # At the handler's desk
    Transition("sign", (DISPATCHED,), (HANDLER,), to=IN_PROGRESS, apply=effects.sign),
    Transition(
        "send_back",
        (DISPATCHED,),
        (HANDLER, SUPERVISOR),
        to=ACCEPTED,
        required=("text",),
        conditions=(guards.sent_back_once,),
        apply=effects.send_back,
        then=(to_dispatchers(CaseNotice.SENT_BACK),),
    ),
    Transition("take_over", (IN_PROGRESS,), (HANDLER,), apply=effects.sign),
    # Whoever had it in hand has left or lost the role: the unit signs anew or, where nobody is left there, it is
    # dispatched anew
    Transition(
        "give_back",
        (DISPATCHED, IN_PROGRESS),
        (CLOCK,),
        to=(ACCEPTED, DISPATCHED),
        resolve_target=effects.after_giving_back,
        apply=effects.return_to_unit,
    ),
    Transition("give_back", (WAITING,), (CLOCK,), apply=effects.return_to_unit),
    Transition(
        "contact",
        (IN_PROGRESS,),
        (HANDLER,),
        required=("text",),
        apply=effects.contact,
        then=(to_requester(CaseNotice.YOURS_CONTACT),),
    ),
    Transition("co_part", (DISPATCHED, IN_PROGRESS, WAITING), (CO_HANDLER,), required=("text",), apply=effects.co_part),
    Transition(
        "reply",
        (IN_PROGRESS,),
        (LEAD_HANDLER,),
        to=REPLIED,
        required=("text",),
        conditions=(guards.parts_on_record,),
        apply=effects.reply,
    ),
    Transition(
        "request_extension",
        (IN_PROGRESS,),
        (HANDLER,),
        required=("text", "days"),
        conditions=(guards.not_a_test, guards.no_extension_yet, guards.extension_days_fit),
        apply=effects.request_extension,
    ),
    Transition(
        "approve_extension",
        (IN_PROGRESS,),
        (UNIT_LEADER, SUPERVISOR),
        conditions=(guards.extension_open,),
        apply=effects.approve_extension,
        then=(to_requester(CaseNotice.YOURS_EXTENDED),),
    ),
    Transition(
        "refuse_extension",
        (IN_PROGRESS,),
        (UNIT_LEADER, SUPERVISOR),
        required=("text",),
        conditions=(guards.extension_open,),
        apply=effects.refuse_extension,
    ),
    # Between the desks and the requester
    _ask(SUBMITTED, DISPATCHER, APPEAL_JUDGE),
    _ask(ACCEPTED, DISPATCHER, APPEAL_JUDGE),
    _ask(DISPATCHED, DISPATCHER, HANDLER),
    _ask(IN_PROGRESS, DISPATCHER, HANDLER),
    Transition(
        "answer",
        (WAITING,),
        (REQUESTER,),
        to=(SUBMITTED, ACCEPTED, DISPATCHED, IN_PROGRESS),
        resolve_target=lambda context: context.subject.state_before_waiting,
        required=("text",),
        apply=effects.answer,
        then=(notifications.to_whoever_waits(CaseNotice.ANSWERED),),
    ),
    Transition(
        "no_answer",
        (WAITING,),
        (CLOCK,),
        to=CLOSED,
        apply=effects.no_answer,
        then=(to_requester(CaseNotice.YOURS_CLOSED), notifications.to_whoever_waits(CaseNotice.ENDED)),
    ),
    Transition(
        "add",
        (SUBMITTED, ACCEPTED, DISPATCHED, IN_PROGRESS, REOPENED),
        (REQUESTER,),
        required=("text",),
        apply=effects.add,
        then=(notifications.to_whoever_waits(CaseNotice.ANSWERED),),
    ),
    Transition("note", (*BEFORE_REPLY, REPLIED, REOPENED), STAFF, required=("text",), apply=effects.note),
    # The requester judges
    Transition(
        "rate",
        (REPLIED,),
        (REQUESTER,),
        to=(CLOSED, REOPENED),
        resolve_target=effects.after_rating,
        required=("resolved", "satisfaction"),
        apply=effects.rate,
    ),
    Transition(
        "rate",
        (CLOSED,),
        (REQUESTER,),
        to=(CLOSED, REOPENED),
        resolve_target=effects.after_rating,
        required=("resolved", "satisfaction"),
        conditions=(guards.may_still_rate,),
        apply=effects.rate,
    ),
    Transition(
        "rate",
        (MERGED,),
        (REQUESTER,),
        to=(CLOSED, REOPENED),
        resolve_target=effects.after_rating,
        required=("resolved", "satisfaction"),
        conditions=(guards.primary_replied,),
        apply=effects.rate,
    ),
    Transition(
        "lapse",
        (REPLIED, MERGED),
        (CLOCK,),
        to=CLOSED,
        apply=effects.lapse,
        then=(to_requester(CaseNotice.YOURS_CLOSED),),
    ),
    Transition(
        "withdraw",
        BEFORE_REPLY,
        (REQUESTER,),
        to=WITHDRAWN,
        apply=effects.withdraw,
        then=(notifications.to_whoever_waits(CaseNotice.ENDED),),
    ),
    Transition(
        "follow_alone",
        (*BEFORE_REPLY, REPLIED, REOPENED, DECLINED, MERGED),
        (REQUESTER,),
        conditions=(guards.followed_by_speaker,),
    ),
    # For all to read, if the requester agrees
    Transition("share", (CLOSED,), (REQUESTER,), conditions=(guards.may_be_shared,), apply=effects.share),
    Transition("unshare", (CLOSED,), (REQUESTER,), conditions=(guards.shared,), apply=effects.unshare),
    Transition(
        "publish",
        (CLOSED,),
        (DISPATCHER,),
        conditions=(guards.shared,),
        then=(to_requester(CaseNotice.YOURS_PUBLISHED),),
    ),
    Transition(
        "take_down",
        (CLOSED,),
        (DISPATCHER,),
        required=("text",),
        conditions=(guards.shared,),
        apply=effects.take_down,
        then=(to_requester(CaseNotice.YOURS_TAKEN_DOWN),),
    ),
    # From above
    Transition(
        "supervise",
        (*BEFORE_REPLY, REOPENED),
        (SUPERVISOR,),
        apply=effects.supervise,
        then=(notifications.to_whoever_waits(CaseNotice.SUPERVISED), to_unit_leaders(CaseNotice.SUPERVISED)),
    ),
    Transition("supervise", (*BEFORE_REPLY, REOPENED), (CLOCK,), apply=effects.supervise),
    buttons=BUTTONS,
    record=audit.record_event,
    settle=_settle,
    changes=_changes,
)

pgtrigger.register(transition_trigger(CASE.state_changes()))(Case)
