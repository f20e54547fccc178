"""Whom a short text names: people and units as they are spelt in it, and people that it may mean.

Pure functions on texts. Who is on the roster is asked elsewhere: `name_candidates`, `unit_candidates` and `numbers` say
what to look up, `resolve` says what it means that some of it was found. Where it is unclear whether somebody is meant,
they are: too many is safer than the wrong one.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

_SKIPPED = (
    r"\s\u00ad\u200b-\u200f\u2060\ufeff"
    r"·•・‧∙⋅.。,，、;；:：'’‘\"“”`´\-‐‑‒–—_/\\()\[\]【】{}<>《》〈〉「」『』|~!?@#&+=\^$*"
)
NOT_LETTERS = f"[{_SKIPPED}]"
"""What makes no difference in a name. The database folds names by the same classes (`nlp.columns.NameKey`)."""
IN_BRACKETS = r"\([^()]*\)"
"""A remark behind a name in the roster: 张伟（大）."""
MARK_BEHIND = "([^ -~]{2})[0-9a-z]{1,2}$"
"""A mark behind a name in the roster that tells people of one name apart: 张伟2, 张伟b."""
CAPITALS, SMALL = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz"
NUMERALS, DIGITS = "〇零一二三四五六七八九", "00123456789"

_SMALL = str.maketrans(CAPITALS, SMALL)
_AS_DIGITS = str.maketrans(NUMERALS, DIGITS)
_NOT_LETTERS = re.compile(NOT_LETTERS)
_PARTS = re.compile(r"[\s·•・‧∙⋅.]+")
_BETWEEN = frozenset("、,;/|\n\r。!?")
"""After NFKC: what stands between two subjects and in no name."""
_HIDDEN = frozenset("×*✱□○●◯")
"""Signs behind a surname in place of a given name: 张××."""
LONGEST_NAME, LONGEST_UNIT = 20, 40
"""Folded characters up to which names are looked up."""

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞"
    "任袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏"
    "成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘"
    "缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷"
    "车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能"
    "苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾"
    "终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红"
    "游竺权逯盖益桓公仉督岳帅缑亢况郈有琴归海晋楚闫法汝鄢涂钦仝付肖覃代邸佟兰苑原门候仵战尉撒揭党冼亓逯邝隋阳佘税么"
)
_TWO_CHARACTER_SURNAMES = (
    "欧阳 上官 司马 诸葛 东方 皇甫 尉迟 公孙 令狐 慕容 长孙 宇文 司徒 司空 夏侯 端木 轩辕 南宫 独孤 西门 "
    "东郭 百里 呼延 完颜 纳兰 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司寇 子车 颛孙 "
    "巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 谷梁 段干 东门 羊舌 微生 梁丘 左丘 第五 爱新 叶赫 那拉 "
)
TWO_CHARACTER_SURNAMES = frozenset(_TWO_CHARACTER_SURNAMES.split())

_TITLE_WORDS = (
    "党总支书记 党支部书记 支部书记 纪检委员 工会主席 车间主任 办公室主任 总经理 总工程师 工程师 值班长 "
    "大队长 中队长 技术员 安全员 调度员 管理员 受理员 办事员 驾驶员 统计员 材料员 资料员 质检员 检修员 "
    "巡检员 操作员 总监 主任 书记 师傅 经理 班长 组长 科长 处长 部长 所长 站长 队长 厂长 场长 矿长 段长 "
    "工长 值长 局长 院长 校长 行长 会长 店长 区长 机长 船长 车长 社长 院士 主席 委员 干事 专员 主管 主办 "
    "主操 会计 出纳 司机 保安 秘书 助理 文员 教练 教授 老师 医生 大夫 护士 老板 董事长 董事 监事 领导 "
    "同志 先生 女士 小姐 大姐 大哥 大爷 大妈 大叔 大婶 阿姨 老弟 兄弟 老总 总工 主任师 电工 焊工 总 工 "
    "董 哥 姐 叔 姨 嫂 爷 伯 婶 老 头儿 头 "
)
TITLES = frozenset(_TITLE_WORDS.split())
_TITLE = "|".join(sorted(TITLES, key=len, reverse=True))
_OFFICE = "局处科所队部站厂矿段校院"
"""A title cut short (张局), but also the end of a unit's name."""
_BEFORE_A_TITLE = "(?:常务|执行|党委|党总支|党支部|支部|行政|技术|副|正|代理|代|原|前任|前|老|大|总|女|男)*"
_NO_SURNAME = "的个各位名某副正代原前老小大女男总新与及跟同是在被我你他她们这那哪本该一二三四五六七八九十"
_HAN = "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_COMPOUND = "|".join(sorted(TWO_CHARACTER_SURNAMES))
_END_OF_A_UNIT = "班组室间心楼岗库" + _OFFICE
_WITH_TITLE = re.compile(
    rf"({_COMPOUND}|(?![{_NO_SURNAME}])(?:^{_HAN}|(?![{_END_OF_A_UNIT}]){_HAN}))(?:{_BEFORE_A_TITLE})(?:{_TITLE})"
)
_WITH_OFFICE = re.compile(rf"({_COMPOUND}|{_HAN})副?[{_OFFICE}]$")
_TITLED = re.compile(rf"{_BEFORE_A_TITLE}(?:{_TITLE})")
_ONLY_TITLES = re.compile(rf"^(?:{_BEFORE_A_TITLE}(?:{_TITLE})|的|们)+$")
_GIVEN_AND_TITLE = re.compile(rf"(?={_HAN}?({_HAN}{{1,2}})(?:{_TITLE}))")
_NICKNAME = re.compile(rf"[小老大阿]({_COMPOUND}|{_HAN})({_HAN}?)")
_SURNAME_ALONE = re.compile(rf"姓({_COMPOUND}|{_HAN})|({_COMPOUND}|{_HAN})(?=姓)|({_COMPOUND}|{_HAN})[某xX]")
_STARTS_AS_A_NAME = re.compile(rf"({_COMPOUND}|{_HAN})")
_LEADING = re.compile(rf"^(?:{_BEFORE_A_TITLE}(?:{_TITLE})|的|们|等人|等|这个|那个|本人|都)+")
_TRAILING = re.compile(rf"(?:{_BEFORE_A_TITLE}(?:{_TITLE})|的|们)+$")
_AND = re.compile(r"以及|还有|连同|伙同|和|及|与|跟|或者|或|并")
_RELATIVES = (
    "爱人|老婆|老公|丈夫|妻子|媳妇|对象|男友|女友|男朋友|女朋友|家人|家属|家里人|父亲|母亲|爸爸?|妈妈?|儿子|女儿|孩子|哥哥?|弟弟?|姐姐?|"
    "妹妹?|亲戚|侄子|外甥|徒弟|徒儿|师父|上级|下级|下属|手下|部下|搭档|同事|同学|同乡|老乡|战友|朋友|靠山|后台|领导|一伙|一帮|一家|"
    "夫妇|两口子|身边|背后|后面|那边|接班人|继任|前任|顶头"
)
_SOMEBODY_OF_THEIRS = re.compile(
    rf"^(?:[他她]们?的?|的){_BEFORE_A_TITLE}(?:{_TITLE})|^[的（(]*(?:直接|顶头|前)?(?:{_RELATIVES})|^等[人几多一二三四五六七八九]"
)
_SOMEBODY_OF_A_UNIT = re.compile(
    rf"^(?:的|里的?|那个|那位|某|一)*(?:{_BEFORE_A_TITLE}(?:{_TITLE})|{_RELATIVES}|人$|职工|员工|负责人|经办人|承办人|同仁)"
)
_LINKS = re.compile(r"以及|还有|连同|伙同|和|及|与|跟|同|或者|或|并|一起|两人|三人|几人|二人|等人|等")
_OF_NO_MATTER = re.compile(
    r"^(?:的|们|等|都|位|名|个|人|大|小|女|男|员工|职工|工号|员工号|员工编号|编号|职工号|号码|号|姓名|名字|叫|名叫|那个|这个|那位|这位|部门|单位|岗位|本人|no|id)*$"
)
_MARK = re.compile("[0-9a-z]{1,3}")
_OF_A_UNIT = re.compile(
    r"(?:班|组|室|部|科|处|车间|公司|站|队|厂|所|中心|楼|局|院|段|库|食堂|岗|的)(?:的|里|里面|那边|这边)?$"
)
_NOBODY = frozenset(
    {"无", "没有", "暂无", "不知道", "不清楚", "不详", "无人", "没人", "不涉及", "不适用", "none", "na", "no"}
)
_NUMBER = re.compile(r"[0-9A-Za-z]+(?:[-_][0-9A-Za-z]+)*")
_CALLED_A_NUMBER = re.compile(
    r"(?:工号|编号|号码|员工号|职工号|(?<![A-Za-z])(?:No|ID)\.?)\s*(?:为|是)?[\s:#]*$", re.IGNORECASE
)
_COUNTS_SOMETHING = re.compile(
    r"\s*(?:年|月|日|时|点|分|号楼|楼|栋|幢|室|房|层|元|块|万|次|个|天|小时|班|组|队|车间|%)"
)
_FEWEST_SIGNS = 3
_LATIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_SHORT, _LONG = 2, 3
_LONGEST_GUESSED = 4


@dataclass(frozen=True, slots=True)
class Segment:
    """The letters of a text between two signs that part subjects, each with its place in the text."""

    letters: str
    places: tuple[int, ...]


@dataclass(frozen=True)
class Meant:
    """Whom a text means.

    Attributes:
        names, units: the keys of the people and units that are named in full.
        possible: what the names of people have who may be meant (see `marks_of`).
        unclear: something is written that names nobody in full.
        spans: where in the text somebody is named in full: from, to.
    """

    names: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    unclear: bool = False
    spans: tuple[tuple[int, int], ...] = ()

    @property
    def may_mean_somebody(self) -> bool:
        """Whether a surname, or what somebody may be called, stands there."""
        return any(not mark.startswith("=") for mark in self.possible)


def name_key(name: str) -> str:
    """A name without spaces, dots and remarks; two names with one key are one name, as far as anybody can tell."""
    letters = re.sub(IN_BRACKETS, "", unicodedata.normalize("NFKC", name))
    return re.sub(MARK_BEHIND, r"\1", _NOT_LETTERS.sub("", letters).translate(_SMALL))


def unit_key(name: str) -> str:
    """A unit's name without spaces and signs, its numerals as figures: 运行二班 is 运行2班."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", name)).translate(_SMALL).translate(_AS_DIGITS)


def marks_of(name: str) -> frozenset[str]:
    """By what somebody of this name may be meant: the surname ("张", "欧阳"), the end of the name ("~建国"), the name
    or a part of it ("=阿依古丽").
    """
    key = name_key(name)
    if not key:
        return frozenset()
    parts = {name_key(part) for part in _PARTS.split(unicodedata.normalize("NFKC", name))}
    marks = {key[0], f"~{key[-1]}", f"={key}", *(f"={part}" for part in parts if len(part) >= _SHORT)}
    if len(key) >= _LONG:
        marks |= {key[:2], f"~{key[-2:]}"}
    return frozenset(marks)


def segments(text: str) -> list[Segment]:
    """The letters of a text by which names are found in it, whatever their width, spaces, dots and brackets."""
    found: list[Segment] = []
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for letter in unicodedata.normalize("NFKC", sign):
            if letter in _BETWEEN:
                found.append(Segment("".join(letters), tuple(places)))
                letters, places = [], []
            elif letter in _HIDDEN:
                letters.append("某")
                places.append(place)
            elif not _NOT_LETTERS.match(letter):
                letters.append(letter.translate(_SMALL))
                places.append(place)
    found.append(Segment("".join(letters), tuple(places)))
    return [segment for segment in found if segment.letters]


def _substrings(letters: str, longest: int) -> Iterator[str]:
    for start in range(len(letters)):
        for end in range(start + _SHORT, min(start + longest, len(letters)) + 1):
            yield letters[start:end]


def name_candidates(parts: Iterable[Segment]) -> set[str]:
    """All that may be the key of a name in a short text."""
    return {each for part in parts for each in _substrings(part.letters, LONGEST_NAME)}


def unit_candidates(parts: Iterable[Segment]) -> set[str]:
    """All that may be the key of a unit's name in a short text."""
    return {each for part in parts for each in _substrings(part.letters.translate(_AS_DIGITS), LONGEST_UNIT)}


def names_in_prose(parts: Iterable[Segment]) -> set[str]:
    """As `name_candidates`, for a long text: only what begins with a surname, or stands between signs of its own."""
    found: set[str] = set()
    for part in parts:
        if len(part.letters) <= LONGEST_NAME:
            found.add(part.letters)
        for start, letter in enumerate(part.letters):
            if letter in SURNAMES or part.letters[start : start + 2] in TWO_CHARACTER_SURNAMES:
                found |= {part.letters[start : start + length] for length in (2, 3, 4)}
    return {each for each in found if len(each) >= _SHORT}


def numbers(text: str) -> dict[tuple[int, int], str]:
    """What may be an employee number, a phone number or the code of a unit, by where it stands: from, to.

    Of a year, a room or a sum it is plain what they are, unless the text calls them a number.
    """
    plain, places = [], []
    for place, sign in enumerate(text):
        for letter in unicodedata.normalize("NFKC", sign):
            plain.append(letter)
            places.append(place)
    letters = "".join(plain)
    found = {}
    for match in _NUMBER.finditer(letters):
        called = _CALLED_A_NUMBER.search(letters[: match.start()])
        counts = _COUNTS_SOMETHING.match(letters, match.end())
        if called or (len(match[0]) >= _FEWEST_SIGNS and not counts):
            found[places[match.start()], places[match.end() - 1] + 1] = match[0]
    return found


@dataclass
class _Found:
    """A stretch of a segment in which a name or a unit's name stands."""

    start: int
    end: int
    name: str = ""
    unit: str = ""
    within: list["_Found"] = field(default_factory=list)


def resolve(text: str, *, names: Collection[str], units: Collection[str], known: Collection[tuple[int, int]]) -> Meant:
    """Whom a text means, of all that could be looked up.

    Args:
        text: what was written.
        names: those of `name_candidates` that are on the roster.
        units: those of `unit_candidates` that are.
        known: where numbers stand that are somebody's or a unit's.
    """
    if "".join(part.letters for part in segments(text)) in {"", *_NOBODY}:
        return Meant()
    found_names: set[str] = set()
    found_units: set[str] = set()
    possible: set[str] = set()
    spans = set(known)
    unclear = False
    for part in segments(text):
        chosen = _chosen(part, names, units)
        numbered = [n for n, place in enumerate(part.places) if any(start <= place < end for start, end in known)]
        taken = {n for each in chosen for n in range(each.start, each.end)} | set(numbered)
        for each in chosen:
            found_names |= {each.name} - {""}
            found_units |= {each.unit} - {""}
            possible |= _as_an_address(each.name) | _cut_from_a_title(part.letters[each.start :], each.name)
            spans.add((part.places[each.start], part.places[each.end - 1] + 1))
            nested, certain = _nested(part, each, taken)
            found_names |= certain
            possible |= {f"={name}" for name in nested}
        people = {n for each in chosen if each.name for n in range(each.start, each.end)} | set(numbered)
        maybe, left = _around(part.letters, taken, beside_a_name=bool(people))
        possible |= maybe
        unclear |= bool(maybe) or (left and not people) or _adds_somebody(part.letters, taken, people)
        unclear |= not people and any(_SOMEBODY_OF_A_UNIT.match(part.letters[each.end :]) for each in chosen)
    return Meant(
        frozenset(found_names),
        frozenset(found_units),
        frozenset(possible),
        unclear or bool(possible) or not spans,
        tuple(sorted(_joined(spans))),
    )


def _chosen(part: Segment, names: Collection[str], units: Collection[str]) -> list[_Found]:
    """The stretches that are names: of one within another the longer, of two that overlap both."""
    figures = part.letters.translate(_AS_DIGITS)
    stretches: list[_Found] = []
    for start in range(len(part.letters)):
        for end in range(start + _SHORT, min(start + LONGEST_UNIT, len(part.letters)) + 1):
            name, unit = part.letters[start:end], figures[start:end]
            name, unit = name if name in names else "", unit if unit in units else ""
            if (name or unit) and _whole(part.letters, start, end):
                stretches.append(_Found(start, end, name, unit))
    chosen: list[_Found] = []
    for each in sorted(stretches, key=lambda found: (found.start - found.end, found.start)):
        around = [other for other in chosen if other.start <= each.start and each.end <= other.end]
        for other in around:
            other.within.append(each)
        if not around:
            chosen.append(each)
    return sorted(chosen, key=lambda found: found.start)


def _whole(letters: str, start: int, end: int) -> bool:
    """Whether no Latin word and no number is cut in two."""
    return not any(
        0 < cut < len(letters) and letters[cut - 1] in _LATIN and letters[cut] in _LATIN for cut in (start, end)
    )


def _nested(part: Segment, outer: _Found, taken: Collection[int]) -> tuple[set[str], set[str]]:
    """The shorter names within a longer one: those that may be meant, and those within a unit's name, which are.

    Of 张伟强主任 it is plain who is meant; 张伟强迫我们 may be 张伟强 or 张伟, and 徐明工 may be 徐明 with a title.
    """
    within = {each.name for each in outer.within if each.name}
    titled = {name for name in within if outer.name.startswith(name) and _TITLED.fullmatch(outer.name[len(name) :])}
    if not outer.name:
        return set(), within
    rest = part.letters[outer.end :]
    ends = (
        not rest
        or outer.end in taken
        or part.places[outer.end] != part.places[outer.end - 1] + 1
        or bool(_LEADING.match(rest) or _LINKS.match(rest))
    )
    return (titled, set()) if ends else (within, set())


def _around(letters: str, taken: Collection[int], *, beside_a_name: bool) -> tuple[set[str], bool]:
    """What the letters beside the names say: who may be meant, and whether anything is said but titles of a unit's."""
    possible: set[str] = set()
    left = False
    for start, piece in _pieces(letters, taken):
        rest = _LEADING.sub("", piece) if start else piece
        linked = _LINKS.split(rest)
        for each in dict.fromkeys([*linked, *([rest] if any(linked) else [])]):
            if _OF_NO_MATTER.match(each) or (taken and _MARK.fullmatch(each)):
                continue
            if _ONLY_TITLES.match(each):
                left |= not taken
                continue
            left = True
            possible |= _possible(each, beside_a_name=beside_a_name)
    return possible, left


def _adds_somebody(letters: str, taken: Collection[int], people: Collection[int]) -> bool:
    """Whether, beside the names, words stand for somebody else: 张伟跟党建专责, 张伟他们主任."""
    for start, piece in _pieces(letters, taken):
        apart = _AND.split(piece)
        first, last = 0 if start == 0 else 1, len(apart) - (start + len(piece) < len(letters))
        if len(apart) > 1 and any(each != "我" and not _OF_NO_MATTER.match(each) for each in apart[first:last]):
            return True
        if start - 1 in people and _SOMEBODY_OF_THEIRS.match(piece):
            return True
    return False


def _pieces(letters: str, taken: Collection[int]) -> Iterator[tuple[int, str]]:
    start = 0
    for place in [*sorted(taken), len(letters)]:
        if start < place:
            yield start, letters[start:place]
        start = place + 1


def _possible(piece: str, *, beside_a_name: bool) -> set[str]:
    """Who may be meant by words that are nobody's name: a surname with a title, a form of address, a name misspelt.

    Beside a name most other words say more about its bearer: where they work, what they did.
    """
    marks = {
        match[1]
        for match in _WITH_TITLE.finditer(piece)
        if not beside_a_name or not match.start() or _is_surname(match[1])
    }
    marks |= {next(filter(None, match.groups())) for match in _SURNAME_ALONE.finditer(piece)}
    for match in _NICKNAME.finditer(piece):
        if _is_surname(match[1]) or not (match[2] or beside_a_name):
            marks |= {match[1], f"~{match[1]}"}
    office = _WITH_OFFICE.search(piece)
    if office and _is_surname(office[1]) and not (beside_a_name and office.start()):
        marks.add(office[1])
    if beside_a_name and (marks or _OF_A_UNIT.search(piece) or len(piece) > _LONGEST_GUESSED):
        return marks
    first = _STARTS_AS_A_NAME.match(piece)
    if first and _is_surname(first[1]):
        marks |= {first[1], first[1][0]}
    if not beside_a_name:
        marks |= {f"~{match[1]}" for match in _GIVEN_AND_TITLE.finditer(piece)}
        bare = {piece, _TRAILING.sub("", piece)}
        marks |= {f"={each}" for each in bare if _SHORT <= len(each) <= LONGEST_NAME}
        marks |= {f"~{piece}"} if re.fullmatch(f"{_HAN}{{2}}", piece) else set()
    return marks


def _as_an_address(name: str) -> set[str]:
    """The surname, where a name is spelt like a surname with a title: 徐总 may be one Xu or the other."""
    found = (_WITH_TITLE.fullmatch(name), _WITH_OFFICE.fullmatch(name), _NICKNAME.fullmatch(name))
    return {match[1] for match in found if match and _is_surname(match[1])}


def _cut_from_a_title(letters: str, name: str) -> set[str]:
    """The surname, where a name is cut out of a surname with a longer title: 刘主任 beside somebody called 刘主."""
    match = _WITH_TITLE.match(letters) if name else None
    return {match[1]} if match and match.end() > len(name) and _is_surname(match[1]) else set()


def _is_surname(letters: str) -> bool:
    return letters in SURNAMES or letters in TWO_CHARACTER_SURNAMES


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that overlap as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
