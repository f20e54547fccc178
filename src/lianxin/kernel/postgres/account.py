"""Which system account the server runs under: PostgreSQL refuses root, so root hands it to somebody unprivileged."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from lianxin.kernel.postgres.binaries import clean_environment
from lianxin.kernel.postgres.errors import PostgresUnavailable

# Tried in this order: no privilege at all; passing through folders closed to the account (such as /root); the same with
# the one privilege that containers usually leave to root.
_CAPABILITIES = (None, "dac_read_search", "dac_override")


@dataclass(frozen=True)
class Account:
    """A system account and the words to put before a command so that it runs as that account."""

    uid: int
    gid: int
    prefix: tuple[str, ...] = ()

    def own(self, path: Path) -> None:
        """Hand a file or folder to the account."""
        if os.geteuid() != self.uid:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def account_for(owned: Path, home: Path, postgres: Path) -> Account:
    """The account that runs the server: our own; or, when we are root, the owner of `owned`, `postgres` or `nobody`.

    Raises:
        PostgresUnavailable: root cannot hand over, or the account reaches neither `home` nor the program.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    uid, gid = _unprivileged(owned)
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise PostgresUnavailable(
            "以 root 启动内置 PostgreSQL 需要 setpriv（util-linux）。请安装它，或改用普通用户启动。",
            "Starting the embedded PostgreSQL as root needs setpriv (util-linux). Install it, or start as an ordinary "
            "user.",
        )
    trouble = ""
    for capability in _CAPABILITIES:
        account = Account(uid, gid, _prefix(setpriv, uid, gid, capability))
        reached = subprocess.run(  # noqa: S603 - setpriv and a fixed script
            [*account.prefix, "/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", home, postgres],
            capture_output=True,
            text=True,
            check=False,
            env=clean_environment(),
        )
        if reached.returncode == 0:
            return account
        trouble = trouble or reached.stderr.strip()
    name = _name(uid)
    raise PostgresUnavailable(
        f"PostgreSQL 不能以 root 运行，而用户 {name} 进不到 {home} 或 {postgres.parent}（{trouble}）。"
        "请用普通用户启动，或把 LIANXIN_DATA_DIR 和程序放到该用户能进入的目录。",
        f"PostgreSQL does not run as root, and the user {name} cannot reach {home} or {postgres.parent} ({trouble}). "
        "Start as an ordinary user, or put LIANXIN_DATA_DIR and the program where that user can reach them.",
    )


def _unprivileged(owned: Path) -> tuple[int, int]:
    status = owned.stat()
    if status.st_uid != 0:
        return status.st_uid, status.st_gid
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise PostgresUnavailable(
        "PostgreSQL 不能以 root 运行，而系统里没有 postgres 或 nobody 用户。请用普通用户启动。",
        "PostgreSQL does not run as root, and there is no user postgres or nobody. Start as an ordinary user.",
    )


def _prefix(setpriv: str, uid: int, gid: int, capability: str | None) -> tuple[str, ...]:
    become = (setpriv, f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs")
    if capability is None:
        return (*become, "--inh-caps=-all")
    # PostgreSQL asks access() about its own program, and access() forgets capabilities unless this bit is set.
    return (
        *become,
        f"--inh-caps=-all,+{capability}",
        f"--ambient-caps=-all,+{capability}",
        "--securebits=+no_setuid_fixup",
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
