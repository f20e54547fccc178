"""Keyed hashes and encryption, so that a copy of the database alone tells nobody who somebody is.

Every use names its purpose; each purpose has its own key, derived from the system's seal key, which lives outside
the database.
"""

import hashlib
import hmac
import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

_NONCE_BYTES = 12


@cache
def _key(purpose: str, master: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=b"lianxin", info=purpose.encode()).derive(master.encode())


def keyed_hash(purpose: str, value: str) -> bytes:
    """A 32-byte HMAC-SHA-256 of `value` that cannot be computed without the seal key."""
    return hmac.digest(_key(purpose, settings.LIANXIN_SEAL_KEY), value.encode(), hashlib.sha256)


def fingerprint(master: str) -> str:
    """By what a key can be known again; nothing that is sealed or hashed with it follows from that."""
    return _key("fingerprint", master).hex()


def seal(purpose: str, value: str, *, bound_to: str) -> bytes:
    """Encrypt `value` (AES-256-GCM); it opens only together with the same `bound_to`, so it cannot be moved to
    another row.
    """
    return seal_bytes(purpose, value.encode(), bound_to=bound_to)


def unseal(purpose: str, sealed: bytes, *, bound_to: str) -> str:
    """Decrypt what `seal` made.

    Raises:
        cryptography.exceptions.InvalidTag: another key, another purpose, another row, or tampered with.
    """
    return unseal_bytes(purpose, sealed, bound_to=bound_to).decode()


def seal_bytes(purpose: str, value: bytes, *, bound_to: str) -> bytes:
    """As `seal`, for bytes; the result is 28 bytes longer."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(_key(purpose, settings.LIANXIN_SEAL_KEY)).encrypt(nonce, value, bound_to.encode())


def unseal_bytes(purpose: str, sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt what `seal_bytes` made. Raises: as `unseal`."""
    sealed = bytes(sealed)
    cipher = AESGCM(_key(purpose, settings.LIANXIN_SEAL_KEY))
    return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())
