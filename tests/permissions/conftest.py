from copy import deepcopy
from http.cookies import SimpleCookie

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.test import Client

from lianxin.accounts.models import User
from tests.factories.cases import found_enterprise

TOTP_SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(scope="module")
def founded(lasting):
    return found_enterprise()


@pytest.fixture
def house(founded, db):
    """As on its first day: nothing of what the people did in the test before."""
    return deepcopy(founded)


@pytest.fixture(scope="module")
def signed_in(founded):
    """Everybody's cookies; the second step, which has tests of its own, is behind them."""
    found = {}
    for name, person in founded.people().items():
        user = User.objects.create(person=person, username=person.employee_no)
        secret = get_adapter().encrypt(TOTP_SECRET)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
        browser = Client()
        browser.force_login(user)
        browser.get("/inbox/")  # the first look writes into the session, which the others then need not
        found[name] = browser.cookies
    return found


@pytest.fixture
def browsers(signed_in, db):
    """Everybody's browser."""
    found = {}
    for name, cookies in signed_in.items():
        found[name] = Client()
        found[name].cookies = SimpleCookie(cookies)
    return found
