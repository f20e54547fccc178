"""Starting, setting up, stopping; and saying plainly why it does not start."""

import re
import signal

import pytest

from tests.processes.house import PASSWORD, PEOPLE
from tests.processes.system import Browser, System, free_port, leftovers, lianxin, until

CODE = re.compile(r"Setup code: ([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})")
SLIP = re.compile(r"<h2>(\w+)</h2>\s*<p>(\w+)</p>.*?<code>([0-9A-Z-]{14})</code>", re.DOTALL)
THREE = {
    "enterprise": "江城供电公司",
    "system_admin_name": "钱系",
    "system_admin_number": "A1",
    "security_admin_name": "赵安",
    "security_admin_number": "A2",
    "audit_admin_name": "孙审",
    "audit_admin_number": "A3",
}


def code_of(system):
    return until(lambda: CODE.search(system.told()))[1]


def test_three_administrators_set_up_an_empty_system_and_the_next_start_knows_them(first, empty):
    assert f"http://127.0.0.1:{first.port}/setup/" in first.told()
    assert "Traceback" not in first.told()

    # Nobody used the first code: each start prints a new one, and only the last one counts.
    second = System(empty)
    browser = Browser(second.port)
    assert code_of(second) != code_of(first)
    assert browser.post("/setup/", {**THREE, "code": code_of(first)}).status == 422
    answer = browser.post("/setup/", {**THREE, "code": code_of(second)})
    slips = SLIP.findall(browser.get(answer.location).page)
    assert [(name, number) for name, number, _code in slips] == [("钱系", "A1"), ("赵安", "A2"), ("孙审", "A3")]
    for _name, number, code in slips:
        newcomer = Browser(second.port)
        form = {"login": number, "code": code, "password1": PASSWORD, "password2": PASSWORD}
        assert newcomer.post("/activate/", form).status == 302
        assert newcomer.get("/units/").location == "/me/second-step/"
    assert browser.get("/setup/").status == 404
    second.stop(signal.SIGINT)

    third = System(empty)
    assert Browser(third.port).sign_in("A1", PASSWORD).status == 302
    assert Browser(third.port).get("/setup/").status == 404
    third.stop(signal.SIGTERM)
    assert CODE.search(third.told()) is None
    assert "Traceback" not in second.told() + third.told()


@pytest.mark.stress
def test_what_was_raised_is_there_after_ctrl_c_and_in_no_other_system(peopled, empty):
    system = System(peopled)
    li_na = Browser(system.port)
    li_na.sign_in(PEOPLE[0][1], PASSWORD)
    page = li_na.say("宿舍三楼的热水停了三天。").location.partition("?")[0]
    assert page.startswith("/case/")
    system.stop(signal.SIGINT)

    again, other = System(peopled), System(empty)
    li_na.port = again.port
    assert "宿舍三楼的热水停了三天。" in li_na.get(page).page
    stranger = Browser(other.port)
    stranger.cookies = dict(li_na.cookies)
    assert stranger.get(page).status in (302, 404)
    assert stranger.sign_in(PEOPLE[0][1], PASSWORD).status == 422
    other.stop()
    assert again.is_whole()
    again.stop()


@pytest.mark.parametrize(
    "url", ["postgresql://lianxin:geheim@127.0.0.1:9/lianxin", "postgresql://lianxin:geheim@nowhere.invalid/lianxin"]
)
def test_without_its_database_it_says_so_and_ends(tmp_path, url):
    process = lianxin("serve", PORT=str(free_port()), LIANXIN_DATA_DIR=str(tmp_path / "data"), DATABASE_URL=url)
    told = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert "Cannot reach the database" in told
    assert "geheim" not in told
    assert "Traceback" not in told
    assert leftovers(tmp_path) == []


def test_a_second_one_on_the_port_or_the_data_says_so_and_ends(peopled, tmp_path):
    system = System(peopled)
    for words, data_dir, why in (
        (["--port", system.port], tmp_path / "other", f"port {system.port}"),
        (["--port", free_port()], peopled, "already runs on this data directory"),
    ):
        process = lianxin("serve", *words, LIANXIN_DATA_DIR=str(data_dir))
        told = process.communicate(timeout=30)[0]
        assert process.returncode == 1
        assert why in told
        assert "Traceback" not in told
    assert system.is_whole()
    system.stop()
    assert not (tmp_path / "other").exists()
