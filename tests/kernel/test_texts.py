import pytest

from lianxin.kernel.forms import LongTextField
from lianxin.kernel.texts import is_blank


@pytest.mark.parametrize(
    "unseen", ["", " \u3000\t\n", "\u200b\u200d\u2060\ufeff", "\u202e", "\u3164\u2800\u115f", "\ufe0f"]
)
def test_what_nobody_can_see_is_no_text(unseen):
    assert is_blank(unseen)


@pytest.mark.parametrize("seen", ["水", "\u200b水", "👍", "e\u0301", "。"])
def test_what_can_be_seen_is_text(seen):
    assert not is_blank(seen)


def test_a_line_break_counts_as_one_character():
    field = LongTextField(max_length=5)
    assert field.clean("一\r\n二\r\n三") == "一\n二\n三"
