"""Reads one spreadsheet by calamine in a process of its own, with bounds that the operating system enforces.

Run as a script: the file on standard input, one line of JSON for each sheet and each row on standard output.
calamine holds a whole sheet as a dense table, so a few bytes can ask for gigabytes: here only this process pays.
It imports nothing of ours, so that it starts quickly. Exit status 3: too large; 4: protected by a password.
"""

import contextlib
import json
import sys
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

TOO_LARGE, PROTECTED = 3, 4


def main(memory: int, seconds: int, most_cells: int) -> None:
    """Read standard input, write standard output."""
    with contextlib.suppress(ImportError, ValueError, OSError):  # there is no such module on Windows
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read()))
    except PasswordError:
        sys.exit(PROTECTED)
    left = most_cells
    for about in book.sheets_metadata:
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(about.name)
        left -= sheet.height * sheet.width
        if left < 0:
            sys.exit(TOO_LARGE)
        merged = [
            [top + 1, left_ + 1, bottom + 1, right + 1]
            for (top, left_), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        hidden = about.visible != SheetVisibleEnum.Visible
        _say({"title": about.name, "hidden": hidden, "merged": merged})
        top, first = sheet.start or (0, 0)
        for number, row in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
            cells = [[at, _told(value)] for at, value in enumerate(row, start=first + 1) if value != ""]
            if cells:
                _say({"row": number, "cells": cells})


def _told(value: Any) -> Any:
    """A value as JSON has it; what JSON does not know with its kind."""
    for kind in (datetime, date, time):  # a datetime is a date, so it comes first
        if isinstance(value, kind):
            return {kind.__name__: value.isoformat()}
    return {"timedelta": value.total_seconds()} if isinstance(value, timedelta) else value


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]))
