"""Embeddings kept in a file, so that no text is embedded twice with the same model."""

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from lianxin.nlp import embeddings
from lianxin.nlp.embeddings import Vectors

SAVE_EVERY = 512


def embedded(texts: Sequence[str], kept: Path, progress: Callable[[int], object] | None = None) -> Vectors:
    """The texts' vectors, taken from the file `kept` where it has them; what is made is put there as it is made.

    Raises:
        ModuleNotFoundError: the extra `semantic` is not installed.
    """
    keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
    known = _read(kept)
    missing = dict.fromkeys(key for key in keys if key not in known)
    text_of = dict(zip(keys, texts, strict=True))
    done = len(keys) - sum(key in missing for key in keys)
    todo = list(missing)
    for start in range(0, len(todo), SAVE_EVERY):
        batch = todo[start : start + SAVE_EVERY]
        made = embeddings.embed([text_of[key] for key in batch], _from(progress, done + start))
        known.update(zip(batch, made.astype(np.float16), strict=True))
        _write(kept, known)
    if progress:
        progress(len(texts))
    return np.array([known[key] for key in keys], dtype=np.float32).reshape(len(keys), embeddings.DIMENSIONS)


def _from(progress: Callable[[int], object] | None, before: int) -> Callable[[int], object] | None:
    """Tells of what is made now on top of what was there `before`."""
    if progress is None:
        return None
    return lambda made: progress(before + made)


def _read(kept: Path) -> dict[str, Vectors]:
    try:
        with np.load(kept, allow_pickle=False) as stored:
            if str(stored["model"]) != embeddings.model_version():
                return {}
            return dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))
    except (OSError, KeyError, ValueError, BadZipFile):
        return {}


def _write(kept: Path, known: dict[str, Vectors]) -> None:
    """Whole or not at all; where the folder cannot be written, nothing is kept."""
    beside = kept.with_name(f"{kept.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            np.savez(
                file,
                model=np.array(embeddings.model_version()),
                keys=np.array(list(known)),
                vectors=np.array(list(known.values()), dtype=np.float16),
            )
        beside.replace(kept)
    except OSError:
        beside.unlink(missing_ok=True)
