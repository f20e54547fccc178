"""The employee's way in Firefox, as the distribution has it.

Playwright has a Firefox of its own that no distribution carries; Mozilla's `marionette-driver` speaks to any. Tried is
what differs from browser to browser: typing, files, drafts, focus, what is sent.
"""

import shutil
import socket
import subprocess
from io import BytesIO

import pytest
from marionette_driver import Wait
from marionette_driver.by import By
from marionette_driver.errors import NoSuchElementException
from marionette_driver.marionette import Marionette
from PIL import Image

from lianxin.cases.models import Case, Rating
from tests.e2e.conftest import session_of
from tests.factories.cases import replied, submit

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
WORDS = "宿舍三楼没有热水，已经三天了。"

pytestmark = pytest.mark.skipif(not FIREFOX, reason="no Firefox on this machine and no right to install it")


@pytest.fixture(scope="session")
def firefox(tmp_path_factory):
    profile = tmp_path_factory.mktemp("firefox")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    preferences = {"marionette.port": port, "intl.accept_languages": '"zh-CN"', "ui.prefersReducedMotion": 1}
    lines = [f'user_pref("{name}", {value});' for name, value in preferences.items()]
    (profile / "user.js").write_text("\n".join(lines))
    command = [FIREFOX, "--marionette", "--headless", "--no-remote", "--profile", str(profile)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        driver = Marionette(host="127.0.0.1", port=port, startup_timeout=120)
        try:
            driver.start_session()
            yield driver
            driver.delete_session()
        finally:
            process.terminate()


class Page:
    """A page in Firefox, in the words in which these tests speak of it."""

    def __init__(self, driver: Marionette, address: str) -> None:
        self.driver, self.address = driver, address

    def go(self, path: str) -> None:
        self.driver.navigate(f"{self.address}{path}")

    def find(self, selector: str):
        waiting = Wait(self.driver, timeout=20, ignored_exceptions=NoSuchElementException)
        return waiting.until(lambda driver: driver.find_element(By.CSS_SELECTOR, selector))

    def text(self, selector: str) -> str:
        return self.find(selector).text

    def press(self, label: str) -> None:
        shown = f"//main//*[self::button or self::label][contains(., '{label}')]"
        self._click(self.driver.find_element(By.XPATH, shown))

    def _click(self, element) -> None:
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", [element])
        element.click()

    def wait_for(self, part: str) -> None:
        Wait(self.driver, timeout=20).until(lambda driver: part in driver.get_url())

    def run(self, script: str):
        return self.driver.execute_script(f"return {script}")


@pytest.fixture
def open_as(firefox, live_server):
    """Open the site as a person, or signed out."""

    def open_page(person, path: str) -> Page:
        page = Page(firefox, live_server.url)
        page.go("/offline/")
        firefox.delete_all_cookies()
        firefox.execute_script("localStorage.clear(); sessionStorage.clear()")
        cookies = {"lianxin_language": "zh-hans"} | ({"lianxin_session": session_of(person)} if person else {})
        for name, value in cookies.items():
            firefox.add_cookie({"name": name, "value": value, "path": "/"})
        page.go(path)
        return page

    return open_page


def photo(folder):
    stream = BytesIO()
    Image.new("RGB", (400, 300), "teal").save(stream, "JPEG")
    path = folder / "水房.jpg"
    path.write_bytes(stream.getvalue())
    return path


def test_words_a_photo_and_a_wrong_file_make_a_case_with_the_photo(house, open_as, tmp_path):
    (tmp_path / "水房.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(100))
    page = open_as(house.li_na, "/say/")
    assert page.run("document.activeElement.name") == "body"
    page.find("textarea[name=body]").send_keys(WORDS)
    for path in (photo(tmp_path), tmp_path / "水房.mp4"):
        page.find("input[type=file]").send_keys(str(path))
    assert "不支持这种文件" in page.text(".file-refused:not([hidden])")
    page.press("提交")
    page.wait_for("/case/")
    case = Case.objects.get()
    assert (case.body, case.requester) == (WORDS, house.li_na)
    assert [file.name for file in case.attachments.all()] == ["水房.jpg"]
    assert case.number in page.text(".notice")


def test_what_was_typed_comes_back_and_an_error_is_said_in_the_title(house, open_as):
    page = open_as(house.li_na, "/say/")
    page.find("textarea[name=body]").send_keys(WORDS)
    page.go("/say/")
    assert page.run("document.querySelector('textarea[name=body]').value") == WORDS
    page.run("document.querySelector('textarea[name=body]').value = ' '")
    page.press("提交")
    assert "请写明" in page.text("[data-error-summary]")
    assert page.run("document.title").startswith("有误：")
    assert page.run("document.activeElement.className") == "error-summary"


def test_anonymously_with_a_receipt(house, open_as):
    page = open_as(None, "/say/")
    page.find("textarea[name=body]").send_keys(WORDS)
    page.press("提交")
    code = page.text(".copy-text")
    assert page.run("Object.keys(localStorage).length") == 0
    page.go("/receipt/")
    page.find("input[name=code]").send_keys(code)
    page.press("查看")
    page.wait_for("/receipt/case/")
    assert WORDS in page.text("main")


def test_two_taps_rate(house, open_as):
    case = replied(house, submit(house.li_na).case)
    page = open_as(house.li_na, f"/case/{case.pk}/")
    page.press("部分解决")
    page.press("基本满意")
    page.press("提交评价")
    page.wait_for("done=rate")
    rating = Rating.objects.get()
    assert (rating.resolved, rating.satisfaction) == ("partly", 3)
