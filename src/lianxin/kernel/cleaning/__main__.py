"""Cleans one file from standard input to standard output: `python -m lianxin.kernel.cleaning image|office|pdf|word97`.

The answer begins with a line of extension, width and height (0 where there is none); a refusal is an exit status
(`Reason`) and no answer.
"""

import ctypes
import signal
import sys
from importlib import import_module

from lianxin.kernel.cleaning import Cleaned, RefusedError

_PR_SET_PDEATHSIG = 1
_MEMORY_BYTES = 768 * 1024 * 1024
_CPU_SECONDS = 20

_CLEANERS = {"image": "clean_image", "office": "clean_office", "pdf": "clean_pdf", "word97": "clean_word97"}


def _limit_resources() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - not on Windows

        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)  # nobody would read what comes of it


def clean(kind: str, content: bytes) -> Cleaned:
    """Clean one file of a kind ("image", "office", "pdf" or "word97").

    Raises:
        RefusedError: it cannot be taken.
    """
    cleaner = getattr(import_module(f"lianxin.kernel.cleaning.{kind}"), _CLEANERS[kind])
    cleaned: Cleaned = cleaner(content)
    return cleaned


def main() -> int:
    """Exit status: 0, or why not."""
    _limit_resources()
    try:
        cleaned = clean(sys.argv[1], sys.stdin.buffer.read())
    except RefusedError as refusal:
        return refusal.reason
    head = f"{cleaned.extension} {cleaned.width or 0} {cleaned.height or 0}\n"
    sys.stdout.buffer.write(head.encode() + cleaned.content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
