"""What an enterprise calls its places and equipment: lists that its administrators keep."""

import pytest

from lianxin.kernel.errors import PermissionDenied, ValidationFailed
from lianxin.ledger.queries import events_of
from lianxin.org.events import names_changed
from lianxin.org.models import OwnName
from lianxin.org.queries import own_names
from lianxin.org.services import add_names, change_name, remove_name
from tests.factories.org import UnitFactory
from tests.signals import hearing


def listed():
    return {row.name: row.others for row in OwnName.objects.all()}


def test_many_are_added_at_once_and_what_is_there_stays(zhou_min):
    add_names(actor=zhou_min, kind="place", names=[["一号宿舍楼", "1栋"], ["城东变电站", "城东变"]])
    added = add_names(actor=zhou_min, kind="place", names=[["1号宿舍楼"], ["城东变"], [" 三号  宿舍楼 "]])
    assert [row.name for row in added] == ["三号 宿舍楼"]
    assert listed() == {"一号宿舍楼": ["1栋"], "城东变电站": ["城东变"], "三号 宿舍楼": []}
    first, second = events_of("org.own_names", "place")
    assert (first.action, first.actor, first.data["names"]) == ("add", zhou_min, ["一号宿舍楼", "城东变电站"])
    assert second.data["names"] == ["三号 宿舍楼"]


def test_a_spelling_is_one_things(zhou_min):
    one, _other = add_names(actor=zhou_min, kind="equipment", names=[["3号主变", "三主变"], ["2号主变"]])
    with pytest.raises(ValidationFailed) as refused:
        change_name(actor=zhou_min, name_id=one.pk, kind="equipment", name="3号主变", others=["#2主变", "二号主变"])
    assert set(refused.value.fields) == {"others"}
    with pytest.raises(ValidationFailed) as refused:
        change_name(actor=zhou_min, name_id=one.pk, kind="equipment", name="二号主变")
    assert set(refused.value.fields) == {"name"}
    change_name(actor=zhou_min, name_id=one.pk, kind="equipment", name="三号主变压器", others=["三号主变", "3号主变"])
    assert listed()["三号主变压器"] == ["三号主变"]
    assert events_of("org.own_names", "equipment").last().data["name"] == ["3号主变、三主变", "三号主变压器、三号主变"]


@pytest.mark.parametrize("names", [[], [["栋"]], [["长" * 61]], [["食堂"]] * 2001])
def test_what_is_no_name_is_refused(zhou_min, names):
    with pytest.raises(ValidationFailed):
        add_names(actor=zhou_min, kind="place", names=names)
    assert listed() == {}


def test_an_administrator_of_a_part_keeps_the_names_that_lie_there(zhou_min, east_admin, li_na, east, west):
    (shared,) = add_names(actor=zhou_min, kind="place", names=[["办公楼东楼"]])
    (own,) = add_names(actor=east_admin, kind="place", names=[["东区站房"]], unit_id=east.pk)
    for refused in (
        lambda: add_names(actor=east_admin, kind="place", names=[["西区站房"]], unit_id=west.pk),
        lambda: add_names(actor=east_admin, kind="place", names=[["站房"]]),
        lambda: remove_name(actor=east_admin, name_id=shared.pk),
        lambda: change_name(actor=east_admin, name_id=own.pk, kind="place", name="东区站房", unit_id=west.pk),
        lambda: add_names(actor=li_na, kind="place", names=[["站房"]]),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    remove_name(actor=east_admin, name_id=own.pk)
    assert listed() == {"办公楼东楼": []}


def test_the_contexts_above_are_told(zhou_min):
    with hearing(names_changed) as told:
        (row,) = add_names(actor=zhou_min, kind="place", names=[["一号食堂"]])
        add_names(actor=zhou_min, kind="place", names=[["一号食堂"]])
        remove_name(actor=zhou_min, name_id=row.pk)
    assert len(told) == 2


def test_units_are_names_by_their_evident_short_forms(company, east, west):
    for parent in (east, west):
        UnitFactory(parent=parent, name="一班")
        UnitFactory(parent=parent, name=f"{parent.name}检修二班" if parent == east else "带电作业班")
    UnitFactory(parent=company, name="办公室")
    UnitFactory(parent=company, name="临江供电公司安装有限责任公司")
    known = {name.spellings for name in own_names()}
    assert known == {
        ("东区供电所",),
        ("西区供电所",),
        ("东区供电所检修二班", "检修二班"),
        ("带电作业班",),
        ("临江供电公司安装有限责任公司", "临江供电公司安装", "安装有限责任公司"),
    }


def test_names_are_read_in_two_statements(zhou_min, east, django_assert_num_queries):
    add_names(actor=zhou_min, kind="place", names=[[f"{n}号楼"] for n in range(1, 30)])
    with django_assert_num_queries(2):
        assert len(own_names()) == 30
