from datetime import date, time

import pytest

from lianxin.kernel.errors import NotFound, PermissionDenied, ValidationFailed
from lianxin.kernel.working_time import current_calendar
from lianxin.ledger.queries import events_of_kinds
from lianxin.org.services import remove_day_override, set_business_hours, set_day_override

A_MONDAY = date(2026, 11, 23)


def test_zhou_min_declares_a_day_off_and_takes_it_back(zhou_min):
    assert current_calendar().is_working_day(A_MONDAY)
    set_day_override(actor=zhou_min, day=A_MONDAY, working=False, note="厂庆")
    assert not current_calendar().is_working_day(A_MONDAY)
    set_day_override(actor=zhou_min, day=A_MONDAY, working=True)
    assert current_calendar().is_working_day(A_MONDAY)
    remove_day_override(actor=zhou_min, day=A_MONDAY)
    with pytest.raises(NotFound):
        remove_day_override(actor=zhou_min, day=A_MONDAY)
    events = events_of_kinds(["org.calendar"])
    assert [(event.subject_id, event.action) for event in events] == [
        ("2026-11-23", "remove_day"),
        ("2026-11-23", "set_day"),
        ("2026-11-23", "set_day"),
    ]


def test_hours_that_touch_become_one(zhou_min):
    set_business_hours(actor=zhou_min, stretches=[(time(13), time(17)), (time(8), time(12)), (time(12), time(12, 30))])
    assert current_calendar().hours == ((time(8), time(12, 30)), (time(13), time(17)))
    for stretches in ([], [(time(12), time(8))]):
        with pytest.raises(ValidationFailed):
            set_business_hours(actor=zhou_min, stretches=stretches)


def test_the_calendar_is_kept_for_the_whole_enterprise(east_admin, xu_jing, li_na):
    for actor in (east_admin, xu_jing, li_na):
        with pytest.raises(PermissionDenied):
            set_day_override(actor=actor, day=A_MONDAY, working=False)
        with pytest.raises(PermissionDenied):
            set_business_hours(actor=actor, stretches=[(time(8), time(12))])
