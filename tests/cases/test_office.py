"""An office of hundreds behind one address, and those who try too often."""

import re
from html import unescape
from itertools import count

import pytest
from django.test import Client

from lianxin.accounts.models import User
from lianxin.cases.models import Case
from lianxin.kernel.crowds import is_proof
from tests.factories.accounts import account_of
from tests.factories.cases import found_enterprise
from tests.factories.org import PersonFactory
from tests.pages import post_raw, send_form

OFFICE = "203.0.113.9"
BODY = "食堂晚饭供应太早，夜班的人吃不上热饭。"


@pytest.fixture
def house(db):
    return found_enterprise()


def raise_case(client, number=0, identity="named"):
    said = {"body": f"{BODY}（{number}）", "identity": identity, "kind": "help"}
    return send_form(client, "/say/", said, REMOTE_ADDR=OFFICE)


def raise_in_a_crowd(client, number):
    """As a browser does it that is asked for a little work first."""
    page = client.get("/say/", REMOTE_ADDR=OFFICE)
    said = {"body": f"{BODY}（{number}）", "identity": "anonymous", "kind": "help"}
    html = page.content.decode()
    if ticket := re.search(r'name="ticket"\s+value="([^"]+)"', html):
        bits = int(re.search(r'data-proof="(\d+)"', html)[1])
        said["proof"] = next(str(n) for n in count() if is_proof(unescape(ticket[1]), str(n), bits))
        key = re.search(r'name="key"\s+value="([^"]+)"', html)[1]
        return post_raw(client, "/say/", {**said, "key": key, "ticket": unescape(ticket[1])}, REMOTE_ADDR=OFFICE)
    return send_form(client, page, said, REMOTE_ADDR=OFFICE)


@pytest.mark.stress
def test_an_office_behind_one_address_is_heard_to_the_last(house):
    statuses = []
    for number in range(250):
        client = Client()
        person = PersonFactory(unit=house.workshop)
        client.force_login(User.objects.create(person=person, username=person.employee_no))
        statuses.append(raise_case(client, number).status_code)
    signed_out = Client()
    statuses += [raise_in_a_crowd(signed_out, number).status_code for number in range(50)]
    assert (statuses.count(302), Case.objects.count()) == (300, 300)


def test_a_single_credential_that_floods_is_slowed_and_loses_no_word(client, house):
    client.force_login(account_of(house.li_na))
    answers = [raise_case(client, number) for number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert BODY in answers[-1].content.decode()
    assert Case.objects.count() == 20


def test_a_machine_guessing_receipts_is_slowed_and_locks_nobody_out(client, house, monkeypatch):
    raise_case(client, identity="anonymous")
    receipt = client.get("/say/receipt/").context["receipt"]
    slept = []
    monkeypatch.setattr("lianxin.kernel.crowds.sleep", slept.append)

    def shown(code):
        answer = send_form(client, "/receipt/", {"code": code}, REMOTE_ADDR="192.0.2.1")
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        return answer.status_code, page.replace(code, "")

    wrong = "-".join(["22222"] * 4)
    first = shown(wrong)
    assert first[0] == 422
    for _ in range(100):
        answer = shown(wrong)
    assert (answer, slept[-1]) == (first, 2.0)
    assert shown(receipt)[0] == 302
