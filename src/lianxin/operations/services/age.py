"""Encryption with a passphrase in the format of age (age-encryption.org/v1), as a stream in constant memory.

The format is the published one, so `age --decrypt` opens what is written here, and the other way round. The libraries
that speak it hold a file that has a passphrase in memory as a whole, which an archive may be too large for.
"""

import base64
import hmac
import io
import os
import re
from hashlib import sha256
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from lianxin.kernel.terminal import Refusal

MAGIC = b"age-encryption.org/v1\n"
_WORK = 17
"""2^17 rounds of scrypt: half a second and 128 MB for each passphrase that somebody tries."""
_MOST_WORK = 20  # a file from elsewhere cannot ask for more than a gigabyte
_CHUNK = 64 * 1024  # bytes, of the format
_TAG = 16
_HEADER = re.compile(
    rb"-> scrypt (?P<salt>[A-Za-z0-9+/]{22}) (?P<work>[1-9][0-9]?)\n(?P<body>[A-Za-z0-9+/]{43})\n"
    rb"--- (?P<mac>[A-Za-z0-9+/]{43})\n"
)
_LONGEST_HEADER = 200  # bytes; that of a passphrase has one shape


class WriteSealed(io.RawIOBase):
    """Encrypts what is written, into `out`. Without `finish` nobody opens the file."""

    def __init__(self, out: BinaryIO, passphrase: str, work: int = _WORK) -> None:
        super().__init__()
        file_key, salt, nonce = os.urandom(16), os.urandom(16), os.urandom(16)
        body = ChaCha20Poly1305(_wrapping_key(passphrase, salt, work)).encrypt(bytes(12), file_key, None)
        header = MAGIC + b"-> scrypt %s %d\n%s\n---" % (_b64(salt), work, _b64(body))
        out.write(header + b" " + _b64(_mac(file_key, header)) + b"\n" + nonce)
        self._out, self._cipher = out, _payload_cipher(file_key, nonce)
        self._waiting, self._count, self._taken = bytearray(), 0, 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = memoryview(data)  # type: ignore[arg-type]
        self._waiting += block
        self._taken += block.nbytes
        while len(self._waiting) > _CHUNK:  # the last chunk is never empty, so a full one waits
            self._encrypt(bytes(self._waiting[:_CHUNK]), last=False)
            del self._waiting[:_CHUNK]
        return block.nbytes

    def tell(self) -> int:
        return self._taken

    def finish(self) -> None:
        """Write the last chunk, which says that it is the last: a file that was cut short does not open."""
        self._encrypt(bytes(self._waiting), last=True)

    def _encrypt(self, chunk: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._count, last=last), chunk, None))
        self._count += 1


class ReadSealed(io.RawIOBase):
    """Decrypts what `WriteSealed` (or age) wrote.

    Raises:
        Refusal: another passphrase, or (while reading) damaged or cut short.
    """

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        super().__init__()
        self._source = source
        start = source.read(len(MAGIC) + _LONGEST_HEADER)
        found = _HEADER.match(start, len(MAGIC)) if start.startswith(MAGIC) else None
        if found is None or int(found["work"]) > _MOST_WORK:
            raise Refusal("文件不是用口令加密的备份。", "The file is no backup that was encrypted with a passphrase.")
        try:
            key = _wrapping_key(passphrase, _plain(found["salt"]), int(found["work"]))
            file_key = ChaCha20Poly1305(key).decrypt(bytes(12), _plain(found["body"]), None)
        except InvalidTag:
            raise Refusal("口令不对。", "The passphrase is not the one of this file.") from None
        if not hmac.compare_digest(_mac(file_key, start[: found.start("mac") - 1]), _plain(found["mac"])):
            raise _damaged()
        source.seek(found.end())
        self._cipher = _payload_cipher(file_key, source.read(16))
        self._count, self._left = 0, memoryview(b"")
        self._ahead = source.read(_CHUNK + _TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        while not self._left and self._ahead:
            chunk, self._ahead = self._ahead, self._source.read(_CHUNK + _TAG)
            try:
                nonce = _nonce(self._count, last=not self._ahead)
                self._left = memoryview(self._cipher.decrypt(nonce, chunk, None))
            except InvalidTag:
                raise _damaged() from None
            self._count += 1
        view = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        size = min(len(view), len(self._left))
        view[:size], self._left = self._left[:size], self._left[size:]
        return size


def _wrapping_key(passphrase: str, salt: bytes, work: int) -> bytes:
    return Scrypt(b"age-encryption.org/v1/scrypt" + salt, 32, 2**work, 8, 1).derive(passphrase.encode())


def _payload_cipher(file_key: bytes, nonce: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(_derived(file_key, nonce, b"payload"))


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.digest(_derived(file_key, b"", b"header"), header, sha256)


def _derived(file_key: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=info).derive(file_key)


def _nonce(count: int, *, last: bool) -> bytes:
    return count.to_bytes(11, "big") + bytes([last])


def _b64(value: bytes) -> bytes:
    return base64.b64encode(value).rstrip(b"=")


def _plain(value: bytes) -> bytes:
    return base64.b64decode(value + b"=" * (-len(value) % 4))


def _damaged() -> Refusal:
    return Refusal("备份文件损坏或不完整。", "The backup is damaged or incomplete.")
