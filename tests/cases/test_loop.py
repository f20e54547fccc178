"""The loop, as a story: raised, accepted, dispatched, signed, answered, rated."""

from lianxin.cases.enums import CaseState, Outcome
from lianxin.cases.services import requester
from lianxin.ledger.queries import events_of
from lianxin.notifications.models import Notice
from tests.factories.cases import replied, submit


def inbox_of(person):
    return list(Notice.objects.filter(recipient=person).order_by("at").values_list("kind", flat=True))


def test_a_case_is_raised_answered_and_judged_by_its_requester(house):
    case = submit(house.li_na).case
    assert (case.state, case.title, case.place_unit) == (
        CaseState.SUBMITTED,
        "宿舍三楼没有热水，已经三天了",
        house.workshop,
    )
    assert inbox_of(house.dispatcher) == ["to_accept"]
    replied(house, case)
    assert inbox_of(house.handler) == ["to_sign"]
    case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="yes", satisfaction=4)
    assert (case.state, case.outcome) == (CaseState.CLOSED, Outcome.RATED)
    assert [e.action for e in events_of("case", case.pk)] == ["submit", "accept", "dispatch", "sign", "reply", "rate"]
    assert inbox_of(house.li_na) == ["yours_accepted", "yours_moved", "yours_replied"]


def test_a_dissatisfied_requester_gets_a_second_round_under_supervision(house):
    case = submit(house.li_na).case
    replied(house, case)
    case = requester.rate_case(actor=house.li_na, case_id=case.pk, resolved="no", satisfaction=2)
    assert (case.state, case.round, case.supervised_at is not None) == (CaseState.REOPENED, 2, True)
    assert inbox_of(house.supervisor) == ["to_redispatch"]
