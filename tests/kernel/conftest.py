import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def _in_english():
    """What the kernel says is checked in the words of its source."""
    with translation.override("en"):
        yield
