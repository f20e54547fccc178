import pytest
from django.utils import translation

from lianxin.kernel.cleaning import Cleaned, RefusedError
from lianxin.kernel.cleaning.__main__ import clean
from lianxin.kernel.files import FileRejected
from lianxin.kernel.files.cleaning import REFUSALS


@pytest.fixture(autouse=True)
def _in_english():
    """What the kernel says is checked in the words of its source."""
    with translation.override("en"):
        yield


@pytest.fixture
def cleaned_here(monkeypatch):
    """Files are cleaned in the process of the test: for many small ones, where each process would cost its start."""

    def clean_here(kind: str, content: bytes) -> Cleaned:
        try:
            return clean(kind, content)
        except RefusedError as refusal:
            raise FileRejected(REFUSALS[refusal.reason]) from refusal

    monkeypatch.setattr("lianxin.kernel.files.clean_apart", clean_here)
