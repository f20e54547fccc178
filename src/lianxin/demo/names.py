"""Names and numbers of people who do not exist."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"
_SHORT = 0.15
"""How many given names have one character."""


def invented_names(rng: Random) -> Iterator[str]:
    """Names without end, none twice: a case about somebody must not keep a namesake away."""
    parts = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
    seen: set[str] = set()
    while True:
        given = parts["women"] if rng.random() < 0.42 else parts["men"]  # noqa: PLR2004 - the field's usual share
        name = rng.choice(parts["surnames"]) + "".join(rng.sample(given, 1 if rng.random() < _SHORT else 2))
        if name not in seen:
            seen.add(name)
            yield name


def invented_phone(number: int) -> str:
    """A number that no phone in China can have: mobile numbers never begin with 100."""
    return f"100{number:08d}"
