"""A secret comes from the environment, from a file that it names, or is made once and kept."""

import threading

import pytest

from lianxin.kernel.cli_messages import Refusal
from lianxin.kernel.secrets import given, keep, secret


def test_the_file_comes_first_then_the_environment_then_nothing(tmp_path):
    file = tmp_path / "token"
    file.write_text("from the file\n")
    assert given("TOKEN", {"TOKEN": "x", "TOKEN_FILE": ""}) == "x"
    assert given("TOKEN", {"TOKEN": "$x"}) == "$x"
    assert given("TOKEN", {"TOKEN": "", "TOKEN_FILE": str(file)}) == "from the file"
    assert given("TOKEN", {}) is None


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\x00"])
def test_a_file_that_is_missing_empty_or_no_text_is_named(tmp_path, content):
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Refusal, match=f"TOKEN_FILE 指明的文件 {file}"):
        given("TOKEN", {"TOKEN_FILE": str(file)})


def test_many_that_start_at_once_agree_on_one(tmp_path):
    found = []
    starting = [threading.Thread(target=lambda: found.append(secret("TOKEN", tmp_path))) for _ in range(8)]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(found[0]) == 64
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["token"]
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "secrets" / "token").stat().st_mode & 0o777 == 0o600


def test_one_that_is_put_back_takes_the_place_of_another(tmp_path):
    secret("TOKEN", tmp_path)
    keep("TOKEN", tmp_path, "the old one")
    assert secret("TOKEN", tmp_path) == "the old one"
    assert (tmp_path / "secrets" / "token").stat().st_mode & 0o777 == 0o600
