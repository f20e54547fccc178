"""Secrets: from the environment, from a file that the environment names, or made at the first start and kept in the
data directory.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from environ.fileaware_mapping import FileAwareMapping

from lianxin.kernel.cli_messages import Refusal, cause_of

NONE_NEW = "LIANXIN_NO_NEW_SECRETS"
"""With "1" a process that finds no secret goes on with one that it keeps nowhere: to say what is wrong."""


def given(name: str, env: Mapping[str, str] = os.environ) -> str | None:
    """What the environment gives: the content of the file `$NAME_FILE`, else `$NAME`; None when it names neither.

    A secret is taken as it is: `environ.Env` would read one that begins with `$` as the name of another variable.

    Raises:
        Refusal: the file cannot be read, or is empty.
    """
    file = env.get(f"{name}_FILE")
    try:
        value = FileAwareMapping(env, cache=False).get(name, "").strip()
    except (OSError, UnicodeDecodeError) as error:
        zh, en = cause_of(error) if isinstance(error, OSError) else ("不是 UTF-8 文本", "it is no UTF-8 text")
        raise Refusal(
            f"读不到 {name}_FILE 指明的文件 {file}：{zh}。",
            f"Cannot read the file {file} that {name}_FILE names: {en}.",
        ) from error
    if file and not value:
        raise Refusal(f"{name}_FILE 指明的文件 {file} 是空的。", f"The file {file} that {name}_FILE names is empty.")
    return value or None


def secret(name: str, data_dir: Path) -> str:
    """The secret `name`: what the environment gives, else `<data_dir>/secrets/<name>`, made if missing."""
    if value := given(name):
        return value
    kept = path_of(name, data_dir)
    if not kept.exists():
        if os.environ.get(NONE_NEW) == "1":
            return secrets.token_urlsafe(48)
        made = _written_beside(kept, secrets.token_urlsafe(48))
        try:
            os.link(made, kept)  # whoever is first wins, the others read
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text().strip()


def existing(name: str, data_dir: Path, env: Mapping[str, str] = os.environ) -> str | None:
    """The secret `name` where there is one already; makes none."""
    kept = path_of(name, data_dir)
    return given(name, env) or (kept.read_text().strip() if kept.exists() else None)


def keep(name: str, data_dir: Path, value: str) -> None:
    """Put `value` in the place of the secret in the data directory."""
    _written_beside(path_of(name, data_dir), value).replace(path_of(name, data_dir))


def path_of(name: str, data_dir: Path) -> Path:
    """Where the secret is kept when the environment does not give it."""
    return data_dir / "secrets" / name.lower()


def _written_beside(kept: Path, value: str) -> Path:
    kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = kept.with_suffix(f".{secrets.token_hex(8)}")
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    return made
