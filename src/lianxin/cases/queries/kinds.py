"""What kind of case it may be, for whoever accepts it: a suggestion is shown as one, and never stored."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.cases.enums import CaseKind, Field
from lianxin.cases.events import Offer
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


LOOKED_AT, FEWEST, MOST = 500, 5, 0.6
"""The latest cases of the categories; so many of one category, and so large a part of them of one kind, are a habit."""


class SuggestedKind(NamedTuple):
    """A kind, and why it is suggested."""

    kind: CaseKind
    reason: str


def suggested_kinds(
    cases: Sequence[Case], offered: Mapping[UUID, Mapping[Field, Sequence[Offer]]]
) -> dict[UUID, SuggestedKind]:
    """What is suggested for unclassified cases: by their words, else the usual kind in the category suggested.

    One statement, where some of them need it.
    """
    open_ones = [case for case in cases if case.kind == CaseKind.UNSORTED]
    found = {case.pk: said for case in open_ones if (said := kind_by_words(f"{case.title}\n{case.body}"))}
    categories = {
        case.pk: int(offers[0].value)
        for case in open_ones
        if case.pk not in found and (offers := offered[case.pk].get(Field.CATEGORY))
    }
    usual = _usual_kinds(set(categories.values()))
    reason = _("Suggested: most cases in the suggested category are of this kind.")
    return found | {pk: SuggestedKind(usual[row], reason) for pk, row in categories.items() if row in usual}


def kind_by_words(text: str) -> SuggestedKind | None:
    """The first kind of which a word stands in the text, the more particular kinds first."""
    danger = next((danger for danger in dangers(text) if danger.kind in AT_A_PLACE), None)
    if danger:
        return _by_word(CaseKind.HAZARD, danger.words[0])
    for kind, pattern in _PATTERNS.items():
        if match := pattern.search(text):
            return _by_word(kind, match.group())
    return None


def _by_word(kind: CaseKind, word: str) -> SuggestedKind:
    return SuggestedKind(kind, _("Suggested: the text says “%(words)s”.") % {"words": word})


def _usual_kinds(categories: Collection[int]) -> dict[int, CaseKind]:
    """Category → the kind that most of its latest cases have, where most have one."""
    if not categories:
        return {}
    known = Case.objects.filter(category__in=categories, is_test=False, sealed=False).exclude(kind=CaseKind.UNSORTED)
    counted: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for category, kind in known.order_by("-submitted_at").values_list("category", "kind")[:LOOKED_AT]:
        counted[category][kind] += 1
    usual = {category: kinds.most_common(1)[0] for category, kinds in counted.items()}
    return {
        category: CaseKind(kind)
        for category, (kind, number) in usual.items()
        if counted[category].total() >= FEWEST and number >= MOST * counted[category].total()
    }
