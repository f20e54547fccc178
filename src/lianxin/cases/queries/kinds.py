"""What kind of case its words suggest, for whoever accepts it. Pure functions: a suggestion is shown, never stored."""

import re
from typing import NamedTuple

from lianxin.cases.enums import CaseKind
from lianxin.cases.models import Case
from lianxin.nlp.risk_detection import AT_A_PLACE, dangers

_WORDS = {
    CaseKind.PRAISE: r"表扬|点赞|特别感谢|好人好事|拾金不昧|锦旗",
    CaseKind.HAZARD: r"隐患|漏电|裸露|冒烟|开裂|裂缝|松动|打滑|结冰|没有护栏|掉下来|砸到|绊倒|消防通道|灭火器|绝缘",
    CaseKind.DISPUTE: r"纠纷|争执|吵起来|吵了|打起来|调解|仲裁|欠薪|拖欠",
    CaseKind.COMPLAINT: (
        r"投诉|举报|不公平|不公|态度(?:很|太|非常)?(?:差|恶劣|不好)|乱收费|克扣|弄虚作假|占着|推诿|没人管|从来没|讨个说法"
    ),
    CaseKind.SUGGESTION: (
        r"建议|提议|希望(?:能)?(?:增加|增设|加装|改成|调整|推迟|提前|延长|开放)"
        r"|能不能(?:增加|增设|加|改|设|推迟|提前|延长)"
    ),
    CaseKind.QUESTION: r"请问|咨询|想问|怎么(?:办理|算|申请|报)|如何(?:办理|计算|申请)|什么(?:政策|标准|时候能)|是否",
    CaseKind.HELP: r"坏了|没有热水|漏水|不制冷|不热|停电|申请|困难|帮忙|帮助|求助|麻烦安排|修一下|报修|没人来",
}
_PATTERNS = {kind: re.compile(pattern) for kind, pattern in _WORDS.items()}


class SuggestedKind(NamedTuple):
    """A kind, and the words by which it is suggested."""

    kind: CaseKind
    words: str


def suggested_kind(case: Case) -> SuggestedKind | None:
    """What its words say of an unclassified case, the more particular kinds first; None where they say nothing."""
    return kind_by_words(f"{case.title}\n{case.body}") if case.kind == CaseKind.UNSORTED else None


def kind_by_words(text: str) -> SuggestedKind | None:
    """The first kind of which a word stands in the text."""
    if found := next((danger for danger in dangers(text) if danger.kind in AT_A_PLACE), None):
        return SuggestedKind(CaseKind.HAZARD, found.words[0])
    for kind, pattern in _PATTERNS.items():
        if match := pattern.search(text):
            return SuggestedKind(kind, match.group())
    return None
