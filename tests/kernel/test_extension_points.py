import pytest

from lianxin.kernel.extension_points import ExtensionPoint


def test_each_provider_is_asked_once_in_the_order_of_registration():
    place: ExtensionPoint[[int], int] = ExtensionPoint()

    def double(number: int) -> int:
        return 2 * number

    assert place(3) == []
    place.register(double)
    place.register(abs)
    place.register(double)
    assert place(-3) == [-6, 3]


def test_what_a_provider_raises_goes_to_the_caller():
    place: ExtensionPoint[[str], int] = ExtensionPoint()
    place.register(int)
    with pytest.raises(ValueError, match="invalid literal"):
        place("x")
