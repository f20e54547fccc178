"""Words of danger, so that help comes first. A short list that everybody can read, and nothing clever.

It may warn too often: somebody looks, and nothing else follows from it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from lianxin.text.normalising import plain


class DangerKind(StrEnum):
    """What the words speak of, the most pressing first."""

    CRISIS = "crisis"
    """A person who may harm themselves."""
    LIFE = "life"
    """People in danger now."""
    VIOLENCE = "violence"
    """One person threatens or hurts another."""
    HAZARD = "hazard"
    """Something that may hurt people."""
    HARDSHIP = "hardship"
    """People who cannot wait: without water, light, heating or wages."""


WORDS: dict[DangerKind, str] = {
    DangerKind.CRISIS: (
        r"不想(?:再)?活|活不下去|活够了|没有?勇气活|活着(?:真|也)?没(?:有)?(?:意思|意义|劲)|自杀|自尽|自残|轻生|"
        r"寻短见|寻死|想死(?!你|我)|跳楼|跳河|跳桥|割腕|上吊|服毒|喝农药|遗书|离开这个世界|结束(?:自己的?)?生命|"
        r"了结(?:自己|生命)|死了算了|不如死|一死了之|一了百了|suicid\w*|kill myself|end my life|want to die"
    ),
    DangerKind.LIFE: (
        r"触电|漏电|跑电|电击|被电(?:到|着|了|晕|伤|死)|电(?:到|着)人|裸露.{0,4}电线|电线.{0,4}裸露|"
        r"(?:煤气|燃气|天然气|氨气|氯气|毒气)(?:泄漏|泄露|漏)|漏气|漏(?:煤气|燃气)|(?:煤气|燃气|天然气)味|冒烟|着火|起火|失火|火灾|火花|爆炸|爆燃|烧起来|"
        r"坍塌|塌方|塌陷|垮塌|倒塌|[要会快]塌|塌[了下]|[要快]倒了|坠落|高空坠物|[要快]掉下来|砸(?:到|着|中|伤|死)|"
        r"中毒|窒息|昏迷|休克|晕倒|昏倒|晕过去|不省人事|没(?:有)?呼吸|喘不(?:过|上)气|心脏病发|大出血|流血不止|中暑|溺水|落水|"
        r"被困|困在(?:里面|电梯|井|火)|压在(?:下面|底下)|被(?:埋|卷|夹|绞|压)(?:住|在|进|到)|生命危险|救命|快来人|"
        r"electric shock|gas leak|on fire|explosion|collaps\w*|about to fall|trapped|unconscious|not breathing|bleeding"
    ),
    DangerKind.VIOLENCE: (
        r"持刀|拿刀|动刀|动手打|打伤|打死|弄死|砍(?:人|伤|死)|捅(?:人|伤|死)|殴打|家暴|强奸|猥亵|性侵|性骚扰|"
        r"扬言要?(?:杀|打|砍)|要杀|同归于尽|人身(?:威胁|伤害)"
    ),
    DangerKind.HAZARD: (
        r"安全隐患|消防隐患|电线老化|线路老化|没有护栏|护栏.{0,4}(?:坏|松|断)|(?:消防|安全|疏散)通道.{0,6}(?:堵|占|锁)|"
        r"灭火器.{0,6}(?:过期|失效|没有)|井盖.{0,4}(?:缺|丢|坏|没)|危房|墙(?:体|面).{0,4}(?:开裂|脱落)|超载|刹车失灵|防护.{0,4}(?:缺失|失效)"
    ),
    DangerKind.HARDSHIP: (
        r"停水|断水|停电|断电|没有暖气|不供暖|停暖|拖欠.{0,4}工资|工资.{0,6}(?:没发|未发|拖欠)|吃不上饭|没钱(?:看病|治病|吃饭)|"
        r"高烧|孕妇|重病|病危"
    ),
}
"""What each kind is told by: alternatives of a regular expression."""

SPARED = ("没有", "未", "未发生", "防", "防止", "预防", "避免")
"""Right before the words: what is said not to be there, or to be prevented, is no danger."""
PRESSING = frozenset({DangerKind.CRISIS, DangerKind.LIFE, DangerKind.VIOLENCE})
"""Somebody may be in danger now."""
AT_A_PLACE = frozenset({DangerKind.LIFE, DangerKind.HAZARD})
"""What lies in a place or a thing, so that whoever answers for the place can take the danger away."""
DANGEROUS = PRESSING | AT_A_PLACE
"""All kinds but hardship: people may come to harm."""

_NOT_SPARED = "".join(f"(?<!{words})" for words in SPARED)
_PATTERNS = {kind: re.compile(f"{_NOT_SPARED}(?:{words})") for kind, words in WORDS.items()}


@dataclass(frozen=True, slots=True)
class Danger:
    """A kind of danger, and the words that speak of it."""

    kind: DangerKind
    words: tuple[str, ...]


def dangers(text: str) -> list[Danger]:
    """Of what dangers a text speaks, the most pressing first."""
    letters = plain(text).lower()
    found = ((kind, pattern.findall(letters)) for kind, pattern in _PATTERNS.items())
    return [Danger(kind, tuple(dict.fromkeys(words))) for kind, words in found if words]


def most_pressing(text: str) -> DangerKind | None:
    """The most pressing danger to people of which a text speaks; None without any. Hardship is none."""
    return next((danger.kind for danger in dangers(text) if danger.kind in DANGEROUS), None)
