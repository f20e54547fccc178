"""What the command line says before Django (and gettext) is there: Chinese, or English in an English terminal."""

import os
import sys


def in_terminal_language(zh: str, en: str) -> str:
    """The Chinese text, or the English one where the terminal's language is English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(name):
            return en if chosen.lower().startswith("en") else zh
    return zh


def say(zh: str, en: str, *, error: bool = False) -> None:
    """Print one line; characters that the terminal cannot show never stop the program, nor does a closed terminal."""
    stream = sys.stderr if error else sys.stdout
    encoding = stream.encoding or "utf-8"
    text = in_terminal_language(zh, en).encode(encoding, "replace").decode(encoding)
    try:
        print(text, file=stream, flush=True)
    except OSError:
        return
