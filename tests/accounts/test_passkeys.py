"""Passkeys in a real browser with a virtual authenticator."""

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from lianxin.accounts import services
from lianxin.org.enums import Role
from tests.factories.accounts import PASSWORD, account_of
from tests.factories.org import PersonFactory, UnitFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url.replace("127.0.0.1", "localhost"))
    context.add_cookies([{"name": "lianxin_language", "value": "en", "url": live_server.url}])
    opened = context.new_page()
    opened.mistakes = []
    opened.on("console", lambda said: opened.mistakes.append(said.text) if said.type == "error" else None)
    devtools = context.new_cdp_session(opened)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield opened
    context.close()


def sign_in(page: Page, number: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Employee number or phone").fill(number)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


@pytest.fixture
def inspector():
    company = UnitFactory(name="江城供电公司")
    person = PersonFactory(name="吴检", employee_no="I1", unit=company, roles={Role.INSPECTOR: company})
    account_of(person)
    return person


def test_an_inspector_adds_a_passkey_and_signs_in_with_it_alone(page, inspector):
    sign_in(page, "I1")
    page.goto("/own-page/")
    expect(page.get_by_role("heading", name="Two-step verification when signing in")).to_be_visible()
    add_passkey(page)
    page.goto("/own-page/")
    assert page.content().count("吴检")
    page.goto("/sign-out/")
    page.get_by_role("button", name="Sign out").click()
    page.goto("/sign-in/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in with a passkey").click()
    page.goto("/own-page/")
    assert page.content().count("吴检")
    assert not [said for said in page.mistakes if "Content Security Policy" in said]


def test_a_passkey_is_the_second_step_after_the_password(page, inspector):
    sign_in(page, "I1")
    page.goto("/me/second-step/")
    add_passkey(page)
    page.context.clear_cookies(name="lianxin_session")
    sign_in(page, "I1")
    expect(page.get_by_role("heading", name="Two-step verification")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Use a passkey instead").click()
    page.goto("/own-page/")
    assert page.content().count("吴检")


def test_the_last_passkey_of_an_inspector_stays(page, inspector):
    sign_in(page, "I1")
    page.goto("/me/second-step/")
    add_passkey(page)
    page.goto("/me/second-step/")
    page.get_by_role("link", name="Remove", exact=True).click()
    expect(page.get_by_text("Your role requires two-step verification.")).to_be_visible()
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 1


def test_a_passkey_of_who_has_left_opens_nothing(page, inspector):
    sign_in(page, "I1")
    page.goto("/me/second-step/")
    add_passkey(page)
    page.context.clear_cookies(name="lianxin_session")
    account = account_of(inspector)
    account.is_active = False
    account.save()
    services.end_sessions(user=account)
    page.goto("/sign-in/")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This account is no longer active.")).to_be_visible()
