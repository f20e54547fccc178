"""People who are signed in."""

import pytest
from django.test import Client

from tests.factories.accounts import account_of


@pytest.fixture
def page(settings):
    """Read a page as somebody: `page(zhou_min, "/units/")`; with `data` send a form."""
    settings.DEMO = True  # no second factor

    def visit(person, address, data=None, query=None):
        client = Client()
        if person is not None:
            client.force_login(account_of(person))
        return client.get(address, query) if data is None else client.post(address, data)

    return visit
