import pytest
from cryptography.exceptions import InvalidTag

from lianxin.kernel.crypto import keyed_hash, seal, unseal


def test_what_was_sealed_opens_again():
    assert unseal("requester", seal("requester", "李娜 1001", bound_to="case-1"), bound_to="case-1") == "李娜 1001"


def test_the_same_is_never_sealed_the_same_way():
    assert seal("requester", "1001", bound_to="case-1") != seal("requester", "1001", bound_to="case-1")


@pytest.mark.parametrize(("purpose", "bound_to"), [("other", "case-1"), ("requester", "case-2")])
def test_another_purpose_or_another_row_does_not_open_it(purpose, bound_to):
    sealed = seal("requester", "1001", bound_to="case-1")
    with pytest.raises(InvalidTag):
        unseal(purpose, sealed, bound_to=bound_to)


def test_another_key_or_a_changed_byte_does_not_open_it(settings):
    sealed = seal("requester", "1001", bound_to="case-1")
    with pytest.raises(InvalidTag):
        unseal("requester", sealed[:-1] + bytes([sealed[-1] ^ 1]), bound_to="case-1")
    settings.LIANXIN_SEAL_KEY = "another key"
    with pytest.raises(InvalidTag):
        unseal("requester", sealed, bound_to="case-1")


def test_a_keyed_hash_depends_on_value_purpose_and_key(settings):
    first = keyed_hash("receipt", "ABC")
    assert (len(first), keyed_hash("receipt", "ABC")) == (32, first)
    assert first not in (keyed_hash("receipt", "ABD"), keyed_hash("other", "ABC"))
    settings.LIANXIN_SEAL_KEY = "another key"
    assert keyed_hash("receipt", "ABC") != first
