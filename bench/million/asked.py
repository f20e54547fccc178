"""Which pages are asked for, and by whom. Who is who: `organisation.sql`."""

from dataclasses import dataclass

from django.db import connection


def _busiest_employee() -> int:
    """Who raised most cases by name, of those without a role in the first company."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT requester_id FROM cases_case JOIN org_unit place ON place.id = place_unit_id"
            " WHERE path LIKE '00010001%' AND requester_id > 2330 GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1"
        )
        return int(cursor.fetchone()[0])


EMPLOYEE = _busiest_employee()
TOP_DISPATCHER, DISPATCHER = 4, 42
HANDLER, TEAM_HANDLER = 45, 1191
TOP_LEADER, LEADER, SUPERVISOR, TOP_SUPERVISOR, INSPECTOR, TOP_INSPECTOR = 10, 41, 43, 6, 44, 8
SYSTEM, SECURITY, AUDIT = 1, 2, 3


@dataclass(frozen=True)
class Asked:
    """A page: who asks for it, and its address. With `cases` (SQL) it is asked for with these cases in turn."""

    name: str
    person: int
    address: str
    cases: str = ""

    def addresses(self, most: int) -> list[str]:
        """Its addresses."""
        if not self.cases:
            return [self.address]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM cases_case WHERE {self.cases} ORDER BY submitted_at DESC LIMIT {most}")  # noqa: S608 - ours
            found = [self.address.format(case=row[0]) for row in cursor]
        if not found:
            raise SystemExit(f"{self.name}: there is no such case")
        return found


def _desk(who: str, person: int, *queues: str) -> list[Asked]:
    return [
        Asked(f"{who}: first page", person, "/"),
        Asked(f"{who}: work list", person, "/desk/"),
        *(Asked(f"{who}: work list {queue}", person, f"/desk/?queue={queue}") for queue in queues),
    ]


_OWN = f"requester_id = {EMPLOYEE}"
_HERE = "place_unit_id IN (SELECT id FROM org_unit WHERE path LIKE '00010001%') AND NOT sealed"
_HIS = f"handler_id = {HANDLER} AND NOT sealed"
_CASE = "/case/{case}/"
_YEAR = "since=2025-11-19&until=2026-11-18"

PAGES = [
    Asked("employee: first page", EMPLOYEE, "/"),
    Asked("employee: my cases", EMPLOYEE, "/mine/"),
    Asked("employee: my cases, page 2", EMPLOYEE, "/mine/?page=2"),
    Asked("employee: form to raise a case", EMPLOYEE, "/say/"),
    Asked("employee: inbox", EMPLOYEE, "/inbox/"),
    Asked("employee: a case of theirs", EMPLOYEE, _CASE, _OWN),
    *_desk(
        "dispatcher of all",
        TOP_DISPATCHER,
        "to_accept",
        "to_dispatch",
        "overdue",
        "waiting",
        "open",
        "open&page=2",
        "ended",
    ),
    Asked("dispatcher of all: open, page 100", TOP_DISPATCHER, "/desk/?queue=open&page=100"),
    Asked("dispatcher of all: ended, page 2", TOP_DISPATCHER, "/desk/?queue=ended&sort=-submitted&page=2"),
    Asked("dispatcher of all: ended, page 1000", TOP_DISPATCHER, "/desk/?queue=ended&sort=-submitted&page=1000"),
    Asked("dispatcher of all: open, by number", TOP_DISPATCHER, "/desk/?queue=open&sort=-number"),
    Asked("dispatcher of all: open, one kind", TOP_DISPATCHER, "/desk/?queue=open&kind=hazard"),
    Asked("dispatcher of all: open, one unit", TOP_DISPATCHER, "/desk/?queue=open&unit=B-1"),
    Asked("dispatcher of all: open, text", TOP_DISPATCHER, "/desk/?queue=open&text=热水"),
    Asked("dispatcher of all: ended, one unit", TOP_DISPATCHER, "/desk/?queue=ended&unit=B-1"),
    Asked("dispatcher of all: ended, text", TOP_DISPATCHER, "/desk/?queue=ended&text=热水"),
    Asked("dispatcher of all: ended, a rare text", TOP_DISPATCHER, "/desk/?queue=ended&text=量子"),
    *(
        Asked(f"{who}: search {what}", person, f"/desk/?text={text}")
        for who, person in (
            ("dispatcher of all", TOP_DISPATCHER),
            ("dispatcher of a company", DISPATCHER),
            ("supervisor of a company", SUPERVISOR),
            ("inspector of a company", INSPECTOR),
            ("handler", HANDLER),
            ("handler of a team", TEAM_HANDLER),
        )
        for what, text in (
            ("a word", "热水"),
            ("two words", "夜班 安排"),
            ("a phrase", "“断断续续，晚上”"),
            ("a mixed name", "3号班组"),
            ("a word that is everywhere", "希望"),
            ("a word that is everywhere, of a kind", "希望&kind=hazard"),
            ("a word that is everywhere, in a unit", "希望&unit=B-1-2"),
            ("a word that is everywhere, in a month", "希望&since=2026-03-01&until=2026-03-31"),
            ("a word that is everywhere, by deadline", "希望&sort=due"),
            ("a word that is everywhere, the oldest", "希望&sort=submitted"),
            ("a word that is everywhere, of the open", "希望&queue=open"),
            ("a word, of the open", "热水&queue=open"),
        )
    ),
    Asked("dispatcher of all: ended, a number", TOP_DISPATCHER, "/desk/?queue=ended&text=LX-2610-DPWSW"),
    Asked(
        "dispatcher of all: ended, one month", TOP_DISPATCHER, "/desk/?queue=ended&since=2026-10-01&until=2026-10-31"
    ),
    Asked("dispatcher of all: live word", TOP_DISPATCHER, "/desk/live/?queue=open"),
    Asked("dispatcher of all: live word, ended", TOP_DISPATCHER, "/desk/live/?queue=ended"),
    Asked("dispatcher of all: inbox", TOP_DISPATCHER, "/inbox/"),
    Asked("dispatcher of all: an open case", TOP_DISPATCHER, _CASE, f"{_HERE} AND state = 'submitted'"),
    *_desk("dispatcher of a company", DISPATCHER, "to_accept", "open", "ended"),
    Asked("dispatcher of a company: inbox", DISPATCHER, "/inbox/"),
    Asked("dispatcher of a company: inbox, page 20", DISPATCHER, "/inbox/?page=20"),
    Asked("dispatcher of a company: a new case", DISPATCHER, _CASE, f"{_HERE} AND state = 'submitted'"),
    Asked("dispatcher of a company: an ended case", DISPATCHER, _CASE, f"{_HERE} AND state = 'closed'"),
    Asked(
        "dispatcher of a company: a case beside its list",
        DISPATCHER,
        _CASE + "?queue=open",
        f"{_HERE} AND state = 'submitted'",
    ),
    Asked(
        "dispatcher of a company: form to accept", DISPATCHER, _CASE + "do/accept/", f"{_HERE} AND state = 'submitted'"
    ),
    Asked("dispatcher of a company: form to merge", DISPATCHER, _CASE + "do/merge/", f"{_HERE} AND state = 'accepted'"),
    *_desk("handler", HANDLER, "to_sign", "to_answer", "to_contribute", "open", "ended"),
    Asked("handler: a case in hand", HANDLER, _CASE, f"{_HIS} AND state = 'in_progress'"),
    Asked("handler: form to reply", HANDLER, _CASE + "do/reply/", f"{_HIS} AND state = 'in_progress'"),
    *_desk("handler of a team", TEAM_HANDLER, "open", "ended"),
    *_desk("unit leader", LEADER, "to_decide", "open", "ended"),
    *_desk("supervisor of all", TOP_SUPERVISOR, "to_decide", "to_redispatch", "overdue", "supervised", "open", "ended"),
    *_desk("supervisor of a company", SUPERVISOR, "overdue", "ended"),
    *_desk("inspector of all", TOP_INSPECTOR, "open", "ended"),
    *_desk("inspector of a company", INSPECTOR, "to_take_up", "to_answer", "open"),
    Asked(
        "inspector of a company: a sealed case",
        INSPECTOR,
        _CASE,
        "sealed AND inspection_unit_id = 2 AND state = 'in_progress'",
    ),
    Asked("figures: the whole enterprise, one year", TOP_LEADER, f"/figures/?{_YEAR}"),
    Asked("figures: the whole enterprise, one month", TOP_LEADER, "/figures/"),
    Asked("figures: the whole enterprise, one year, one kind", TOP_LEADER, f"/figures/?{_YEAR}&kind=help"),
    Asked("figures: a company, one year", LEADER, f"/figures/?{_YEAR}"),
    Asked("system administrator: first page", SYSTEM, "/"),
    Asked("system administrator: units", SYSTEM, "/units/"),
    Asked("system administrator: people", SYSTEM, "/people/"),
    Asked("system administrator: people, page 200", SYSTEM, "/people/?page=200"),
    Asked("system administrator: people, by name", SYSTEM, "/people/?q=安"),
    Asked("system administrator: a person", SYSTEM, "/people/3471/"),
    Asked("security administrator: first page", SECURITY, "/"),
    Asked("security administrator: roles", SECURITY, "/roles/"),
    Asked("security administrator: accounts", SECURITY, "/accounts/"),
    Asked("audit administrator: first page", AUDIT, "/"),
    Asked("audit administrator: trail", AUDIT, "/trail/"),
    Asked("audit administrator: trail, page 100", AUDIT, "/trail/?page=100"),
    Asked("audit administrator: trail of a person", AUDIT, "/trail/?person=3471"),
    Asked("audit administrator: trail of a month", AUDIT, "/trail/?since=2026-10-01&until=2026-10-31"),
]
