"""What a text is found by, what somebody asks for, and where it stands in a text.

A text is cut into *atoms*: Chinese characters, runs of letters, runs of figures. It is found by each pair of
neighbouring atoms at its place ("宿舍", "舍热", "热水"; "3号", "号变"), so that whatever is a part of a text is found
in it, however a dictionary would have cut it. What is asked for is cut into words, whose pairs have to stand in a row.

The database takes both as they are (`tsvector`, `tsquery`): its own parser never sees a text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from lianxin.nlp.normalization import plain
from lianxin.nlp.simplified import simplified
from lianxin.nlp.tokenization import pieces

MOST_ASKED = 200
"""Characters of what is asked for that are looked at."""
MOST_WORDS = 12
_GAP = 3
"""Places between two texts, so that no phrase reaches from one into the next."""
_WEAK = 2
"""Figures and letters so few say little without the word behind them: "3车间"."""
_SHORTEST_STEM = 3
_NUMBERED = "号"
_HAN = "々〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_ATOM = re.compile(rf"(?P<han>[{_HAN}])|(?P<figures>\d{{1,40}})|(?P<letters>(?:(?![{_HAN}])[^\W\d_]){{1,40}})")
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」|『([^』]*)』')
_RUN = re.compile(rf"(?P<mixed>(?:(?![{_HAN}])[^\W_])+(?:[-._/#](?:(?![{_HAN}])[^\W_])+)*)|(?P<han>[{_HAN}]+)")
_STOP = frozenset(
    "的了在是我有和就不人都一也要到说去你会着没看好这那他她它们与及或等把被从对向很还又再能可请让个上下为吗呢吧啊"
)
"""Characters that, alone, tell nothing where there is another word."""


@dataclass(frozen=True, slots=True)
class _Atom:
    text: str
    kind: str
    joined: bool
    """Whether it makes a pair with the next one: nothing parts them."""


def _atoms(text: str, *, over_space: bool) -> list[_Atom]:
    """The atoms of a text that is plain and in small letters; with `over_space`, spaces do not part them."""
    found = list(_ATOM.finditer(text))
    joined = [
        not (gap.strip() if over_space else gap) and not (one.lastgroup == two.lastgroup != "han")
        for one, two in pairwise(found)
        for gap in [text[one.end() : two.start()]]
    ]
    return [
        _Atom(hit[0], str(hit.lastgroup), is_joined) for hit, is_joined in zip(found, [*joined, False], strict=False)
    ]


def vector(parts: Iterable[tuple[str, str]], *, most: int) -> tuple[str, int]:
    """What texts are found by, as PostgreSQL reads a `tsvector`, and how many characters it is made of.

    Args:
        parts: texts, each with its weight ("A" to "D").
        most: after so many characters the rest is left out (a `tsvector` holds 1 MB).
    """
    places: dict[str, list[str]] = {}
    place, read = 0, 0
    for text, weight in parts:
        small = _folded(text)[: most - read]
        read += len(small)
        place += _GAP
        atoms = _atoms(small, over_space=True)
        for number, atom in enumerate(atoms):
            place += 1
            mark = f"{place}{weight}"
            if atom.joined:
                places.setdefault(atom.text + atoms[number + 1].text, []).append(mark)
            if not atom.joined or atom.kind != "han":
                places.setdefault(atom.text, []).append(mark)
    return " ".join(f"'{term}':{','.join(marks)}" for term, marks in places.items()), read


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A part of a text; `marked` where it was asked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class SearchTerms:
    """What somebody asks for: words that all have to be there, phrases whose words have to stand in a row."""

    words: tuple[tuple[tuple[_Atom, ...], bool], ...]
    """Each with whether it was quoted."""

    @classmethod
    def read(cls, text: str) -> "SearchTerms":
        """Understand what was typed; whatever it is, something is understood, or nothing."""
        asked = _folded(text)[:MOST_ASKED]
        words = dict.fromkeys(
            (tuple(_atoms(word, over_space=False)), quoted)
            for word, quoted in _words(asked)
            if _ATOM.search(word) is not None
        )
        telling = [word for word in words if word[1] or len(word[0]) > 1 or word[0][0].text not in _STOP]
        return cls(tuple((telling or list(words))[:MOST_WORDS]))

    def __bool__(self) -> bool:
        return bool(self.words)

    def query(self, weights: str = "") -> str:
        """As PostgreSQL reads a `tsquery`; only in parts of these weights, if any are given."""
        return " & ".join(f"({_row(atoms, weights, is_exact=quoted)})" for atoms, quoted in self.words)

    @cached_property
    def _patterns(self) -> list[re.Pattern[str]]:
        return [re.compile(_pattern(atoms)) for atoms, _quoted in self.words]

    def marked(self, text: str) -> list[TextSpan]:
        """A whole text in pieces."""
        return list(_pieces(text, self._spans(text)))

    def snippet(self, texts: Sequence[str], width: int) -> list[TextSpan]:
        """About `width` characters of the text that holds most of what is asked for, where it does; [] for none."""
        best, most = "", 0
        for text in texts:
            held = len({number for _start, _end, number in self._hits(text)})
            if held > most:
                best, most = text, held
        return self._cut_out(best, width) if most else []

    def _cut_out(self, text: str, width: int) -> list[TextSpan]:
        hits = self._hits(text)
        before = width // 5
        inside = [len({n for begin, _end, n in hits if 0 <= begin - start < width - before}) for start, _, _ in hits]
        start = max(0, hits[inside.index(max(inside))][0] - before)
        if len(text) <= width:
            start = 0
        end = start + width
        if len(text) - end < before:
            end = len(text)
        shown = list(_pieces(text[start:end], [(a - start, b - start) for a, b in self._spans(text) if a >= start]))
        return [TextSpan("…", marked=False)] * (start > 0) + shown + [TextSpan("…", marked=False)] * (end < len(text))

    def _hits(self, text: str) -> list[tuple[int, int, int]]:
        """Where what is asked for stands, and which of it, in order."""
        small = _small(text)
        return sorted((*hit.span(), n) for n, pattern in enumerate(self._patterns) for hit in pattern.finditer(small))

    def _spans(self, text: str) -> list[tuple[int, int]]:
        spans: list[tuple[int, int]] = []
        for start, end, _number in self._hits(text):
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
            else:
                spans.append((start, end))
        return spans


def _words(asked: str) -> Iterator[tuple[str, bool]]:
    """What was typed, cut; each with whether it was quoted."""
    start = 0
    for hit in _QUOTED.finditer(asked):
        yield from ((word, False) for word in _unquoted(asked[start : hit.start()]))
        yield next(group for group in hit.groups() if group is not None), True
        start = hit.end()
    yield from ((word, False) for word in _unquoted(asked[start:]))


def _unquoted(asked: str) -> Iterator[str]:
    for chunk in asked.split():
        held, end = "", 0
        for run in _RUN.finditer(chunk):
            if run.start() != end and held:
                yield held
                held = ""
            end = run.end()
            if run["mixed"]:
                held = run["mixed"]
                continue
            words = pieces(run["han"])
            if held:
                yield held + _belonging(held, words)
                held = ""
            yield from words
        if held:
            yield held


def _belonging(mixed: str, words: list[str]) -> str:
    """Take off the words what belongs to the figures or letters before them: "3" "号" "变电站" is one name."""
    if len(words[0]) > 1 and len(mixed) > _WEAK:
        return ""
    first = words.pop(0)
    return first + words.pop(0) if first == _NUMBERED and words else first


def _terms(atoms: Sequence[_Atom], *, is_exact: bool) -> list[tuple[int, str, bool]]:
    """Pairs of what belongs together, and what stands alone: its place, itself, whether it is only a beginning."""
    terms: list[tuple[int, str, bool]] = []
    for place, atom in enumerate(atoms):
        if atom.joined:
            terms.append((place, atom.text + atoms[place + 1].text, False))
        elif not place or not atoms[place - 1].joined:
            stem = atom.kind == "letters" and len(atom.text) >= _SHORTEST_STEM and len(atoms) == 1 and not is_exact
            terms.append((place, atom.text, atom.kind == "han" or stem))
    return terms


def _row(atoms: Sequence[_Atom], weights: str, *, is_exact: bool) -> str:
    """Atoms in a row, each at its distance from the last."""
    said, terms = "", _terms(atoms, is_exact=is_exact)
    for number, (place, term, begins) in enumerate(terms):
        said += f" <{place - terms[number - 1][0]}> " if number else ""
        label = f"{'*' if begins else ''}{weights}"
        said += f"'{term}'{':' if label else ''}{label}"
    return said


def _pattern(atoms: Sequence[_Atom]) -> str:
    """What to mark in a text of which only width and case were made plain."""
    said = ""
    for number, atom in enumerate(atoms):
        said += re.escape(atom.text)
        if number + 1 < len(atoms):
            said += r"\s*" if atom.joined else r"[\W_]{0,3}"
    first, last = atoms[0].kind, atoms[-1].kind
    return (r"(?<!\d)" if first == "figures" else "") + said + (r"(?!\d)" if last == "figures" else "")


def _small(text: str) -> str:
    """A text with ordinary widths, small letters and simplified characters, each at its place."""
    small = (unicodedata.normalize("NFKC", sign).lower() for sign in text)
    return simplified("".join(folded if len(folded) == 1 else sign for folded, sign in zip(small, text, strict=True)))


def _folded(text: str) -> str:
    """A text as it is compared: plain, in small letters, in simplified characters."""
    return simplified(plain(text).lower())


def _pieces(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[TextSpan]:
    at = 0
    for start, end in spans:
        if start >= len(text):
            break
        if text[at:start]:
            yield TextSpan(text[at:start], marked=False)
        yield TextSpan(text[start:end], marked=True)
        at = end
    if text[at:]:
        yield TextSpan(text[at:], marked=False)
