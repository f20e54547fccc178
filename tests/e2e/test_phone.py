"""The site on a phone's home screen, without a network, and on a device that others use too."""

import json

import pytest

from lianxin.cases.models import Case
from tests.e2e.conftest import PHONE
from tests.factories.accounts import PASSWORD, account_of

WORDS = "宿舍三楼没有热水，已经三天了。"


def test_a_phone_finds_what_it_needs_to_install_the_site(house, open_as):
    page = open_as(house.li_na, "/")
    manifest = json.loads(page.request.get(page.get_attribute("link[rel=manifest]", "href")).text())
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == ("连心桥", "standalone", "/")
    for icon in manifest["icons"]:
        picture = page.request.get(icon["src"])
        assert (picture.status, picture.headers["content-type"]) == (200, "image/png")
    assert page.request.get(page.get_attribute("link[rel=apple-touch-icon]", "href")).status == 200


def test_without_a_network_nothing_is_lost_and_the_page_says_so(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.fill("textarea", WORDS)
    page.context.set_offline(True)
    page.click("main button:has-text('提交')")
    assert "现在没有网络" in page.inner_text(".offline-line")
    page.goto("/mine/")
    assert page.inner_text("h1") == "现在没有网络"
    page.context.set_offline(False)
    page.goto("/say/")
    assert page.input_value("textarea") == WORDS
    page.click("main button:has-text('提交')")
    page.wait_for_url("**/case/**")
    assert Case.objects.get().body == WORDS


@pytest.mark.parametrize(("stays", "kept_in"), [(True, "localStorage"), (False, "sessionStorage")])
def test_on_a_shared_device_a_draft_lives_no_longer_than_its_tab(house, open_as, stays, kept_in):
    page = signed_in(open_as, house.li_na, stays=stays)
    page.fill("textarea", WORDS)
    page.reload()
    assert page.input_value("textarea") == WORDS
    found = {place: page.evaluate(f"Object.keys({place}).length") for place in ("localStorage", "sessionStorage")}
    assert found == {place: int(place == kept_in) for place in found}
    cookie = next(cookie for cookie in page.context.cookies() if cookie["name"] == "lianxin_session")
    assert (cookie["expires"] > 0) is stays


def test_signing_out_forgets_what_was_typed(house, open_as):
    page = signed_in(open_as, house.li_na, stays=True)
    page.fill("textarea", WORDS)
    page.goto("/sign-out/")
    page.click("main button:has-text('退出')")
    page.wait_for_load_state()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def signed_in(open_as, person, *, stays):
    account_of(person)
    page = open_as(None, "/sign-in/?next=/say/", size=PHONE)
    page.fill("[name=login]", person.employee_no)
    page.fill("[name=password]", PASSWORD)
    page.set_checked("[name=remember]", stays)
    page.click("main button:has-text('登录')")
    page.wait_for_url("**/say/")
    return page
