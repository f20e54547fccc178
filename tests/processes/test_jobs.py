"""A worker killed in mid-job: what it began is done once, and the jobs go on."""

import signal

from tests.processes.house import PASSWORD, PEOPLE
from tests.processes.system import Browser, System, until

CASES = 40
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
OVERDUE = "ledger_event WHERE action = 'overdue'"
BEGUN = "procrastinate_jobs WHERE status = 'doing' AND task_name = 'cases.scan_clocks'"
PENDING = "procrastinate_jobs WHERE status IN ('todo', 'doing')"


def count(database, rows):
    return database.execute(f"SELECT count(*) FROM {rows}").fetchone()[0]  # noqa: S608


def test_a_scan_that_was_killed_half_way_is_finished_and_nothing_happens_twice(peopled):
    system = System(peopled)
    for name, employee_no in PEOPLE[: CASES // 20]:
        browser = Browser(system.port)
        browser.sign_in(employee_no, PASSWORD)
        assert {browser.say(f"{name}：第{n}件事。").status for n in range(20)} == {302}
    with system.database() as database, system.database() as other:
        # The clocks fall due, and the scanner begins; when it has dealt with some, the record is locked and it waits.
        database.execute(
            "UPDATE cases_clock SET due_at = due_at - interval '9 days', rises_at = rises_at - interval '9 days'"
        )
        database.execute(QUEUE_SCAN)
        until(lambda: count(database, OVERDUE) >= 3, every=0)
        with other.transaction():
            other.execute("LOCK TABLE ledger_event IN EXCLUSIVE MODE")
            assert 3 <= count(database, OVERDUE) < CASES
            killed = system.worker()
            killed.kill()
            killed.wait(10)
        assert count(database, BEGUN) == 1

        # The next scan stands in the queue already when the stalled one is found.
        until(system.is_whole)
        database.execute(QUEUE_SCAN)
        database.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes' "
            "WHERE id = (SELECT min(id) FROM procrastinate_workers)"
        )
        database.execute(QUEUE_RESCUE)
        until(lambda: count(database, OVERDUE) >= CASES)
        until(lambda: count(database, PENDING) == 0)

        for rows in (
            "ledger_event WHERE action = 'overdue' GROUP BY subject_id",
            "ledger_event WHERE action = 'supervise' GROUP BY subject_id",
            "notifications_notice WHERE kind LIKE '%overdue' GROUP BY subject_id, recipient_id",
        ):
            assert database.execute(f"SELECT DISTINCT count(*) FROM {rows}").fetchall() == [(1,)], rows  # noqa: S608
        assert count(database, "cases_clock WHERE kind = 'accept' AND level = 1") == CASES
        assert count(database, "cases_case WHERE supervised_at IS NOT NULL") == CASES

        # And the scanner goes on.
        database.execute("UPDATE cases_clock SET rises_at = rises_at - interval '9 days'")
        database.execute(QUEUE_SCAN)
        until(lambda: count(database, OVERDUE) == 2 * CASES)
    system.stop(signal.SIGTERM)
