"""What can go wrong in a way that a person can do something about."""

from collections.abc import Mapping, Sequence
from typing import Any


class LianxinError(Exception):
    """Base of all foreseeable refusals; `str(error)` is a sentence for the user."""


class NotFound(LianxinError):  # noqa: N818 - reads as the sentence it is
    """There is no such thing within the actor's sight: hidden and missing look the same."""


class PermissionDenied(LianxinError):  # noqa: N818
    """The actor sees the thing but may not do this with it."""


class VersionConflict(LianxinError):  # noqa: N818
    """Somebody acted in between. `changes` holds what was done since, oldest first."""

    def __init__(self, message: str, changes: Sequence[Any] = ()) -> None:
        super().__init__(message)
        self.changes = list(changes)


class ValidationFailed(LianxinError):  # noqa: N818
    """What was entered cannot be taken. `fields` maps a field's name to its message."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(str(message) for message in fields.values()))
        self.fields = dict(fields)


class RateLimited(LianxinError):  # noqa: N818
    """A rate limit is reached. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
