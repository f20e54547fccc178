"""Secrets: from the environment, from a file that the environment names, or made at the first start and kept in the
data directory.
"""

import os
import secrets
from pathlib import Path


def secret(name: str, data_dir: Path) -> str:
    """The secret `name`: `$NAME`, the content of the file `$NAME_FILE`, or `<data_dir>/secrets/<name>`, made if
    missing.
    """
    if name in os.environ:
        return os.environ[name]
    if f"{name}_FILE" in os.environ:
        return Path(os.environ[f"{name}_FILE"]).read_text().strip()
    kept = data_dir / "secrets" / name.lower()
    if not kept.exists():
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = kept.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(48))
        try:
            os.link(made, kept)  # whoever is first wins, the others read
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return kept.read_text().strip()
