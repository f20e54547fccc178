"""Whoever a case is about is recognised, however they are spelt."""

import pytest
from django.db import connection
from django.db.models import Value
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lianxin.cases.services import subject_recognition
from lianxin.cases.services.subject_recognition import check, recognise
from lianxin.kernel.crowds import Limit
from lianxin.nlp.columns import NameKey, UnitKey
from lianxin.nlp.subjects import marks_of, name_key, unit_key
from lianxin.org.models import Person, Unit
from tests.factories.cases import found_enterprise
from tests.factories.org import PersonFactory, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def roster(lasting):
    """A roster with names of every kind."""
    house = found_enterprise()
    team = UnitFactory(parent=house.workshop, name="运行二班", code="YX-2")
    for name, number in (
        ("张伟", "10001"),
        ("张 磊", "10002"),
        ("欧阳娜娜", "10003"),
        ("阿依古丽·买买提", "10004"),
        ("李和平", "10005"),
        ("诸葛亮", "10006"),
        ("王建国", "10007"),
        ("刘洋（大）", "10008"),
        ("何跟明", "10009"),
        ("张伟强", "10010"),
        ("ＪＯＨＮ Ｓｍｉｔｈ", "GW-7"),
        ("陈晨2", "10012"),
        ("徐总", "10013"),
        ("高峰", "E10014"),
    ):
        PersonFactory(name=name, employee_no=number, unit=team)
    return house


# What is written → who is meant
NAMED_IN_FULL = {
    "张伟": {"张伟"},
    "张 伟": {"张伟"},
    "张　伟": {"张伟"},
    "张·伟": {"张伟"},
    "张．伟": {"张伟"},
    "张-伟": {"张伟"},
    "张\u200b伟": {"张伟"},
    "（张伟）": {"张伟"},
    "【张伟】": {"张伟"},
    "“张伟”": {"张伟"},
    "《张伟》": {"张伟"},
    "张伟。": {"张伟"},
    "张伟！！": {"张伟"},
    "：张伟；": {"张伟"},
    "张伟主任": {"张伟"},
    "张伟副主任": {"张伟"},
    "张伟师傅": {"张伟"},
    "张伟书记": {"张伟"},
    "张伟经理": {"张伟"},
    "张伟班长": {"张伟"},
    "张伟科长": {"张伟"},
    "张伟工": {"张伟"},
    "张伟总": {"张伟"},
    "张伟同志": {"张伟"},
    "张伟先生": {"张伟"},
    "主任张伟": {"张伟"},
    "班长：张伟": {"张伟"},
    "检修班班长张伟": {"张伟"},
    "安全部的张伟": {"张伟"},
    "姓名：张伟": {"张伟"},
    "叫张伟的人": {"张伟"},
    "张伟（男）": {"张伟"},
    "张伟(10001)": {"张伟"},
    "张伟 10001": {"张伟"},
    "10001张伟": {"张伟"},
    "工号10001": {"张伟"},
    "工号：10001": {"张伟"},
    "工号 １０００１": {"张伟"},
    "10001": {"张伟"},
    "10001号": {"张伟"},
    "No.10001": {"张伟"},
    "10001、10003": {"张伟", "欧阳娜娜"},
    "e10014": {"高峰"},
    "gw-7": {"ＪＯＨＮ Ｓｍｉｔｈ"},
    "张伟和李娜": {"张伟", "李娜"},
    "张伟及李娜": {"张伟", "李娜"},
    "张伟与李娜": {"张伟", "李娜"},
    "张伟跟李娜": {"张伟", "李娜"},
    "张伟、李娜": {"张伟", "李娜"},
    "张伟,李娜": {"张伟", "李娜"},
    "张伟/李娜": {"张伟", "李娜"},
    "张伟 李娜": {"张伟", "李娜"},
    "张伟李娜": {"张伟", "李娜"},
    "张伟主任和李娜师傅": {"张伟", "李娜"},
    "张伟以及李娜两人": {"张伟", "李娜"},
    "李和平": {"李和平"},
    "张伟和李和平": {"张伟", "李和平"},
    "何跟明跟张伟": {"何跟明", "张伟"},
    "张磊": {"张 磊"},
    "张 磊": {"张 磊"},
    "欧阳娜娜": {"欧阳娜娜"},
    "欧阳 娜娜老师": {"欧阳娜娜"},
    "诸葛亮总监": {"诸葛亮"},
    "阿依古丽·买买提": {"阿依古丽·买买提"},
    "阿依古丽买买提": {"阿依古丽·买买提"},
    "阿依古丽•买买提": {"阿依古丽·买买提"},
    "阿依古丽・买买提师傅": {"阿依古丽·买买提"},
    "刘洋": {"刘洋（大）"},
    "刘洋（大）": {"刘洋（大）"},
    "陈晨": {"陈晨2"},
    "陈晨2": {"陈晨2"},
    "John Smith": {"ＪＯＨＮ Ｓｍｉｔｈ"},
    "johnsmith": {"ＪＯＨＮ Ｓｍｉｔｈ"},
    "张伟强": {"张伟强"},
    "张伟强主任": {"张伟强"},
    "高峰": {"高峰"},
}

WITH_UNITS = {
    "运行二班张伟": ({"张伟"}, {"运行二班"}),
    "运行2班张伟": ({"张伟"}, {"运行二班"}),
    "运行二班的张伟师傅": ({"张伟"}, {"运行二班"}),
    "检修车间运行二班 张伟": ({"张伟"}, {"检修车间", "运行二班"}),
    "运行二班": (set(), {"运行二班"}),
    "（检修车间）": (set(), {"检修车间"}),
    "yx-2": (set(), {"运行二班"}),
    "LOGISTICS": (set(), {"后勤服务中心"}),
    "东城供电公司后勤服务中心": (set(), {"东城供电公司", "后勤服务中心"}),
}

POSSIBLE = {
    "徐总": {"徐总"},
    "张主任": {"张伟", "张 磊", "张伟强"},
    "张书记": {"张伟", "张 磊", "张伟强"},
    "张副主任": {"张伟"},
    "张师傅": {"张伟"},
    "张经理": {"张伟"},
    "张工": {"张伟"},
    "张总": {"张伟"},
    "张总工": {"张伟"},
    "张处": {"张伟"},
    "张局": {"张伟"},
    "小张": {"张伟", "张 磊"},
    "老张": {"张伟"},
    "老张头": {"张伟"},
    "大张": {"张伟"},
    "阿张": {"张伟"},
    "张哥": {"张伟"},
    "张某": {"张伟"},
    "张某某": {"张伟"},
    "张××": {"张伟"},
    "张**": {"张伟"},
    "张XX": {"张伟"},
    "姓张的": {"张伟"},
    "张姓主任": {"张伟"},
    "张": {"张伟"},
    "张玮": {"张伟"},
    "运行二班张师傅": {"张伟"},
    "热力班张师傅": {"张伟"},
    "检修班的张主任": {"张伟"},
    "欧阳主任": {"欧阳娜娜"},
    "欧阳": {"欧阳娜娜"},
    "小欧阳": {"欧阳娜娜"},
    "诸葛师傅": {"诸葛亮"},
    "阿依古丽": {"阿依古丽·买买提"},
    "阿依古丽师傅": {"阿依古丽·买买提"},
    "建国": {"王建国"},
    "建国师傅": {"王建国"},
    "张伟强迫我加班": {"张伟"},
    "张主任和李娜": {"张伟"},
    "李娜、张师傅": {"张伟"},
    "李娜和检修班张主任": {"张伟"},
    "赵师傅、钱总": {"赵敏", "钱进"},
}

UNRECOGNISED = ["主任", "领导", "我们班长", "工号99999", "某人", "食堂打饭的", "张伟，那个谁", "不认识他"]
NOTHING = ["", "  ", "、", "无", "没有", "不知道"]
NOBODYS_NUMBER = ["10001年", "10001室", "10001元"]


@pytest.mark.parametrize("text", NAMED_IN_FULL)
def test_a_name_in_full_is_recognised_however_it_is_spelt(roster, text):
    found = recognise(text)
    assert ({person.name for person in found.people}, found.unsettled) == (NAMED_IN_FULL[text], False)


@pytest.mark.parametrize("text", WITH_UNITS)
def test_units_are_recognised_within_what_is_written(roster, text):
    found = recognise(text)
    names = {person.name for person in found.people}, {unit.name for unit in found.units}
    assert (names, found.unsettled) == (WITH_UNITS[text], False)


@pytest.mark.parametrize("text", POSSIBLE)
def test_a_surname_with_a_title_may_mean_all_of_that_surname(roster, text):
    found = recognise(text)
    possible = {person.name for person in Person.objects.all() if not marks_of(person.name).isdisjoint(found.marks)}
    assert (possible >= POSSIBLE[text], found.unsettled, "王芳" in possible) == (True, True, False)


@pytest.mark.parametrize("text", UNRECOGNISED)
def test_what_names_nobody_is_unsettled(roster, text):
    assert recognise(text).unsettled


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_written_names_nobody_and_is_settled(roster, text):
    found = recognise(text)
    assert (found.people, found.units, found.marks, found.unsettled) == ([], [], frozenset(), False) or not found.marks


@pytest.mark.parametrize("text", NOBODYS_NUMBER)
def test_a_year_a_room_a_sum_is_nobodys_number(roster, text):
    assert not recognise(text).people


def test_several_people_of_one_name_are_all_named(roster):
    PersonFactory(name="张伟", employee_no="20001", unit=roster.company)
    assert {person.employee_no for person in recognise("张伟主任").people} == {"10001", "20001"}


def test_the_recognised_parts_are_those_that_were_typed(roster):
    assert recognise("运行二班 张 伟师傅，李娜").recognised == ["运行二班", "张 伟", "李娜"]


def test_it_takes_as_many_statements_for_a_long_text_as_for_a_short_one(roster, django_assert_num_queries):
    with django_assert_num_queries(4):
        recognise("张伟10001")
    with django_assert_num_queries(4):
        recognise("张伟和李娜，" * 30 + "10001")


def test_names_are_found_by_an_index(roster):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = Person.objects.annotate(key=NameKey("name")).filter(key__in=["张伟", "李娜"]).order_by().explain()
        cursor.execute("SET LOCAL enable_seqscan = on")
    assert "person_name_key" in plan


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet="张伟欧阳娜·• .　（）()-aAzZ09ＡＺ９'一二〇", min_size=1, max_size=12))
@example("ＪＯＨＮ Ｓｍｉｔｈ")
def test_the_database_folds_names_as_we_do(roster, text):
    unit = Unit.objects.annotate(a=NameKey(Value(text)), b=UnitKey(Value(text)))
    assert unit.values_list("a", "b").first() == (name_key(text), unit_key(text))


def test_whoever_asks_too_often_gets_no_answer(roster, monkeypatch):
    monkeypatch.setattr(
        subject_recognition,
        "_checks",
        Limit(per_source=2, together=4, window=subject_recognition.CHECK_WINDOW),
    )
    answers = [check("张伟", source=source) for source in ("a", "a", "a", "b", "c")]
    assert [answer is not None for answer in answers] == [True, True, False, True, False]


@pytest.mark.parametrize(
    ("text", "roster_names", "others"),
    [
        ("刘主任", {"刘主", "刘跟大"}, {"刘主", "刘跟大"}),
        ("徐 明工", {"徐明", "徐明工"}, {"徐明"}),
        ("徐明工", {"徐明", "徐明工"}, {"徐明"}),
    ],
)
def test_a_name_cut_out_of_a_title_hides_nobody_else(roster, text, roster_names, others):
    for name in roster_names:
        PersonFactory(name=name, unit=roster.company)
    found = recognise(text)
    possible = {person.name for person in Person.objects.all() if not marks_of(person.name).isdisjoint(found.marks)}
    assert (possible >= others, found.unsettled) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"张伟{words}"
            for words in (
                "的爱人",
                "老婆",
                "的徒弟",
                "的上级",
                "的直接领导",
                "手下的人",
                "夫妇",
                "背后的人",
                "（爱人）",
                "的靠山",
            )
        ),
        *(
            f"运行二班{words}"
            for words in ("的领导", "的受理员", "主任", "那个人", "办事员", "的大姐", "副总", "负责人")
        ),
    ],
)
def test_somebody_of_theirs_is_nobody_named_in_full(roster, text):
    found = recognise(text)
    assert (bool(found.people or found.units), found.unsettled) == (True, True)
