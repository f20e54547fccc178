"""What in a text may lead back to a person, and what could stand there instead.

It proposes, a person decides: rather a word too many than a name too few.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import override, pgettext_lazy

from lianxin.board.enums import MarkKind


@dataclass(frozen=True)
class Mark:
    """A place in a text, what it looks like, and what could stand there instead."""

    start: int
    end: int
    kind: MarkKind
    text: str
    replacement: str


_REPLACEMENTS: Mapping[MarkKind, Promise] = {
    MarkKind.NAME: pgettext_lazy("instead of a name", "a colleague"),
    MarkKind.PHONE: pgettext_lazy("instead of a phone number", "(phone)"),
    MarkKind.PLATE: pgettext_lazy("instead of a licence plate", "(plate)"),
    MarkKind.IDENTITY_CARD: pgettext_lazy("instead of an identity card number", "(identity card)"),
    MarkKind.EMPLOYEE_NUMBER: pgettext_lazy("instead of an employee number", "(employee number)"),
    MarkKind.ROOM: pgettext_lazy("instead of a room", "a room"),
    MarkKind.MAIL: pgettext_lazy("instead of a mail address", "(account)"),
    MarkKind.UNIT: pgettext_lazy("instead of a small unit", "a unit"),
    MarkKind.NUMBER: pgettext_lazy("instead of a long number", "(number)"),
}
_LEFT_OUT = pgettext_lazy("instead of a number behind its word", "(omitted)")
_NUMBERS = frozenset(
    {
        MarkKind.PHONE,
        MarkKind.PLATE,
        MarkKind.IDENTITY_CARD,
        MarkKind.EMPLOYEE_NUMBER,
        MarkKind.MAIL,
        MarkKind.NUMBER,
    }
)
_SAID_BEFORE = re.compile(
    r"(?:电话|座机|手机|短号|内线|分机|联系方式|工号|员工号|职工号|编号|身份证|车牌|邮箱|微信|QQ|钉钉|账号|卡号|号码|号)"
    r"[号码是为:：\s]*$"
)
"""A word that says already what stands behind it: 工号（略）, not 工号（工号略）."""
_WORKERS = ("师傅", "大姐", "大哥", "大爷", "阿姨", "老师", "医生", "大夫", "护士", "司机", "厨师")
_LEADERS = re.compile(r"(?:主任|经理|[班组科处部所站队股段厂院局校]长|书记|主席|主管|总监|董事长|总)$")
_NEARER: Mapping[MarkKind, tuple[tuple[re.Pattern[str], Promise], ...]] = {
    MarkKind.ROOM: (
        (re.compile(r"床位?$|号床"), pgettext_lazy("instead of a bed", "a bed")),
        (re.compile(r"(?:楼|栋|幢|座|单元|层)$"), pgettext_lazy("instead of a building", "a building")),
    ),
    MarkKind.UNIT: (
        (re.compile(r"[班组]$"), pgettext_lazy("instead of a small unit", "a team")),
        (re.compile(r"车间$"), pgettext_lazy("instead of a small unit", "a workshop")),
        (re.compile(r"站$"), pgettext_lazy("instead of a small unit", "a station")),
        (re.compile(r"[部科处室]$"), pgettext_lazy("instead of a small unit", "a department")),
    ),
    MarkKind.NAME: ((_LEADERS, pgettext_lazy("instead of a name", "a person in charge")),),
}
"""What reads better where the word says more."""

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊"
    "金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛"
    "管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边褚喻戚鞠"
)
_COMPOUND = "欧阳|司马|上官|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|百里|南宫"
_SURNAME = rf"(?:{_COMPOUND}|[{_SURNAMES}])"
_WORDY = "于高方任常万石时白安金成文路向解强关管位阳游单车华包边查祝江龙田马牛水易温夏林"
"""Surnames with which so many ordinary words begin that more has to speak for a name."""
_CLEAR = rf"(?:{_COMPOUND}|(?![{_WORDY}])[{_SURNAMES}])"
_TITLES = (
    "师傅|主任|经理|班长|组长|科长|处长|部长|书记|所长|站长|队长|股长|段长|厂长|院长|局长|校长|主席|主管|老师|医生|大夫|护士|会计|"
    "出纳|秘书|专责|专工|总监|董事长|阿姨|大姐|大哥|大爷|同志|先生|女士|小姐|司机|厨师长|厨师"
)
_SHORT_TITLES = (
    "总(?![是部共公体之数结机务量会算])|工(?![作资程人会厂具地时号段艺龄位种序])|姐|哥(?!们)|叔|嫂|"
    "队(?![伍员友])|科(?!室)|处(?![理于分])"
)
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_FIGURE = r"[0-9一二三四五六七八九十百零〇两]"
_ROOMS = "室|房间|房|宿舍|寝室|病房|号房"
_FLAGS = re.IGNORECASE

_PATTERNS: tuple[tuple[MarkKind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, _FLAGS))
    for kind, pattern in (
        (MarkKind.MAIL, r"[A-Z0-9._%+-]+@[A-Z0-9-]+(?:\.[A-Z0-9-]+)+"),
        (MarkKind.MAIL, r"(?:微信|威信|QQ|钉钉)号?(?:[是为:：\s]*)(?P<it>[A-Z0-9][A-Z0-9_-]{4,19})"),
        (
            MarkKind.IDENTITY_CARD,
            r"(?<!\d)[1-9]\d{5}\s?(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\s?\d{3}[\dX](?![\dA-Z])",
        ),
        (MarkKind.PHONE, r"(?<!\d)(?:(?:\+|00)?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)"),
        (MarkKind.PHONE, r"(?<!\d)(?:[(]0\d{2,3}[)]|0\d{2,3})[\s-]?\d{7,8}(?:[\s转-]{1,2}\d{1,6})?(?!\d)"),
        (MarkKind.PHONE, r"(?:电话|座机|手机|短号|内线|分机|联系方式)号?码?(?:[是为:：\s]*)(?P<it>\d[\d\s-]{1,14}\d)"),
        (
            MarkKind.PLATE,
            rf"[{_PROVINCES}][A-Z][·•.\s-]?(?:[A-Z0-9]{{5,6}}(?![A-Z0-9])|[A-Z0-9]{{4}}[挂学警港澳])",
        ),
        (
            MarkKind.EMPLOYEE_NUMBER,
            r"(?:工号|员工号|职工号|人员编号|员工编号|employee (?:no\.?|number))[是为:：\s]*(?P<it>[A-Z0-9-]{3,20})",
        ),
        (
            MarkKind.ROOM,
            rf"{_FIGURE}{{1,3}}\s?(?:号楼|[栋幢座]楼?)(?:\s?{_FIGURE}{{1,3}}\s?(?:单元|楼|层)){{0,2}}(?:\s?\d{{2,4}}(?:{_ROOMS}|号)?)?",
        ),
        (MarkKind.ROOM, rf"(?<!\d)[A-Z]?\d?-?\d{{3,4}}\s?(?:{_ROOMS})"),
        (
            MarkKind.ROOM,
            r"(?:宿舍|寝室|房间|病房|房)号?(?:[是为:：\s]*)(?P<it>[A-Z]?\d?-?\d{3,4}(?!\d)(?:室|号)?)(?!年|元|块|人|瓦)",
        ),
        (MarkKind.ROOM, rf"{_FIGURE}{{1,3}}\s?(?:号床位|号床|床位|床(?!垫|单|铺|板|被))"),
        (MarkKind.NAME, rf"(?P<it>{_CLEAR}[一-龥]{{0,2}}?(?:{_TITLES}))"),
        (MarkKind.NAME, rf"(?P<it>{_SURNAME}(?:{_TITLES}))"),
        (MarkKind.NAME, rf"(?P<it>{_CLEAR}(?:{_SHORT_TITLES}))"),
        (MarkKind.NAME, rf"[老小阿](?!师|化)(?:{_CLEAR})(?![一-龥]?[米时区组学])"),
        (MarkKind.NAME, rf"(?:我叫|名叫|姓名[是为:：]?|联系人[是为:：]?|本人)\s*(?P<it>{_CLEAR}[一-龥]{{1,2}})"),
        (MarkKind.NAME, rf"我是(?P<it>{_CLEAR}[一-龥]{{1,2}})(?=[，,。.；;、！!\s]|$)"),
        (MarkKind.NUMBER, r"(?<![\d.])\d(?:[\s-]?\d){6,}(?!\d)"),
    )
)
"""In the order of trust: where two overlap, the longer counts, then the earlier pattern. `it` is what is replaced."""

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
"""Full-width letters and figures as ordinary ones: each keeps its place in the text."""
_CHINESE = re.compile("[一-龥]")


def marks_in(
    text: str, *, names: Collection[str] = (), numbers: Collection[str] = (), units: Collection[str] = ()
) -> list[Mark]:
    """What may lead back to a person, in the order of the text, none overlapping another.

    Args:
        text: what somebody wrote.
        names: names of people in the register that occur in it.
        numbers: employee numbers of the register.
        units: names of units so small that they point at people.
    """
    plain = text.translate(_FULL_WIDTH)
    found = [*_known(plain, names, numbers, units), *_looking_like(plain)]
    chosen: list[Mark] = []
    with override("zh-hans" if _CHINESE.search(text) else "en"):
        for start, end, kind in sorted(found, key=lambda each: each[0] - each[1]):
            if all(end <= mark.start or start >= mark.end for mark in chosen):
                chosen.append(Mark(start, end, kind, text[start:end], _instead_of(kind, plain, start, end)))
    return sorted(chosen, key=lambda mark: mark.start)


def _instead_of(kind: MarkKind, text: str, start: int, end: int) -> str:
    """What could stand there so that the sentence still reads as somebody would write it."""
    word = text[start:end]
    if kind in _NUMBERS and _SAID_BEFORE.search(text[:start]):
        return str(_LEFT_OUT)
    if kind == MarkKind.NAME and word.endswith(_WORKERS):
        return f"某{next(title for title in _WORKERS if word.endswith(title))}"
    nearer = (instead for pattern, instead in _NEARER.get(kind, ()) if pattern.search(word))
    return str(next(nearer, _REPLACEMENTS[kind]))


def _known(
    text: str, names: Iterable[str], numbers: Iterable[str], units: Iterable[str]
) -> Iterator[tuple[int, int, MarkKind]]:
    for kind, words in ((MarkKind.NAME, names), (MarkKind.UNIT, units)):
        for word in words:
            for hit in re.finditer(re.escape(word), text) if word else ():
                yield hit.start(), hit.end(), kind
    for number in numbers:
        for hit in re.finditer(rf"(?<![0-9A-Z]){re.escape(number)}(?![0-9A-Z])", text, _FLAGS) if number else ():
            yield hit.start(), hit.end(), MarkKind.EMPLOYEE_NUMBER


def _looking_like(text: str) -> Iterator[tuple[int, int, MarkKind]]:
    for kind, pattern in _PATTERNS:
        for hit in pattern.finditer(text):
            yield *(hit.span("it") if "it" in pattern.groupindex else hit.span()), kind


def without(text: str, marks: Iterable[Mark]) -> str:
    """The text with the replacement in each marked place."""
    for mark in sorted(marks, key=lambda each: -each.start):
        text = text[: mark.start] + mark.replacement + text[mark.end :]
    return text
