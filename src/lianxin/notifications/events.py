"""What higher contexts tell this one: which kinds of objects notices are about, what they say, and where they lead."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from django.db.models import TextChoices

from lianxin.org.queries import Person

Standing = Callable[[Person, Collection[str]], Mapping[str, bool]]
"""Those of some objects (by id) that a person still sees, each with whether it is sealed."""
Titles = Callable[[Person, Collection[str]], Mapping[str, str]]
"""What some objects (by id) are called in a person's own inbox; nothing of those that stay unnamed."""


def _open_to_all(_person: Person, ids: Collection[str]) -> Mapping[str, bool]:
    return dict.fromkeys(ids, False)


class Subject(NamedTuple):
    """One kind of object. A label in `sentences` may hold %(label)s, the object's number; `url` makes its address
    from its id.
    """

    sentences: type[TextChoices]
    url: Callable[[str], str]
    icons: dict[str, str]
    duties: frozenset[str]
    pressing: frozenset[str]
    standing: Standing
    titles: Titles | None
    enclosed: Callable[[str], str]


_subjects: dict[str, Subject] = {}


def register_subject(
    subject_type: str,
    *,
    sentences: type[TextChoices],
    url: Callable[[str], str],
    icons: dict[str, str] | None = None,
    duties: Collection[str] = (),
    pressing: Collection[str] = (),
    standing: Standing = _open_to_all,
    titles: Titles | None = None,
    enclosed: Callable[[str], str] = lambda _id: "",
) -> None:
    """Make notices about a kind of object readable; called once, in `apps.ready()`.

    Args:
        subject_type: the kind of object.
        sentences: what a notice of each kind says.
        url: the address of an object.
        icons: a kind of notice to an icon's name.
        duties: the kinds after which something waits for the recipient; these are told at once.
        pressing: the kinds that wait for no hour of the day: somebody may be in danger.
        standing: asked right before something leaves the house; what a person no longer sees is not sent, and of what
            is sealed only that there is something.
        titles: what objects are called in the viewer's own inbox; nothing of those that have to stay unnamed there.
            Each sentence of such objects then begins with %(label)s.
        enclosed: a text of ours that stands below the sentence in what leaves the house, by an object's id.
    """
    _subjects[subject_type] = Subject(
        sentences, url, icons or {}, frozenset(duties), frozenset(pressing), standing, titles, enclosed
    )


def subject_types() -> Mapping[str, Subject]:
    """All that was registered."""
    return _subjects


def subject(subject_type: str) -> Subject:
    """What was registered for a kind of object."""
    return _subjects[subject_type]
