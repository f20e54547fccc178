"""An archive opens with its passphrase, as a stream, and not when a byte of it was changed."""

import io
import os

import pyrage
import pytest

from lianxin.kernel.cli_messages import Refusal
from lianxin.operations.services.encryption import decrypted_from, encrypted_into, is_encrypted

WORDS = "正确 马 电池 订书钉"
CONTENT = os.urandom(200_000)
CHUNK = 65_536 + 16  # bytes of the format


def sealed(content, passphrase=WORDS):
    out = io.BytesIO()
    with encrypted_into(out, passphrase) as plain:
        for start in range(0, len(content), 50_000):
            plain.write(content[start : start + 50_000])
    return out.getvalue()


def opened(content, passphrase=WORDS):
    with decrypted_from(io.BytesIO(content), passphrase) as plain:
        return plain.read()


@pytest.fixture(scope="module")
def whole():
    return sealed(CONTENT)


@pytest.mark.parametrize("size", [0, 131_072])
def test_every_length_comes_back(size):
    content = os.urandom(size)
    assert opened(sealed(content)) == content


def test_it_opens_without_us_by_the_format_of_age(whole):
    key, end, archive = whole.partition(b"-----END AGE ENCRYPTED FILE-----\n")
    identity = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(key + end, WORDS).decode())
    assert pyrage.decrypt(archive, [identity]) == CONTENT


def test_another_passphrase_opens_nothing(whole):
    with pytest.raises(Refusal, match="口令不对"):
        opened(whole, WORDS + " ")


@pytest.mark.parametrize("change", ["flip", "cut at a chunk", "more", "swap", "half a key"])
def test_what_was_changed_does_not_open(whole, change):
    start = len(whole) - (len(CONTENT) + 4 * 16)
    first, second = whole[start : start + CHUNK], whole[start + CHUNK : start + 2 * CHUNK]
    changed = {
        "flip": whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
        "cut at a chunk": whole[: start + 3 * CHUNK],
        "more": whole + b"x",
        "swap": whole[:start] + second + first + whole[start + 2 * CHUNK :],
        "half a key": whole[:100],
    }[change]
    with pytest.raises(Refusal, match="损坏"):
        opened(changed)


def test_who_stops_reading_early_waits_for_nothing(whole):
    with pytest.raises(ZeroDivisionError), decrypted_from(io.BytesIO(whole), WORDS) as plain:
        1 / plain.read(0).count(b"x")


def test_a_full_disk_is_told_as_such():
    class Full(io.BytesIO):
        def write(self, data):
            if self.tell() > 100_000:
                raise OSError(28, "No space left on device")
            return super().write(data)

    with pytest.raises(OSError, match="No space left on device"), encrypted_into(Full(), WORDS) as plain:
        plain.write(os.urandom(2_000_000))


def test_what_fails_while_writing_is_what_is_raised():
    with pytest.raises(ZeroDivisionError), encrypted_into(io.BytesIO(), WORDS):
        1 / 0  # noqa: B018


def test_an_archive_of_before_is_refused_with_the_way_to_read_it():
    assert not is_encrypted(io.BytesIO(b"manifest.json"))
    with pytest.raises(Refusal, match="age --decrypt"):
        is_encrypted(io.BytesIO(pyrage.passphrase.encrypt(b"archive", WORDS)))
