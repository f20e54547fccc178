"""What raising a case costs: by name, text only, signed in, over HTTP; against a bare view that inserts one row on
the same server. Both get what a phone sends: every field of the form as multipart/form-data, over one connection.

The reach is read against the bare view *in the same site*: a view that inserts one row for somebody who is signed in
stands behind session, account, token against forged requests and content policy on any site, and the difference is
what raising a case itself costs. The other ratio, against a project with no middleware at all, is printed beside it.

Measured on a busy machine of 2 cores, CPU of the web worker alone and with its PostgreSQL backends:

                                       before          after
    against the view in the same site  2.67   3.19     2.4        2.6
    against a view with no middleware  4.24   5.31     3.1 – 3.4  3.4 – 3.7

A fifth of what is left is Django's reading of multipart/form-data, which both have.
"""

import http.client
import os
from collections.abc import Sequence

import psycopg

from bench.forms import Request, filled
from bench.measuring import Subject, compare, table
from bench.site import serving

PEOPLE, EACH = 40, 15
TEXT = "宿舍三楼的热水停了三天，晚上下班洗不了澡，希望尽快修好，也请告诉我们什么时候能恢复。"
REACH = 3.0


def measure() -> None:
    """Print CPU and time a request, and the ratios."""
    sessions = _people()
    _make_table()
    with (
        serving("bench.baseline:application", "bench.baseline") as bare_at,
        serving("bench.same_site:application", "bench.same_site") as same_at,
        serving("lianxin.config.wsgi:application", "lianxin.config.settings") as ours_at,
    ):
        raising = _forms(ours_at[0], sessions)
        inserting = [request._replace(path="/insert/") for request in raising]
        bare = Subject("a bare view, no middleware", *bare_at, inserting)
        same = Subject("a bare view in the same site", *same_at, inserting)
        ours = Subject("raising a case", *ours_at, raising, expected=frozenset({302}))
        compare(bare, same, ours)
    print("\nraising a case over HTTP (named, text only, signed in), one web worker\n" + table([bare, same, ours]))
    for one in (same, bare):
        web, both = ours.web_ms / one.web_ms, ours.both_ms / one.both_ms
        print(f"against {one.name}: web CPU × {web:.2f}, with PostgreSQL × {both:.2f} (reach: at most {REACH:.0f})")


def _make_table() -> None:
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


def _forms(port: int, sessions: Sequence[str]) -> list[Request]:
    """Requests that raise a case, each from a form of its own, filled in as a phone does."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    said = {"body": TEXT, "identity": "named"}
    return [
        filled(connection, "/say/", {"lianxin_session": session}, said) for _ in range(EACH) for session in sessions
    ]
