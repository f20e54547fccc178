"""What may lead back to a person is marked, with what could stand there instead; ordinary words are left alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lianxin.board.enums import MarkKind
from lianxin.board.queries import marks_in, without

K = MarkKind


def found(text, **known):
    return [(mark.kind, mark.text) for mark in marks_in(text, **known)]


@pytest.mark.parametrize(
    ("text", "kind", "word"),
    [
        ("请找王师傅看看", K.NAME, "王师傅"),
        ("食堂的张主任说不行", K.NAME, "张主任"),
        ("是李建国班长安排的", K.NAME, "李建国班长"),
        ("欧阳经理没有回复", K.NAME, "欧阳经理"),
        ("问过陈总，没有下文", K.NAME, "陈总"),
        ("周工，您看看", K.NAME, "周工"),
        ("老刘和我同屋", K.NAME, "老刘"),
        ("我叫赵小明，在检修班", K.NAME, "赵小明"),
        ("我是孙丽，住宿舍", K.NAME, "孙丽"),
        ("电话13812345678", K.PHONE, "13812345678"),
        ("打 138-1234-5678 找我", K.PHONE, "138-1234-5678"),
        ("打 +86 138 1234 5678", K.PHONE, "+86 138 1234 5678"),
        ("全角１３８１２３４５６７８也算", K.PHONE, "１３８１２３４５６７８"),
        ("座机 0532-86671234 没人接", K.PHONE, "0532-86671234"),
        ("(010)62345678转801", K.PHONE, "(010)62345678转801"),
        ("短号：66123", K.PHONE, "66123"),
        ("京A12345的车占了位", K.PLATE, "京A12345"),
        ("鲁B·D12345是新能源车", K.PLATE, "鲁B·D12345"),
        ("粤ADF1234停在门口", K.PLATE, "粤ADF1234"),
        ("沪C1234挂", K.PLATE, "沪C1234挂"),
        ("身份证 37020219900307251X 登记错了", K.IDENTITY_CARD, "37020219900307251X"),
        ("工号：A10086", K.EMPLOYEE_NUMBER, "A10086"),
        ("住3号楼2单元402室", K.ROOM, "3号楼2单元402室"),
        ("302宿舍漏水", K.ROOM, "302宿舍"),
        ("宿舍B-305没有灯", K.ROOM, "B-305"),
        ("病房12床", K.ROOM, "12床"),
        ("住五号床", K.ROOM, "五号床"),
        ("写信到 li.na@corp.example.cn", K.MAIL, "li.na@corp.example.cn"),
        ("微信号 lina_1990", K.MAIL, "lina_1990"),
        ("卡号 6222 0212 3456 7890 123", K.NUMBER, "6222 0212 3456 7890 123"),
    ],
)
def test_what_leads_to_somebody_is_marked(text, kind, word):
    assert (kind, word) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "宿舍三楼没有热水，已经三天了。",
        "锅炉已修好，今晚恢复热水。",
        "食堂的菜太咸，希望改进。",
        "夜班补贴从2026年10月起按每班30元发放。",
        "希望小时工资和加班费一起公布。",
        "老化的电线已经更换，老师傅们都满意。",
        "总是停电，设备12台坏了3台。",
        "会议在20号下午3点开。",
        "工作服发小了，能不能换大一号？",
        "培训资料共有128页，费用1500元。",
        "被子薄，床垫硬，3床垫子要换。",
    ],
)
def test_ordinary_words_are_left_alone(text):
    assert found(text) == []


def test_names_numbers_and_small_units_of_the_register_are_marked():
    text = "王芳和李娜（1001）都在检修一班，10012号文件与此无关。"
    assert found(text, names={"王芳", "李娜"}, numbers={"1001"}, units={"检修一班"}) == [
        (K.NAME, "王芳"),
        (K.NAME, "李娜"),
        (K.EMPLOYEE_NUMBER, "1001"),
        (K.UNIT, "检修一班"),
    ]


def test_the_longer_of_two_overlapping_marks_counts():
    assert found("李建国班长来过", names={"李建国"}) == [(K.NAME, "李建国班长")]
    assert found("打13812345678", numbers={"3812"}) == [(K.PHONE, "13812345678")]


def test_the_replacement_speaks_the_language_of_the_text():
    text = "请王芳打13812345678。"
    assert without(text, marks_in(text, names={"王芳"})) == "请某同事打（电话略）。"
    english = "Please ask Li Na, 13812345678."
    assert without(english, marks_in(english, names={"Li Na"})) == "Please ask a colleague, (phone)."


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("请找王师傅看看，电话13812345678。", "请找某师傅看看，电话（略）。"),
        ("食堂的张主任说不行", "食堂的某负责人说不行"),
        ("是李建国班长安排的", "是某负责人安排的"),
        ("问过陈总，没有下文", "问过某负责人，没有下文"),
        ("老刘和我同屋", "某同事和我同屋"),
        ("我叫赵小明，工号：A10086", "我叫某同事，工号：（略）"),
        ("身份证号 37020219900307251X 登记错了", "身份证号 （略） 登记错了"),
        ("车牌京A12345的车占了位", "车牌（略）的车占了位"),
        ("京A12345的车占了位", "（车牌略）的车占了位"),
        ("微信号 lina_1990", "微信号 （略）"),
        ("住3号楼2单元402室", "住某房间"),
        ("15栋楼下的路灯不亮", "某栋楼下的路灯不亮"),
        ("宿舍B-305没有灯", "宿舍某房间没有灯"),
        ("病房12床", "病房某床位"),
    ],
)
def test_what_is_left_reads_as_somebody_would_write_it(text, reads):
    assert without(text, marks_in(text)) == reads


@pytest.mark.parametrize(
    ("unit", "reads"), [("检修一班", "某班组"), ("锅炉车间", "某车间"), ("东郊变电站", "某站所"), ("财务科", "某部门")]
)
def test_a_small_unit_is_called_by_its_kind(unit, reads):
    assert without(f"{unit}没有热水", marks_in(f"{unit}没有热水", units={unit})) == f"{reads}没有热水"


def test_what_was_replaced_is_not_marked_again():
    text = "王师傅（工号：A10086，电话13812345678）住3号楼402室，车牌京A12345，邮箱 a@b.cn。"
    assert found(without(text, marks_in(text))) == []


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="王张李师傅主任总工老小我叫是0123456789京A·-号楼室床宿舍 @.cn\n微信", max_size=60))
def test_marks_lie_in_the_text_do_not_overlap_and_are_exact(text):
    marks = marks_in(text, names={"王张"}, numbers={"123"})
    end = 0
    for mark in marks:
        assert end <= mark.start < mark.end <= len(text)
        assert text[mark.start : mark.end] == mark.text
        end = mark.end
    kept = "".join(
        text[a:b] for a, b in zip([0, *(m.end for m in marks)], [*(m.start for m in marks), len(text)], strict=True)
    )
    assert len(kept) + sum(len(m.text) for m in marks) == len(text)


def test_a_long_hostile_text_is_read_in_no_time():
    for piece in ("1", "138 ", "王", "3号楼", "a@", "京A", "宿舍", "(0", "- "):
        marks_in(piece * (4000 // len(piece)))
