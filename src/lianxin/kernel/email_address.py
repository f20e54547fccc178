"""Email addresses as people type them."""

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

_LONGEST = 254  # RFC 5321 with its erratum 1690


def normal_email(text: str) -> str:
    """An address in plain ASCII, its domain in small letters; a full-width ＠ or 。 typed in Chinese is understood.

    Raises:
        ValueError: this is no address.
    """
    plain = unicodedata.normalize("NFKC", text).replace("。", ".").strip()
    try:
        validate_email(plain)
    except ValidationError as error:
        raise ValueError(plain) from error
    if not plain.isascii() or len(plain) > _LONGEST:
        raise ValueError(plain)
    local, _at, domain = plain.rpartition("@")
    return f"{local}@{domain.lower()}"
