"""Backup under load, and both commands killed in the middle."""

import json
import signal
import subprocess
import sys
import threading
import time

import psutil
import psycopg

from lianxin.kernel.postgres import embedded_server
from tests.processes.house import PASSWORD, PEOPLE
from tests.processes.system import Browser, System, environment, free_port, leftovers, lianxin, until


def run(*words, **more):
    done = subprocess.run(
        [sys.executable, "-m", "lianxin.config.cli", *map(str, words)],
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def in_database(data_dir, *statements):
    """The rows of the last statement, from a system that is not running."""
    with embedded_server(data_dir) as server, psycopg.connect(server.dsn("owner"), autocommit=True) as owner:
        for statement in statements:
            rows = owner.execute(statement)
        return rows.fetchall() if rows.description else []


def test_every_case_acknowledged_before_a_backup_under_load_is_in_it(peopled, workplace):
    """Six colleagues go on speaking while the backup is taken; restored, everything is as it was at that moment."""
    system, target, new = System(peopled), workplace / "load.tar", workplace / "restored"
    acknowledged, done = [], threading.Event()

    def speak(place):
        browser = Browser(system.port)
        browser.sign_in(PEOPLE[place][1], PASSWORD)
        number = 0
        while not done.is_set():
            number += 1
            words = f"第{place}组第{number}件：更衣室的灯坏了。"
            if browser.say(words).status == 302:
                acknowledged.append(words)
            time.sleep(0.5)  # nobody may say more than twenty things an hour

    colleagues = [threading.Thread(target=speak, args=[place]) for place in range(6)]
    for colleague in colleagues:
        colleague.start()
    until(lambda: len(acknowledged) > 6, within=60)
    before = list(acknowledged)
    code, told = run("backup", target, LIANXIN_DATA_DIR=str(peopled))
    during = len(acknowledged) - len(before)
    done.set()
    for colleague in colleagues:
        colleague.join()
    assert code == 0, told
    assert during > 0
    system.stop()

    assert run("restore", target, LIANXIN_DATA_DIR=str(new))[0] == 0
    of_then = [words for (words,) in in_database(new, "SELECT body FROM cases_case")]
    assert set(before) <= set(of_then)
    assert set(of_then) <= set(acknowledged)
    # What was there at that moment is there unchanged.
    rows = "SELECT c::text FROM cases_case c"
    assert set(in_database(new, rows)) <= set(in_database(peopled, rows))
    again = System(new)
    browser = Browser(again.port)
    assert browser.sign_in(PEOPLE[0][1], PASSWORD).status == 302
    assert browser.say("恢复以后说的。").status == 302
    again.stop()


def test_a_killed_backup_leaves_nothing_under_its_name_and_can_be_repeated(peopled, workplace):
    target = workplace / "killed.tar"
    process = lianxin("backup", target, LIANXIN_DATA_DIR=str(peopled))
    until(target.with_name("killed.tar.partial").exists)
    process.kill()
    process.wait()
    assert not target.exists()
    until(lambda: [p for p in leftovers(peopled) if "pg_dump" in p.name()] == [])
    code, told = run("backup", target, LIANXIN_DATA_DIR=str(peopled))
    assert code == 0, told
    assert not target.with_name("killed.tar.partial").exists()
    assert run("restore", "--check", target, LIANXIN_DATA_DIR=str(peopled))[0] == 0


def test_a_killed_restore_is_not_served_and_can_be_repeated(peopled, workplace):
    target, new = workplace / "again.tar", workplace / "half"
    # Many rows, so that there is a middle to be killed in.
    in_database(
        peopled, "CREATE TABLE ballast AS SELECT n, repeat(md5(n::text), 20) AS words FROM generate_series(1, 20000) n"
    )
    assert run("backup", target, LIANXIN_DATA_DIR=str(peopled))[0] == 0
    process = lianxin("restore", target, LIANXIN_DATA_DIR=str(new))

    def loading():
        assert process.poll() is None, process.communicate()
        return [child for child in psutil.Process(process.pid).children() if child.name() == "pg_restore"]

    until(loading, within=60, every=0.01)
    process.kill()
    process.wait()

    served = lianxin("serve", PORT=str(free_port()), LIANXIN_DATA_DIR=str(new))
    told = served.communicate(timeout=60)[0]
    assert served.returncode == 1
    assert "was interrupted half-way; it cannot be used now. Run `lianxin restore` again." in told
    code, told = run("doctor", "--json", LIANXIN_DATA_DIR=str(new))
    assert code == 1
    findings = json.loads(told[told.index("{") :])["findings"]
    assert findings[0]["says"].startswith("a restore was interrupted half-way")

    code, told = run("restore", target, LIANXIN_DATA_DIR=str(new))
    assert code == 0, told
    assert in_database(new, "SELECT count(*) FROM ballast") == [(20_000,)]


def test_a_page_in_hand_is_finished_when_told_to_stop(peopled):
    """SIGTERM comes while a sign-in is being reckoned, which takes a while; the answer still comes."""
    system = System(peopled)
    browser, answers = Browser(system.port), []
    browser.get("/sign-in/")
    asking = threading.Thread(target=lambda: answers.append(browser.sign_in(PEOPLE[0][1], PASSWORD)))
    asking.start()
    time.sleep(0.02)
    system.stop(signal.SIGTERM)
    asking.join()
    assert [answer.status for answer in answers] == [302]
