"""Whom a text may mean, however it is spelt: compared with one person of whom all is known."""

import random

import pytest

from lianxin.nlp.resemblance import Known, may_mean, sounds_named
from lianxin.nlp.subjects import resolve

SHEN_HUIGUI = Known("沈慧桂", ("10461", "13805711234"), ("党建专责",), ("石桥县供电公司",), ("受理", "派单", "诉求"))
HE_JIAYING = Known("贺佳颖", ("10464",), ("纪检专责",), ("石桥县供电公司",), ("纪检", "纪委"))

SHEN = [
    "沈慧桂",
    "沈主任",
    "党建专责沈工",
    "沈專責",
    "瀋慧桂",
    "沉慧桂",
    "沈惠桂",
    "沈慧贵",
    "申慧桂",
    "沈会桂",
    "申主任",
    "shenhuigui",
    "Shen",
    "慧桂",
    "慧桂姐",
    "桂姐",
    "阿桂",
    "小桂",
    "小沈",
    "老沈",
    "沈总",
    "沈工",
    "沈班长",
    "沈姐",
    "沈专责",
    "沈受理",
    "沈管理",
    "沈干事",
    "沈某某",
    "沈x桂",
    "沈×桂",
    "S慧桂",
    "shen慧桂",
    "姓沈的",
    "那个姓沈的",
    "姓Shen的",
    "沈，石桥公司的",
    "党建那个沈慧桂",
    "石桥公司党建专责",
    "党建专责",
    "受理员",
    "我们公司的受理员",
    "石桥的受理员",
    "石桥县公司受理员",
    "受理诉求的人",
    "工号一零四六一",
    "工号一〇四六一",
    "工号：壹零肆陆壹",
    "１０４６１",
    "工号10461",
    "员工号幺零四六幺",
    "尾号0461",
    "石桥县供电公司",
    "石桥县公司",
    "石桥公司",
    "石橋縣供電公司",
    "石桥县供电公司党建专责",
    "总经理沈",
    "专责沈",
    "公司专责沈慧桂和张立宁",
    "张立宁和沈专责",
    "张立宁、慧桂",
    "张立宁跟党建专责",
]
SHEN += ["Shen Huigui", "Huigui Shen", "S. Huigui", "工号 10 461", "1 0 4 6 1", "手机138 0571 1234"]
INSPECTOR = [
    "贺佳颖",
    "賀佳穎",
    "贺嘉颖",
    "jiaying",
    "纪检专责",
    "石桥公司纪检专责",
    "纪检的贺姐",
    "颖姐",
    "工号一零四六四",
    "贺某",
    "小贺",
    "HJY",
]
INSPECTOR += ["He Jiaying", "1 0 4 6 4"]
OTHERS = [
    ("古丽", "阿依古丽·买买提"),
    ("古丽姐", "阿依古丽·买买提"),
    ("阿依", "阿依古丽·买买提"),
    ("阿依古力", "阿依古丽·买买提"),
    ("麦麦提", "阿依古丽·买买提"),
    ("Mike Chen", "Michael Chen"),
    ("M. Chen", "Michael Chen"),
    ("Chen Michael", "Michael Chen"),
    ("陈Michael", "Michael Chen"),
    ("检修班建国", "刘建国"),
    ("六建国", "刘建国"),
    ("劉健國", "刘建国"),
    ("L建国", "刘建国"),
    ("刘□国", "刘建国"),
    ("欧阳", "欧阳娜娜"),
    ("ouyang nana", "欧阳娜娜"),
    ("zw", "张伟"),
    ("Z主任", "张伟"),
    ("ZhangWei主任", "张伟"),
    ("lv", "吕梁"),
    ("吕 liang", "吕梁"),
    ("秦国栋", "覃国栋"),
]
UNITS = [
    ("运行贰班", "运行二班"),
    ("运行2班", "运行二班"),
    ("叁车间主任", "三车间"),
    ("三車間", "三车间"),
    ("東城公司", "东城供电公司"),
    ("党建部", "党建工作部"),
]
NOT_MEANT = (
    "保安",
    "物业",
    "食堂打饭的",
    "那个胖子",
    "张主任",
    "楼上的邻居",
    "仓库管理员",
    "合同单位",
    "10999",
    "Mary",
)


def means(text, known):
    return may_mean(text, known, resolve(text, names=(), units=(), known=()).possible)


@pytest.mark.parametrize("text", SHEN)
def test_a_dispatcher_is_found_however_she_is_spelt(text):
    assert means(text, SHEN_HUIGUI)


@pytest.mark.parametrize("text", INSPECTOR)
def test_an_inspector_is_found_however_she_is_spelt(text):
    assert means(text, HE_JIAYING)


@pytest.mark.parametrize(("text", "name"), OTHERS)
def test_names_of_every_kind_are_found(text, name):
    assert means(text, Known(name))


@pytest.mark.parametrize(("text", "unit"), UNITS)
def test_units_are_found_in_short_and_by_sound(text, unit):
    assert means(text, Known("王芳", units=(unit,)))


@pytest.mark.parametrize("text", NOT_MEANT)
def test_who_has_nothing_in_common_is_not_meant(text):
    assert not means(text, SHEN_HUIGUI)


@pytest.mark.parametrize(
    ("text", "meant"), [("主任", True), ("我们领导", True), ("检修车间负责人", True), ("张主任", False)]
)
def test_a_title_alone_may_mean_a_leader_and_a_title_behind_another_surname_does_not(text, meant):
    assert means(text, Known("高峰", callings=("领导", "主任", "负责人"))) is meant


def test_a_whole_name_is_heard_in_another():
    assert (sounds_named("我们章玮主任", "张伟"), sounds_named("我们主任", "张伟")) == (True, False)


SOUNDS = {
    "沈": "申瀋婶",
    "慧": "惠会汇",
    "桂": "贵柜",
    "贺": "赫賀荷",
    "佳": "嘉家",
    "颖": "影穎",
    "覃": "谭秦",
    "国": "國果",
    "栋": "東棟",
}
SOUNDS |= {"东": "栋", "栋": "棟冻"}
LATIN = {
    "沈": "shen",
    "慧": "hui",
    "桂": "gui",
    "贺": "he",
    "佳": "jia",
    "颖": "ying",
    "覃": "qin",
    "国": "guo",
    "栋": "dong",
}
WORDS = "〇一二三四五六七八九"
CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def disguise(chance, name, number, post, role):
    """A spelling of somebody that is not theirs: by sound, in Latin letters, by number, post or role alone."""
    latin = [LATIN[letter] for letter in name]
    ways = (
        lambda: "".join(chance.choice(SOUNDS[letter]) if chance.random() < 0.7 else letter for letter in name),
        lambda: chance.choice([" ", ""]).join([latin[0].title(), "".join(latin[1:]).title()]),
        lambda: "".join(latin[1:]) + " " + latin[0],
        lambda: latin[0][0].upper() + name[1:],
        lambda: latin[0] + name[1:],
        lambda: "".join(chance.choice([WORDS, CAPITALS])[int(digit)] for digit in number),
        lambda: chance.choice([" ", "-", ". "]).join(number),
        lambda: post,
        lambda: role,
        lambda: f"我们{role}",
        lambda: f"主任{name[0]}",
        lambda: f"{name[-1]}姐",
        lambda: name[0] + "×" + name[-1],
    )
    around = chance.choice(["{}", "{}", "（{}）", "那个{}", "{}，就是她", "王芳跟{}"])
    return around.format(chance.choice(ways)())


@pytest.mark.parametrize("seed", range(40))
def test_disguises_are_seen_through(seed):
    chance = random.Random(seed)
    for known, role in ((SHEN_HUIGUI, "受理员"), (HE_JIAYING, "纪检员")):
        text = disguise(chance, known.name, known.numbers[0], known.posts[0], role)
        assert means(text, known), text


@pytest.mark.parametrize(("text", "name"), [("huhongyue", "胡红月"), ("wangyun", "王云"), ("zhangyu@corp.com", "张宇")])
def test_latin_names_written_in_one_are_heard(text, name):
    assert means(text, Known(name))
