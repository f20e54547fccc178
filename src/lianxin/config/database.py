"""Which database a process works with, and as whom.

`DATABASE_URL` names a PostgreSQL from version 15, `DATABASE_OWNER_URL` the role that owns it, for migrations; with
`_FILE` behind the name, a file that holds the address. With none of them it is the embedded one. `LIANXIN_DB_ROLE` is
`app` (the default) or `owner`; `LIANXIN_DB_POOL` is how many connections a process keeps at most (0, the default: one
for each thread).

`LIANXIN_DB_POOLER=transaction` says that between us and the server stands a pooler that gives each transaction another
backend: nothing is left behind in a session then. The worker listens for jobs, which takes a session of its own:
`DATABASE_JOBS_URL` is where it goes, past the pooler; `DATABASE_OWNER_URL` likewise.
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import psycopg
from psycopg.conninfo import conninfo_to_dict

from lianxin.config.environment import Environment
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.postgres import PostgresUnavailable, Server, embedded_server
from lianxin.kernel.postgres.home import APP, Home
from lianxin.kernel.secrets import given

Role = Literal["app", "owner"]
OLDEST = 15
"""The oldest major version of PostgreSQL that will do."""

_CONNECT_SECONDS = 5  # a database that is gone becomes an error page, not a page that never comes
_RECONNECT_SECONDS = 2  # then the next request tries anew; else the pauses grow with the time that it was away
_MIGRATION_LOCK = 0x6C69616E78696E  # "lianxin"; any number that nobody else uses


def databases(env: Mapping[str, str], data_dir: Path) -> dict[str, dict[str, Any]]:
    """Django's `DATABASES`. Nothing is started or connected to, so that every command may import the settings."""
    role = _role(env)
    url = external_url(env, role)
    if url is None:
        url = Server(Home.within(data_dir)).dsn(role) if Home.within(data_dir).data.exists() else "dbname=lianxin"
    given = _parsed(url)
    options = {
        "connect_timeout": _CONNECT_SECONDS,
        "application_name": "lianxin",
        # A network that swallows packets is noticed as well; sockets of the same machine ignore these.
        "keepalives_idle": 30,
        "tcp_user_timeout": 10_000,
        **{name: value for name, value in given.items() if name not in _DJANGO_NAMES.values()},
    }
    if most := Environment(env).int("LIANXIN_DB_POOL", 0):
        options["pool"] = {
            "min_size": min(2, most),
            "max_size": most,
            "timeout": _CONNECT_SECONDS,
            "reconnect_timeout": _RECONNECT_SECONDS,
        }
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **{django: given.get(libpq, "") for django, libpq in _DJANGO_NAMES.items()},
            "CONN_MAX_AGE": 0,
            "CONN_HEALTH_CHECKS": True,  # so that a pool drops the connections to a server that was restarted
            "DISABLE_SERVER_SIDE_CURSORS": _is_pooled(env),
            "OPTIONS": options,
        }
    }


_DJANGO_NAMES = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}


def external_url(env: Mapping[str, str], role: Role) -> str | None:
    """The address from the environment for that role; without one of its own the owner works with `DATABASE_URL`."""
    return (given("DATABASE_OWNER_URL", env) if role == "owner" else None) or given("DATABASE_URL", env)


def for_the_worker(env: Mapping[str, str]) -> dict[str, str]:
    """What a worker's environment has that others have not: its way past a pooler, if one is named."""
    url = given("DATABASE_JOBS_URL", env)
    return {"DATABASE_URL": url, "DATABASE_URL_FILE": "", "LIANXIN_DB_POOLER": ""} if url else {}


@contextmanager
def joined(env: MutableMapping[str, str], data_dir: Path) -> Iterator[Server | None]:
    """Have the database at hand for a while, and write into `env` how Django finds it.

    Yields the embedded server; or None when the environment names a database, which must then be reachable.

    Raises:
        PostgresUnavailable: there is no database to work with; the message says why.
    """
    url = external_url(env, _role(env))
    if url is not None:
        _check(url)
        if given("DATABASE_OWNER_URL", env):
            env.setdefault("LIANXIN_APP_ROLE", _parsed(given("DATABASE_URL", env) or url).get("user", APP))
        yield None
        return
    with embedded_server(data_dir) as server:
        joining = {"DATABASE_URL": server.dsn("app"), "DATABASE_OWNER_URL": server.dsn("owner")}
        env.update(joining)
        try:
            yield server
        finally:
            for name in joining:
                env.pop(name, None)


@contextmanager
def migration_lock(env: Mapping[str, str]) -> Iterator[None]:
    """Wait until nobody else migrates this database, and keep others waiting."""
    url = external_url(env, "owner")
    with psycopg.connect(url or "", autocommit=True, connect_timeout=_CONNECT_SECONDS) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_MIGRATION_LOCK])
        yield


def database_address(env: Mapping[str, str]) -> str:
    """Where the application's role finds the database, once it is at hand (`joined`)."""
    return external_url(env, "app") or ""


def refuse_half_restored(env: Mapping[str, str]) -> None:
    """See that no restore was killed in the middle of this database, or is at work on it.

    Raises:
        Refusal: one was, or is.
    """
    with psycopg.connect(database_address(env), autocommit=True, connect_timeout=_CONNECT_SECONDS) as connection:
        marked = connection.execute("SELECT to_regnamespace('lianxin_restore') IS NOT NULL").fetchone()
    if marked == (True,):
        raise Refusal(
            "这个系统正在恢复，或者恢复到一半被打断了，现在不能用。请再执行一次 lianxin restore。",
            "A restore of this system is at work, or was interrupted half-way; it cannot be used now. Run "
            "`lianxin restore` again.",
        )


def refuse_no_system(env: Mapping[str, str], data_dir: Path) -> None:
    """See that there is a system to work with, before anything is made in a folder named by mistake.

    Raises:
        Refusal: no database is named, and none lies in the data directory.
    """
    if external_url(env, "app") is None and not Home.within(data_dir).data.exists():
        raise Refusal(
            f"{data_dir} 里还没有连心桥。请先执行一次 lianxin serve（或 lianxin migrate）；如果系统在别处，"
            "请用 LIANXIN_DATA_DIR 或 --data-dir 指明它的数据目录。",
            f"There is no Lianxin in {data_dir} yet. Run `lianxin serve` (or `lianxin migrate`) once; if the system is "
            "elsewhere, name its data directory with LIANXIN_DATA_DIR or --data-dir.",
        )


def refuse_no_tables(env: Mapping[str, str]) -> None:
    """See that the database was prepared.

    Raises:
        Refusal: it is empty.
    """
    url = external_url(env, "app")
    with psycopg.connect(url or "", autocommit=True, connect_timeout=_CONNECT_SECONDS) as connection:
        prepared = connection.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
    if prepared != (True,):
        raise Refusal(
            "数据库还是空的。请先执行一次 lianxin serve（或 lianxin migrate），它会建好所需的一切。",
            "The database is still empty. Run `lianxin serve` (or `lianxin migrate`) once: it prepares all that is "
            "needed.",
        )


def _is_pooled(env: Mapping[str, str]) -> bool:
    pooler = env.get("LIANXIN_DB_POOLER", "")
    if pooler not in ("", "transaction"):
        raise Refusal(
            f"LIANXIN_DB_POOLER 只能是 transaction 或不设，现在是 {pooler}。",
            f"LIANXIN_DB_POOLER can be transaction, or not set; it is {pooler}.",
        )
    return bool(pooler)


def _role(env: Mapping[str, str]) -> Role:
    return "owner" if env.get("LIANXIN_DB_ROLE") == "owner" else "app"


def _parsed(url: str) -> dict[str, Any]:
    """The parts of an address, as libpq reads it. An error never shows the address: it may hold a password."""
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        parts = {}
    # libpq looks at the port only when it connects; of several servers each may have one.
    if not parts or not re.fullmatch(r"[0-9,]*", str(parts.get("port", ""))):
        raise PostgresUnavailable(
            "DATABASE_URL 不是有效的 PostgreSQL 地址，应形如 postgresql://用户:密码@主机:5432/数据库"
            "（特殊字符须作 %XX 编码）。",
            "DATABASE_URL is not a valid PostgreSQL address; it looks like "
            "postgresql://user:password@host:5432/database (special characters as %XX).",
        )
    return parts


def _check(url: str) -> None:
    where = _parsed(url)
    place = f"{where.get('host', 'localhost')}:{where.get('port', 5432)}/{where.get('dbname', '')}"
    try:
        with psycopg.connect(url, connect_timeout=int(where.get("connect_timeout") or _CONNECT_SECONDS)) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        raise PostgresUnavailable(
            f"连不上 DATABASE_URL 指明的数据库 {place}：{error}",
            f"Cannot reach the database {place} of DATABASE_URL: {error}",
        ) from error
    if version < OLDEST:
        raise PostgresUnavailable(
            f"数据库 {place} 是 PostgreSQL {version}，需要 {OLDEST} 或更高版本。",
            f"The database {place} is PostgreSQL {version}; version {OLDEST} or later is needed.",
        )
