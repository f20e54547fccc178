"""The sample enterprise: small, but with everything in it."""

from collections import Counter

import pytest

from lianxin.accounts.models import User
from lianxin.cases.enums import CaseState, Identity, Outcome
from lianxin.cases.models import Case, Deadline, Rating
from lianxin.cases.queries import desk_counts
from lianxin.kernel import timezone
from lianxin.ledger.models import Event
from lianxin.notifications.models import Notice
from lianxin.org.enums import ADMINISTRATORS, Role, UnitKind
from lianxin.org.models import PartyOrganisation, Person, RoleGrant, Unit
from tests.demo.making import A_WEDNESDAY, make_sample


@pytest.fixture(scope="module")
def sample(lasting):
    """A small sample for all the tests that only look at it."""
    make_sample()


@pytest.fixture
def present(sample, db):
    with timezone.frozen(A_WEDNESDAY):
        yield


def test_three_levels_of_units_and_sixty_people(present):
    assert set(Unit.objects.values_list("depth", flat=True)) == {1, 2, 3}
    assert set(Unit.objects.values_list("kind", flat=True)) == set(UnitKind)
    assert Person.objects.filter(left_on__isnull=True).count() == 60
    assert PartyOrganisation.objects.filter(depth=1).count() == 1
    assert User.objects.count() >= 60


def test_every_role_is_held_and_no_two_administrators_are_one_person(present):
    held = RoleGrant.objects.filter(ended_on__isnull=True)
    assert set(held.values_list("role", flat=True)) == set(Role)
    administrators = held.filter(role__in=ADMINISTRATORS)
    assert administrators.count() == len(set(administrators.values_list("person", flat=True))) == 3
    assert {grant.person.role_grants.count() for grant in administrators} == {1}


def test_every_state_and_every_way_to_raise_a_case_is_there(present):
    assert set(Case.objects.values_list("state", flat=True)) == set(CaseState)
    assert set(Case.objects.values_list("identity", flat=True)) == set(Identity)
    assert Case.objects.filter(sealed=True).exists()
    assert Case.objects.filter(outcome=Outcome.RATED).exists()


def test_the_figures_are_believable(present):
    due = Deadline.objects.filter(kind="reply", completed_at__isnull=False)
    late = sum(clock.completed_at > clock.due_at for clock in due)
    assert 0 < late < len(due) * 0.4
    ratings = Counter(Rating.objects.filter(round=1).values_list("resolved", flat=True))
    assert ratings["yes"] > ratings["no"] + ratings["partly"]
    assert Case.objects.filter(state=CaseState.REOPENED).exists()


def test_every_desk_has_something_to_do(present):
    for role in (Role.DISPATCHER, Role.HANDLER, Role.UNIT_LEADER, Role.SUPERVISOR, Role.INSPECTOR):
        waiting = Counter()
        for person in Person.objects.filter(role_grants__role=role, role_grants__ended_on__isnull=True).distinct():
            waiting.update(desk_counts(viewer=person))
        assert waiting["open"], role
        assert any(count for name, count in waiting.items() if name.startswith("to_")), role


def test_only_what_came_in_the_last_days_is_unread(present):
    unread = Notice.objects.filter(read_at__isnull=True, read=False)
    assert unread.exists()
    assert (A_WEDNESDAY - unread.earliest("at").at).days < 5
    assert Notice.objects.filter(read_at__isnull=False).exists()


def test_nothing_lies_in_the_future_and_no_text_has_an_empty_slot(present):
    assert not Event.objects.filter(at__gt=A_WEDNESDAY).exists()
    for case in Case.objects.prefetch_related("messages"):
        for text in (case.title, case.body, *(message.text for message in case.messages.all())):
            assert text.strip()
            assert "{" not in text
