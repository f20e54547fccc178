"""The embedded PostgreSQL on real files and processes: who may start it, where, and what it survives."""

import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import psycopg
import pytest

from lianxin.kernel.postgres import PostgresUnavailable, embedded_server
from lianxin.kernel.postgres import binaries as binaries_module
from lianxin.kernel.postgres.errors import explain_failure
from lianxin.kernel.postgres.home import Home

pytestmark = pytest.mark.processes

SOURCE = Path(__file__).parents[2] / "src"
AS_ROOT = os.geteuid() == 0
JOIN_AND_WAIT = """
import sys, time
from pathlib import Path
from lianxin.kernel.postgres import embedded_server
with embedded_server(Path(sys.argv[1])) as server:
    print(server.dsn("owner"), flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder():
    """A private (700) folder with a short path, which the server's account cannot enter when we are root."""
    with tempfile.TemporaryDirectory(prefix="lx-") as path:
        yield Path(path)


@pytest.fixture(scope="module")
def made_before():
    with tempfile.TemporaryDirectory(prefix="lx-") as path:
        with embedded_server(Path(path) / "data"):
            pass
        yield Path(path) / "data"


@pytest.fixture
def data_dir(folder, made_before):
    """A system that was started before, which saves a second."""
    subprocess.run(["cp", "-a", made_before, folder / "data"], check=True)
    return folder / "data"


def start_elsewhere(data_dir, prefix=(), **env):
    """Another process of ours that holds the server until its standard input is closed."""
    return subprocess.Popen(
        [*prefix, sys.executable, "-c", JOIN_AND_WAIT, str(data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(SOURCE), **env},
    )


def postmaster_of(data_dir):
    return int(Home.within(data_dir).pid_file_lines()[0])


def query(server, statement, role="owner"):
    with psycopg.connect(server.dsn(role), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else None


def is_gone(pid):
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    return True


def test_the_application_may_use_rows_of_what_the_owner_made_and_create_nothing(data_dir):
    with embedded_server(data_dir) as server:
        query(server, "CREATE TABLE note (id bigserial, text text)")
        query(server, "INSERT INTO note (text) VALUES ('食堂的汤太咸')", role="app")
        assert query(server, "SELECT id, text FROM note", role="app") == [(1, "食堂的汤太咸")]
        for forbidden in (
            "CREATE TABLE mine (id int)",
            "TRUNCATE note",
            "DROP TABLE note",
            "CREATE TEMP TABLE t (id int)",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                query(server, forbidden, role="app")
        settings = "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'TimeZone')"
        assert dict(query(server, settings)) == {"fsync": "on", "synchronous_commit": "on", "TimeZone": "UTC"}
        assert query(server, "SELECT datlocprovider, datlocale, pg_encoding_to_char(encoding) FROM pg_database")[0] == (
            "b",
            "C.UTF-8",
            "UTF8",
        )


def test_only_we_can_read_its_files_and_reach_its_socket(data_dir):
    with embedded_server(data_dir) as server:
        home = server.home
        modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (data_dir, home.data, home.socket_dir())}
        assert set(modes.values()) == {0o700}
        for name in ("credentials.json", "server.log", "start.lock"):
            assert stat.S_IMODE((home.path / name).stat().st_mode) == 0o600
        listening = {c.laddr for c in psutil.Process(postmaster_of(data_dir)).net_connections(kind="inet")}
        assert listening == set()
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(
                host=str(home.socket_dir()), port=5432, user="lianxin_app", dbname="lianxin", password="guess"
            )


@pytest.mark.parametrize("language", ["zh_CN.GBK", "en_US.UTF-8"])
def test_any_path_in_any_language(folder, monkeypatch, language):
    monkeypatch.setenv("LANG", language)
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.setenv("PGPORT", "1")
    data_dir = folder / "李梅的 电脑, 'D盘'" / "连心桥 数据"
    with embedded_server(data_dir) as server:
        query(server, "CREATE TABLE note AS SELECT 1 AS id")
        outside = server.home.socket_dir()
        assert outside.parent == Path(tempfile.gettempdir())
        assert stat.S_IMODE(outside.stat().st_mode) == 0o700
    with embedded_server(data_dir) as server:
        assert query(server, "SELECT id FROM note", role="app") == [(1,)]
    shutil.rmtree(outside)


@pytest.mark.skipif(not AS_ROOT, reason="only root can become an ordinary user for a test")
def test_an_ordinary_user_and_then_root_on_the_same_data():
    folder = Path(tempfile.mkdtemp(prefix="lx-"))
    try:
        os.chown(folder, 65534, 65534)
        become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
        if subprocess.run([*become, sys.executable, "-c", ""], check=False, capture_output=True).returncode:
            pytest.skip("the ordinary user cannot reach this Python")
        other = start_elsewhere(folder / "data", become, TMPDIR="/tmp")  # noqa: S108
        assert other.stdout.readline().startswith("postgresql://"), other.stderr.read()
        assert psutil.Process(postmaster_of(folder / "data")).uids().real == 65534
        other.communicate("", timeout=20)
        with embedded_server(folder / "data") as server:
            assert psutil.Process(postmaster_of(folder / "data")).uids().real == 65534
            query(server, "SELECT 1")
        assert {path.stat().st_uid for path in (folder / "data" / "postgres").iterdir()} == {65534}
    finally:
        shutil.rmtree(folder)


@pytest.mark.skipif(not AS_ROOT, reason="only root has to hand over")
def test_root_never_runs_it_and_opens_no_parent_folder(folder, data_dir):
    with embedded_server(data_dir):
        server = psutil.Process(postmaster_of(data_dir))
        users = set()
        for process in [server, *server.children()]:
            with suppress(psutil.NoSuchProcess):  # some of its processes come and go
                users |= set(process.uids())
        assert users
        assert 0 not in users
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.skipif(not AS_ROOT, reason="only root has to hand over")
def test_root_in_a_container_without_capabilities_is_told_what_to_do(folder):
    bounded = ["setpriv", "--bounding-set=-dac_read_search,-dac_override", "--inh-caps=-all"]
    other = start_elsewhere(folder / "data", bounded, LANG="en_US.UTF-8")
    _, errors = other.communicate("", timeout=20)
    assert "PostgreSQL does not run as root, and the user" in errors
    assert "LIANXIN_DATA_DIR" in errors


def test_two_systems_side_by_side_know_nothing_of_each_other(folder):
    with embedded_server(folder / "north") as north, embedded_server(folder / "south") as south:
        query(north, "CREATE TABLE here AS SELECT 'north' AS name")
        query(south, "CREATE TABLE here AS SELECT 'south' AS name")
        assert query(north, "SELECT name FROM here") == [("north",)]
        assert query(south, "SELECT name FROM here") == [("south",)]


def test_whoever_comes_first_starts_it_and_the_last_to_leave_stops_it(data_dir):
    other = start_elsewhere(data_dir)
    assert other.stdout.readline().startswith("postgresql://")
    first = postmaster_of(data_dir)
    with embedded_server(data_dir) as server:
        other.communicate("", timeout=20)
        assert postmaster_of(data_dir) == first
        query(server, "SELECT 1")
    assert is_gone(first)
    assert not server.is_running()


def test_many_who_come_at_once_get_one_server(folder):
    servers, go = [], threading.Event()

    def come():
        with embedded_server(folder / "data"):
            servers.append(postmaster_of(folder / "data"))
            go.wait(20)

    threads = [threading.Thread(target=come, daemon=True) for _ in range(5)]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + 20
    while len(servers) < 5 and time.monotonic() < deadline:
        time.sleep(0.02)
    go.set()
    for thread in threads:
        thread.join()
    assert len(servers) == 5
    assert len(set(servers)) == 1
    assert is_gone(servers[0])


def guardians_of(data_dir):
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            words = process.cmdline()
            if "lianxin.kernel.postgres.guardian" in words and str(data_dir) in words:
                found.append(process)
    return found


def test_when_all_who_used_it_were_killed_nothing_is_left_running(data_dir):
    others = [start_elsewhere(data_dir) for _ in range(2)]
    dsn, _same = [other.stdout.readline().strip() for other in others]
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE note AS SELECT 1 AS id")
    postmaster = psutil.Process(postmaster_of(data_dir))
    everything = [postmaster, *postmaster.children(), *guardians_of(data_dir)]
    assert len(guardians_of(data_dir)) == 1
    others[0].kill()
    others[0].communicate()
    time.sleep(1)
    assert postmaster.is_running()  # the other one still uses it
    others[1].kill()
    others[1].communicate()
    _, alive = psutil.wait_procs(everything, timeout=10)
    assert alive == []
    with embedded_server(data_dir) as server:
        assert query(server, "SELECT id FROM note") == [(1,)]
    assert guardians_of(data_dir) == []


def test_a_killed_guardian_is_replaced(data_dir):
    with embedded_server(data_dir) as server:
        (first,) = guardians_of(data_dir)
        first.kill()
        first.wait(10)
        server.ensure()
        deadline = time.monotonic() + 10
        while not (second := guardians_of(data_dir)) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(second) == 1
    assert guardians_of(data_dir) == []


def test_a_server_that_outlived_its_killed_master_is_used_and_then_stopped(data_dir):
    other = start_elsewhere(data_dir)
    dsn = other.stdout.readline().strip()
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE note AS SELECT 1 AS id")
    left = postmaster_of(data_dir)
    for guardian in guardians_of(data_dir):
        guardian.kill()
    other.kill()
    other.communicate()
    with embedded_server(data_dir) as server:
        assert postmaster_of(data_dir) == left
        assert query(server, "SELECT id FROM note") == [(1,)]
    assert is_gone(left)


def test_every_acknowledged_row_survives_kill_9_of_the_server(data_dir):
    """Wang Fang keeps inserting while the server is killed again and again; what was acknowledged is there once."""
    acknowledged, done = [], threading.Event()

    def insert(dsn):
        number = 0
        while not done.is_set():
            with suppress(psycopg.Error), psycopg.connect(dsn, autocommit=True, connect_timeout=5) as connection:
                while not done.is_set():
                    number += 1
                    connection.execute("INSERT INTO note VALUES (%s)", [number])
                    acknowledged.append(number)
            time.sleep(0.01)

    with embedded_server(data_dir) as server:
        query(server, "CREATE TABLE note (number int)")
        client = threading.Thread(target=insert, args=[server.dsn("app")], daemon=True)
        client.start()
        for _ in range(4):
            time.sleep(random.uniform(0.05, 0.4))
            os.kill(postmaster_of(data_dir), signal.SIGKILL)
            assert server.ensure()
        before = len(acknowledged)
        time.sleep(0.3)
        done.set()
        client.join()
        rows = [number for (number,) in query(server, "SELECT number FROM note")]
    assert len(acknowledged) > before > 0
    assert len(rows) == len(set(rows))
    assert set(acknowledged) <= set(rows)


def test_what_a_power_cut_leaves_does_not_stop_the_next_start(data_dir):
    """The recorded process id belongs to somebody else by now, and the socket's files are still there."""
    with embedded_server(data_dir) as server:
        lines = server.home.pid_file_lines()
        account = (server.home.data.stat().st_uid, server.home.data.stat().st_gid)
        socket_dir = server.home.socket_dir()
    stranger = subprocess.Popen(
        ["sleep", "60"], **({"user": account[0], "group": account[1], "extra_groups": []} if AS_ROOT else {})
    )
    try:
        for path in (server.home.data / "postmaster.pid", socket_dir / ".s.PGSQL.5432.lock"):
            path.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
            os.chown(path, *account)
        (socket_dir / ".s.PGSQL.5432").touch()
        with embedded_server(data_dir) as server:
            assert query(server, "SELECT 1") == [(1,)]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_a_first_start_killed_at_any_moment_is_made_good_by_the_next(folder):
    for attempt in range(3):
        data_dir = folder / f"data{attempt}"
        other = start_elsewhere(data_dir)
        time.sleep(0.15 + attempt * 0.2 + random.uniform(0, 0.1))
        other.kill()
        other.communicate()
        with embedded_server(data_dir) as server:
            assert query(server, "SELECT current_database()", role="app") == [("lianxin",)]
            assert not server.home.staging.exists()
            assert not (server.home.path / "initdb.password").exists()


def test_whoever_finds_a_server_without_its_database_completes_it(data_dir):
    """The first start was killed between the server's first answer and the making of roles and database."""
    with embedded_server(data_dir) as server:
        superuser = server.dsn("owner").replace("lianxin_owner", "postgres").replace("/lianxin?", "/postgres?")
        passwords = server.home.passwords()
        with psycopg.connect(
            superuser.replace(passwords["lianxin_owner"], passwords["postgres"]), autocommit=True
        ) as connection:
            connection.execute("DROP DATABASE lianxin")
        server.home.provisioned.unlink()
        with embedded_server(data_dir) as joined:
            assert query(joined, "SELECT current_database()", role="app") == [("lianxin",)]


def test_the_log_holds_no_statement_and_no_value(data_dir):
    with embedded_server(data_dir) as server:
        query(server, "CREATE TABLE secret (text text PRIMARY KEY, number int)")
        for statement in (
            "INSERT INTO secret VALUES ('canary', 1), ('canary', 2)",
            "SELECT 'canary'::int",
            "SELECT canary FROM secret",
            "DO $$ BEGIN RAISE WARNING 'canary'; RAISE EXCEPTION 'canary'; END $$",
        ):
            with pytest.raises(psycopg.Error):
                query(server, statement, role="app")
        assert "canary" not in server.home.log.read_text()
        assert server.home.passwords()["lianxin_app"] not in server.home.log.read_text()


def test_the_name_of_the_socket_folder_taken_by_somebody_else_is_refused(folder):
    data_dir = folder / ("long" * 30)
    taken = Home.within(data_dir).socket_dir()
    taken.mkdir(mode=0o755)
    taken.chmod(0o755)
    try:
        with pytest.raises(PostgresUnavailable) as refusal, ExitStack() as stack:
            stack.enter_context(embedded_server(data_dir))
        assert str(taken) in str(refusal.value)
    finally:
        taken.rmdir()


def test_a_machine_without_the_programs_is_pointed_to_database_url(folder, monkeypatch):
    monkeypatch.setattr(binaries_module, "_versions", dict)
    with pytest.raises(PostgresUnavailable, match="DATABASE_URL"), embedded_server(folder / "data"):
        pass


def test_a_database_of_another_version_is_left_alone(data_dir):
    with embedded_server(data_dir) as server:
        version = server.home.data / "PG_VERSION"
        made_by = version.read_text()
    version.write_text("12\n")
    with pytest.raises(PostgresUnavailable, match="PostgreSQL 12"), embedded_server(data_dir):
        pass
    version.write_text(made_by)
    with embedded_server(data_dir) as server:
        assert server.is_running()


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ('FATAL:  could not write lock file "postmaster.pid": No space left on device', "磁盘已满"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "shared_buffers"),
        ("LOG:  starting\nFATAL:  something odd", "something odd"),
        ("", "server.log"),
    ],
)
def test_a_failure_is_one_paragraph_that_says_what_to_do(monkeypatch, output, told):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    message = str(explain_failure("无法启动", "Cannot start", output, Path("/srv/lianxin/postgres/server.log")))
    assert told in message
    assert "\n" not in message
