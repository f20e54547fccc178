"""Every part is killed with -9 while people raise cases: what was acknowledged is there exactly once."""

import http.client
import random
import re
import signal
import threading
import time
from itertools import cycle
from uuid import UUID

import psutil

from tests.processes.house import DISPATCHER, PASSWORD, PEOPLE
from tests.processes.system import Browser, System, leftovers, until

CLIENTS = 4
A_CASE_EACH = 0.25  # seconds: nobody raises more than the limit of twenty in ten minutes
SLOWEST = 10  # seconds until an error page is there


class Colleagues:
    """People who take turns at one phone; each form is sent again until it is acknowledged."""

    def __init__(self, name, people, port, done):
        self.name, self.port, self.done = name, port, done
        self.acknowledged, self.refused, self.failed = {}, [], None
        self._browsers = {number: Browser(port) for _name, number in people}
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def join(self):
        self._thread.join(60)
        assert not self._thread.is_alive()
        assert self.failed is None, self.failed

    def _work(self):
        try:
            for turn, (number, browser) in enumerate(cycle(self._browsers.items())):
                if self.done.is_set():
                    return
                if "lianxin_session" not in browser.cookies:
                    self._until(302, lambda b=browser, n=number: b.sign_in(n, PASSWORD))
                form = self._until(200, lambda b=browser: b.get("/say/")).fields()
                form.pop("csrfmiddlewaretoken")
                body = f"{self.name}的第{turn}条：食堂的饭菜凉了。"
                form |= {"body": body, "identity": "named", "kind": "help"}
                answer = self._until(302, lambda b=browser, f=form: b.post("/say/", f))
                self.acknowledged[body] = UUID(re.match(r"/case/([0-9a-f-]{36})/", answer.location)[1])
                time.sleep(A_CASE_EACH)
        except Exception as error:  # noqa: BLE001 - told by the test
            self.failed = error

    def _until(self, status, ask):
        """Ask again until answered; anything between is our error page, and quick."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                answer = ask()
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            if answer.status == status:
                return answer
            self.refused.append(answer)
            assert is_our_error_page(answer), (answer.status, answer.page[:2000])
            time.sleep(0.05)
        raise AssertionError(f"{self.name}: no {status} within a minute")


def is_our_error_page(answer):
    return answer.status in (500, 503) and '<p class="brand">连心桥</p>' in answer.page and answer.seconds < SLOWEST


def outside_links(page):
    return re.findall(r"""(?:src|href)=["'](?:https?:)?//[^"']+""", page)


def test_each_acknowledged_case_is_there_once_whatever_was_killed(peopled):
    chance = random.Random(20261122)
    system = System(peopled, web_workers=2)
    done = threading.Event()
    share = len(PEOPLE) // CLIENTS
    clients = [Colleagues(f"第{n}班", PEOPLE[n * share : (n + 1) * share], system.port, done) for n in range(CLIENTS)]

    def acknowledged():
        return sum(len(client.acknowledged) for client in clients)

    until(lambda: acknowledged() > 2 * CLIENTS)
    parts = [
        lambda: chance.choice(system.web_workers()),
        system.worker,
        system.postmaster,
        system.web_master,
        system.postmaster,
    ]
    chance.shuffle(parts)
    for part in parts:
        time.sleep(chance.uniform(0.1, 0.5))
        victim = part()
        victim.kill()
        victim.wait(10)
        before = acknowledged()
        until(system.is_whole)
        until(lambda before=before: acknowledged() > before + CLIENTS)
    system.master.kill()
    system.master.wait()
    system = System(peopled, system.port, web_workers=2)
    before = acknowledged()
    until(lambda: acknowledged() > before + CLIENTS)
    done.set()
    for client in clients:
        client.join()

    wanted = {body: case for client in clients for body, case in client.acknowledged.items()}
    with system.database() as database:
        kept = database.execute("SELECT body, id, number FROM cases_case").fetchall()
        assert sorted((body, case) for body, case, _number in kept) == sorted(wanted.items())
        assert len({number for _body, _case, number in kept}) == len(kept)
        assert times_each(database, "ledger_event WHERE subject_type = 'case' AND action = 'submit'", "subject_id") == {
            str(case): 1 for case in wanted.values()
        }
        assert times_each(database, "cases_clock WHERE kind = 'accept'", "case_id") == {
            str(case): 1 for case in wanted.values()
        }
        told = (
            "notifications_notice n JOIN org_person p ON p.id = n.recipient_id "
            f"WHERE n.kind LIKE '%to_accept' AND p.name = '{DISPATCHER}'"
        )
        assert times_each(database, told, "subject_id") == {str(case): 1 for case in wanted.values()}
        (others,) = database.execute("SELECT count(*) FROM ledger_event WHERE subject_type = 'case'").fetchone()
        assert others == len(wanted)
    assert len(wanted) > 10 * CLIENTS
    system.stop(signal.SIGINT)
    assert max((answer.seconds for client in clients for answer in client.refused), default=0) < SLOWEST


def times_each(database, rows, column):
    return dict(database.execute(f"SELECT {column}::text, count(*) FROM {rows} GROUP BY 1").fetchall())  # noqa: S608


def test_while_the_database_is_away_the_error_page_is_ours_and_quick(peopled):
    system = System(peopled)
    wang_fang = Browser(system.port)
    wang_fang.sign_in(PEOPLE[1][1], PASSWORD)
    form = {**wang_fang.get("/say/").fields(), "body": "更衣室的灯坏了。", "identity": "named"}
    form.pop("csrfmiddlewaretoken")
    master = psutil.Process(system.master.pid)
    master.suspend()  # who would start it again
    try:
        postmaster = system.postmaster()
        backends = postmaster.children()
        postmaster.kill()
        psutil.wait_procs(backends, timeout=10)
        for ask in (
            lambda: wang_fang.post("/say/", form),
            lambda: Browser(system.port).sign_in(PEOPLE[2][1], PASSWORD),
        ):
            answer = ask()
            assert is_our_error_page(answer), (answer.status, answer.seconds, answer.page)
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) <= 60
            assert outside_links(answer.page) == []
            assert "Traceback" not in answer.page
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"', answer.page)
        assert sheets
        assert {wang_fang.get(sheet).status for sheet in sheets} == {200}
    finally:
        master.resume()
    until(system.is_whole, within=15)
    assert wang_fang.post("/say/", form).status == 302
    system.stop()


def test_a_killed_master_takes_everything_with_it(peopled):
    system = System(peopled)
    ours = [*system.processes(), *leftovers(peopled)]
    assert system.postmaster() in ours
    system.master.kill()
    system.master.wait()
    _, alive = psutil.wait_procs(ours, timeout=10)
    assert alive == []
    assert leftovers(peopled) == []
    System(peopled).stop()
