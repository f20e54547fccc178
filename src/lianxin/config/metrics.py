"""Where the processes of the web server count together: one file for each, in a folder that they share.

Used before Django and the metrics' library are imported, which look for the folder in the environment.
"""

import os
import shutil
from pathlib import Path

_BYTES = 1024 * 1024  # what the library makes a new file


def share_metrics(data_dir: Path) -> None:
    """Begin to count anew. For the master, before its processes."""
    folder = data_dir / "metrics"
    try:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
    except OSError:
        return
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def reserve_metrics() -> None:
    """Take the room for this process's files. The library maps them, and a page without room would kill the process;
    so on a full disk each process counts for itself.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return
    for kind in ("counter", "histogram"):
        path = Path(folder) / f"{kind}_{os.getpid()}.db"
        try:
            with path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, _BYTES)
        except OSError:
            path.unlink(missing_ok=True)
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]
            return
