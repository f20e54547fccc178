import pytest
from django.test import Client

from lianxin.org.enums import Role
from tests.factories.accounts import sign_in
from tests.factories.org import PersonFactory, UnitFactory


@pytest.fixture(autouse=True)
def _site(settings):
    settings.ROOT_URLCONF = "tests.accounts.urls"


@pytest.fixture
def company(db):
    return UnitFactory(name="江城供电公司", code="JC")


@pytest.fixture
def team(company):
    return UnitFactory(parent=company, name="带电作业班", code="JC01")


@pytest.fixture
def li_na(team):
    return PersonFactory(name="李娜", employee_no="E10001", phone="13900000001", unit=team)


@pytest.fixture
def wang_qiang(team):
    return PersonFactory(name="王强", employee_no="E10002", phone="13900000002", unit=team)


@pytest.fixture
def security_admin(company):
    return PersonFactory(name="赵安", employee_no="A2", unit=company, roles={Role.SECURITY_ADMIN: company})


@pytest.fixture
def system_admin(company):
    return PersonFactory(name="钱系", employee_no="A1", unit=company, roles={Role.SYSTEM_ADMIN: company})


@pytest.fixture
def enrolled(settings):
    """Whoever signs in is taken as having a second factor, for tests of something else."""
    settings.DEMO = True


@pytest.fixture
def signed_in():
    """A browser in which a person is signed in."""
    return lambda person, **headers: sign_in(Client(**headers), person)
