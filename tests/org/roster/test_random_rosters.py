"""Random rosters against a naive model: what is applied is what the rows say, and applied again it changes nothing."""

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lianxin.org.models import Employment, Person
from tests.factories.org import UnitFactory
from tests.org.rosters import applied, compared, outcomes, workbook

UNITS = ["U1", "U2", "U3"]
HEADERS = ["工号", "姓名", "手机", "单位", "岗位", "状态"]
ROW = st.tuples(
    st.sampled_from(["1", "2", "3", "4"]),
    st.sampled_from(["甲", "乙"]),
    st.sampled_from(["", "13900000001", "13900000002", "222"]),
    st.sampled_from(["", *UNITS, "U9"]),
    st.sampled_from(["", "班长"]),
    st.sampled_from(["", "", "", "离职"]),
)
FILE = st.lists(ROW, min_size=1, max_size=4, unique_by=lambda row: row[0])


def recorded():
    """Everybody as they are: name, phone, whether gone, unit, job title."""
    open_ones = Employment.objects.filter(ended_on=None).select_related("unit")
    stays = {stay.person_id: (stay.unit.code, stay.job_title) for stay in open_ones}
    return {
        person.employee_no: (
            person.name,
            person.phone or "",
            person.left_on is not None,
            *stays.get(person.pk, ("", "")),
        )
        for person in Person.objects.all()
    }


def expected(before, rows, told):
    """The register after the rows that were not rejected, by the plainest of rules."""
    after = dict(before)
    for number, name, phone, unit, title, state in rows:
        if told[number] == "same" or told[number].startswith("reject"):
            continue
        had = after.get(number, ("", "", False, "", ""))
        left, here = (had[0], had[1], True, "", ""), (name, phone or had[1], False, unit or had[3], title or had[4])
        after[number] = left if state else here
    taken = {phone for _name, phone, gone, *_rest in after.values() if phone and not gone}
    passed_on = {number for number, (_n, phone, gone, *_r) in after.items() if gone and phone in taken}
    return {number: (one[0], "", *one[2:]) if number in passed_on else one for number, one in after.items()}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(FILE, min_size=1, max_size=3))
def test_a_roster_does_what_its_rows_say_and_only_once(company, files):
    with transaction.atomic():
        for code in UNITS:
            UnitFactory(parent=company, name=f"单位{code}", code=code)
        for rows in files:
            before, content = recorded(), workbook(people=rows, headers=HEADERS)
            told = outcomes(applied(content))
            after = recorded()
            assert after == expected(before, rows, told)
            phones = [phone for _name, phone, *_rest in after.values() if phone]
            assert len(set(phones) | after.keys()) == len(phones) + len(after)
            again = {number: came if came.startswith("reject") else "same" for number, came in told.items()}
            assert outcomes(compared(content)) == again
        transaction.set_rollback(True)
