"""What signals tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.dispatch import Signal


@contextmanager
def hearing(*signals: Signal) -> Iterator[list[tuple[Signal, dict[str, Any]]]]:
    """Collect what is sent meanwhile: each signal with its arguments."""
    heard: list[tuple[Signal, dict[str, Any]]] = []

    def receive(*, signal: Signal, sender: Any, **sent: Any) -> None:
        heard.append((signal, sent))

    for signal in signals:
        signal.connect(receive)
    try:
        yield heard
    finally:
        for signal in signals:
            signal.disconnect(receive)
