import pytest

from lianxin.kernel.numbers import read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("17", 17), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("9" * 5000, None), ("", None), ("-1", None),
     (" 1", None), ("٣", None), ("²", None), ("1e3", None), ("x", None)],
)  # fmt: skip
def test_only_what_the_database_can_hold_is_a_number(text, number):
    assert read_number(text) == number
