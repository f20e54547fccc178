import pytest

from lianxin.classification.services import embeddings as case_embeddings
from lianxin.nlp import embeddings
from tests.factories.cases import found_enterprise


@pytest.fixture
def house(db):
    return found_enterprise()


@pytest.fixture
def understand(monkeypatch):
    """The worker's reading, by words alone: the same on every machine, and at once."""
    monkeypatch.setattr(embeddings, "available", lambda: False)
    monkeypatch.setattr(embeddings, "model_version", lambda: "")
    return case_embeddings.understand
