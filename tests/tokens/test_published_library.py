"""Each side of the protocol together with the other side of a published library."""

import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from lianxin.tokens.blind_rsa import blind, finalize, prepare, sign_blinded, verifies
from tests.tokens.test_blind_rsa import MESSAGE, key  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]
NODE = shutil.which("node", path=f"{ROOT}/.venv-build/bin") or shutil.which("node")

pytestmark = pytest.mark.skipif(
    NODE is None or not (ROOT / "node_modules" / "@cloudflare" / "blindrsa-ts").exists(),
    reason="`make assets` installs Node and the library",
)


@pytest.fixture
def library(key):  # noqa: F811
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )

    def called(step, *values):
        words = [NODE, Path(__file__).parent / "published.mjs", step, private.hex(), *(value.hex() for value in values)]
        return subprocess.run(words, check=True, capture_output=True, text=True).stdout.split()

    return called


def test_it_blinds_and_we_sign(key, library):  # noqa: F811
    prepared, blinded, inverse = map(bytes.fromhex, library("blind", MESSAGE))
    assert prepared[32:] == MESSAGE
    signed = sign_blinded(key, blinded)
    assert library("sign", blinded) == [signed.hex()]
    (signature,) = map(bytes.fromhex, library("finalize", prepared, signed, inverse))
    assert verifies(key.public_key(), prepared, signature)


def test_we_blind_and_it_signs(key, library):  # noqa: F811
    prepared = prepare(MESSAGE)
    blinded = blind(key.public_key(), prepared)
    (signed,) = map(bytes.fromhex, library("sign", blinded.message))
    signature = finalize(key.public_key(), prepared, signed, blinded.inverse)
    assert library("verify", prepared, signature) == ["true"]
