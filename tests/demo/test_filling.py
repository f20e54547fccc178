"""An empty system becomes the sample, all of it or nothing; any other system is left alone."""

import importlib

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from lianxin.demo.mark import is_sample
from lianxin.org.models import Unit
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
