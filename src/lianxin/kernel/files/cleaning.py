"""Files cleaned: pictures, PDF, Word and Excel files in a process of their own (`kernel.cleaning`), text here."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore

from django.utils.translation import gettext_lazy as _

import lianxin
from lianxin.kernel.cleaning import Cleaned, Reason
from lianxin.kernel.files.cleanfile import FileRejected

REFUSALS = {
    Reason.PICTURE_DAMAGED: _("This image is damaged or incomplete. Please choose it again or take a new one."),
    Reason.PICTURE_TOO_LARGE: _("This image has too many pixels. Please make it smaller, or take a screenshot of it."),
    Reason.PDF_DAMAGED: _("This PDF is damaged. Please save it again and upload the new file."),
    Reason.PDF_LOCKED: _("This PDF is password-protected. Please remove the password and upload it again."),
    Reason.PDF_WITH_FILES: _("This PDF contains other files. Please remove them and upload them separately."),
    Reason.DOCUMENT_DAMAGED: _(
        "This document is damaged or is not a Word or Excel file. Please save it again as .docx or .xlsx."
    ),
    Reason.DOCUMENT_TOO_LARGE: _("This document is too large when unpacked. Please split it, or save it as PDF."),
    Reason.DOCUMENT_WITH_MACROS: _("This document contains macros. Please save it as .docx or .xlsx without macros."),
    Reason.DOCUMENT_WITH_FILES: _(
        "This document contains other files or links to external content. Please remove them, or save it as PDF."
    ),
    Reason.DOCUMENT_WITH_ALIEN_PICTURE: _(
        "This document contains an image format that cannot be cleaned (TIFF, HEIC or similar). "
        "Please convert it to JPEG or PNG, or save the document as PDF."
    ),
    Reason.DOCUMENT_OLD_OR_LOCKED: _(
        "This is an old or locked Office file. Please save it as .docx or .xlsx without a password."
    ),
}
_IF_IT_ENDED_OTHERWISE = {
    "image": Reason.PICTURE_DAMAGED,
    "pdf": Reason.PDF_DAMAGED,
    "office": Reason.DOCUMENT_DAMAGED,
    "word97": Reason.DOCUMENT_DAMAGED,
}
_SECONDS = 60
"""Of any clock; its processor time is bounded more narrowly by the process itself."""
_AT_ONCE = BoundedSemaphore(2)
"""Of one web process: cleaning takes up to a processor and some hundred megabytes each."""
_PATIENCE = 30
"""Seconds that a file waits for its turn."""


def clean_apart(kind: str, content: bytes) -> Cleaned:
    """Clean one file of a kind ("image", "office", "pdf" or "word97") in a process with bounded time and memory.

    Raises:
        FileRejected: it cannot be taken, or too many are being cleaned.
    """
    source = str(Path(lianxin.__file__).parent.parent)
    otherwise = _IF_IT_ENDED_OTHERWISE[kind]
    try:
        with _turn():
            done = subprocess.run(  # noqa: S603 - our own program, and a word of our own
                [sys.executable, "-m", "lianxin.kernel.cleaning", kind],
                input=content,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
                # A parser of hostile files has no business with the secrets in our environment.
                env={"PYTHONPATH": source, **{k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}},
            )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise FileRejected(REFUSALS[otherwise]) from error
    if done.returncode:
        known = done.returncode in set(Reason)
        raise FileRejected(REFUSALS[Reason(done.returncode) if known else otherwise])
    head, _newline, cleaned = done.stdout.partition(b"\n")
    extension, width, height = head.decode().split(" ")
    return Cleaned(cleaned, extension, int(width) or None, int(height) or None)


@contextmanager
def _turn() -> Iterator[None]:
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise FileRejected(_("Many files are being uploaded right now. Please submit again in a minute."))
    try:
        yield
    finally:
        _AT_ONCE.release()


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f]")


def clean_text(content: bytes) -> bytes:
    """Plain text, in UTF-8.

    Raises:
        FileRejected: it is not text in UTF-8, UTF-16 or GB 18030.
    """
    encodings = ["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not _CONTROL.search(text):
            return text.encode()
    raise FileRejected(_("This file is not plain text."))
