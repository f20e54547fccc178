"""A small power company and the people who run its organisation."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from lianxin.kernel.errors import ValidationFailed
from lianxin.org.enums import PartyOrganisationKind, Role, UnitKind
from tests.factories.org import PartyOrganisationFactory, PersonFactory, UnitFactory, enrol


@pytest.fixture
def company(db):
    return UnitFactory(name="临江供电公司", code="LJ", kind=UnitKind.ENTERPRISE)


@pytest.fixture
def east(company):
    return UnitFactory(parent=company, name="东区供电所", code="LJ-E")


@pytest.fixture
def west(company):
    return UnitFactory(parent=company, name="西区供电所", code="LJ-W")


@pytest.fixture
def line_team(east):
    return UnitFactory(parent=east, name="线路一班", code="LJ-E-1", kind=UnitKind.TEAM)


@pytest.fixture
def committee(company):
    return PartyOrganisationFactory(name="公司党委", code="DW", kind=PartyOrganisationKind.COMMITTEE, unit=company)


@pytest.fixture
def east_branch(committee, east):
    return PartyOrganisationFactory(parent=committee, name="东区党支部", code="DW-E", unit=east)


@pytest.fixture
def zhou_min(company):
    """The system administrator."""
    return PersonFactory(name="周敏", employee_no="S001", unit=company, roles={Role.SYSTEM_ADMIN: company})


@pytest.fixture
def xu_jing(company):
    """The security administrator."""
    return PersonFactory(name="许静", employee_no="S002", unit=company, roles={Role.SECURITY_ADMIN: company})


@pytest.fixture
def gao_yuan(company):
    """The audit administrator."""
    return PersonFactory(name="高远", employee_no="S003", unit=company, roles={Role.AUDIT_ADMIN: company})


@pytest.fixture
def east_admin(east):
    """A system administrator of one unit only."""
    return PersonFactory(name="东区管理员", employee_no="S004", unit=east, roles={Role.SYSTEM_ADMIN: east})


@pytest.fixture
def li_na(line_team, east_branch):
    """A lineswoman and Party member without any role."""
    li_na = PersonFactory(name="李娜", employee_no="10023", phone="13900000001", unit=line_team)
    enrol(li_na, east_branch)
    return li_na


@pytest.fixture
def together():
    """Run acts in threads of their own at the same moment; return what each gave or raised."""

    def run(*acts):
        barrier = Barrier(len(acts))

        def one(act):
            try:
                barrier.wait(10)
                return act()
            except (IntegrityError, ValidationFailed) as error:
                return error
            finally:
                connection.close()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(one, acts))

    return run
