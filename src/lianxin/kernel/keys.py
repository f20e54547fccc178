"""Whether the keys that a process has are those that the database was written with.

A fingerprint of each stands in the database. With another seal key no receipt, no confidential name and no second step
of before could be opened, and what is written meanwhile could not be opened with the right one: so nothing starts.
"""

import os
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import psycopg
from django.conf import settings

from lianxin.kernel import secrets
from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.crypto import fingerprint

KEYS = ("LIANXIN_SEAL_KEY", "LIANXIN_SECRET_KEY", "LIANXIN_RECORD_KEY")
"""The names under which environment and data directory give them."""

_KNOWN = "SELECT to_regclass('public.kernel_keyfingerprint') IS NOT NULL AND to_regclass('public.org_unit') IS NOT NULL"
_FILLED = "SELECT EXISTS (SELECT FROM org_unit)"
_NOTED = "SELECT name, fingerprint FROM kernel_keyfingerprint"


class Trouble(StrEnum):
    MISSING = "missing"
    OTHER = "other"


class _Asked(Protocol):
    def execute(self, query: Any) -> Any: ...

    def fetchall(self) -> list[Any]: ...


def trouble_with(database: _Asked, given: Mapping[str, str | None]) -> dict[str, Trouble]:
    """The keys that are not those of a filled database; none of one that is empty, or older than its fingerprints.

    Args:
        database: a cursor.
        given: each key as this process has it, None where it has none.
    """
    for question in (_KNOWN, _FILLED):
        database.execute(question)
        if not database.fetchall()[0][0]:
            return {}
    database.execute(_NOTED)
    noted = dict(database.fetchall())
    found = {}
    for name, value in given.items():
        if name in noted and value is None:
            found[name] = Trouble.MISSING
        elif name in noted and value is not None and noted[name] != fingerprint(value):
            found[name] = Trouble.OTHER
    return found


def refuse_other_keys(url: str, data_dir: Path, env: Mapping[str, str] = os.environ) -> None:
    """See that environment and data directory give the keys of the database; makes none, and needs no settings.

    Raises:
        Refusal: they do not; says which, and what to do.
    """
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection, connection.cursor() as cursor:
        found = trouble_with(cursor, {name: secrets.existing(name, data_dir, env) for name in KEYS})
    if found:
        zh, en = told(found, data_dir)
        raise Refusal(
            f"{zh}没有启动，什么也没有改。请把原来的 secrets/ 放到 {data_dir}（或用环境变量给出原来的密钥），再启动；"
            "第二台机器要用第一台的密钥。"
            "确实丢了，才执行 lianxin accept-keys --lost：以前的保密姓名、回执和登录验证从此打不开。",
            f"{en} Nothing was started, and nothing changed. Put the old secrets/ into {data_dir} (or give the old "
            "keys by the environment), then start again; a second machine takes the keys of the first. Only if they "
            "are really lost, run `lianxin accept-keys --lost`: confidential names, receipts and second steps of "
            "before can never be opened again.",
        )


def told(found: Mapping[str, Trouble], data_dir: Path) -> tuple[str, str]:
    """What is wrong with the keys, in Chinese and in English."""
    zh, en = [], []
    for name, trouble in found.items():
        where = secrets.path_of(name, data_dir)
        if trouble == Trouble.MISSING:
            zh.append(f"数据库里已有数据，而这里没有它的密钥 {name}（{where} 不存在）。")
            en.append(f"The database holds data, and its key {name} is missing here ({where} does not exist).")
        else:
            zh.append(f"数据库里已有数据，而这里的密钥 {name} 不是它的那一把。")
            en.append(f"The database holds data, and the key {name} here is not the one it was written with.")
    return "".join(zh), " ".join(en)


def present_trouble() -> dict[str, Trouble]:
    """As `trouble_with`, of Django's database and the settings of this process."""
    with _cursor() as cursor:
        return trouble_with(cursor, present())


def present() -> dict[str, str | None]:
    """The keys of this process, by name."""
    return {
        "LIANXIN_SEAL_KEY": settings.LIANXIN_SEAL_KEY,
        "LIANXIN_SECRET_KEY": settings.SECRET_KEY,
        "LIANXIN_RECORD_KEY": settings.LIANXIN_RECORD_KEY,
    }


def note_keys(using: str = "default", **_: Any) -> None:
    """After a migration: keep the fingerprints of keys of which there is none, and of all while nothing is set up."""
    with _cursor(using) as cursor:
        cursor.execute(_KNOWN)
        if not cursor.fetchall()[0][0]:
            return
        cursor.execute(_FILLED)
        filled = cursor.fetchall()[0][0]
        _write(cursor, "DO NOTHING" if filled else "DO UPDATE SET fingerprint = EXCLUDED.fingerprint")


def accept_present_keys() -> None:
    """Take the keys of this process for those of the database from now on."""
    with _cursor() as cursor:
        _write(cursor, "DO UPDATE SET fingerprint = EXCLUDED.fingerprint")


def _cursor(using: str = "default") -> Any:
    from django.db import connections  # noqa: PLC0415 - half a second that `serve` saves

    return connections[using].cursor()


def _write(cursor: Any, on_conflict: str) -> None:
    for name, value in present().items():
        cursor.execute(
            f"INSERT INTO kernel_keyfingerprint (name, fingerprint) VALUES (%s, %s) ON CONFLICT (name) {on_conflict}",  # noqa: S608 - our own words
            [name, fingerprint(str(value))],
        )
