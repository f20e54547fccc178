from datetime import date, timedelta

import pytest

from lianxin.kernel import timezone
from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.org.enums import MembershipKind, PartyOrganisationKind
from lianxin.org.models import PartyOrganisation
from lianxin.org.services import (
    NewMember,
    add_party_organisation,
    end_membership,
    end_party_organisation,
    enrol_member,
    enrol_members,
    move_party_organisation,
    record_departure,
    rename_party_organisation,
)
from tests.factories.org import LONG_AGO, PartyOrganisationFactory, PersonFactory
from tests.org.stories import children_of, record_of

TODAY = timezone.today()
YESTERDAY = TODAY - timedelta(days=1)


def test_zhou_min_adds_a_branch_below_the_committee(zhou_min, committee, west):
    branch = add_party_organisation(
        actor=zhou_min,
        name="西区党支部",
        code="DW-W",
        kind=PartyOrganisationKind.BRANCH,
        unit_id=west.pk,
        parent_id=committee.pk,
    )
    assert children_of(committee) == ["西区党支部"]
    assert record_of(branch) == [("add", "周敏")]


def test_whoever_is_new_and_whoever_is_transferred_are_enrolled_together(zhou_min, li_na, line_team, east_branch):
    other = PartyOrganisationFactory(name="西区党支部", unit=line_team)
    wang = PersonFactory(name="王强", unit=line_team)
    joining = [NewMember(person_id=person.pk, party_organisation_id=other.pk) for person in (li_na, wang)]
    enrol_members(actor=zhou_min, newcomers=joining)
    told = [(m.party_organisation.name, m.started_on, m.ended_on) for m in li_na.memberships.order_by("started_on")]
    assert told == [(east_branch.name, LONG_AGO, YESTERDAY), (other.name, TODAY, None)]
    assert wang.memberships.get().started_on == TODAY
    assert record_of(wang) == [("enrol", "周敏")]


def test_the_two_trees_are_shaped_apart(zhou_min, committee, east_branch, company):
    group = PartyOrganisationFactory(parent=east_branch, name="第一小组", unit=company)
    other = PartyOrganisationFactory(parent=committee, name="机关党支部", unit=company)
    with pytest.raises(ValidationFailed):
        move_party_organisation(actor=zhou_min, party_organisation_id=east_branch.pk, parent_id=group.pk)
    move_party_organisation(actor=zhou_min, party_organisation_id=group.pk, parent_id=other.pk)
    move_party_organisation(actor=zhou_min, party_organisation_id=east_branch.pk, parent_id=None)
    assert children_of(other) == ["第一小组"]
    assert PartyOrganisation.objects.get(pk=east_branch.pk).is_root()
    assert PartyOrganisation.objects.find_problems() == ([], [], [], [], [])
    assert [(move.from_parent, move.to_parent) for move in east_branch.moves.all()] == [(committee, None)]


def test_an_administrator_of_the_east_leaves_the_committee_alone(east_admin, committee, east_branch):
    rename_party_organisation(actor=east_admin, party_organisation_id=east_branch.pk, name="江东党支部")
    with pytest.raises(PermissionDenied):
        rename_party_organisation(actor=east_admin, party_organisation_id=committee.pk, name="党委")
    with pytest.raises(PermissionDenied):
        move_party_organisation(actor=east_admin, party_organisation_id=committee.pk, parent_id=east_branch.pk)


def test_a_branch_ends_when_nobody_belongs_to_it(zhou_min, committee, east_branch, li_na):
    with pytest.raises(ValidationFailed, match="下面"):
        end_party_organisation(actor=zhou_min, party_organisation_id=committee.pk)
    with pytest.raises(ValidationFailed, match="党员"):
        end_party_organisation(actor=zhou_min, party_organisation_id=east_branch.pk)
    enrol_member(actor=zhou_min, person_id=li_na.pk, party_organisation_id=committee.pk, started_on=YESTERDAY)
    end_party_organisation(actor=zhou_min, party_organisation_id=east_branch.pk)
    assert record_of(east_branch) == [("end", "周敏")]


def test_a_probationary_member_becomes_a_full_one_and_is_transferred(zhou_min, committee, east_branch, line_team):
    sun_lei = PersonFactory(name="孙磊", unit=line_team)
    for place, kind, day in (
        (east_branch, MembershipKind.PROBATIONARY, date(2024, 7, 1)),
        (east_branch, MembershipKind.FULL, date(2025, 7, 1)),
        (committee, MembershipKind.FULL, TODAY),
    ):
        enrol_member(actor=zhou_min, person_id=sun_lei.pk, party_organisation_id=place.pk, kind=kind, started_on=day)
    assert list(sun_lei.memberships.values_list("party_organisation__name", "kind", "ended_on")) == [
        ("东区党支部", "probationary", date(2025, 6, 30)),
        ("东区党支部", "full", YESTERDAY),
        ("公司党委", "full", None),
    ]


def test_what_a_membership_cannot_be(zhou_min, committee, east_branch, li_na):
    for place, day in ((east_branch, TODAY), (committee, LONG_AGO), (committee, TODAY + timedelta(days=1))):
        with pytest.raises(ValidationFailed):
            enrol_member(actor=zhou_min, person_id=li_na.pk, party_organisation_id=place.pk, started_on=day)
    membership = li_na.memberships.get()
    with pytest.raises(ValidationFailed):
        end_membership(actor=zhou_min, membership_id=membership.pk, last_day=LONG_AGO - timedelta(days=1))
    end_membership(actor=zhou_min, membership_id=membership.pk)
    with pytest.raises(ValidationFailed):
        end_membership(actor=zhou_min, membership_id=membership.pk)
    record_departure(actor=zhou_min, person_id=li_na.pk)
    with pytest.raises(ValidationFailed):
        enrol_member(actor=zhou_min, person_id=li_na.pk, party_organisation_id=committee.pk)
    assert [action for action, _ in record_of(li_na)] == ["end_membership", "leave"]
