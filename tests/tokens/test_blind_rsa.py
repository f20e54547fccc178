"""Blind RSA signatures, against the four vectors of RFC 9474 and what an attacker would send."""

import json
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from lianxin.tokens import blind_rsa
from lianxin.tokens.blind_rsa import BlindingError, blind, finalize, prepare, sign_blinded, verifies

VECTORS = json.loads((Path(__file__).parents[1] / "data" / "rfc9474.json").read_text())
NAMES = [vector["name"] for vector in VECTORS]
MESSAGE = b"lianxin-token/1|case|2026-11"


def number(text):
    return int(text, 16)


def octets(text):
    return bytes.fromhex(text.removeprefix("0x"))


def key_of(vector):
    p, q, d, e = (number(vector[name]) for name in "pqde")
    public = rsa.RSAPublicNumbers(e, number(vector["n"]))
    crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(blind_rsa.EXPONENT, blind_rsa.BITS)


@pytest.mark.parametrize("vector", VECTORS, ids=NAMES)
def test_the_vectors_of_the_rfc(vector):
    private = key_of(vector)
    public, salt = private.public_key(), octets(vector["salt"])
    prepared = prepare(octets(vector["msg"]), octets(vector["msg_prefix"]))
    assert prepared == octets(vector["input_msg"])
    blinded = blind(public, prepared, salt=salt, inverse=number(vector["inv"]))
    assert blinded.message == octets(vector["blinded_msg"])
    blind_signature = sign_blinded(private, blinded.message)
    assert blind_signature == octets(vector["blind_sig"])
    signature = finalize(public, prepared, blind_signature, blinded.inverse, salt=len(salt))
    assert signature == octets(vector["sig"])
    assert verifies(public, prepared, signature, salt=len(salt))


def test_there_are_four_of_them():
    assert (len(NAMES), len(set(NAMES))) == (4, 4)


def test_a_token_is_signed_unseen_and_is_good_for_its_message_alone(key):
    public, prepared = key.public_key(), prepare(MESSAGE)
    assert (len(prepared), prepared[32:]) == (32 + len(MESSAGE), MESSAGE)
    blinded = blind(public, prepared)
    signature = finalize(public, prepared, sign_blinded(key, blinded.message), blinded.inverse)
    assert len(signature) == 256
    assert verifies(public, prepared, signature)
    assert not verifies(public, prepare(MESSAGE), signature)
    assert not verifies(public, prepared[:-1] + b"2", signature)
    assert not verifies(public, prepared, signature[:-1] + bytes([signature[-1] ^ 1]))
    other = rsa.generate_private_key(blind_rsa.EXPONENT, blind_rsa.BITS).public_key()
    assert not verifies(other, prepared, signature)


def test_the_same_message_is_never_blinded_alike(key):
    public, prepared = key.public_key(), prepare(MESSAGE)
    assert len({blind(public, prepared).message for _ in range(20)}) == 20


def test_what_is_no_blinded_message_is_not_signed(key):
    n = key.public_key().public_numbers().n
    wrong = [0, 1, n - 1, n, n + 1, 2**2048 - 1]
    for content in [*(value.to_bytes(256, "big") for value in wrong), b"", bytes(255), b"\x02" * 257]:
        with pytest.raises(BlindingError):
            sign_blinded(key, content)
    assert len(sign_blinded(key, (2).to_bytes(256, "big"))) == 256


def test_a_faulty_computation_gives_nothing_away(key, monkeypatch):
    """With one wrong half the key would follow from the signature."""
    right = blind_rsa.gmpy2.powmod_sec
    p = key.private_numbers().p
    monkeypatch.setattr(blind_rsa.gmpy2, "powmod_sec", lambda a, b, m: right(a, b, m) ^ (m == p))
    with pytest.raises(BlindingError, match="nothing was signed"):
        sign_blinded(key, blind(key.public_key(), prepare(MESSAGE)).message)


def test_what_comes_back_is_looked_at(key):
    public, prepared = key.public_key(), prepare(MESSAGE)
    blinded = blind(public, prepared)
    signed = sign_blinded(key, blinded.message)
    for content in (secrets.token_bytes(256), signed[:-1], b"\0" + signed):
        with pytest.raises(BlindingError):
            finalize(public, prepared, content, blinded.inverse)
    with pytest.raises(BlindingError):
        finalize(public, prepare(MESSAGE), signed, blinded.inverse)
