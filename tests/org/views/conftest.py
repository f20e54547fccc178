"""People who are signed in."""

import pytest
from django.test import Client

from tests.factories.accounts import account_of
from tests.pages import post_raw, send_form


@pytest.fixture
def page(settings):
    """Read a page as somebody: `page(zhou_min, "/units/")`; with `data` send its form.

    `at`: the page that holds the form, where it has another address; `raw`: post what no page offers to this person.
    """
    settings.DEMO = True  # no second factor

    def visit(person, address, data=None, query=None, *, at="", raw=False, press=""):
        client = Client()
        if person is not None:
            client.force_login(account_of(person))
        if data is None:
            return client.get(address, query)
        if raw:
            return post_raw(client, address, data)
        return send_form(client, at or address, data, to=address, press=press)

    return visit
