import pytest
from django.test import Client

from tests.factories.accounts import account_of


@pytest.fixture
def desk_of(db, settings):
    """A browser in which a person is signed in (the second factor is another test's matter)."""
    settings.DEMO = True
    browsers = {}

    def browser(person):
        if person.pk not in browsers:
            browsers[person.pk] = Client()
            browsers[person.pk].force_login(account_of(person))
        return browsers[person.pk]

    return browser
