"""What an enterprise calls its own: places, equipment, units. Each name is one word, however it is spelt."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from sys import intern

from lianxin.nlp import tokenization
from lianxin.nlp.normalization import plain
from lianxin.nlp.tokenization import Message

BEGINNING = 100
"""Characters of the body in which a message says where it is about, if its title does not."""
SHORTEST = 2
"""Names of fewer characters are none."""
KEPT = 65536
"""So many answers about pairs are remembered."""
_ONES = str.maketrans("〇零一二三四五六七八九#", "00123456789号")
"""Read as one: 三号 and 3号 and 3#; character by character, so that places in a text stay."""
_TENS = re.compile(r"(?<![0-9十百千])([1-9]?)十([1-9]?)(?![0-9十百千])")
_TWO_DIGITS = re.compile(r"(?<![0-9])([1-9])([0-9])(?=号)")
_NUMBERED = re.compile(r"([0-9]+)号")
_PARTED = re.compile(r"[,，、;；\t]")
_LATIN = frozenset("0123456789abcdefghijklmnopqrstuvwxyz")
_NUMERALS = frozenset("0123456789十百千")

Told = tuple[int, ...]
"""The things that a message is about, each once, the innermost only."""


@dataclass(frozen=True, slots=True)
class Name:
    """One thing.

    Attributes:
        spellings: what it is called; the first is shown.
        kind: of two things of one kind, a message about the one is not about the other; empty: that cannot be said.
    """

    spellings: tuple[str, ...]
    kind: str = ""


class Names:
    """Names ready to be found in texts: the longest first, whatever the spaces, numerals and capital letters.

    A spelling that two things claim is the earlier one's. A thing lies in another whose name its own holds (the boiler
    house of *the east station*).
    """

    def __init__(self, names: Iterable[Name]) -> None:
        self._shown: list[str] = []
        self._kind: list[str] = []
        self._thing: dict[str, int] = {}
        for name in names:
            spellings = dict.fromkeys(each for spelling in name.spellings for each in _variants(spelling))
            new = [each for each in spellings if len(each) >= SHORTEST and each not in self._thing]
            if new:
                self._thing |= dict.fromkeys(new, len(self._shown))
                self._shown.append(intern(" ".join(plain(name.spellings[0]).split())))
                self._kind.append(name.kind)
        lengths: dict[str, set[int]] = {}
        for spelling in self._thing:
            lengths.setdefault(spelling[:SHORTEST], set()).add(len(spelling))
        self._lengths = {start: sorted(found, reverse=True) for start, found in lengths.items()}
        starts = "".join(sorted({start[0] for start in lengths}))
        self._start = re.compile(f"[{re.escape(starts)}]") if starts else None
        self._around = self._surroundings()
        self._words = frozenset(self._shown)
        self.share, self.apart = (lru_cache(KEPT)(ask) for ask in (self._share, self._apart))

    def __len__(self) -> int:
        return len(self._shown)

    def __contains__(self, word: object) -> bool:
        """Whether a word is one of the names as it is shown."""
        return word in self._words

    def pieces(self, text: str) -> Iterator[tuple[str, bool]]:
        """A plain text in its parts: the names as they are shown (true), and what stands between them as it stands."""
        text = text.lower()
        done = 0
        for start, end, thing in self._found(text):
            if start > done:
                yield text[done:start], False
            yield self._shown[thing], True
            done = end
        if done < len(text):
            yield text[done:], False

    def cut(self, text: str) -> list[str]:
        """The words of a plain text, each name one of them (see `tokens.cut`)."""
        words: list[str] = []
        for piece, is_name in self.pieces(text):
            if is_name:
                words.append(piece)
            else:
                words += tokenization.cut(piece)
        return words

    def told(self, message: Message) -> Told:
        """What a message is about: of each kind what its title names, else what its body begins with."""
        title = self._named(plain(message.title))
        kinds = {self._kind[thing] for thing in title}
        body = self._named(plain(message.body)[:BEGINNING])
        things = title | {thing for thing in body if self._kind[thing] not in kinds}
        return tuple(sorted(one for one in things if not any(one in self._around[n] for n in things if n != one)))

    def _named(self, text: str) -> set[int]:
        return {thing for _start, _end, thing in self._found(text.lower()) if self._kind[thing]}

    def elsewhere(self, these: Counter[Told], those: Counter[Told]) -> bool:
        """Whether of two groups, given by what their messages are about, more pairs are apart than share a thing."""
        balance = 0
        for (here, number), (there, other) in product(these.items(), those.items()):
            balance += number * other * (self.apart(here, there) - self.share(here, there))
        return balance > 0

    def _share(self, these: Told, those: Told) -> bool:
        """Whether two messages are about one thing, or the one about what lies in the other's."""
        return any(one in self._around[other] or other in self._around[one] for one in these for other in those)

    def _apart(self, these: Told, those: Told) -> bool:
        """Whether two messages are about different things of one kind, and share none."""
        kinds = {self._kind[one] for one in these}
        return not (kinds.isdisjoint(self._kind[other] for other in those) or self._share(these, those))

    def _found(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Where names stand in a text in small letters: from, to, and which."""
        if self._start is None:
            return
        read = text.translate(_ONES)
        places = None
        if " " in read:
            places = [place for place, letter in enumerate(read) if letter != " "]
            read = read.replace(" ", "")
        done = 0
        for start in (match.start() for match in self._start.finditer(read)):
            if start < done:
                continue
            found = next(self._at(read, start), None)
            if found is not None:
                done, thing = found
                yield (start, done, thing) if places is None else (places[start], places[done - 1] + 1, thing)

    def _at(self, read: str, start: int) -> Iterator[tuple[int, int]]:
        """The names that begin there, the longest first: where each ends, and which it is."""
        for length in self._lengths.get(read[start : start + SHORTEST], ()):
            end = start + length
            thing = self._thing.get(read[start:end]) if end <= len(read) else None
            if thing is not None and _stands_alone(read, start, end):
                yield end, thing

    def _surroundings(self) -> list[frozenset[int]]:
        """Of each thing, itself and the things that it lies in."""
        around = [{thing} for thing in range(len(self._shown))]
        for spelling, thing in self._thing.items():
            around[thing].update(other for start in range(len(spelling)) for _end, other in self._at(spelling, start))
        return [frozenset(found) for found in around]


def spellings(line: str) -> list[str]:
    """The spellings of one thing that stand in a line, the name first: parted by commas or tabs."""
    return [spelling for part in _PARTED.split(line) if (spelling := " ".join(part.split()))]


def spelt(name: str) -> str:
    """A name as it is read: two that are spelt the same are one name."""
    read = plain(name).lower().translate(_ONES).replace(" ", "")
    return _TENS.sub(lambda found: f"{found[1] or 1}{found[2] or 0}", read)


def _variants(name: str) -> list[str]:
    """The ways in which a name may stand in a text: with figures or numerals, 3号 or #3; no spaces."""
    figures = spelt(name)
    numerals = _TWO_DIGITS.sub(lambda found: f"{found[1].lstrip('1')}十{found[2].lstrip('0')}", figures)
    return [figures, numerals, _NUMBERED.sub(r"号\1", figures)]


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether no number or Latin word is cut in two: 1号楼 does not stand in 11号楼."""
    return not any(
        0 < cut < len(text) and text[cut - 1] in letters and text[cut] in letters
        for cut in (start, end)
        for letters in (_LATIN, _NUMERALS)
    )
