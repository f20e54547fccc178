"""What the command line says before Django (and gettext) is there: Chinese, or English in an English terminal."""

import os
import sys

from lianxin.kernel.errors import LianxinError


def in_terminal_language(zh: str, en: str) -> str:
    """The Chinese text, or the English one where the terminal's language is English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(name):
            return en if chosen.lower().startswith("en") else zh
    return zh


class Refusal(LianxinError):  # noqa: N818 - reads as the sentence it is
    """What a command cannot do; `str(error)` is one paragraph in the terminal's language: why, and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(in_terminal_language(zh, en))


def say(zh: str, en: str, *, error: bool = False) -> None:
    """Print one line; characters that the terminal cannot show never stop the program, nor does a closed terminal."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    text = in_terminal_language(zh, en).encode(encoding, "replace").decode(encoding)
    try:
        print(text, file=stream, flush=True)
    except OSError:
        return
