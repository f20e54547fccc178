"""Where a confidential case goes tells nothing about who raised it."""

from datetime import timedelta

import pytest
from django.db import transaction

from lianxin.cases import policies
from lianxin.cases.enums import CaseKind, Identity
from lianxin.cases.models import Case
from lianxin.cases.queries import WorkList, desk_counts, get_case_for
from lianxin.cases.queries.work_queues import CaseFilter
from lianxin.cases.services import deadlines, handling, triage
from lianxin.cases.services import requester as requester_services
from lianxin.cases.services.transitions import perform
from lianxin.cases.workflow import routing
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied
from lianxin.notifications.models import Delivery, Notice
from lianxin.org.enums import Role
from lianxin.org.models import Person
from tests.factories.cases import category, found_enterprise, submit
from tests.factories.org import PersonFactory
from tests.pages import post_raw

pytestmark = pytest.mark.django_db

ROLES = (routing.dispatchers, routing.supervisors, routing.inspectors, routing.unit_leaders, routing.at_desk)


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture
def colleague(house):
    """Somebody else who can do all that is to be done, and raises nothing."""
    return PersonFactory(
        name="何平",
        unit=house.root,
        roles={Role.DISPATCHER: house.root, Role.SUPERVISOR: house.root, Role.HANDLER: house.logistics},
    )


def anew(person):
    return Person.objects.get(pk=person.pk)


def lines(case):
    """Whom the case would reach now, role by role and level by level."""
    fresh = Case.objects.select_related("place_unit", "lead_unit", "inspection_unit").get(pk=case.pk)
    reached = [sorted(role(fresh)) for role in ROLES]
    reached += [sorted(role(fresh, above=1)) for role in ROLES if role is not routing.at_desk]
    unit = fresh.lead_unit or fresh.place_unit
    return [*reached, sorted(routing.handlers_at(fresh, unit)), sorted(routing.everyone_able(fresh, unit))]


def told(case):
    """The open notices about a case: who, what and how often."""
    rows = Notice.objects.filter(subject_id=str(case.pk), recipient__isnull=False)
    return sorted(rows.values_list("recipient__name", "kind"))


def whole_life(house, colleague, requester, kind):
    """A confidential case from submission over late acceptance to its rating, and what anybody could see of its way."""
    start = timezone.now()
    seen = []

    def look():
        seen.append((lines(case), told(case)))

    with timezone.frozen(start):
        case = submit(requester, identity=Identity.CONFIDENTIAL, kind=kind, place=house.workshop).case
        look()
    with timezone.frozen(start + timedelta(days=20)):
        deadlines.scan()
        look()
        if kind != CaseKind.CONDUCT:
            triage.accept_case(actor=colleague, case_id=case.pk, kind=kind, category=category())
            perform("ask", actor=colleague, case_id=case.pk, text="在哪一间？")
            answer = requester_services.add_to_case if kind == CaseKind.HAZARD else requester_services.answer_question
            answer(actor=anew(requester), case_id=case.pk, text="三楼。")
            look()
            triage.dispatch_case(actor=colleague, case_id=case.pk, lead_unit=house.logistics)
            look()
            requester_services.add_to_case(actor=anew(requester), case_id=case.pk, text="四楼也是。")
            perform("sign", actor=colleague, case_id=case.pk)
            handling.reply_to_requester(actor=colleague, case_id=case.pk, text="修好了。")
            requester_services.rate_case(actor=anew(requester), case_id=case.pk, resolved="no", satisfaction=1)
            look()
    with timezone.frozen(start + timedelta(days=60)):
        deadlines.scan()
        look()
    return seen


@pytest.mark.parametrize("kind", [CaseKind.HELP, CaseKind.HAZARD, CaseKind.CONDUCT])
def test_recipients_and_notices_are_the_same_whoever_raised_it(house, colleague, kind):
    ways = {}
    people = house.people()
    if kind == CaseKind.HAZARD:  # the same, but for its clocks
        people = {name: people[name] for name in ("li_na", "dispatcher", "handler", "supervisor")}
    for name, requester in people.items():
        with transaction.atomic():
            ways[name] = whole_life(house, colleague, anew(requester), kind)
            assert not Delivery.objects.exists()
            transaction.set_rollback(True)
    first = ways["li_na"]
    assert any(people for people, _told in first for people in people)
    assert {name: way == first for name, way in ways.items()} == dict.fromkeys(ways, True)


def test_whoever_raised_it_sees_it_among_their_work_like_all_others(house):
    case = submit(house.dispatcher, identity=Identity.CONFIDENTIAL, place=house.workshop).case
    other = submit(house.li_na, identity=Identity.CONFIDENTIAL, place=house.workshop).case
    person = anew(house.dispatcher)
    chosen = CaseFilter(queue="to_accept")
    listed = WorkList(viewer=person, chosen=chosen)
    assert {row.pk for row in listed[0:10]} == {case.pk, other.pk}
    assert desk_counts(viewer=person)["to_accept"] == 2
    assert Notice.objects.filter(recipient=person, kind="to_accept").count() == 2
    assert get_case_for(person, case.pk) == case
    assert policies.relations_of(person, case) == {"requester"}, "no more is shown than a requester may know"


def test_acting_on_it_is_refused_in_plain_words_and_others_can(house, colleague):
    case = submit(house.dispatcher, identity=Identity.CONFIDENTIAL, place=house.workshop).case
    with pytest.raises(PermissionDenied, match=r"You submitted this case|是您提交的"):
        triage.accept_case(actor=anew(house.dispatcher), case_id=case.pk, kind=CaseKind.HELP, category=category())
    with pytest.raises(PermissionDenied, match=r"You submitted this case|是您提交的"):
        triage.unseal_requester(actor=anew(house.dispatcher), case_id=case.pk, reason="想看看")
    triage.accept_case(actor=house.head_dispatcher, case_id=case.pk, kind=CaseKind.HELP, category=category())
    case = triage.dispatch_case(actor=house.head_dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert case.state == "dispatched"
    with pytest.raises(NotFound):
        perform("sign", actor=anew(house.li_na), case_id=case.pk)


def test_the_page_refuses_it_too(house, client):
    from tests.factories.accounts import sign_in  # noqa: PLC0415

    case = submit(house.dispatcher, identity=Identity.CONFIDENTIAL, place=house.workshop).case
    browser = sign_in(client, anew(house.dispatcher))
    assert case.number in browser.get("/desk/?queue=to_accept").content.decode()
    page = browser.get(f"/case/{case.pk}/")
    assert page.status_code == 200
    answer = post_raw(browser, f"/case/{case.pk}/do/accept/", {"version": 1, "kind": "help", "category": category().pk})
    assert answer.status_code == 403
    assert "是您提交的" in answer.content.decode()


def test_a_handler_who_raised_it_does_not_show_by_a_refused_dispatch(house):
    """The only handler of the unit raised it: that nobody could handle it there would say so."""
    case = submit(house.handler, identity=Identity.CONFIDENTIAL, place=house.workshop).case
    triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind=CaseKind.HELP, category=category())
    triage.dispatch_case(
        actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics, handler=anew(house.handler)
    )
    assert Notice.objects.filter(recipient=house.handler, kind="to_sign").count() == 1
    with pytest.raises(PermissionDenied, match=r"You submitted this case|是您提交的"):
        perform("sign", actor=anew(house.handler), case_id=case.pk)


def test_what_is_taken_back_from_others_is_taken_back_from_them(house, colleague):
    case = submit(house.handler, identity=Identity.CONFIDENTIAL, place=house.workshop).case
    triage.accept_case(actor=house.dispatcher, case_id=case.pk, kind=CaseKind.HELP, category=category())
    triage.dispatch_case(actor=house.dispatcher, case_id=case.pk, lead_unit=house.logistics)
    assert set(Notice.objects.filter(kind="to_sign").values_list("recipient", flat=True)) == {
        house.handler.pk,
        colleague.pk,
    }
    perform("sign", actor=anew(colleague), case_id=case.pk)
    triage.transfer_case(actor=house.head_dispatcher, case_id=case.pk, lead_unit=house.workshop)
    assert not Notice.objects.filter(kind="to_sign", recipient=house.handler).exists()


def test_a_case_raised_by_name_goes_past_its_requester_as_before(house):
    case = submit(house.dispatcher, place=house.workshop).case
    assert house.dispatcher.pk not in routing.dispatchers(case)
    assert not WorkList(viewer=anew(house.dispatcher), chosen=CaseFilter(queue="to_accept"))[0:10]
