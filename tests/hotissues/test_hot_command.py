"""`lianxin hot`: the same list for scripts."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.hotissues.stories import grouped, issue_of


def test_the_list_as_json(house):
    issue, _water, canteen = grouped(house)
    out = StringIO()
    call_command("hot", "--unit", "EAST", "--days", "7", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert [(row["number"], row["cases"]) for row in told["issues"]] == [(issue.pk, 4), (issue_of(canteen[0]).pk, 3)]
    assert sum(part["adds"] for part in told["issues"][0]["parts"]) == told["issues"][0]["heat"]
    out = StringIO()
    call_command("hot", "--unit", "WEST", stdout=out)
    assert out.getvalue().count("\n") == 1
    with pytest.raises(CommandError):
        call_command("hot", "--unit", "NONE")
