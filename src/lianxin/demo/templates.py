"""What people write about in the sample, and what they are answered: read from `data/matters`, one file a subject."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

from lianxin.demo.names import DATA
from lianxin.kernel.business_calendar import WorkingCalendar

SEASONS = {
    "all": range(1, 13),
    "summer": (6, 7, 8, 9),
    "winter": (11, 12, 1, 2),
    "spring": (3, 4, 5),
    "autumn": (9, 10, 11),
    "january": (12, 1, 2),
    "school": (5, 6, 7, 8),
    "rain": (5, 6, 7, 8),
    "holidays": (1, 4, 9, 10, 12),
}


@dataclass(frozen=True)
class Matter:
    """One thing that people raise. Texts have slots such as {floor}; the same words fill them up to the reply."""

    category: str
    kind: str
    lead: str
    text: str
    reply: str
    contact: str = ""
    when: str = "all"
    weight: float = 1.0
    ask: str = ""
    answer: str = ""
    unsolved: str = ""
    """What the requester says who is not satisfied; without it, they always are."""
    again: str = ""
    """The reply of the second round."""
    delay: str = ""
    """Why more time is needed."""
    co: str = ""
    part: str = ""
    """The unit that handles it as well, and its part."""
    appeal: str = ""
    reason: str = ""
    """Why it is declined; `reply` is then what the requester reads."""
    about: str = ""
    """Whom a conduct case is about: head, member or nobody."""
    more: tuple[str, ...] = ()
    """What others write about the same thing."""
    slots: dict[str, list[str]] = field(default_factory=dict)

    def fits(self, month: int) -> bool:
        """Whether people raise it at this time of the year."""
        return month in SEASONS[self.when]


@dataclass
class Words:
    """A matter in one case's words."""

    matter: Matter
    chosen: dict[str, str]
    calendar: WorkingCalendar

    def say(self, template: str, today: date) -> str:
        """A text of the matter as it reads on a day; {soon} and {later} are working days to come."""
        soon, later = (_after(self.calendar, today, days) for days in (2, 6))
        return template.strip().format_map(
            {
                **self.chosen,
                "today": _day(today),
                "yesterday": _day(today - timedelta(days=1)),
                "soon": _day(soon),
                "later": _day(later),
                "month": f"{today.month}月",
                "last_month": f"{(today.replace(day=1) - timedelta(days=1)).month}月",
                "year": str(today.year),
            }
        )


def words(matter: Matter, rng: Random, calendar: WorkingCalendar, **given: str) -> Words:
    """Choose what fills the slots."""
    chosen = {name: rng.choice(values) for name, values in matter.slots.items()}
    return Words(matter, {**chosen, **given}, calendar)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _after(calendar: WorkingCalendar, day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= calendar.is_working_day(day)
    return day


@cache
def matters(kind_of_story: str) -> tuple[Matter, ...]:
    """All matters of one kind of story: ordinary, cluster, decline or conduct."""
    found = []
    for file in sorted((DATA / "matters").glob("*.toml")):
        described = tomllib.loads(file.read_text(encoding="utf-8"))
        found += [_matter(row) for row in described.get(kind_of_story, [])]
    return tuple(found)


def _matter(row: dict[str, Any]) -> Matter:
    return Matter(**{**row, "more": tuple(row.get("more", ()))})


@cache
def phrases() -> dict[str, list[str]]:
    """What is said about any matter: comments, notes, reasons."""
    found: dict[str, list[str]] = tomllib.loads((DATA / "phrases.toml").read_text(encoding="utf-8"))
    return found
