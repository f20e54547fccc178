"""What raising a case costs: by name, text only, signed in, over HTTP; against a bare view that inserts one row on
the same server.

Where our CPU goes, by a profile of the web process: the form's fields 16 %; where it is, when it is due, whom to tell,
what the case says 19 %; its number and the four rows with their transaction 18 %; session, account and person 13 %; the
token against forged requests and reading what was sent 9 %; the answer 4 %; the requester's unit 3 %; counting against
floods 4 %; the content policy 4 %; the frame, which the bare view has too, and the other middleware 10 %.
"""

import http.client
import re
import statistics
import time
from urllib.parse import urlencode

import psutil

from bench.site import cpu_of, serving

PEOPLE, EACH = 40, 15
WARM_UP = 40
TEXT = "宿舍三楼的热水停了三天，晚上下班洗不了澡，希望尽快修好，也请告诉我们什么时候能恢复。"
REACH = 3.0


def measure() -> None:
    """Print CPU and time a request, and the ratio."""
    sessions = _people()
    with serving("bench.baseline:application", "bench.baseline") as (port, server):
        _make_table()
        bare = _run(port, server, [({}, "/insert/", {"body": TEXT})] * (PEOPLE * EACH))
    with serving("lianxin.config.wsgi:application", "lianxin.config.settings") as (port, server):
        ours = _run(port, server, [request for session in sessions for request in _forms(port, session)])
    print("\nraising a case over HTTP (named, text only, signed in), one web worker")
    print(f"{'':28}{'CPU a request':>16}{'median':>12}{'95 %':>12}")
    for name, (cpu, median, late) in (("a bare view, one insert", bare), ("raising a case", ours)):
        print(f"{name:28}{cpu * 1000:13.2f} ms{median * 1000:9.2f} ms{late * 1000:9.2f} ms")
    print(f"ratio of CPU {ours[0] / bare[0]:.2f} (reach: at most {REACH:.0f})")


def _make_table() -> None:
    import os  # noqa: PLC0415

    import psycopg  # noqa: PLC0415

    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, text text NOT NULL)")


def _people() -> list[str]:
    """Employees of a small enterprise with a dispatcher; their session keys."""
    import django  # noqa: PLC0415

    django.setup()
    from django.test import Client  # noqa: PLC0415
    from tests.factories.accounts import UserFactory  # noqa: PLC0415
    from tests.factories.cases import found_enterprise  # noqa: PLC0415
    from tests.factories.org import PersonFactory  # noqa: PLC0415

    house = found_enterprise()
    keys = []
    for _ in range(PEOPLE):
        client = Client()
        client.force_login(UserFactory(person=PersonFactory(unit=house.workshop), password="!"))
        keys.append(client.cookies["lianxin_session"].value)
    return keys


def _forms(port: int, session: str) -> list[tuple[dict[str, str], str, dict[str, str]]]:
    """Requests that raise a case, each from a form of its own."""
    requests = []
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(EACH):
        connection.request("GET", "/say/", headers={"Cookie": f"lianxin_session={session}"})
        response = connection.getresponse()
        page = response.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        cookie = re.search(r"lianxin_csrf=([^;]+)", response.headers["Set-Cookie"] or "")
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page))
        if token is None or cookie is None:
            raise SystemExit("the form has no token")
        form = {**fields, "csrfmiddlewaretoken": token[1], "body": TEXT, "identity": "named", "kind": "help"}
        headers = {"Cookie": f"lianxin_session={session}; lianxin_csrf={cookie[1]}"}
        requests.append((headers, "/say/", form))
    return requests


def _run(
    port: int, server: psutil.Process, requests: list[tuple[dict[str, str], str, dict[str, str]]]
) -> tuple[float, float, float]:
    """Send the requests one after the other; CPU seconds a request, median and 95th percentile of the time."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    times: list[float] = []
    started = 0.0
    for number, (headers, path, form) in enumerate(requests):
        if number == WARM_UP:
            started, times = cpu_of(server), []
        begin = time.perf_counter()
        body = urlencode(form)
        connection.request("POST", path, body, {"Content-Type": "application/x-www-form-urlencoded", **headers})
        response = connection.getresponse()
        response.read()
        times.append(time.perf_counter() - begin)
        if response.status not in (200, 302):
            raise SystemExit(f"{path} answered {response.status}")
    used = cpu_of(server) - started
    return used / len(times), statistics.median(times), statistics.quantiles(times, n=20)[-1]
