"""What the commands share: a bar on a terminal, and the passphrase."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress

from lianxin.kernel.cli_messages import Refusal, in_terminal_language
from lianxin.operations.services import Advance


@contextmanager
def shown(zh: str, en: str) -> Iterator[Callable[[int], Advance]]:
    """Show a bar for each time that work begins; nothing where the output is not a terminal."""
    with Progress(disable=not sys.stdout.isatty(), transient=True) as bar:

        def begin(total: int) -> Advance:
            task = bar.add_task(in_terminal_language(zh, en), total=total)
            return lambda done: bar.advance(task, done)

        yield begin


def passphrase_in(file: Path | None) -> str | None:
    """The first line of the file.

    Raises:
        Refusal: it cannot be read or is empty: an empty passphrase protects nothing.
    """
    if file is None:
        return None
    try:
        words = file.read_text(encoding="utf-8").partition("\n")[0].strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Refusal(f"读不了口令文件 {file}。", f"Cannot read the passphrase file {file}.") from error
    if not words:
        raise Refusal(f"口令文件 {file} 是空的。", f"The passphrase file {file} is empty.")
    return words
