"""Blind RSA signatures (RFC 9474, RSABSSA-SHA384-PSS): whoever signs does not see what, and cannot know it again.

    message  -- blind -->  blinded  -- sign_blinded (the server) -->  blind signature  -- finalize -->  signature

Tokens use the randomized variant: the message begins with 32 bytes that its holder drew (`prepare`), which are its
nonce as well. A key serves one purpose, and nothing but this. Nothing here stores or logs anything.
"""

import hashlib
import secrets
from typing import NamedTuple

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA384

BITS, EXPONENT = 2048, 65537
"""Of the keys of tokens: unlinkability does not rest on their size, and forging matters only while an epoch lasts."""
PREFIX = 32
SALT = 48
_HASH = 48


class BlindingError(ValueError):
    """What was given is not what the protocol allows; nothing was signed."""


class Blinded(NamedTuple):
    """What is sent to be signed, and what its holder keeps to take the blinding off."""

    message: bytes
    inverse: int


def prepare(message: bytes, prefix: bytes | None = None) -> bytes:
    """The message with its random prefix (4.1, PrepareRandomize)."""
    return (secrets.token_bytes(PREFIX) if prefix is None else prefix) + message


def blind(key: RSAPublicKey, prepared: bytes, *, salt: bytes | None = None, inverse: int | None = None) -> Blinded:
    """Hide a prepared message (4.2). Salt and inverse are given by tests alone.

    Raises:
        BlindingError: the encoded message shares a factor with the modulus, as good as never.
    """
    n, e = key.public_numbers().n, key.public_numbers().e
    salt = secrets.token_bytes(SALT) if salt is None else salt
    encoded = int.from_bytes(_encoded(prepared, key.key_size - 1, salt), "big")
    if gmpy2.gcd(encoded, n) != 1:
        raise BlindingError("the message shares a factor with the key")
    inverse = _unit(n) if inverse is None else inverse
    blinding = int(gmpy2.powmod(gmpy2.invert(inverse, n), e, n))
    return Blinded(_octets(encoded * blinding % n, key), inverse)


def sign_blinded(key: RSAPrivateKey, blinded: bytes) -> bytes:
    """Sign without seeing what (4.3).

    The base is blinded once more and all powers are taken in constant time, so that the time tells nothing of the key;
    the result is checked, as one made by a faulty computation with the remainder theorem would give the key away.

    Raises:
        BlindingError: not a number below the modulus; or the computation went wrong.
    """
    numbers = key.private_numbers()
    n, e, p, q = numbers.public_numbers.n, numbers.public_numbers.e, numbers.p, numbers.q
    message = int.from_bytes(blinded, "big")
    if len(blinded) != _size(key.public_key()) or not 1 < message < n - 1:
        raise BlindingError("no blinded message for this key")
    own = _unit(n)
    base = message * int(gmpy2.powmod(own, e, n)) % n
    by_p = int(gmpy2.powmod_sec(base % p, numbers.dmp1, p))
    by_q = int(gmpy2.powmod_sec(base % q, numbers.dmq1, q))
    found = (by_q + q * ((by_p - by_q) * numbers.iqmp % p)) * int(gmpy2.invert(own, n)) % n
    if gmpy2.powmod(found, e, n) != message:
        raise BlindingError("the signature does not fit; nothing was signed")
    return _octets(found, key.public_key())


def finalize(key: RSAPublicKey, prepared: bytes, blind_signature: bytes, inverse: int, *, salt: int = SALT) -> bytes:
    """Take the blinding off (4.4).

    Raises:
        BlindingError: what came back is no signature of this message.
    """
    if len(blind_signature) != _size(key):
        raise BlindingError("no signature of this key")
    n = key.public_numbers().n
    signature = _octets(int.from_bytes(blind_signature, "big") * inverse % n, key)
    if not verifies(key, prepared, signature, salt=salt):
        raise BlindingError("the signature is not of this message")
    return signature


def verifies(key: RSAPublicKey, prepared: bytes, signature: bytes, *, salt: int = SALT) -> bool:
    """Whether it is the key's signature of the prepared message (4.5): an ordinary RSA-PSS signature."""
    try:
        key.verify(signature, prepared, padding.PSS(mgf=padding.MGF1(SHA384()), salt_length=salt), SHA384())
    except InvalidSignature:
        return False
    return True


def _encoded(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, 9.1.1."""
    length = (bits + 7) // 8
    room = length - _HASH - len(salt) - 2
    if room < 0:
        raise BlindingError("the key is too small")
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(room) + b"\x01" + salt
    masked = bytes(a ^ b for a, b in zip(block, _mask(digest, len(block)), strict=True))
    return bytes([masked[0] & 0xFF >> 8 * length - bits]) + masked[1:] + digest + b"\xbc"


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 with SHA-384."""
    blocks = (hashlib.sha384(seed + number.to_bytes(4, "big")).digest() for number in range(-(-length // _HASH)))
    return b"".join(blocks)[:length]


def _unit(n: int) -> int:
    """A random number that has an inverse."""
    while True:
        found = secrets.randbelow(n - 2) + 2
        if gmpy2.gcd(found, n) == 1:
            return found


def _size(key: RSAPublicKey) -> int:
    return (key.key_size + 7) // 8


def _octets(number: int, key: RSAPublicKey) -> bytes:
    return int(number).to_bytes(_size(key), "big")
