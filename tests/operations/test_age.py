"""What we encrypt, any program that speaks age opens."""

import io
import os

import pyrage
import pytest

from lianxin.kernel.terminal import Refusal
from lianxin.operations.services.age import ReadSealed, WriteSealed

WORDS = "正确 马 电池 订书钉"


def sealed(content, passphrase=WORDS):
    out = io.BytesIO()
    writer = WriteSealed(out, passphrase, work=4)
    for start in range(0, len(content), 50_000):
        writer.write(content[start : start + 50_000])
    writer.finish()
    return out.getvalue()


def opened(content, passphrase=WORDS):
    return io.BufferedReader(ReadSealed(io.BytesIO(content), passphrase)).read()


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 300_000])
def test_every_length_comes_back_and_another_program_reads_it(size):
    content = os.urandom(size)
    assert opened(sealed(content)) == content
    assert pyrage.passphrase.decrypt(sealed(content), WORDS) == content


def test_another_passphrase_opens_nothing():
    with pytest.raises(Refusal, match="口令不对"):
        opened(sealed(b"names"), WORDS + " ")


@pytest.mark.parametrize("change", ["flip", "cut", "cut at a chunk", "more", "swap"])
def test_what_was_changed_does_not_open(change):
    whole = sealed(os.urandom(200_000))
    start = len(whole) - (200_000 + 4 * 16)
    chunk = 65_536 + 16
    first, second = whole[start : start + chunk], whole[start + chunk : start + 2 * chunk]
    changed = {
        "flip": whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
        "cut": whole[:-1],
        "cut at a chunk": whole[: start + 3 * chunk],
        "more": whole + b"x",
        "swap": whole[:start] + second + first + whole[start + 2 * chunk :],
    }[change]
    with pytest.raises(Refusal, match="损坏"):
        opened(changed)


def test_a_header_cannot_ask_for_all_memory():
    with pytest.raises(Refusal, match="不是用口令加密的备份"):
        opened(sealed(b"").replace(b" 4\n", b" 30\n", 1))
