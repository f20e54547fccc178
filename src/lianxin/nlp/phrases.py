"""Phrases inside titles that a person might write as a heading: "食堂早餐不新鲜", never "我是外包转过".

By the kinds of words that the dictionary knows ("n" noun, "v" verb, …): a phrase holds a noun, begins and ends with
what can stand there, and best where its clause begins and ends, once "请问" and "的问题" are taken off.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from lianxin.nlp.entities import Names
from lianxin.nlp.normalization import plain
from lianxin.nlp.tokenization import tagged

_Asked = Callable[[str], bool]
LONGEST, SHORTEST, MOST_WORDS = 18, 3, 10
"""Letters and words of a phrase."""
ENOUGH = 12
"""A longer phrase is harder to read, letter by letter."""
_LONG = 0.025

_BREAK = re.compile(r"[,;:!?…。、，；：！？“”\"'《》()（）【】]+|(?<![A-Za-z0-9])\s+(?![A-Za-z0-9])")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_QUESTIONS = _words(
    "什么 什么时候 为什么 为何 何时 何年何月 怎么 怎样 怎么样 如何 是否 能否 可否 多久 多少 哪里 哪个 哪些 "
    "几时 谁 到底 究竟 难道 可不可以 能不能 是不是 有没有 会不会 要不要 该不该 啥 啥时候 何去何从"
)
"""A phrase does not run over a question."""
_OPENERS = _words(
    "请 请问 问 咨询 询问 反映 反应 反馈 投诉 举报 控告 控诉 质疑 建议 希望 盼 盼望 恳请 恳求 请求 要求 强烈 呼吁 "
    "申请 坚决 反对 求 求助 跪求 急求 望 关于 对于 对 就 针对 再次 再 严重 尽快 加快 加强 加大 解决 帮助 帮忙 处理 "
    "查处 严查 关注 重视 有关 说说 谈谈 给 让 把 我 我们 想 想问 了解 情况 一下 书记 市长 领导 政府 相关 部门 敦促 "
    "督促 感谢 是 昨天 今天 最近 近期"
)
"""What people write before they come to the matter."""
_CLOSERS = _words(
    "问题 的 情况 建议 意见 投诉 咨询 请求 疑问 疑惑 事宜 事情 相关 有关 举报 反映 求助 呼吁 心声 几个 几点 一些 "
    "些许 信 留言 诉求 吗 呢 吧 啊 怎么办 谢谢 有感 之 等"
)
"""What they write after it."""
_FILLERS = _words("已 已经 一直 又 还 都 就 也 太 很 非常 再次 仍 仍然 依然 终于")
_HELPERS = _words("是 要 会 能 到 不能 存在 出台")
_UNFINISHED = _HELPERS | _words("无法 没有 有")
"""Words that ask for another one."""
_NEGATIONS = _words("没 不 未 无 别")
_ASKING = _words("吗 么 呢 嘛")
_SPEAKERS = _words("我 我们 本人 咱们 俺")
_DATES = re.compile(r"从?\d{1,2}月\d{1,2}[日号](?:起|开始|以来)?|从?\d{1,2}月(?:起|开始)")
"""When it began: it parts what belongs together."""
LATER = 0.75
"""What a clause is worth beside the one before it: people begin with the matter."""
AS_QUESTION = 0.5
"""What a phrase is worth that was a question: "还有留样吗" does not say that there is any."""
OF_ONESELF = 0.6
"""What a clause is worth that begins with who speaks."""
_FUNCTION = "rupcyd"
"""Pronouns, particles, prepositions, conjunctions, adverbs."""
_DONE = "ul"  # 了


class Tagged(NamedTuple):
    """A word, its kind, and the space that stands before it."""

    word: str
    kind: str
    space: str = ""

    @property
    def is_function(self) -> bool:
        return self.kind[0] in _FUNCTION and self.word not in _NEGATIONS

    @property
    def is_noun(self) -> bool:
        return (self.kind[0] in "nj" or self.kind in ("vn", "an", "l", "s")) and self.word not in _OPENERS

    @property
    def tells(self) -> bool:
        """Whether it says what is the matter, and not only where."""
        return self.kind in ("v", "vn", "a", "an", "ad", "d") and self.word not in _OPENERS


@dataclass(frozen=True, slots=True)
class Phrase:
    """Some neighbouring words of a clause. `quality`: how well it stands alone, from 0 to 1."""

    words: Sequence[Tagged]
    quality: float

    @property
    def text(self) -> str:
        return _joined(self.words)

    @property
    def content(self) -> list[str]:
        """Its words that mean something, each once."""
        return list(dict.fromkeys(each.word for each in self.words if not each.is_function))

    @property
    def tells(self) -> bool:
        return any(each.tells for each in self.words)


def phrases(title: str, names: Names, is_common: _Asked) -> Iterator[Phrase]:
    """All phrases of a title, in small letters; a name is one word of them.

    `is_common`: whether a word is most titles'. A phrase may well begin after one that is not, or end before it.
    """
    for place, clause in enumerate(_clauses(title, names)):
        worth = LATER**place * (OF_ONESELF if clause and clause[0].word in _SPEAKERS else 1)
        matter = _matter(clause)
        for first in range(matter.start, matter.stop):
            for after in range(first + 1, min(matter.stop, first + MOST_WORDS) + 1):
                length = len(_joined(clause[first:after]))
                if length > LONGEST:
                    break
                quality = _quality(clause, matter, first, after, is_common) if length >= SHORTEST else 0.0
                if quality:
                    shorter = 1 - _LONG * max(0, length - ENOUGH)
                    yield Phrase(clause[first:after], quality * shorter * worth)


def first_clause(title: str) -> str:
    """What a title begins with, as it stands but for "请问"."""
    found = next((part.strip() for part in _BREAK.split(plain(title)) if part and part.strip()), "")
    return found.lower().removeprefix("请问")


def is_telling(word: str) -> bool:
    """Whether a word may stand for a matter: it neither asks nor introduces."""
    return word not in _QUESTIONS | _OPENERS | _CLOSERS | _FILLERS


def _joined(words: Sequence[Tagged]) -> str:
    """Words as they are written: Latin ones with a space between them."""
    return words[0].word + "".join(
        (each.space or " " * (before.word[-1].isascii() and each.word[0].isascii())) + each.word
        for before, each in pairwise(words)
    )


def _clauses(title: str, names: Names) -> Iterator[list[Tagged]]:
    clause: list[Tagged] = []
    space = ""
    for piece, is_name in names.pieces(_DATES.sub("", plain(title))):
        if is_name:
            clause.append(Tagged(piece, "nz"))
            continue
        for number, part in enumerate(_BREAK.split(piece)):
            if number:
                yield clause
                clause = []
            for word, kind in tagged(part):
                if word in _QUESTIONS:
                    yield clause
                    clause = []
                elif not word.isspace():
                    clause.append(Tagged(word, kind, space))
                space = " " if word.isspace() else ""
    yield clause


def _matter(clause: Sequence[Tagged]) -> slice:
    """Where in a clause the matter begins and ends."""
    begin, end = 0, len(clause)
    while begin < end and (clause[begin].word in _OPENERS or clause[begin].kind[0] in "rupcyt"):
        begin += 1
    while end > begin and (
        clause[end - 1].word in _CLOSERS or (clause[end - 1].is_function and clause[end - 1].kind != _DONE)
    ):
        end -= 1
    return slice(begin, end)


def _stands_alone(within: Sequence[Tagged]) -> bool:
    """Whether a row of words has a noun, speaks of nobody, and begins and ends with what can stand there."""
    head, tail = within[0], within[-1]
    nouns = "".join(each.word for each in within if each.is_noun)
    return not (
        len(nouns) < 2  # noqa: PLR2004 - one letter is a part of a name that the dictionary does not know
        or any(each.word in _SPEAKERS for each in within)
        or head.word in _OPENERS | _FILLERS | _HELPERS
        or head.is_function
        or head.kind[0] in "mqxot"
        or tail.word in _CLOSERS | _FILLERS | _UNFINISHED | _NEGATIONS
        or (tail.is_function and tail.kind != _DONE)
        or tail.kind[0] in "qxomft"
        or (tail.kind == "v" and len(_joined(within)) <= SHORTEST)
    )


def _quality(clause: Sequence[Tagged], matter: slice, first: int, after: int, is_common: _Asked) -> float:
    within = clause[first:after]
    if not _stands_alone(within):
        return 0.0
    tail = within[-1]
    quality = 0.85 if within[0].kind == "v" else 1.0
    if any(each.kind[0] in "mt" and not is_common(each.word) for each in within):
        quality *= 0.6
    if first > matter.start:
        quality *= _after(clause[first - 1], is_common)
    if after < matter.stop:
        quality *= _before(tail, clause[after], is_common)
        if any(each.kind[0] == "p" for each in within):
            quality *= 0.4
    elif after < len(clause) and clause[after].word in _ASKING:
        quality *= AS_QUESTION
    return quality


def _after(before: Tagged, is_common: _Asked) -> float:
    """How well a phrase begins after a word: not within a name, not with the object of a verb alone."""
    if before.is_function or before.word in _OPENERS:
        return 0.9
    return 0.5 if is_common(before.word) else 0.7


def _before(tail: Tagged, following: Tagged, is_common: _Asked) -> float:
    """How well a phrase ends before a word: not within a name, not between a verb and its object."""
    if tail.kind in ("v", "a", "ad"):
        return 0.75 if len(tail.word) > 1 and following.kind[0] in "vdpcytm" else 0.3
    if following.kind[0] in "vdpcyr" or following.word in _CLOSERS:
        return 0.9
    if following.kind[0] == "u":
        return 0.75
    return 0.25 if is_common(following.word) else 0.6
