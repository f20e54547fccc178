"""What the contexts above may want to know of cases. Handlers run inside the transaction of the act."""

from dataclasses import dataclass
from uuid import UUID

from lianxin.kernel.events import Event


@dataclass(frozen=True)
class CaseUnshared:
    """A case may no longer be shown to everybody: its requester took their agreement back, or it was reopened."""

    case_id: UUID


case_unshared: Event[CaseUnshared] = Event("cases.case_unshared")
