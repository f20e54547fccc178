"""The process of a case: one table, which reads like the one in the design (docs/developer/cases.md)."""

from collections.abc import Collection, Sequence

import pgtrigger

from lianxin.cases.enums import BEFORE_REPLY, CaseState, Relation
from lianxin.cases.models import Case
from lianxin.cases.workflow import audit, conflict_of_interest, effects, guards, notifications, sla
from lianxin.cases.workflow.notifications import CaseNotice, to_dispatchers, to_handlers, to_requester, to_unit_leaders
from lianxin.kernel.triggers import transition_trigger
from lianxin.kernel.workflow import Step, Workflow
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


def _ask(source: CaseState, *by: Relation) -> Step[Case]:
    return Step(
        "ask",
        (source,),
        by,
        to=(WAITING, source),
        decide=effects.after_asking,
        needs=("text",),
        effect=effects.ask,
        after=(to_requester(CaseNotice.YOURS_QUESTION),),
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
    Step(
        "accept",
        (SUBMITTED,),
        (DISPATCHER, APPEAL_JUDGE),
        to=ACCEPTED,
        needs=("kind", "category", "urgency"),
        when=(guards.not_conduct,),
        effect=effects.accept,
        after=(to_requester(CaseNotice.YOURS_ACCEPTED),),
    ),
    Step(
        "decline",
        (SUBMITTED,),
        (DISPATCHER, APPEAL_JUDGE),
        to=DECLINED,
        needs=("reason", "text"),
        effect=effects.decline,
        after=(to_requester(CaseNotice.YOURS_DECLINED),),
    ),
    Step(
        "appeal",
        (DECLINED,),
        (REQUESTER,),
        to=SUBMITTED,
        needs=("text",),
        when=(guards.not_a_test, guards.not_appealed, guards.appeal_reaches_somebody),
        effect=effects.appeal,
        after=(notifications.to_supervisors(CaseNotice.APPEALED),),
    ),
    Step(
        "reclassify",
        (ACCEPTED, DISPATCHED, IN_PROGRESS),
        (DISPATCHER,),
        needs=("kind", "category", "urgency"),
        when=(guards.not_conduct,),
        effect=effects.reclassify,
    ),
    Step(
        "reclassify",
        (WAITING,),
        (DISPATCHER,),
        to=(WAITING, SUBMITTED, ACCEPTED, DISPATCHED, IN_PROGRESS),
        decide=effects.after_reclassifying,
        needs=("kind", "category", "urgency"),
        when=(guards.not_conduct,),
        effect=effects.reclassify,
    ),
    Step(
        "seal",
        (SUBMITTED,),
        (DISPATCHER,),
        to=SUBMITTED,
        needs=("text",),
        when=(guards.not_a_test, guards.not_sealed, guards.reaches_inspectors),
        effect=conflict_of_interest.seal,
        after=(to_dispatchers(CaseNotice.TO_ACCEPT),),
    ),
    Step(
        "seal",
        (ACCEPTED, DISPATCHED, IN_PROGRESS),
        (DISPATCHER,),
        to=ACCEPTED,
        needs=("text",),
        when=(guards.not_a_test, guards.not_sealed, guards.reaches_inspectors),
        effect=conflict_of_interest.seal,
        after=(to_dispatchers(CaseNotice.TO_DISPATCH),),
    ),
    Step(
        "seal",
        (WAITING, REOPENED),
        (DISPATCHER,),
        needs=("text",),
        when=(guards.not_a_test, guards.not_sealed, guards.reaches_inspectors),
        effect=conflict_of_interest.seal,
        after=(to_dispatchers(CaseNotice.TO_DISPATCH),),
    ),
    Step(
        "settle_subjects",
        (DISPATCHED, IN_PROGRESS),
        (DISPATCHER,),
        to=(ACCEPTED, DISPATCHED, IN_PROGRESS),
        decide=conflict_of_interest.after_naming,
        when=(guards.subjects_unsettled, guards.says_who_is_meant, guards.leaves_somebody),
        effect=conflict_of_interest.settle_subjects,
    ),
    Step(
        "settle_subjects",
        (SUBMITTED, ACCEPTED, WAITING, REPLIED, REOPENED, MERGED),
        (DISPATCHER, APPEAL_JUDGE),
        when=(guards.subjects_unsettled, guards.says_who_is_meant, guards.leaves_somebody),
        effect=conflict_of_interest.settle_subjects,
    ),
    # Cases that are merged name the same people, so the clock names in the others who is named in one
    Step(
        "name_people",
        (DISPATCHED, IN_PROGRESS),
        (DISPATCHER, CLOCK),
        to=(ACCEPTED, DISPATCHED, IN_PROGRESS),
        decide=conflict_of_interest.after_naming,
        when=(guards.names_somebody, guards.leaves_somebody),
        effect=conflict_of_interest.name_people,
    ),
    Step(
        "name_people",
        (SUBMITTED, ACCEPTED, WAITING, REPLIED, REOPENED, MERGED),
        (DISPATCHER, CLOCK),
        when=(guards.names_somebody, guards.leaves_somebody),
        effect=conflict_of_interest.name_people,
    ),
    Step(
        "name_people",
        (DECLINED, WITHDRAWN, CLOSED),
        (CLOCK,),
        when=(guards.names_somebody,),
        effect=conflict_of_interest.name_people,
    ),
    Step(
        "dispatch",
        (ACCEPTED,),
        (DISPATCHER,),
        to=DISPATCHED,
        needs=("lead_unit",),
        when=(guards.subjects_settled, guards.lead_unit_fits),
        effect=effects.dispatch,
        after=(to_handlers(CaseNotice.TO_SIGN), to_requester(CaseNotice.YOURS_MOVED)),
    ),
    Step(
        "dispatch",
        (REOPENED,),
        (SUPERVISOR,),
        to=DISPATCHED,
        needs=("lead_unit",),
        when=(guards.subjects_settled, guards.lead_unit_fits),
        effect=effects.dispatch,
        after=(to_handlers(CaseNotice.TO_SIGN), to_requester(CaseNotice.YOURS_MOVED)),
    ),
    Step(
        "take_up",
        (ACCEPTED, REOPENED),
        (INSPECTOR,),
        to=IN_PROGRESS,
        when=(guards.subjects_settled,),
        effect=effects.take_up,
    ),
    Step(
        "transfer",
        (IN_PROGRESS,),
        (DISPATCHER, SUPERVISOR),
        to=DISPATCHED,
        needs=("lead_unit",),
        when=(guards.subjects_settled, guards.lead_unit_fits),
        effect=effects.dispatch,
        after=(to_handlers(CaseNotice.TO_SIGN), to_requester(CaseNotice.YOURS_MOVED)),
    ),
    Step(
        "merge",
        (*BEFORE_REPLY, REOPENED),
        (DISPATCHER,),
        to=MERGED,
        needs=("primary",),
        when=(guards.not_a_test, guards.primary_fits),
        effect=effects.merge,
        after=(to_requester(CaseNotice.YOURS_MERGED),),
    ),
    Step(
        "unmerge",
        (MERGED,),
        (DISPATCHER, CLOCK),
        to=SUBMITTED,
        effect=effects.unmerge,
        after=(to_dispatchers(CaseNotice.TO_ACCEPT),),
    ),
    Step(
        "unseal",
        (*BEFORE_REPLY, REPLIED, REOPENED, CLOSED),
        (DISPATCHER,),
        needs=("text",),
        when=(guards.confidential,),
        effect=effects.unseal,
        after=(to_requester(CaseNotice.YOURS_UNSEALED),),
    ),
    # At the handler's desk
    Step("sign", (DISPATCHED,), (HANDLER,), to=IN_PROGRESS, effect=effects.sign),
    Step(
        "send_back",
        (DISPATCHED,),
        (HANDLER, SUPERVISOR),
        to=ACCEPTED,
        needs=("text",),
        when=(guards.sent_back_once,),
        effect=effects.send_back,
        after=(to_dispatchers(CaseNotice.SENT_BACK),),
    ),
    Step("take_over", (IN_PROGRESS,), (HANDLER,), effect=effects.sign),
    Step(
        "contact",
        (IN_PROGRESS,),
        (HANDLER,),
        needs=("text",),
        effect=effects.contact,
        after=(to_requester(CaseNotice.YOURS_CONTACT),),
    ),
    Step("co_part", (DISPATCHED, IN_PROGRESS, WAITING), (CO_HANDLER,), needs=("text",), effect=effects.co_part),
    Step(
        "reply",
        (IN_PROGRESS,),
        (LEAD_HANDLER,),
        to=REPLIED,
        needs=("text",),
        when=(guards.parts_on_record,),
        effect=effects.reply,
    ),
    Step(
        "request_extension",
        (IN_PROGRESS,),
        (HANDLER,),
        needs=("text", "days"),
        when=(guards.not_a_test, guards.no_extension_yet, guards.extension_days_fit),
        effect=effects.request_extension,
    ),
    Step(
        "approve_extension",
        (IN_PROGRESS,),
        (UNIT_LEADER, SUPERVISOR),
        when=(guards.extension_open,),
        effect=effects.approve_extension,
        after=(to_requester(CaseNotice.YOURS_EXTENDED),),
    ),
    Step(
        "refuse_extension",
        (IN_PROGRESS,),
        (UNIT_LEADER, SUPERVISOR),
        needs=("text",),
        when=(guards.extension_open,),
        effect=effects.refuse_extension,
    ),
    # Between the desks and the requester
    _ask(SUBMITTED, DISPATCHER, APPEAL_JUDGE),
    _ask(ACCEPTED, DISPATCHER, APPEAL_JUDGE),
    _ask(DISPATCHED, DISPATCHER, HANDLER),
    _ask(IN_PROGRESS, DISPATCHER, HANDLER),
    Step(
        "answer",
        (WAITING,),
        (REQUESTER,),
        to=(SUBMITTED, ACCEPTED, DISPATCHED, IN_PROGRESS),
        decide=lambda act: act.subject.state_before_waiting,
        needs=("text",),
        effect=effects.answer,
        after=(notifications.to_whoever_waits(CaseNotice.ANSWERED),),
    ),
    Step(
        "no_answer",
        (WAITING,),
        (CLOCK,),
        to=CLOSED,
        effect=effects.no_answer,
        after=(to_requester(CaseNotice.YOURS_CLOSED), notifications.to_whoever_waits(CaseNotice.ENDED)),
    ),
    Step(
        "add",
        (SUBMITTED, ACCEPTED, DISPATCHED, IN_PROGRESS, REOPENED),
        (REQUESTER,),
        needs=("text",),
        effect=effects.add,
        after=(notifications.to_whoever_waits(CaseNotice.ANSWERED),),
    ),
    Step("note", (*BEFORE_REPLY, REPLIED, REOPENED), STAFF, needs=("text",), effect=effects.note),
    # The requester judges
    Step(
        "rate",
        (REPLIED,),
        (REQUESTER,),
        to=(CLOSED, REOPENED),
        decide=effects.after_rating,
        needs=("resolved", "satisfaction"),
        effect=effects.rate,
    ),
    Step(
        "rate",
        (CLOSED,),
        (REQUESTER,),
        to=(CLOSED, REOPENED),
        decide=effects.after_rating,
        needs=("resolved", "satisfaction"),
        when=(guards.may_still_rate,),
        effect=effects.rate,
    ),
    Step(
        "rate",
        (MERGED,),
        (REQUESTER,),
        to=(CLOSED, REOPENED),
        decide=effects.after_rating,
        needs=("resolved", "satisfaction"),
        when=(guards.primary_replied,),
        effect=effects.rate,
    ),
    Step(
        "lapse",
        (REPLIED, MERGED),
        (CLOCK,),
        to=CLOSED,
        effect=effects.lapse,
        after=(to_requester(CaseNotice.YOURS_CLOSED),),
    ),
    Step(
        "withdraw",
        BEFORE_REPLY,
        (REQUESTER,),
        to=WITHDRAWN,
        effect=effects.withdraw,
        after=(notifications.to_whoever_waits(CaseNotice.ENDED),),
    ),
    # For all to read, if the requester agrees
    Step("share", (CLOSED,), (REQUESTER,), when=(guards.may_be_shared,), effect=effects.share),
    Step("unshare", (CLOSED,), (REQUESTER,), when=(guards.shared,), effect=effects.unshare),
    Step(
        "publish",
        (CLOSED,),
        (DISPATCHER,),
        when=(guards.shared,),
        after=(to_requester(CaseNotice.YOURS_PUBLISHED),),
    ),
    Step(
        "take_down",
        (CLOSED,),
        (DISPATCHER,),
        needs=("text",),
        when=(guards.shared,),
        effect=effects.take_down,
        after=(to_requester(CaseNotice.YOURS_TAKEN_DOWN),),
    ),
    # From above
    Step(
        "supervise",
        (*BEFORE_REPLY, REOPENED),
        (SUPERVISOR,),
        effect=effects.supervise,
        after=(notifications.to_whoever_waits(CaseNotice.SUPERVISED), to_unit_leaders(CaseNotice.SUPERVISED)),
    ),
    Step("supervise", (*BEFORE_REPLY, REOPENED), (CLOCK,), effect=effects.supervise),
    record=audit.record_event,
    settle=_settle,
    changes=_changes,
)

pgtrigger.register(transition_trigger(CASE.transitions()))(Case)
