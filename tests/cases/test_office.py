"""An office of five hundred behind one address, and those who try too often."""

import re

import pytest
from django.test import Client

from lianxin.accounts.models import User
from lianxin.cases.models import Case
from tests.factories.accounts import account_of
from tests.factories.cases import found_enterprise
from tests.factories.org import PersonFactory
from tests.pages import send_form

OFFICE = "203.0.113.9"
BODY = "食堂晚饭供应太早，夜班的人吃不上热饭。"


@pytest.fixture
def house(db):
    return found_enterprise()


def raise_case(client, number=0, identity="named"):
    said = {"body": f"{BODY}（{number}）", "identity": identity, "kind": "help"}
    return send_form(client, "/say/", said, REMOTE_ADDR=OFFICE)


@pytest.mark.slow
def test_five_hundred_behind_one_address_are_all_heard(house):
    statuses = []
    for number in range(250):
        client = Client()
        person = PersonFactory(unit=house.workshop)
        client.force_login(User.objects.create(person=person, username=person.employee_no))
        statuses.append(raise_case(client, number).status_code)
    signed_out = Client()
    statuses += [raise_case(signed_out, number, "anonymous").status_code for number in range(250)]
    assert (statuses.count(302), Case.objects.count()) == (500, 500)


def test_a_single_credential_that_floods_is_slowed_and_loses_no_word(client, house):
    client.force_login(account_of(house.li_na))
    answers = [raise_case(client, number) for number in range(21)]
    assert [answer.status_code for answer in answers] == [302] * 20 + [429]
    assert BODY in answers[-1].content.decode()
    assert Case.objects.count() == 20


def test_a_machine_guessing_receipts_is_slowed_and_cannot_tell(client, house):
    raise_case(client, identity="anonymous")
    receipt = client.get("/say/receipt/").context["receipt"]
    wrong = "-".join(["22222"] * 4)

    def shown(code, address="192.0.2.1"):
        answer = send_form(client, "/receipt/", {"code": code}, REMOTE_ADDR=address)
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
        return answer.status_code, page.replace(code, "")

    first = shown(wrong)
    assert first[0] == 422
    for _ in range(200):
        answer = shown(wrong)
    assert answer == first
    assert shown(receipt)[0] == first[0]  # right, but from where too many were wrong: looks the same
    assert shown(receipt, address=OFFICE)[0] == 302
