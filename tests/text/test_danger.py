"""Words of danger: what comes first, and what is no danger."""

import pytest

from lianxin.text.danger import DangerKind, dangers


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("我真的不想活了", DangerKind.CRISIS, "不想活"),
        ("配电箱漏电，有人被电了一下", DangerKind.LIFE, "漏电"),
        ("班长扬言要打人，昨天把他打伤了", DangerKind.VIOLENCE, "扬言要打"),
        ("消防通道一直被货堵着", DangerKind.HAZARD, "消防通道一直被货堵"),
        ("宿舍停水两天了", DangerKind.HARDSHIP, "停水"),
        ("配电箱漏&#30005;", DangerKind.LIFE, "漏电"),
    ],
)
def test_words_of_danger_are_found(text, kind, word):
    assert [(each.kind, each.words[0]) for each in dangers(text)] == [(kind, word)]


@pytest.mark.parametrize(
    "text", ["食堂的菜太咸了", "建议多办防触电培训", "检查后未发生漏气", "没有冒烟", "这天热死了", ""]
)
def test_what_is_prevented_or_absent_is_no_danger(text):
    assert dangers(text) == []


def test_a_person_in_crisis_stands_before_everything_else():
    found = dangers("宿舍停水，线路老化，还漏电，我活不下去了")
    assert [each.kind for each in found] == [
        DangerKind.CRISIS,
        DangerKind.LIFE,
        DangerKind.HAZARD,
        DangerKind.HARDSHIP,
    ]
