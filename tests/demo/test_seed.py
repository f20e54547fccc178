"""An empty system becomes the sample, all of it or nothing; any other system is left alone."""

import importlib

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import transaction

from lianxin.cases.models import Case
from lianxin.demo.flag import is_sample
from lianxin.demo.management.commands.demo import report_tenths
from lianxin.ledger.models import Event
from lianxin.org.models import Person, Unit
from tests.demo.making import make_sample
from tests.factories.org import UnitFactory


@pytest.mark.django_db
def test_a_system_that_is_not_empty_is_left_alone():
    UnitFactory(name="真实企业", code="REAL")
    with pytest.raises(CommandError, match="LIANXIN_DATA_DIR"):
        call_command("demo", small=True)
    with pytest.raises(CommandError, match="--demo"):
        call_command("demo", small=True, if_empty=True)
    assert (Unit.objects.count(), is_sample()) == (1, False)


@pytest.mark.django_db
def test_a_real_system_is_never_served_as_a_sample(settings):
    web = importlib.import_module("lianxin.config.wsgi")
    settings.DEMO = True
    with pytest.raises(ImproperlyConfigured, match="not made as a sample"):
        importlib.reload(web)


class Killed(Exception):  # noqa: N818
    """Somebody pulled the plug."""


def killed_after_a_week(name, _parts):
    days = iter(range(7))

    def done():
        if name == "cases" and next(days, None) is None:
            raise Killed

    return done


def picture():
    """What one sees of a sample, without the random numbers and ids."""
    cases = Case.objects.order_by("submitted_at", "title").values_list("title", "state", "submitted_at", "closed_at")
    return list(cases), list(Person.objects.order_by("employee_no").values_list("name", "employee_no"))


@pytest.mark.stress
def test_the_same_seed_makes_the_same_sample(db):
    pictures = []
    for _time in range(2):
        with transaction.atomic():
            make_sample()
            pictures.append(picture())
            transaction.set_rollback(True)
    assert pictures[0] == pictures[1]


def test_what_is_interrupted_half_way_leaves_nothing_behind(db):
    with pytest.raises(Killed):
        make_sample(phase=killed_after_a_week)
    assert [model.objects.count() for model in (Unit, Person, Event)] == [0, 0, 0]
    assert not is_sample()


def test_where_there_is_no_terminal_each_tenth_is_told(capsys):
    advance = report_tenths(20)
    for _part in range(20):
        advance()
    assert capsys.readouterr().out.split() == [word for n in range(10, 101, 10) for word in (str(n), "%")]
