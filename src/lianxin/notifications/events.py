"""What higher contexts tell this one: which kinds of objects notices are about, what they say, and where they lead."""

from collections.abc import Callable
from typing import NamedTuple

from django.db.models import TextChoices


class Subject(NamedTuple):
    """One kind of object. A label in `sentences` may hold %(label)s, the object's number; `url` makes its address
    from its id.
    """

    sentences: type[TextChoices]
    url: Callable[[str], str]
    icons: dict[str, str]


_subjects: dict[str, Subject] = {}


def register_subject(
    subject_type: str, *, sentences: type[TextChoices], url: Callable[[str], str], icons: dict[str, str] | None = None
) -> None:
    """Make notices about a kind of object readable; called once, in `apps.ready()`. `icons` maps a kind to an
    icon's name.
    """
    _subjects[subject_type] = Subject(sentences, url, icons or {})


def subject(subject_type: str) -> Subject:
    """What was registered for a kind of object."""
    return _subjects[subject_type]
