"""Numbers out of what a browser sends."""

_MOST_DIGITS = 18
"""What fits a `bigint`. Python itself refuses to read more than 4,300 digits, with an error."""


def read_number(text: str) -> int | None:
    """The number that stands in a text of ASCII digits, such as an id or the number of a page; None for all else."""
    is_number = len(text) <= _MOST_DIGITS and text.isascii() and text.isdecimal()
    return int(text) if is_number else None
