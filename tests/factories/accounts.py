"""Accounts for tests: `UserFactory(person=li_na, password="…")`, and `sign_in(client, person)`."""

import factory
from django.test import Client
from factory.django import DjangoModelFactory

from lianxin.accounts.models import User
from lianxin.org.models import Person
from tests.factories.org import PersonFactory
from tests.pages import send_form

PASSWORD = "说一句真话 2026"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    person = factory.SubFactory(PersonFactory)
    username = factory.SelfAttribute("person.employee_no")
    password = factory.django.Password(PASSWORD)


def account_of(person: Person, *, password: str = PASSWORD) -> User:
    """The person's account, made if missing."""
    return User.objects.filter(person=person).first() or UserFactory(person=person, password=password)


def sign_in(client: Client, person: Person) -> Client:
    """Sign a person in through the page, with number and password."""
    account_of(person)
    answer = send_form(client, "/sign-in/", {"login": person.employee_no, "password": PASSWORD, "remember": True})
    assert answer.status_code == 302, answer.content.decode()
    return client
