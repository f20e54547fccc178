"""A proof that somebody took along: that an event is in the record."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from lianxin.ledger import merkle
from lianxin.ledger.entries import Entry
from lianxin.ledger.notes import Note, Verifier, notes_in

FORMAT = "lianxin-proof/1"
_PLACE = '<script type="application/json" id="proof">'
_EMBEDDED = re.compile(rf"{_PLACE}(.*?)</script>", re.DOTALL)
_IN_A_PAGE = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "<>&"})


@dataclass(frozen=True)
class Proof:
    """What a proof says, before it is believed."""

    entry: Entry
    index: int
    path: list[bytes]
    note: Note
    key: Verifier

    @classmethod
    def parse(cls, text: str) -> Self:
        """A proof, alone or in the page that checks it.

        Raises:
            ValueError: there is none.
        """
        embedded = _EMBEDDED.search(text)
        told: dict[str, Any] = json.loads(embedded[1] if embedded else text)
        try:
            if told["format"] != FORMAT:
                raise ValueError("another format")
            (note,) = notes_in(told["checkpoint"])
            entry = Entry(bytes.fromhex(told["salt"]), told["event"].encode())
            path = [bytes.fromhex(step) for step in told["proof"]]
            return cls(entry, int(told["index"]), path, note, Verifier.parse(told["key"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("no proof") from error

    @property
    def event(self) -> dict[str, Any]:
        """What was recorded."""
        told: dict[str, Any] = json.loads(self.entry.event)
        return told

    def holds(self) -> bool:
        """Whether the event is in the tree of the checkpoint, and the checkpoint is signed by the key."""
        return self.key.accepts(self.note) and merkle.proves_inclusion(
            index=self.index, size=self.note.size, leaf=self.entry.leaf, proof=self.path, root=self.note.root
        )


def checker(proof: dict[str, Any] | None = None) -> str:
    """The page that checks proofs without a network; with a proof in it, it checks that one first."""
    page = (Path(__file__).parent / "checker.html").read_text(encoding="utf-8")
    told = json.dumps(proof, ensure_ascii=False).translate(_IN_A_PAGE) if proof else ""
    return page.replace(_PLACE, _PLACE + told, 1)
