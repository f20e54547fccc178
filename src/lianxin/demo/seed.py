"""Fills an empty system with the sample enterprise: all of it, or nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from lianxin.accounts.services import open_accounts
from lianxin.board.services import count_endorsements
from lianxin.cases.services import deadlines
from lianxin.demo import history, schedule
from lianxin.demo.alerts import warned
from lianxin.demo.enterprise import build
from lianxin.demo.flag import is_empty, mark_as_sample
from lianxin.demo.open_cases import present
from lianxin.demo.pledges import pledged
from lianxin.demo.scenarios import inspected, life
from lianxin.demo.simulation import Story, World
from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.ledger.services import close_batch
from lianxin.notifications.services import mark_all_read, settle_read_marks
from lianxin.org.queries import active_people

BEFORE = timedelta(days=40)
"""How long before the first case the enterprise is entered."""
SCANS = (9.0, 17.55)
"""At which hours of a working day the clockwork of the cases is looked after; on a day off, at the first of them."""
UNREAD_SINCE = 2
"""For how many working days people have not looked into their inboxes."""


@dataclass(frozen=True)
class Size:
    """How large a sample is."""

    days: int
    cases: int
    small: bool = False


FULL = Size(days=730, cases=320)
SMALL = Size(days=40, cases=45, small=True)

Phase = Callable[[str, int], Callable[[], object]]
"""Called with what begins, "enterprise" or "cases", and how many parts it has; returns what to call after each."""


def fill(*, size: Size, seed: int, phase: Phase) -> None:
    """Make the sample enterprise in an empty system, in one transaction.

    Raises:
        ValidationFailed: the system is not empty.
    """
    with translation.override("zh-hans"), transaction.atomic():
        if not is_empty():
            raise ValidationFailed(
                {"": _("This system is not empty. The sample enterprise only goes into an empty one.")}
            )
        world = _founded(size, seed, phase)
        _fill_the_diary(world, size)
        done = phase("cases", size.days + 1)
        world.run(lambda _day: done())
        with timezone.frozen(world.now):
            deadlines.scan()
            count_endorsements()
            mark_as_sample()
            close_batch()
            app.configure_task("hotissues.regroup").defer()


def _founded(size: Size, seed: int, phase: Phase) -> World:
    rng = Random(seed)  # noqa: S311 - a sample that can be made again
    now = timezone.now()
    opened = timezone.day_of(now) - timedelta(days=size.days)
    founded = opened - BEFORE
    done = phase("enterprise", 1)
    with timezone.frozen(now - timedelta(days=size.days) - BEFORE):
        enterprise = build(rng=rng, founded=founded, small=size.small)
        open_accounts(people=list(active_people()))
        done()
    return World(rng=rng, enterprise=enterprise, opened=opened, now=now)


def _fill_the_diary(world: World, size: Size) -> None:
    for at, story in history.changes(world):
        world.begin(story, at)
    for plan in [*schedule.drawn(world, size.cases), *present(world)]:
        tale = inspected if plan.words.matter.kind == "conduct" else life
        world.begin(tale(world, plan), plan.at)
    for at, story in warned(world):
        world.begin(story, at)
    for at, story in pledged(world):
        world.begin(story, at)
    world.begin(_looked_after(world), world.moment(world.opened, SCANS[0]))
    world.begin(_inboxes_read(), world.moment(world.working_day(UNREAD_SINCE), 12))


def _looked_after(world: World) -> Story[None]:
    """The clockwork does what has fallen due, every day."""
    day: date = world.opened
    while True:
        for hour in SCANS if world.calendar.is_working_day(day) else SCANS[:1]:
            yield world.moment(day, hour)
            deadlines.scan()
        day += timedelta(days=1)


def _inboxes_read() -> Story[None]:
    """Everybody has looked into their inbox some days ago; what came since is unread."""
    for person in active_people():
        mark_all_read(actor=person)
    settle_read_marks()
    yield from ()
