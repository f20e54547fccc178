"""`lianxin import-roster`."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from lianxin.org.models import Person, RosterImport
from tests.org.rosters import workbook


@pytest.fixture
def file(tmp_path, east):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(workbook(people=[("1", "甲", "", "东区供电所"), ("2", "乙", "", "没有")]))
    return path


def run(*arguments):
    out = StringIO()
    call_command("import_roster", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_a_trial_changes_nothing_and_leaves_nothing(file):
    told = json.loads(run(file, "--dry-run", "--json"))
    assert (told["counts"], told["applied"]) == ({"add": 1, "reject": 1, "missing": 0}, False)
    assert [(row["key"], row["outcome"]) for row in told["rows"]] == [("1", "add"), ("2", "reject")]
    assert (Person.objects.count(), RosterImport.objects.get().file) == (0, None)


def test_it_is_applied_once(file):
    assert "系统里和文件里都没有“没有”。" in run(file)
    assert Person.objects.get().name == "甲"
    assert json.loads(run(file, "--json"))["counts"] == {"same": 1, "reject": 1, "missing": 0}


def test_what_is_no_roster_is_told(tmp_path, db):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"no")
    with pytest.raises(CommandError):
        run(path)
    with pytest.raises(CommandError):
        run(tmp_path / "none.xlsx")


def test_the_number_of_missing_people_must_be_right(file, li_na):
    with pytest.raises(CommandError):
        run(file, "--missing-left", "5")
    run(file, "--missing-left", "1")
    assert Person.objects.get(pk=li_na.pk).has_left or Person.objects.get(pk=li_na.pk).left_on
