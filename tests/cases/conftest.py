import pytest

from tests.factories.cases import found_enterprise


@pytest.fixture
def house(db):
    return found_enterprise()
