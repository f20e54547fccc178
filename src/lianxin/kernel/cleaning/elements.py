"""Where elements stand in an XML part, so that single ones can be changed and every other byte stays as it is.

Expat reads the part in one pass, in time that grows with its length alone: no tag that is never closed, no entity and
no comment makes it look at anything twice.
"""

import html
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from xml.parsers import expat

# Of a start tag that expat has read: up to its end, which a ">" in a value is not.
_START_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")


@dataclass
class Element:
    """One element: its name as written and without prefix, its attributes, and which bytes of the part it takes."""

    full_name: str
    attributes: Mapping[str, str]
    start: int
    text_start: int
    text_end: int = 0
    end: int = 0

    @property
    def name(self) -> str:
        """Without prefix."""
        return _without_prefix(self.full_name)

    def written(self, attributes: Mapping[str, str]) -> bytes:
        """The element without content, with these attributes."""
        shown = "".join(f' {key}="{html.escape(value)}"' for key, value in attributes.items())
        return f"<{self.full_name}{shown}/>".encode()


def find_elements(part: bytes, names: Collection[str]) -> list[Element]:
    """The elements of these names (without prefix), in order.

    Raises:
        ValueError, expat.ExpatError: it is not XML in UTF-8, has a document type, or one of them stands in another.
    """
    found: list[Element] = []
    within: list[str] = []
    parser = expat.ParserCreate(encoding="utf-8")

    def begin(name: str, attributes: Mapping[str, str]) -> None:
        if _without_prefix(name) not in names:
            return
        if within:
            raise ValueError("nested")
        start = parser.CurrentByteIndex
        tag = _START_TAG.match(part, start)
        if tag is None:
            raise ValueError("not a tag")
        within.append(name)
        found.append(Element(name, dict(attributes), start, tag.end()))

    def finish(name: str) -> None:
        if not within or name != within[0]:
            return
        within.clear()
        element = found[-1]
        if part[element.text_start - 2 : element.text_start] == b"/>":
            element.text_end = element.end = element.text_start
        else:
            element.text_end = parser.CurrentByteIndex
            element.end = part.index(b">", element.text_end) + 1

    def refuse(*_doctype: object) -> None:
        raise ValueError("a document type")

    parser.StartElementHandler = begin
    parser.EndElementHandler = finish
    parser.StartDoctypeDeclHandler = refuse
    parser.Parse(part, True)
    return found


def replace(part: bytes, changes: Iterable[tuple[int, int, bytes]]) -> bytes:
    """The part with other bytes from one place up to another; the places do not overlap."""
    pieces, position = [], 0
    for start, end, instead in sorted(changes):
        pieces += [part[position:start], instead]
        position = end
    return b"".join([*pieces, part[position:]])


def _without_prefix(name: str) -> str:
    return name.rpartition(":")[2]
