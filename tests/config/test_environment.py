"""What a setting is, and the sentence that refuses a wrong one."""

import pytest

from lianxin.config.environment import Environment
from lianxin.kernel.cli_messages import Refusal


def test_an_empty_variable_is_not_set():
    env = Environment(
        {"LIANXIN_TRUSTED_PROXIES": "", "LIANXIN_ALLOWED_HOSTS": "a.example,b.example", "LIANXIN_HTTPS": "1"}
    )
    assert env.int("LIANXIN_TRUSTED_PROXIES", 0) == 0
    assert env.list("LIANXIN_ALLOWED_HOSTS", default=["*"]) == ["a.example", "b.example"]
    assert env.bool("LIANXIN_HTTPS", default=False) is True


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("zh_CN", "LIANXIN_DB_POOL 的值不对：many"), ("en_US", "LIANXIN_DB_POOL is not valid: many")],
)
def test_a_wrong_value_is_refused_by_name(monkeypatch, language, sentence):
    monkeypatch.setenv("LC_ALL", f"{language}.UTF-8")
    with pytest.raises(Refusal, match=sentence):
        Environment({"LIANXIN_DB_POOL": "many"}).int("LIANXIN_DB_POOL", 0)
