"""No text is embedded twice."""

from pathlib import Path

import numpy as np
import pytest

from lianxin.nlp import embeddings
from lianxin.nlp.embedding_cache import embedded

pytestmark = pytest.mark.skipif(not embeddings.available(), reason="the extra `semantic` is not installed")


def test_a_text_is_embedded_once_and_found_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "kept.npz"
    first = embedded(["宿舍没有热水", "食堂饭菜凉", "宿舍没有热水"], kept)
    assert first.shape == (3, embeddings.DIMENSIONS)
    assert np.array_equal(first[0], first[2])
    monkeypatch.setattr(embeddings, "embed", pytest.fail)
    assert np.array_equal(embedded(["食堂饭菜凉"], kept)[0], first[1])


def test_a_damaged_file_is_made_anew(tmp_path: Path) -> None:
    kept = tmp_path / "kept.npz"
    kept.write_bytes(b"damaged")
    assert embedded(["宿舍没有热水"], kept).shape == (1, embeddings.DIMENSIONS)


def test_a_stored_vector_keeps_its_meaning() -> None:
    vector = embeddings.embed(["宿舍没有热水"])[0]
    stored = embeddings.to_bytes(vector)
    assert len(stored) == 768
    assert embeddings.from_bytes([stored])[0] @ vector == pytest.approx(1, abs=1e-3)
