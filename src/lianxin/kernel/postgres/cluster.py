"""Making a cluster, and the roles and the database in it."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg import sql

from lianxin.kernel.postgres.account import Account
from lianxin.kernel.postgres.binaries import clean_environment
from lianxin.kernel.postgres.errors import PostgresUnavailable, explain_failure
from lianxin.kernel.postgres.home import APP, OWNER, PORT, SUPERUSER, Home

DATABASE = "lianxin"

# Written into postgresql.conf once, for the administrator to tune.
_SIZES = {"shared_buffers": "128MB", "max_connections": "100", "max_wal_size": "1GB", "jit": "off"}

# Given at every start, so that no file can undo them.
_FIXED = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "fsync": "on",
    "synchronous_commit": "on",
    "full_page_writes": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # The log never holds a statement, a parameter or a value out of a row; errors go to the client alone.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_checkpoints": "off",
    "log_connections": "",
    "logging_collector": "off",
}


def server_command(
    account: Account, binaries: Path, home: Home, socket_dir: Path, more: Mapping[str, str]
) -> list[str]:
    """The command that becomes the server. `more` overrides settings (tests do without fsync)."""
    settings = {**_FIXED, "unix_socket_directories": str(socket_dir), **more}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [*account.prefix, str(binaries / "postgres"), "-D", str(home.data), *options]


def create_cluster(account: Account, binaries: Path, home: Home, alive: int) -> None:
    """Make the cluster beside its place and move it there: killed half-way, it leaves only what the next start removes.

    `alive` is the locked descriptor that says, as long as any process holds it, that this data directory is in use.
    """
    superuser_password = home.path / "initdb.password"
    _remove(home.staging)
    superuser_password.unlink(missing_ok=True)
    try:
        home.staging.mkdir(mode=0o700)
        account.own(home.staging)
        with os.fdopen(home.open_private(superuser_password.name), "w", encoding="ascii") as file:
            file.write(home.passwords()[SUPERUSER])
        account.own(superuser_password)
        made = subprocess.run(  # noqa: S603 - our own wheel's program
            [*account.prefix, binaries / "initdb", *_initdb_options(home.staging, superuser_password)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            env=clean_environment(),
            pass_fds=[alive],
        )
        if made.returncode != 0:
            _remove(home.staging)
            raise explain_failure("无法建立数据库", "Cannot make the database", made.stdout, home.log)
        home.staging.rename(home.data)
        _sync_folder(home.path)
    except OSError as error:
        raise explain_failure("无法建立数据库", "Cannot make the database", str(error), home.log) from error
    finally:
        superuser_password.unlink(missing_ok=True)


def _initdb_options(folder: Path, password_file: Path) -> list[str]:
    return [
        f"--pgdata={folder}",
        f"--username={SUPERUSER}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        *(f"--set={name}={value}" for name, value in _SIZES.items()),
    ]


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def provision(socket_dir: Path, passwords: Mapping[str, str]) -> None:
    """Make the two roles and the database where they are missing; safe to repeat, and to be killed in.

    `lianxin_owner` owns the database and runs the migrations. `lianxin_app` is what the system works as: it can create
    nothing, and on what the owner creates it gets the rights to read and write rows.
    """
    try:
        with _connect(socket_dir, passwords, "template1") as connection:
            _create_roles(connection, passwords)
            _grant_by_default(connection)  # in the template, so that test databases have it too
        with _connect(socket_dir, passwords, SUPERUSER) as connection:
            if not _exists(connection, "SELECT FROM pg_database WHERE datname = %s", DATABASE):
                connection.execute(_named("CREATE DATABASE {database} OWNER {owner}"))
            connection.execute(_named("REVOKE ALL ON DATABASE {database} FROM PUBLIC"))
            connection.execute(_named("GRANT CONNECT ON DATABASE {database} TO {app}"))
        with _connect(socket_dir, passwords, DATABASE) as connection:
            _grant_by_default(connection)
    except psycopg.Error as error:
        raise PostgresUnavailable(
            f"内置数据库已启动，但无法准备它：{error}", f"The embedded database runs, but cannot be prepared: {error}"
        ) from error


def _connect(socket_dir: Path, passwords: Mapping[str, str], database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(socket_dir),
        port=PORT,
        user=SUPERUSER,
        password=passwords[SUPERUSER],
        dbname=database,
        autocommit=True,
        connect_timeout=10,
    )


def _create_roles(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    for role, rights in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
        if not _exists(connection, "SELECT FROM pg_roles WHERE rolname = %s", role):
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        # Hashed on this side, so that no password can get into the server's log.
        hashed = connection.pgconn.encrypt_password(passwords[role].encode(), role.encode(), b"scram-sha-256").decode()
        statement = sql.SQL("ALTER ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {} PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.SQL(rights), sql.Literal(hashed)))
    connection.execute(_named("GRANT {app} TO {owner}"))  # so that a test can SET ROLE and see what the application may


def _grant_by_default(connection: psycopg.Connection) -> None:
    defaults = "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA public GRANT "
    connection.execute(_named(defaults + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO {app}"))
    connection.execute(_named(defaults + "USAGE, SELECT ON SEQUENCES TO {app}"))


def _named(statement: str) -> sql.Composed:
    names = {"owner": OWNER, "app": APP, "database": DATABASE}
    return sql.SQL(statement).format(**{key: sql.Identifier(name) for key, name in names.items()})


def _exists(connection: psycopg.Connection, query: str, name: str) -> bool:
    return connection.execute(query.encode(), [name]).fetchone() is not None
