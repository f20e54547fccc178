"""Creating a case, opening one, listing by deadline, with 20,000 in the database: Lianxin and django-helpdesk by turns.

One web worker with eight threads each (Granian, gunicorn), the same embedded PostgreSQL, pooled connections. Opening
one
and listing as a signed-in member of staff; creating by the form for everybody (django-helpdesk: the public form, with
nobody signed in; Lianxin: an employee by name). A list is what a browser fetches to show it: of django-helpdesk the
page and the rows that its script asks for.
"""

import base64
import http.client
import json
import os
import subprocess
import tempfile
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psutil
import psycopg
from psycopg.conninfo import conninfo_to_dict

from bench.forms import Request, filled, with_cookies
from bench.measuring import WARM_UP, Subject, compare, table
from bench.site import ROOT, listening, serving
from bench.submit import EACH, PEOPLE, TEXT

CASES, OPEN_EACH = 20_000, 10
"""So many cases, of which every tenth is open."""
REACH = 5.0
REPEATS = 300
REQUIREMENTS = Path(__file__).parent / "requirements.txt"


def measure() -> None:
    """Print CPU and time a request for each kind of work, and the ratios."""
    employees, dispatcher, cases = _fill_ours()
    with tempfile.TemporaryDirectory(prefix="lianxin-peer-") as folder:
        python = _install(Path(folder) / "env")
        env = _peer_env(folder)
        staff = _fill_peer(python, env)
        with (
            serving("lianxin.config.wsgi:application", "lianxin.config.settings") as ours,
            _gunicorn(python, env) as theirs,
        ):
            for name, expected, each, own, other in (
                ("create", {302}, 1, _raising(ours[0], employees), _creating(theirs[0])),
                ("open", {200}, 1, _opening_ours(dispatcher, cases), _opening_theirs(staff)),
                ("list by deadline", {200}, 2, _listing_ours(dispatcher), _listing_theirs(staff)),
            ):
                lianxin = Subject(f"{name}: Lianxin", *ours, own, frozenset(expected))
                helpdesk = Subject(f"{name}: django-helpdesk", *theirs, other, frozenset(expected))
                compare(lianxin, helpdesk)
                ratio = helpdesk.both_ms * each / lianxin.both_ms
                note = f", {each} requests of theirs against one" if each > 1 else ""
                print(table([lianxin, helpdesk]))
                print(f"ratio of CPU, with PostgreSQL: {ratio:.1f}{note} (reach: at least {REACH:.0f})\n", flush=True)


def _fill_ours() -> tuple[list[str], str, list[str]]:
    """Employees' sessions, a dispatcher's, and the ids of open cases."""
    import django  # noqa: PLC0415

    django.setup()
    from django.test import Client  # noqa: PLC0415
    from tests.factories.accounts import UserFactory  # noqa: PLC0415
    from tests.factories.cases import found_enterprise  # noqa: PLC0415
    from tests.factories.org import PersonFactory  # noqa: PLC0415

    from lianxin.cases.enums import CaseState, DeadlineKind  # noqa: PLC0415
    from lianxin.cases.models import Case  # noqa: PLC0415
    from lianxin.kernel import timezone  # noqa: PLC0415

    house = found_enterprise()
    people = [PersonFactory(unit=house.workshop) for _ in range(PEOPLE)]
    keys = []
    for person in [house.dispatcher, *people]:
        client = Client()
        client.force_login(UserFactory(person=person, password="!"))
        client.get("/")
        keys.append(client.cookies["lianxin_session"].value)
    now = timezone.now()
    cases = [
        Case(
            number=f"LX-2001-{number:05d}",
            kind="help",
            title=f"宿舍热水 {number}",
            body=TEXT,
            identity="named",
            requester=people[number % PEOPLE],
            place_unit=house.workshop,
            submission_hash=os.urandom(32),
            submitted_at=now,
            state=CaseState.SUBMITTED if number % OPEN_EACH == 0 else CaseState.CLOSED,
            due_at=now + timedelta(minutes=number) if number % OPEN_EACH == 0 else None,
            due_clock=DeadlineKind.ACCEPT if number % OPEN_EACH == 0 else "",
        )
        for number in range(CASES)
    ]
    Case.objects.bulk_create(cases, batch_size=1000)
    return keys[1:], keys[0], [str(case.pk) for case in cases if case.due_at]


def _install(env: Path) -> Path:
    """The peer in an environment of its own; the path of its Python."""
    venv.create(env, with_pip=True)
    python = env / "bin" / "python"
    words = ["-m", "pip", "install", "-qq", "--disable-pip-version-check", "--require-hashes", "-r"]
    # Without our own path, or else pip would look whether what we need is there too.
    subprocess.run([python, *words, REQUIREMENTS], check=True, env={**os.environ, "PYTHONPATH": ""})
    return python


def _peer_env(folder: str) -> dict[str, str]:
    """What the peer's settings need: a schema of its own in the same database."""
    owner = os.environ["DATABASE_OWNER_URL"]
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA peer")
    given = conninfo_to_dict(owner)
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    return {
        "PATH": os.environ["PATH"],
        "PEER_MEDIA": folder,
        "PYTHONPATH": str(ROOT),
        "DJANGO_SETTINGS_MODULE": "bench.peers.helpdesk",
        **{f"PEER_{name}": str(given.get(libpq, "")) for name, libpq in names.items()},
    }


def _fill_peer(python: Path, env: dict[str, str]) -> str:
    code = f"import django; django.setup(); from bench.peers.helpdesk import fill; print(fill({CASES}, {OPEN_EACH}))"
    done = subprocess.run([python, "-c", code], env=env, cwd=ROOT, check=True, capture_output=True, text=True)
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("ANALYZE")
    return done.stdout.strip().splitlines()[-1]


@contextmanager
def _gunicorn(python: Path, env: dict[str, str]) -> Iterator[tuple[int, psutil.Process]]:
    words = ["-m", "gunicorn", "--worker-class", "gthread", "--workers", "1", "--threads", "8", "--log-level", "error"]
    words += ["--keep-alive", "75"]
    words += ["django.core.wsgi:get_wsgi_application()"]
    with listening(lambda port: [str(python), *words, "--bind", f"127.0.0.1:{port}"], env) as found:
        yield found


def _raising(port: int, sessions: list[str]) -> list[Request]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    said = {"body": TEXT, "identity": "named"}
    wanted = (REPEATS + WARM_UP) // PEOPLE + 1
    return [
        filled(connection, "/say/", {"lianxin_session": session}, said)
        for _ in range(min(EACH, wanted))
        for session in sessions
    ]


def _creating(port: int) -> list[Request]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    said = {"body": TEXT, "title": "宿舍热水", "submitter_email": "someone@example.com"}
    form = filled(connection, "/tickets/submit/", {}, said | {"queue": "1"})
    return [form] * (REPEATS + WARM_UP)


def _opening_ours(session: str, cases: list[str]) -> list[Request]:
    headers = with_cookies({"lianxin_session": session})
    return [Request("GET", f"/case/{pk}/", headers) for pk in cases[: REPEATS + WARM_UP]]


def _opening_theirs(session: str) -> list[Request]:
    headers = with_cookies({"sessionid": session})
    return [Request("GET", f"/tickets/{1 + number * OPEN_EACH}/", headers) for number in range(REPEATS + WARM_UP)]


def _listing_ours(session: str) -> list[Request]:
    return [Request("GET", "/desk/?sort=due", with_cookies({"lianxin_session": session}))] * (REPEATS // 2 + WARM_UP)


def _listing_theirs(session: str) -> list[Request]:
    """The page with its filter, and the first rows as its script asks for them."""
    headers = with_cookies({"sessionid": session})
    query = {"filtering": {"status__in": [1, 2]}, "filtering_null": {}, "sorting": "due_date"}
    query |= {"sortreverse": False, "search_string": ""}
    word = base64.b64encode(json.dumps(query).encode()).decode()
    rows = f"/datatables_ticket_list/{word}?draw=1&start=0&length=25&order[0][column]=6&order[0][dir]=asc"
    page = "/tickets/?sort=due_date&status=1&status=2"
    return [Request("GET", path, headers) for _ in range(REPEATS // 2 + WARM_UP) for path in (page, rows)]
