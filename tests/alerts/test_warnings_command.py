"""`lianxin alerts`: what is open, with its reason and numbers, and nobody in it."""

import json

from django.core.management import call_command

from lianxin.alerts.models import Alert
from tests.alerts.stories import CRISIS, colleagues, looked, one_matter, raised, read


def test_open_warnings_are_told_danger_first_and_nobody_stands_in_them(house, capsys):
    issue = one_matter([raised(person) for person in colleagues(house, 5)])
    looked()
    case = raised(house.li_na, body=CRISIS)
    read()
    call_command("warnings", "--json")
    printed = capsys.readouterr().out
    danger, many = json.loads(printed)
    assert (danger["rule"], danger["about"], danger["unit"]) == ("danger", case.number, None)
    assert (many["rule"], many["about"], many["state"]) == ("people", issue.name, "new")
    assert "5" in many["reason"]
    assert CRISIS not in printed
    assert house.li_na.name not in printed
    call_command("warnings")
    assert case.number in capsys.readouterr().out
    Alert.objects.all().delete()
    call_command("warnings")
    assert capsys.readouterr().out == "没有待处理的预警。\n"
