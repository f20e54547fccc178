"""The time in which the sample lives: whose turn it is when, who is there, and stories that take their turns."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Any, TypeVar

from lianxin.cases.queries.choosing import category_tree
from lianxin.demo.enterprise import Enterprise
from lianxin.kernel import timezone
from lianxin.kernel.business_calendar import WorkingCalendar
from lianxin.kernel.working_time import current_calendar
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, units_below

R = TypeVar("R")
Story = Generator[datetime, None, R]
"""Something that goes on over time: it yields the moment at which it goes on, and acts when resumed there."""

DAY = timedelta(hours=7)
"""A working day, in working time."""
_WAKES, _SLEEPS = time(6, 40), time(22, 50)


class Unfinished(Exception):  # noqa: N818 - reads as the sentence it is
    """A story stops here: the present has come before its next step."""


@dataclass
class World:
    """The enterprise, its calendar and all stories that have not ended."""

    rng: Random
    enterprise: Enterprise
    opened: date
    """The first day on which cases are raised."""
    now: datetime
    """The present, at which all stories stop."""
    calendar: WorkingCalendar = field(default_factory=current_calendar)
    _turns: list[tuple[datetime, int, Story[None]]] = field(default_factory=list)
    _order: Iterator[int] = field(default_factory=count)

    @cached_property
    def categories(self) -> dict[str, Any]:
        return {category.code: category for category in category_tree()}

    @cached_property
    def units(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in units_below()}

    def unit(self, key: str) -> Unit:
        """The unit as it stands in the tree now."""
        return self.units[self.enterprise.places[key].unit_id]

    def changed(self) -> None:
        """Somebody moved or was charged with something else: read everybody's place and roles anew."""
        self.__dict__.pop("units", None)
        for place in self.enterprise.places.values():
            for person in place.people:
                person.__dict__.pop("grants", None)
                person.__dict__.pop("unit", None)

    # Time

    def begin(self, story: Story[None], at: datetime) -> None:
        """Let a story take its first turn at that moment."""
        heappush(self._turns, (at, next(self._order), story))

    def run(self, passed: Callable[[date], object]) -> None:
        """Let all stories take their turns in the order of time, until the present; `passed` hears of every new day."""
        day = self.opened
        while self._turns and self._turns[0][0] <= self.now:
            at, _number, story = heappop(self._turns)
            if self.local(at).date() > day:
                day = self.local(at).date()
                passed(day)
            with timezone.frozen(at):
                try:
                    resumes = next(story)
                except (StopIteration, Unfinished):
                    continue
            heappush(self._turns, (max(resumes, at), next(self._order), story))
        passed(self.local(self.now).date())

    def local(self, at: datetime) -> datetime:
        return at.astimezone(timezone.zone())

    def moment(self, day: date, hour: float) -> datetime:
        """A day at an hour such as 9.5, and some minutes and seconds that look as if nobody had chosen them."""
        at = datetime.combine(day, time(), tzinfo=timezone.zone()) + timedelta(hours=hour)
        return at + timedelta(seconds=self.rng.randint(0, 900))

    def at_work(self, days: float) -> datetime:
        """The moment by which so many working days have passed from now on."""
        span = max(timedelta(minutes=3), days * DAY) + timedelta(seconds=self.rng.randint(0, 600))
        return self.calendar.add_working_time(timezone.now(), span)

    def off_work(self, hours: float) -> datetime:
        """A moment so many hours from now on at which people are awake."""
        at = self.local(timezone.now() + timedelta(hours=max(1.0, hours), seconds=self.rng.randint(0, 900)))
        if at.time() < _WAKES:
            return self.moment(at.date(), self.rng.uniform(6.8, 8.4))
        if at.time() > _SLEEPS:
            return self.moment(at.date() + timedelta(days=1), self.rng.uniform(6.8, 8.4))
        return at

    def working_day(self, back: int) -> date:
        """The working day so many before the present one; 0 is today, or the last working day before it."""
        day = self.local(self.now).date()
        while True:
            if self.calendar.is_working_day(day):
                if back == 0:
                    return day
                back -= 1
            day -= timedelta(days=1)

    # People

    def one(self, people: Sequence[Person]) -> Person:
        """One of some people; the first of them most often."""
        return people[min(self.rng.randrange(len(people)), self.rng.randrange(len(people)))]

    def holder(self, role: Role, key: str, *, beside: Person | None = None) -> Person:
        """Somebody who holds a role at the nearest place at or above this one."""
        found = [person for person in self.enterprise.holders(role, key) if person != beside]
        return self.one(found)

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability
