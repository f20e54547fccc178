"""Nothing is handed to nobody: naming, sealing and appealing are refused where it would reach no one."""

import pytest

from lianxin.cases.services import triage
from lianxin.cases.services.transitions import perform
from lianxin.kernel.errors import ValidationFailed
from lianxin.org.enums import Role
from lianxin.org.models import RoleGrant
from tests.cases.stories import declined, fresh, told
from tests.factories.cases import submit


def test_naming_all_who_could_handle_it_is_refused(house):
    case = submit(house.li_na).case
    with pytest.raises(ValidationFailed, match=r"没有人能处理|no one could handle"):
        triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.dispatcher, house.head_dispatcher])
    assert not fresh(case).subjects.exists()
    triage.name_people(actor=house.dispatcher, case_id=case.pk, people=[house.dispatcher])
    assert "to_accept" in told(house.head_dispatcher)


def test_naming_a_unit_counts_everybody_with_a_role_in_it(house):
    case = submit(house.li_na).case
    RoleGrant.objects.filter(role=Role.DISPATCHER, unit=house.root).delete()
    with pytest.raises(ValidationFailed):
        triage.name_people(actor=house.dispatcher, case_id=case.pk, units=[house.company])
    assert not fresh(case).subjects.exists()


def test_a_conduct_matter_goes_to_inspection_only_where_there_is_an_inspector(house):
    case = submit(house.li_na, "主任收礼。").case
    RoleGrant.objects.filter(role=Role.INSPECTOR).delete()
    with pytest.raises(ValidationFailed, match=r"纪检委员|discipline inspector"):
        triage.seal_case(actor=house.dispatcher, case_id=case.pk, text="涉及作风")
    assert not fresh(case).sealed


def test_an_appeal_is_possible_only_where_somebody_else_can_decide_it(house):
    RoleGrant.objects.filter(role=Role.SUPERVISOR).delete()
    case = declined(house, submit(house.li_na).case)
    with pytest.raises(ValidationFailed, match=r"no one here can decide an appeal"):
        perform("appeal", actor=house.li_na, case_id=case.pk, text="请再看。")
    assert fresh(case).state == "declined"


def test_where_whoever_declined_is_the_only_supervisor_there_is_no_appeal(house):
    RoleGrant.objects.filter(role=Role.SUPERVISOR).update(person=house.dispatcher)
    case = declined(house, submit(house.li_na).case)
    with pytest.raises(ValidationFailed):
        perform("appeal", actor=house.li_na, case_id=case.pk, text="请再看。")
