"""Names are short, of words that several people used, as they wrote them."""

import pytest

from lianxin.hotissues.services.titles import Namer
from lianxin.nlp.entities import Name, Names
from lianxin.nlp.tokenization import Message


def name_of(*titles, without=(), names=None):
    messages = [Message(title, title) for title in titles]
    others = [Message(f"与此无关的第{n}件事", "另外的内容") for n in range(9)]
    return Namer([*messages, *others], names).name(range(len(titles)), without=without)


def test_the_clause_that_most_share_and_begin_with():
    found = name_of("公寓楼道感应灯坏了，晚上摸黑走", "公寓楼道感应灯坏了两周", "请修公寓楼道感应灯，晚上摸黑走")
    assert found.name == "公寓楼道感应灯坏了"
    assert "感应" in "".join(found.keywords)


@pytest.mark.parametrize(
    ("titles", "name"),
    [
        (
            ["食堂早餐不新鲜", "早餐不新鲜，包子是隔夜的", "请问食堂早餐不新鲜谁来管", "食堂的早餐又不新鲜了"],
            "食堂早餐不新鲜",
        ),
        (
            ["我是外包转过来的，工龄怎么算", "我是外包转过来的员工，工龄没有接上", "外包转过来的工龄问题"],
            "外包转过来的工龄",
        ),
        (["关于班车晚点的投诉", "城东线班车晚点", "班车晚点四十分钟", "反映班车晚点问题"], "班车晚点"),
        (["反映宿舍热水问题", "宿舍三楼没有热水", "宿舍没有热水", "请尽快解决宿舍没有热水的问题"], "宿舍没有热水"),
        (["加班费什么时候发", "八月加班费还没发", "请问加班费拖欠到什么时候", "加班费拖欠三个月"], "加班费拖欠"),
    ],
)
def test_a_name_is_a_phrase_with_a_noun_and_no_cut_sentence(titles, name):
    assert name_of(*titles).name == name


def test_letters_stay_as_they_were_written():
    assert name_of("ERP 系统月底打不开", "月底 ERP 系统打不开了", "ERP 系统打不开").name == "ERP 系统月底打不开"


def test_what_one_person_said_or_what_people_are_called_names_nothing():
    assert name_of("路灯坏了", "班车晚点").name == ""
    assert "王芳" not in name_of("王芳说没有热水", "王芳说热水停了", without={"王芳"}).name


def test_a_name_of_the_enterprises_own_comes_first_as_it_is_on_the_list():
    names = Names([Name(("10kV 城东线", "城东线"), "equipment")])
    found = name_of("城东线又跳闸了", "雷雨天 10KV城东线又跳闸了", "请查10kV 城东线为什么跳闸", names=names)
    assert found.name == "10kV 城东线又跳闸了"
    assert found.keywords[0] == "10kV 城东线"
