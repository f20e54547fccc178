import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from lianxin.accounts.models import User
from tests.factories.cases import found_enterprise


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture
def browsers(house):
    """Everybody's browser, signed in; the second step, which has tests of its own, is behind them."""
    found = {}
    for name, person in house.people().items():
        user = User.objects.create(person=person, username=person.employee_no)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={})
        found[name] = Client()
        found[name].force_login(user)
    return found
