"""Words of danger: what comes first, and what is no danger."""

import pytest

from lianxin.nlp.risk_detection import DangerKind, dangers, most_pressing


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


SPOKEN = [
    "东墙马上要塌了，下面有人在干活",
    "要塌了",
    "墙快倒下来了，下面有人",
    "墙马上就要倒",
    "楼顶要垮了",
    "再不修要出人命了",
    "会死人的，快来",
    "有人从脚手架上摔下来了",
    "小李从梯子上掉下来摔断了腿",
    "配电室冒黑烟了",
    "宿舍着了火",
    "电箱一直打火，还有烧焦味",
    "电线掉在水里，有电",
    "电梯里关着两个人出不来",
    "有人晕了，叫不醒",
    "师傅被开水烫伤了",
    "锅炉压力表爆表了，安全阀不动作",
    "吊车钢丝绳快断了还在吊",
    "起重机吊着东西从人头顶过",
    "氨味很重，呛得睁不开眼",
    "瓦斯超限报警还让下井",
    "一氧化碳报警器一直响",
    "地下室进水，电柜泡在水里",
    "架子晃得厉害，随时会散架",
    "天花板掉了一大块，差点砸人",
    "有人拿着刀在车间追人",
    "班长打了小王，头破血流",
    "他说要弄死我",
    "他威胁要杀了我全家",
    "领导摸我大腿",
    "我想不开",
    "我撑不下去了，想一了百了",
    "活着太累了",
    "不想在这个世界上了",
    "想从楼上跳下去",
    "我喝药了",
    "活腻了",
    "没有活路了",
    "有没有人管，漏电了",
    "有没有漏电保护？没有。刚才电到人了",
    "ＤＯＮＧ墙要 塌 了",
    "東牆馬上要塌了",
    "要_塌_了",
    "墙 要 塌",
    "要踏了",
    "我想不开，不想在这个世界上了",
    "瓦斯超限",
    "会死人的",
    "要出人命",
    "墙·要·塌",
]
CALM = [
    "火车票",
    "倒班",
    "死机了",
    "药费报销",
    "每天倒两次班，累死了",
    "春运火车票买不到",
    "我着急上火",
    "接着火车站那边也堵",
    "一起火锅聚餐",
    "电脑死机两次",
    "活动室没有空调，活动不了",
    "不想活动",
    "打火机不能带进厂",
    "感冒药发放",
    "吃药报销",
    "货架上的倒班表",
    "吊车停在门口",
    "加班到崩溃",
    "楼道灯坏了",
    "建议安装燃气报警器",
    "刀闸检修",
    "刀具采购",
    "被表扬打了高分",
    "架子鼓社团",
    "手机从桌子上掉下来",
    "楼上跳绳太吵",
    "有人飙车，吵死了",
    "打了他电话不接",
    "房子还要倒贴钱",
    "不要。塌实做事",
    "公司不会垮",
]


@pytest.mark.parametrize("text", SPOKEN)
def test_danger_is_heard_in_ordinary_words(text):
    assert most_pressing(text) is not None


@pytest.mark.parametrize("text", CALM)
def test_ordinary_words_are_no_danger(text):
    assert most_pressing(text) is None


FRIGHTENED = (
    "孩子被锁车里快不行了 工地上有人被砸 脚被机器夹住了 高压线断了掉在路上 人没气了 救救我 被领导摸腿 有人打架流血 "
    "硫酸溅到眼睛 矿井透水了 昏过去了 变压器冒火了 轿厢往下掉 坍了一块 毒蛇咬了 我快崩溃了"
)
LOOKS_LIKE_IT = "电梯按钮锁了 夹克忘在食堂 房租往下降 想问咬合套件的领用 打架子用的木料 被关照得很好 资料锁在柜子里"


@pytest.mark.parametrize("text", FRIGHTENED.split())
def test_danger_is_heard_in_the_words_of_whoever_is_frightened(text):
    assert most_pressing(text) is not None


@pytest.mark.parametrize("text", LOOKS_LIKE_IT.split())
def test_words_that_look_like_these_are_no_danger(text):
    assert most_pressing(text) is None
