"""Checkpoints as signed notes (C2SP tlog-checkpoint and signed-note), Ed25519.

host/record                     the record's name
12288                           how many entries it has
q83vEj…=                        the root of their tree

— host/record Az3grl…=          the signature
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from hashlib import sha256
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from lianxin.ledger.merkle import SIZE

_ED25519 = b"\x01"
_KEY_ID = 4
_DASH = "\u2014"
_NOTE = re.compile(
    rf"(?P<body>(?P<origin>[^\s+]+)\n(?P<size>0|[1-9][0-9]*)\n(?P<root>\S+)\n)\n(?P<signed>(?:{_DASH} .+\n)+)"
)
_SIGNATURE = re.compile(rf"{_DASH} (\S+) (\S+)")


@dataclass(frozen=True)
class Verifier:
    """A record's name and public key."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(f"{self.name}\n".encode() + _ED25519 + self.public).digest()[:_KEY_ID]

    def __str__(self) -> str:
        """As it is printed: name+id+key."""
        return f"{self.name}+{self.key_id.hex()}+{b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """What `str` wrote.

        Raises:
            ValueError: it is no such key.
        """
        name, told, key = text.strip().split("+", 2)
        public = b64decode(key, validate=True)
        found = cls(name, public[1:])
        if public[:1] != _ED25519 or len(found.public) != SIZE or found.key_id.hex() != told:
            raise ValueError("no key of a record")
        return found

    def accepts(self, note: "Note") -> bool:
        """Whether one of the note's signatures is by this key, over these words and under this name."""
        key = Ed25519PublicKey.from_public_bytes(self.public)
        for name, signature in note.signatures:
            if note.origin == name == self.name and signature[:_KEY_ID] == self.key_id:
                try:
                    key.verify(signature[_KEY_ID:], note.body.encode())
                except InvalidSignature:
                    continue
                return True
        return False


class Signer:
    """Signs for a record; the key follows from the secret."""

    def __init__(self, name: str, secret: str) -> None:
        seed = HKDF(algorithm=SHA256(), length=32, salt=b"lianxin", info=b"record/1").derive(secret.encode())
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.verifier = Verifier(name, self._key.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes) -> str:
        """The signed checkpoint."""
        body = f"{self.verifier.name}\n{size}\n{b64encode(root).decode()}\n"
        signature = b64encode(self.verifier.key_id + self._key.sign(body.encode())).decode()
        return f"{body}\n{_DASH} {self.verifier.name} {signature}\n"


@dataclass(frozen=True)
class Note:
    """A checkpoint as it was read; whether it is to be believed says `Verifier.accepts`."""

    body: str
    origin: str
    size: int
    root: bytes
    signatures: tuple[tuple[str, bytes], ...]

    @property
    def text(self) -> str:
        signed = "".join(f"{_DASH} {name} {b64encode(told).decode()}\n" for name, told in self.signatures)
        return f"{self.body}\n{signed}"


def notes_in(text: str) -> list[Note]:
    """The checkpoints in a text, which may hold other words before and after them, as a mail does."""
    found = []
    for match in _NOTE.finditer("\n".join(line.strip() for line in text.splitlines()) + "\n"):
        try:
            root = b64decode(match["root"], validate=True)
            signed = tuple((name, b64decode(told, validate=True)) for name, told in _SIGNATURE.findall(match["signed"]))
        except NotBase64:
            continue
        if len(root) == SIZE:
            found.append(Note(match["body"], match["origin"], int(match["size"]), root, signed))
    return found
