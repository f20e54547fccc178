"""Every command says in one sentence what to do where there is nothing to work with, and makes nothing there."""

import os
import subprocess
import sys
from uuid import uuid4

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import get_commands
from django.db import connection
from django.db.utils import OperationalError, ProgrammingError
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lianxin.config import cli
from lianxin.config.operator_commands import OPERATOR_COMMANDS
from lianxin.kernel.secrets import NONE_NEW
from tests.database import drop_database

OWNER = conninfo_to_dict(os.environ["DATABASE_OWNER_URL"])
ARGUMENTS = {
    "import_messages": ["register.xlsx"],
    "import_roster": ["roster.xlsx"],
    "backup": ["backup.tar"],
    "send_test_mail": ["somebody@example.com"],
    "issue_code": ["A1"],
    "suggest_category": ["--text", "宿舍没有热水"],
}
COMMANDS = sorted(
    name
    for name, app in get_commands().items()
    if app.startswith("lianxin.") and name not in cli.OFFLINE_COMMANDS | cli.PREPARING_COMMANDS
)


@pytest.fixture(autouse=True)
def _environment(monkeypatch, tmp_path):
    """English, a folder of the test's own, and no trace left in the environment."""
    for name, value in {"LC_ALL": "en_US.UTF-8", "LIANXIN_DATA_DIR": str(tmp_path / "data")}.items():
        monkeypatch.setenv(name, value)
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "LIANXIN_DB_ROLE", "LIANXIN_APP_ROLE", NONE_NEW):
        monkeypatch.setenv(name, "")
    monkeypatch.chdir(tmp_path)


def told(name, capsys):
    """The one line that the command says on standard error; it ends with status 1."""
    assert cli.main([name.replace("_", "-"), *ARGUMENTS.get(name, [])]) == 1
    said = capsys.readouterr()
    assert "Traceback" not in said.err + said.out
    return said.err


def test_the_commands_are_the_ones_we_know():
    assert {"import_messages", "import_roster", "doctor", "backup", "figures", "hot", "warnings", "welcome"} <= set(
        COMMANDS
    )
    assert len(COMMANDS) >= 14


@pytest.mark.parametrize("name", COMMANDS)
def test_without_a_system_nothing_is_made_and_it_says_what_to_do(name, capsys, tmp_path):
    said = told(name, capsys)
    assert said.startswith(f"There is no Lianxin in {tmp_path / 'data'} yet. Run `lianxin serve`")
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["en_US.UTF-8", "zh_CN.UTF-8"])
def test_looking_at_a_file_or_at_the_process_makes_nothing(language, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("LC_ALL", language)
    assert cli.main(["restore", "--check", "/no/file"]) == 1
    said = capsys.readouterr().err
    cause = {"en": "there is no such file or folder.", "zh": "没有这个文件或文件夹。"}[language[:2]]
    assert said.strip().endswith(cause)
    assert list(tmp_path.iterdir()) == []
    lianxin = [sys.executable, "-m", "lianxin.config.cli"]
    subprocess.run([*lianxin, "describe-process"], check=True, capture_output=True)
    assert list(tmp_path.iterdir()) == []


def test_help_begins_with_the_operators_commands_in_both_languages(capsys):
    assert cli.main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["lianxin", "serve", "启动整个系统", "/", "start", "the", "whole", "system"]
    known = {"serve", *get_commands()}
    assert {usage.split()[0].replace("-", "_") for usage, _zh, _en in OPERATOR_COMMANDS} <= known


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "doctor"])
def test_without_a_database_server_it_says_which_one_is_missing(name, capsys, monkeypatch):
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(variable, "postgresql://somebody:secret@127.0.0.1:9/lianxin")
    said = told(name, capsys)
    assert said.startswith("Cannot reach the database 127.0.0.1:9/lianxin of DATABASE_URL")
    assert "secret" not in said


@pytest.fixture(scope="module")
def empty_database():
    """The address of a database without tables."""
    name = f"test_empty_{uuid4().hex[:12]}"
    with psycopg.connect(**OWNER, autocommit=True) as database:
        database.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    yield make_conninfo(**{**OWNER, "dbname": name})
    with psycopg.connect(**OWNER, autocommit=True) as database:
        drop_database(database, name)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "doctor"])
@pytest.mark.django_db
def test_in_an_empty_database_it_says_how_to_prepare_it(name, capsys, monkeypatch, empty_database):
    for variable in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        monkeypatch.setenv(variable, empty_database)
    assert told(name, capsys).startswith("The database is still empty. Run `lianxin serve` (or `lianxin migrate`) once")


@pytest.mark.django_db
def test_a_database_older_than_the_program_is_refused():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'cases' AND name LIKE '0002%%'")
    with pytest.raises(cli.Refusal, match="1 migrations have not been applied"):
        cli._refuse_old_tables()


def caused_by(error, cause):
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            psycopg.OperationalError("connection failed:\n\tis it running?"),
            "Cannot reach the database: connection failed: is",
        ),
        (caused_by(OperationalError("gone"), psycopg.OperationalError()), "Cannot reach the database: gone"),
        (caused_by(ProgrammingError("x"), psycopg.errors.UndefinedTable()), "The tables of the database do not fit"),
        (
            caused_by(ProgrammingError("x"), psycopg.errors.InsufficientPrivilege()),
            "The database refuses this to its user",
        ),
        (ImproperlyConfigured("LIANXIN_MAIL_URL must look like …"), "LIANXIN_MAIL_URL must look like"),
        (
            PermissionError(13, "Permission denied", "/srv/lianxin/data/secrets/x"),
            "No permission for /srv/lianxin/data/secrets/x",
        ),
        (OSError(28, "No space left on device", "/srv/x"), "/srv/x the disk is full"),
    ],
)
def test_what_is_foreseeable_is_said_in_a_sentence(error, said):
    assert cli.explained(error).startswith(said)


def test_a_fault_of_ours_keeps_its_traceback():
    assert cli.explained(KeyError("x")) is None


def test_the_home_of_another_account_is_left(monkeypatch, tmp_path):
    monkeypatch.setattr(os, "access", lambda *_words: False)
    monkeypatch.setenv("HOME", str(tmp_path))
    cli.live_at_home()
    assert os.environ["HOME"] != str(tmp_path)
