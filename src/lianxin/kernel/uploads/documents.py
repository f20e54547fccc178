"""PDF and plain text."""

import os
import subprocess
import sys
from pathlib import Path

from django.utils.translation import gettext_lazy as _

import lianxin
from lianxin.kernel.uploads.cleanfile import Refused

# The exit statuses of `kernel.pdf`, which is not imported here: its parser belongs into its own process.
_PDF_REFUSALS = {
    10: _("This PDF is locked with a password. Please remove the password and upload it again."),
    11: _("This PDF has other files inside. Please take them out and upload them one by one."),
}
_PDF_DAMAGED = _("This PDF is damaged. Please save it again and upload the new file.")
_PDF_SECONDS = 30


def clean_pdf(content: bytes) -> bytes:
    """The PDF without author, dates and scripts, its pictures without EXIF.

    Raises:
        Refused: it is damaged, locked, or carries other files inside.
    """
    source = str(Path(lianxin.__file__).parent.parent)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "lianxin.kernel.pdf"],
            input=content,
            capture_output=True,
            timeout=_PDF_SECONDS,
            check=False,
            # A parser of hostile files has no business with the secrets in our environment.
            env={"PYTHONPATH": source, **{k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}},
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise Refused(_PDF_DAMAGED) from error
    if done.returncode:
        raise Refused(_PDF_REFUSALS.get(done.returncode, _PDF_DAMAGED))
    return done.stdout


def clean_text(content: bytes) -> bytes:
    """Plain text, in UTF-8.

    Raises:
        Refused: it is not text in UTF-8, UTF-16 or GB 18030.
    """
    encodings = ["utf-16"] if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(c < " " and c not in "\t\r\n\f" for c in text):
            return text.encode()
    raise Refused(_("This file is not plain text."))
