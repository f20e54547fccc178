"""`lianxin doctor` says what is well, what is not, and what to do."""

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection

from lianxin.kernel import timezone
from lianxin.operations.queries import Level, checks, examine
from lianxin.operations.queries.running import missing_migrations
from tests.factories.cases import dispatched, found_enterprise, submit

pytestmark = pytest.mark.django_db


def found(name):
    return [(finding.level, finding.says) for finding in examine() if finding.check == name]


@pytest.fixture(autouse=True)
def _data_dir(data_dir):
    """A data directory of the test's own."""


def with_worker(heartbeat="now()"):
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO procrastinate_workers (last_heartbeat) VALUES ({heartbeat})")  # noqa: S608


def waiting_job(since):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at) "
            "VALUES ('default', 'x', '{}', 'todo', %s)",
            [since],
        )


def test_a_system_that_is_well(settings):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, ["say.example.com"]
    settings.LIANXIN_MAIL, settings.LIANXIN_SPOOL_SECONDS = object(), 2.0
    with_worker()
    findings = [finding for finding in examine() if not finding.check.startswith("setup.")]
    assert {finding.level for finding in findings if finding.check != "disk"} == {Level.OK}
    assert [finding.check for finding in findings] == list(checks._CHECKS)
    assert all(finding.advice == "" for finding in findings if finding.level == Level.OK)


def test_without_a_worker_or_with_a_dead_one_it_fails(capsys):
    with_worker("now() - interval '2 minutes'")
    assert found("worker") == [(Level.FAIL, "后台任务没有在运行")]
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", json=True)
    assert ended.value.code == 1
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert next(f for f in findings if f["check"] == "worker")["advice"].startswith("启动 lianxin serve")


def test_jobs_that_wait_too_long_are_told_and_planned_ones_are_not():
    with_worker()
    waiting_job(timezone.now() + timedelta(hours=1))
    assert found("worker") == [(Level.OK, "1 个在运行")]
    waiting_job(timezone.now() - timedelta(minutes=6))
    assert found("worker") == [(Level.FAIL, "1 件后台任务排队太久")]


def test_a_scanner_that_fell_behind_is_told():
    house = found_enterprise()
    with timezone.frozen(timezone.now() - timedelta(days=60)):
        dispatched(house, submit(house.li_na).case)
    ((level, says),) = found("deadlines")
    assert level == Level.FAIL
    assert says.endswith("起没有处理")


def test_secrets_that_others_can_read_are_told(settings):
    folder = settings.DATA_DIR / "secrets"
    folder.mkdir(mode=0o700)
    (folder / "lianxin_seal_key").touch(mode=0o644)
    assert found("secrets") == [(Level.FAIL, f"别的用户也能读 {folder / 'lianxin_seal_key'}")]
    (folder / "lianxin_seal_key").chmod(0o600)
    assert found("secrets") == [(Level.OK, "只有本系统能读")]


def test_what_is_not_for_real_data_is_told(settings):
    settings.DEBUG = True
    assert found("settings")[0] == (Level.FAIL, "LIANXIN_DEBUG=1 不能用于真实数据")


def test_a_database_that_is_behind_is_told():
    assert missing_migrations() == []
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name LIKE '0002%'")
    assert missing_migrations() == ["cases.0002_guards"]
    assert found("database") == [(Level.FAIL, "有 1 个升级步骤没有执行")]


def test_without_a_database_the_other_checks_go_on(monkeypatch):
    def gone(*_words):
        raise checks.DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", gone)
    findings = examine()
    assert findings[0].level == Level.FAIL
    assert findings[0].says == "连不上数据库：gone"
    assert {"disk", "secrets", "settings", "setup.backup"} <= {finding.check for finding in findings}


def test_cases_that_no_search_finds_are_told_of():
    house = found_enterprise()
    submit(house.li_na), submit(house.wang_fang)
    assert found("search") == [(Level.OK, "诉求都能搜到")]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_searchrow")
    assert found("search") == [(Level.WARN, "2 件诉求搜不到")]
    call_command("rebuild_search", verbosity=0)
    assert found("search") == [(Level.OK, "诉求都能搜到")]


def test_what_waits_in_the_spool_for_too_long_fails_and_a_spool_that_is_off_is_told(settings, spooling):
    settings.LIANXIN_SPOOL_SECONDS = 2.0
    found_enterprise()
    submit(None)
    assert found("spool") == [(Level.OK, "正常")]
    with timezone.frozen(timezone.now() + timedelta(hours=2)):
        assert found("spool") == [(Level.FAIL, "有 1 件匿名内容过了时间仍没有转交")]
    settings.LIANXIN_SPOOL_SECONDS = 0
    assert found("spool") == [(Level.WARN, "匿名内容立即转交，数据库会留下时刻")]
