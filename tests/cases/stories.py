"""Words for telling stories about cases."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from lianxin.cases.enums import CaseState
from lianxin.cases.models import Case, Deadline
from lianxin.cases.queries import get_case_for, open_receipt
from lianxin.cases.services import requester, triage
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import CLOCK
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from lianxin.notifications.policies import addressed_to
from tests.factories.cases import accepted, dispatched, in_progress, replied, submit

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 9, 40, 17, tzinfo=SHANGHAI)
"""An ordinary working morning."""


def day(n: int, hour: int = 9, minute: int = 0) -> datetime:
    """The n-th calendar day after that Tuesday."""
    return TUESDAY.replace(hour=hour, minute=minute, second=0) + timedelta(days=n)


def inbox_of(person):
    return list(Notice.objects.filter(addressed_to(person)).order_by("at", "pk").values_list("kind", flat=True))


def told(person):
    """What stands in somebody's inbox, whatever its order."""
    return sorted(inbox_of(person))


def trail(case):
    return [event.action for event in events_of("case", case.pk)]


def fresh(case):
    return get_case_for(CLOCK, case.pk)


def open_deadlines(case):
    rows = Deadline.objects.filter(case=case, completed_at__isnull=True, cancelled_at__isnull=True)
    return {row.kind: row.due_at.astimezone(SHANGHAI) for row in rows}


def bring_to(house, state, *, person=None, **more) -> Case:
    """A case of Li Na's in a state, brought there by the people whose work it is."""
    person = person or house.li_na
    case = submit(person, **more).case
    ways = {
        CaseState.SUBMITTED: lambda: None,
        CaseState.ACCEPTED: lambda: accepted(house, case),
        CaseState.DECLINED: lambda: declined(house, case),
        CaseState.DISPATCHED: lambda: dispatched(house, case),
        CaseState.IN_PROGRESS: lambda: in_progress(house, case),
        CaseState.WAITING: lambda: waiting(house, case),
        CaseState.REPLIED: lambda: replied(house, case),
        CaseState.REOPENED: lambda: reopened(house, case, person),
        CaseState.CLOSED: lambda: closed(house, case, person),
        CaseState.MERGED: lambda: merged(house, case),
        CaseState.WITHDRAWN: lambda: requester.withdraw_case(actor=person, case_id=case.pk),
    }
    ways[CaseState(state)]()
    return fresh(case)


def declined(house, case):
    return triage.decline_case(actor=house.dispatcher, case_id=case.pk, reason="not_ours", text="不归我们管。")


def waiting(house, case):
    in_progress(house, case)
    return perform("ask", actor=house.handler, case_id=case.pk, text="是哪一间？")


def closed(house, case, person):
    replied(house, case)
    return requester.rate_case(actor=person, case_id=case.pk, resolved="yes", satisfaction=5)


def reopened(house, case, person):
    replied(house, case)
    return requester.rate_case(actor=person, case_id=case.pk, resolved="no", satisfaction=1)


def merged(house, case):
    primary = submit(house.wang_fang, "三楼热水停了。").case
    accepted(house, primary)
    return triage.merge_case(actor=house.dispatcher, case_id=case.pk, primary_id=primary.pk)


def receipt_holder(submission):
    return open_receipt(submission.receipt)
