"""A worker killed in mid-job: what it began is done once, and the jobs go on."""

import signal
import subprocess
import sys

from tests.processes.house import PASSWORD, PEOPLE
from tests.processes.newcomers import NEWCOMERS
from tests.processes.system import Browser, System, environment, until

CASES, BATCH = 120, 50
QUEUE_SCAN = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args) "
    "VALUES ('default', 'cases.scan_clocks', 'cases.scan_clocks', 'cases.scan_clocks', '{\"timestamp\": 0}') "
    "ON CONFLICT DO NOTHING"
)
QUEUE_RESCUE = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args) "
    "VALUES ('default', 'kernel.rescue_stalled_jobs', 'kernel.rescue_stalled_jobs', '{\"timestamp\": 0}') "
    "ON CONFLICT DO NOTHING"
)
QUEUE_ROSTER = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, lock, args) "
    "SELECT 'default', 'org.apply_roster', 'org.apply_roster', json_build_object('roster_id', id) FROM org_rosterimport"
)
OVERDUE = "ledger_event WHERE action = 'overdue'"
BEGUN = "procrastinate_jobs WHERE status = 'doing' AND task_name = 'cases.scan_clocks'"
PENDING = "procrastinate_jobs WHERE status IN ('todo', 'doing')"


def count(database, rows):
    return database.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]  # noqa: S608


def rescue_what_stalled(database):
    """As a few minutes later, when the dead worker has been silent for long."""
    database.execute(
        "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes' "
        "WHERE id = (SELECT min(id) FROM procrastinate_workers)"
    )
    database.execute(QUEUE_RESCUE)


def test_a_scan_that_was_killed_half_way_is_finished_and_nothing_happens_twice(peopled):
    system = System(peopled)
    for name, employee_no in PEOPLE[: CASES // 20]:
        browser = Browser(system.port)
        browser.sign_in(employee_no, PASSWORD)
        assert {browser.say(f"{name}：第{n}件事。").status for n in range(20)} == {302}
    with system.database() as database, system.database() as other:
        # The clocks fall due, and the scanner begins; when it has dealt with some, the record is locked and it waits.
        database.execute(
            "UPDATE cases_clock SET due_at = due_at - interval '9 days', escalates_at = escalates_at - interval '9 days'"
        )
        database.execute(QUEUE_SCAN)
        until(lambda: count(database, OVERDUE) >= BATCH, every=0)
        with other.transaction():
            other.execute("LOCK TABLE ledger_event IN EXCLUSIVE MODE")
            assert BATCH <= count(database, OVERDUE) < CASES
            killed = system.worker()
            killed.kill()
            killed.wait(10)
        assert count(database, BEGUN) == 1

        # The next scan stands in the queue already when the stalled one is found.
        until(system.is_whole)
        database.execute(QUEUE_SCAN)
        rescue_what_stalled(database)
        until(lambda: count(database, OVERDUE) >= CASES)
        until(lambda: count(database, PENDING) == 0)

        for rows in (
            "ledger_event WHERE action = 'overdue' GROUP BY subject_id",
            "ledger_event WHERE action = 'supervise' GROUP BY subject_id",
            "notifications_notice WHERE kind LIKE '%overdue' GROUP BY subject_id, recipient_id",
        ):
            assert database.execute(f"SELECT DISTINCT count(*) FROM {rows}").fetchall() == [(1,)], rows  # noqa: S608
        assert count(database, "cases_clock WHERE kind = 'accept' AND escalation_level = 1") == CASES
        assert count(database, "cases_case WHERE supervised_at IS NOT NULL") == CASES

        # And the scanner goes on.
        database.execute("UPDATE cases_clock SET escalates_at = escalates_at - interval '9 days'")
        database.execute(QUEUE_SCAN)
        until(lambda: count(database, OVERDUE) == 2 * CASES)
    system.stop(signal.SIGTERM)


def test_a_roster_whose_worker_is_killed_half_way_is_applied_once_by_the_next(peopled):
    system = System(peopled)
    waiting = "pg_locks WHERE NOT granted AND relation = 'ledger_event'::regclass"
    with system.database() as database, system.database() as other:
        people = count(database, "org_person")
        subprocess.run(
            [sys.executable, "-m", "tests.processes.newcomers"],
            check=True,
            env=environment(LIANXIN_DATA_DIR=str(peopled)),
        )
        with other.transaction():
            other.execute("LOCK TABLE ledger_event IN EXCLUSIVE MODE")
            database.execute(QUEUE_ROSTER)
            until(lambda: count(database, waiting) == 1)  # something is written already, and nobody sees it yet
            killed = system.worker()
            killed.kill()
            killed.wait(10)
        assert database.execute("SELECT state FROM org_rosterimport").fetchall() == [("applying",)]
        assert count(database, "org_person") == people

        until(system.is_whole)
        rescue_what_stalled(database)
        until(lambda: database.execute("SELECT state FROM org_rosterimport").fetchall() == [("applied",)])
        until(lambda: count(database, PENDING) == 0)
        assert count(database, "org_person") == people + NEWCOMERS
        assert (
            count(database, "ledger_event WHERE subject_type = 'org.person' AND action = 'add'") == people + NEWCOMERS
        )
        assert count(database, "org_unit WHERE code = 'NEW'") == 1
        assert count(database, "ledger_event WHERE subject_type LIKE '%roster%' AND action = 'apply'") == 1
    system.stop(signal.SIGTERM)
