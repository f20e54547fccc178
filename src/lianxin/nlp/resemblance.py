"""Whether a short text may mean somebody who is known: by sound, in Latin letters, in part, by number or by post.

The roster at large is never searched this way: it is for comparing a text with the few people who could receive, settle
or handle a case. Too many is safer than too few: whoever may be meant is only left out until somebody else has settled
who is.
"""

import os
import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from lianxin.nlp.subjects import SURNAMES, TITLES, TWO_CHARACTER_SURNAMES, marks_of, name_key, segments

os.environ.update(PYPINYIN_NO_PHRASES="true")  # single characters are looked up: words would only take memory
from pypinyin import Style, pinyin

Sound = frozenset[str]

_DIGITS = ("〇零○", "一壹幺么", "二贰貳两兩", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
_ORDINARY_DIGITS = str.maketrans({sign: str(digit) for digit, signs in enumerate(_DIGITS) for sign in signs})
_NUMERALS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("lyu", "lv"), ("ü", "v"))
"""Spellings and sounds that are confused with each other."""
_LATIN_WORDS = re.compile(r"[a-z]+(?:['’][a-z]+)*")
_LATIN_RUN = re.compile(r"[a-z]+(?:[\s.,\-_'’·•]+[a-z]+)*")
_PARTS_OF_A_NAME = re.compile(r"[\s·•・‧∙⋅.]+")
_FEWEST_DIGITS, _SHORT, _LONG, _MOST_READINGS = 3, 2, 3, 64

_POSTS = ("专责", "专工", "专干", "主管", "负责人", "管理", "班员", "职员", "员工", "人员")
_GENERAL = "|".join(sorted({*TITLES, *_POSTS}, key=len, reverse=True))
_WITHOUT_GENERAL = re.compile(rf"(?:{_GENERAL}|[正副])+$")
_ONLY_GENERAL = re.compile(
    rf"^(?:我们?|你们?|咱们?|他们?|这个?|那个?|这位|那位|本|该|单位|部门|公司|车间|班组|[的正副老大])*({_GENERAL})(?:的|们|等|人)*$"
)


@dataclass(frozen=True)
class Known:
    """What is known of somebody with whom a text is compared.

    Attributes:
        name: as on the roster.
        numbers: employee number and phone.
        posts: posts and job titles.
        units: names of the units where they work or hold a role.
        callings: what people call somebody with their roles; titles (主任) count only where nothing else is written.
    """

    name: str
    numbers: Sequence[str] = ()
    posts: Collection[str] = ()
    units: Collection[str] = ()
    callings: Collection[str] = ()


def may_mean(text: str, known: Known, marks: Collection[str] = ()) -> bool:
    """Whether a text may mean somebody.

    Args:
        text: what was written about whom.
        known: with whom it is compared.
        marks: the marks of names that were found in the text (`nlp.subjects.resolve`).
    """
    parts = [part.letters for part in segments(text)]
    return (
        _sounds_marked(known.name, marks)
        or any(_has_name(part, known.name) for part in parts)
        or _has_latin_name(text, known.name)
        or _has_number(text, known.numbers)
        or any(_has_post(part, known) for part in parts)
        or any(_names_unit(part, unit) for part in parts for unit in known.units)
    )


def sounds_named(text: str, name: str) -> bool:
    """Whether the whole of a name stands in a text, by its sound."""
    key = name_key(name)
    return len(key) >= _SHORT and any(_find(sounds(part.letters), sounds(key)) for part in segments(text))


@lru_cache(maxsize=8192)
def _readings(letter: str) -> Sound:
    """All that a character may sound like, without tones; itself where it has no sound."""
    letter = _NUMERALS.get(letter, letter)
    found = pinyin(letter, style=Style.NORMAL, heteronym=True, errors="ignore")
    heard = {_fold(reading) for reading in found[0]} if found else set()
    return frozenset(heard | {letter})


def sounds(letters: str) -> list[Sound]:
    """What each character of a text may sound like; those that sound alike have something in common."""
    return [_readings(letter) for letter in letters]


def _fold(latin: str) -> str:
    for spelt, folded in _NEAR:
        latin = latin.replace(spelt, folded)
    return latin


def _alike(one: Sequence[Sound], other: Sequence[Sound]) -> int:
    """In how many places two stretches of one length sound alike."""
    return sum(not here.isdisjoint(there) for here, there in zip(one, other, strict=True))


def _find(text: Sequence[Sound], wanted: Sequence[Sound], *, missing: int = 0) -> bool:
    """Whether a stretch sounds like what is wanted, but for `missing` characters."""
    length = len(wanted)
    starts = range(len(text) - length + 1)
    return any(_alike(text[start : start + length], wanted) >= length - missing for start in starts)


def _sounds_marked(name: str, marks: Collection[str]) -> bool:
    """Whether a mark found in the text sounds like one that the name has: 申主任 for 沈."""
    own = [(mark[:1] if mark[:1] in "~=" else "", sounds(mark.lstrip("~="))) for mark in marks_of(name)]
    for mark in marks:
        sign, heard = mark[:1] if mark[:1] in "~=" else "", sounds(mark.lstrip("~="))
        if any(sign == kind and len(heard) == len(each) and _find(heard, each) for kind, each in own):
            return True
    return False


def _has_name(letters: str, name: str) -> bool:
    """Whether a name stands in a text by its sound, the beginning or end of a part of it, or all but one character."""
    text = sounds(letters)
    for part in (name_key(each) for each in _PARTS_OF_A_NAME.split(unicodedata.normalize("NFKC", name))):
        heard = sounds(part)
        if len(part) < _SHORT or part.isascii():
            continue
        if _find(text, heard[:_SHORT]) or _find(text, heard[-_SHORT:]):
            return True
        if len(part) >= _LONG and _find(text, heard, missing=1):
            return True
    return _ends_with_surname(letters, name)


def _ends_with_surname(letters: str, name: str) -> bool:
    """Whether a text ends with somebody's surname, behind the title: 总经理沈."""
    key = name_key(name)
    surname = key[:2] if key[:2] in TWO_CHARACTER_SURNAMES else key[:1]
    end = letters[-len(surname) :]
    is_surname = end in SURNAMES or end in TWO_CHARACTER_SURNAMES or end == surname
    return is_surname and len(end) == len(surname) and _find(sounds(end), sounds(surname))


def _has_latin_name(text: str, name: str) -> bool:
    """Whether a name is spelt in Latin letters: Shen Huigui, huigui shen, shg, S桂, M. Chen."""
    lowered = unicodedata.normalize("NFKC", text).lower()
    words = {_fold(word) for word in _LATIN_WORDS.findall(lowered)}
    own = {_fold(word) for word in _LATIN_WORDS.findall(unicodedata.normalize("NFKC", name).lower())}
    runs = [_fold("".join(_LATIN_WORDS.findall(run))) for run in _LATIN_RUN.findall(lowered)]
    if own:
        heard = {reading for letter in lowered if not letter.isascii() for reading in _readings(letter)}
        long = [word for word in own if len(word) > _LONG]
        return bool((words | heard) & own) or any(word in run for word in long for run in runs)
    return bool(words) and _is_spelt(words, runs, name_key(name))


def _is_spelt(words: Collection[str], runs: Sequence[str], key: str) -> bool:
    length = 2 if key[:2] in TWO_CHARACTER_SURNAMES else 1
    choices = [sorted(_romanised(letter)) for letter in key]
    if not all(choices) or len(key) <= length:
        return False
    for reading in list(product(*choices))[:_MOST_READINGS]:
        surname, given = "".join(reading[:length]), "".join(reading[length:])
        initials = "".join(syllable[0] for syllable in reading)
        whole = {surname, given, surname + given, given + surname, initials, initials[length:] + initials[:length]}
        whole |= {initials[0]} - {"x"}
        if whole & {*words, *runs}:
            return True
        if any(long in run for run in runs for long in (surname + given, given + surname, given) if len(long) > _LONG):
            return True
    return False


def _romanised(letter: str) -> set[str]:
    heard = {reading for reading in _readings(letter) if reading.isascii() and reading.isalpha()}
    return heard | {reading.replace("v", "u") for reading in heard}


def _has_number(text: str, numbers: Sequence[str]) -> bool:
    """Whether a number, or its last digits, stands in a text: in words, with spaces or wide."""
    spelt = unicodedata.normalize("NFKC", text).translate(_ORDINARY_DIGITS).lower()
    letters = re.sub(r"[^\w]|_", "", spelt)
    runs = [run for run in re.findall(r"[0-9]+", letters) if len(run) >= _FEWEST_DIGITS]
    for number in (re.sub(r"[^0-9a-z]", "", number.lower()) for number in numbers):
        if len(number) < _FEWEST_DIGITS:
            continue
        if number in letters or any(number.endswith(run) for run in runs):
            return True
    return False


def _has_post(letters: str, known: Known) -> bool:
    """Whether a text speaks of a post or role of somebody: the post, what it is about, or a title and nothing else."""
    text = sounds(letters)
    posts = [name_key(post) for post in known.posts]
    about = [_WITHOUT_GENERAL.sub("", post) for post in posts]
    wanted = [each for each in (*posts, *about) if len(each) >= _SHORT and _WITHOUT_GENERAL.sub("", each)]
    wanted += [each for each in known.callings if each not in TITLES]
    if any(_find(text, sounds(each)) for each in wanted):
        return True
    alone = _ONLY_GENERAL.match(letters)
    return alone is not None and any(each.endswith(alone[1]) for each in (*posts, *known.callings))


def _names_unit(letters: str, unit: str) -> bool:
    """Whether a text names a unit, by its sound, or in short: 石桥公司 for 石桥县供电公司."""
    text, whole = sounds(letters), sounds(name_key(unit))
    if len(whole) < _SHORT:
        return False
    if _find(text, whole):
        return True
    return any(
        _is_short_form(text[start:end], whole)
        for start in range(len(text))
        if not text[start].isdisjoint(whole[0])
        for end in range(start + _LONG, min(start + len(whole), len(text) + 1))
    )


def _is_short_form(short: Sequence[Sound], whole: Sequence[Sound]) -> bool:
    """Whether all characters stand in a longer name in this order, with the same ending."""
    if short[-1].isdisjoint(whole[-1]):
        return False
    rest = iter(whole)
    return all(any(not heard.isdisjoint(each) for each in rest) for heard in short)
