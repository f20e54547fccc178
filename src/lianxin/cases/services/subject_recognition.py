"""Whom a case is about, as far as the words of its requester say: looked up on the roster, however it is spelt."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from lianxin.kernel.crowds import Limit
from lianxin.nlp import subjects
from lianxin.org.queries import Person, Unit, people_named, people_numbered, units_named

LONGEST = 200
CHECKS_PER_SOURCE, CHECKS_TOGETHER = 20, 2000
CHECK_WINDOW = timedelta(minutes=10)
_checks = Limit(per_source=CHECKS_PER_SOURCE, together=CHECKS_TOGETHER, window=CHECK_WINDOW)


@dataclass(frozen=True)
class Subjects:
    """Whom words mean.

    Attributes:
        people, units: those named in full; several people of one name are all named, as too many is safer than the
            wrong one.
        marks: what the names of people have who may be meant, too (`nlp.subjects.marks_of`).
        unsettled: somebody has to say who is meant.
        recognised: the parts of the text that name somebody in full, as they were typed.
        may_mean_somebody: a surname or a form of address stands in it.
    """

    people: Sequence[Person] = ()
    units: Sequence[Unit] = ()
    marks: frozenset[str] = field(default_factory=frozenset)
    unsettled: bool = False
    recognised: Sequence[str] = ()
    may_mean_somebody: bool = False


def recognise(text: str) -> Subjects:
    """Whom words mean: present people by name, employee number or phone, living units by name or code.

    Four statements, each by an index, however many people there are.
    """
    text = text.strip()[:LONGEST]
    parts = subjects.segments(text)
    if not parts:
        return Subjects()
    numbers = subjects.numbers(text)
    named = people_named(subjects.name_candidates(parts))
    numbered = people_numbered(numbers.values()) if numbers else {}
    units, coded = units_named(subjects.unit_candidates(parts), list(numbers.values()))
    known = {
        span: number.upper()
        for span, number in numbers.items()
        if number.upper() in numbered or number.upper() in coded
    }
    meant = subjects.resolve(text, names=named.keys(), units=units.keys(), known=known)
    people = [person for key in sorted(meant.names) for person in named[key]]
    people += [person for number in known.values() for person in numbered.get(number, ())]
    about_units = [unit for key in sorted(meant.units) for unit in units[key]]
    about_units += [unit for number in known.values() for unit in coded.get(number, ())]
    return Subjects(
        people=list({person.pk: person for person in people}.values()),
        units=list({unit.pk: unit for unit in about_units}.values()),
        marks=meant.possible,
        unsettled=meant.unclear,
        recognised=[text[start:end] for start, end in meant.spans],
        may_mean_somebody=meant.may_mean_somebody,
    )


def check(text: str, *, source: str) -> Subjects | None:
    """As `recognise`, for whoever is still writing; None to whoever asks too often.

    The limit lives in this process's memory alone and is forgotten within minutes; nothing is stored or logged, so that
    nobody can tell afterwards who looked up whom.
    """
    return recognise(text) if _checks.allows(source) else None
