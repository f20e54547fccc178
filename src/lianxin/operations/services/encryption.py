"""Archives encrypted with a passphrase, by pyrage, in the format of age (age-encryption.org/v1).

An encrypted archive has two parts in one file:

    -----BEGIN AGE ENCRYPTED FILE-----   in ASCII: an identity (a key pair) made for this archive alone, encrypted
    …                                    with the passphrase
    -----END AGE ENCRYPTED FILE-----
    age-encryption.org/v1 …              the archive, encrypted to that identity

pyrage encrypts and decrypts streams for identities, but holds what is encrypted with a passphrase in memory as a whole:
an archive may be too large for that, a key is not.
"""

import errno
import io
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import BinaryIO

import pyrage

from lianxin.kernel.cli_messages import Refusal

_BEGIN, _END = b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"-----END AGE ENCRYPTED FILE-----\n"
_LONGEST_KEY = 2000  # bytes
_FORMER = b"age-encryption.org/v1\n"
"""How an archive began when the passphrase encrypted all of it."""


@contextmanager
def encrypted_into(file: BinaryIO, passphrase: str) -> Iterator[BinaryIO]:
    """Yield a stream; what is written to it is encrypted into `file`, in constant memory.

    Raises:
        OSError: `file` cannot be written, as on a full disk.
    """
    identity = pyrage.x25519.Identity.generate()
    file.write(pyrage.passphrase.encrypt(str(identity).encode(), passphrase, armored=True))
    source, plain = _pipe()

    def encrypt() -> None:
        with source:  # closed as well when it fails, so that the writer does not wait for ever
            pyrage.encrypt_io(source, file, [identity.to_public()])

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(encrypt)
        try:
            with plain:
                yield plain
        except BrokenPipeError:
            pass  # the thread has failed and says why
        try:
            running.result()
        except pyrage.EncryptError as error:
            raise OSError(errno.EIO, str(error).rpartition("] ")[2]) from error


def is_encrypted(file: BinaryIO) -> bool:
    """Whether `file`, at its start, is an encrypted archive.

    Raises:
        Refusal: it is one of a version that encrypted otherwise.
    """
    start = file.read(len(_BEGIN))
    file.seek(0)
    if start.startswith(_FORMER):
        raise Refusal(
            "这份备份是较早的开发版（2026 年 12 月以前的 0.1.0）加密的。"
            "请先用 age 解密：age --decrypt -o 备份.tar 文件，再恢复 备份.tar。",
            "This backup was encrypted by an early Lianxin (0.1.0 before December 2026). Decrypt it with age first: "
            "age --decrypt -o BACKUP.tar FILE, then restore BACKUP.tar.",
        )
    return start == _BEGIN


@contextmanager
def decrypted_from(file: BinaryIO, passphrase: str) -> Iterator[BinaryIO]:
    """Yield a stream from which the decrypted content of `file` is read, in constant memory.

    Raises:
        Refusal: the passphrase is another one, or the file is damaged or cut short; of damage at its end only when the
            stream is left.
    """
    identity = _identity_in(file, passphrase)
    plain, sink = _pipe()

    def decrypt() -> None:
        with sink:
            pyrage.decrypt_io(file, sink, [identity])

    with ThreadPoolExecutor(1) as thread:
        running = thread.submit(decrypt)
        with plain:
            yield plain
            while plain.read(2**20):
                pass  # up to the end, where it shows whether the file is whole
        try:
            running.result()
        except (pyrage.DecryptError, OSError) as error:
            raise Refusal("备份文件损坏或不完整。", "The backup is damaged or incomplete.") from error


def _identity_in(file: BinaryIO, passphrase: str) -> pyrage.x25519.Identity:
    key = b""
    while not key.endswith(_END):
        line = file.readline(_LONGEST_KEY)
        key += line
        if not line or len(key) > _LONGEST_KEY:
            raise Refusal("备份文件损坏或不完整。", "The backup is damaged or incomplete.")
    try:
        return pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(key, passphrase).decode())
    except pyrage.DecryptError as error:
        raise Refusal(
            f"口令不对，或者备份文件损坏（{error}）。",
            f"The passphrase is not the one of this file, or the file is damaged ({error}).",
        ) from error


class _PipeEnd(io.BufferedWriter):
    """The writing end of a pipe. tarfile asks where a file stands before it begins to write."""

    def tell(self) -> int:
        return 0


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    """The reading and the writing end."""
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), _PipeEnd(io.FileIO(writing, "wb"))
