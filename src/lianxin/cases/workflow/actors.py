"""Who can act on a case: a person, whoever holds an anonymous case's receipt, or the clock."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from lianxin.org.queries import Person


@dataclass(frozen=True)
class ReceiptHolder:
    """Somebody who showed the receipt of this case. Made only by `queries.open_receipt`."""

    case_id: UUID


class Clockwork(Enum):
    """The system acting by time."""

    CLOCK = "clock"


CLOCK = Clockwork.CLOCK
Actor = Person | ReceiptHolder | Clockwork
