import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from lianxin.accounts.models import User
from lianxin.kernel import timezone
from lianxin.nlp import embeddings
from lianxin.org.enums import STRONG_SIGN_IN
from tests.cases.stories import day
from tests.factories.cases import found_enterprise


@pytest.fixture(autouse=True)
def _words_only(monkeypatch):
    """As on a machine without the extra `semantic`: the same outcomes everywhere."""
    monkeypatch.setattr(embeddings, "available", lambda: False)
    monkeypatch.setattr(embeddings, "model_version", lambda: "")


@pytest.fixture
def house(db):
    with timezone.frozen(day(0)):
        yield found_enterprise()


@pytest.fixture
def browser_of(db):
    def signed_in(person):
        user, _new = User.objects.get_or_create(person=person, defaults={"username": person.employee_no})
        if person.holds(*STRONG_SIGN_IN):
            Authenticator.objects.get_or_create(user=user, type=Authenticator.Type.TOTP, defaults={"data": {}})
        client = Client()
        client.force_login(user)
        return client

    return signed_in
