"""Writing the record, and closing its batches."""

from lianxin.ledger.services.appending import append_event, append_events
from lianxin.ledger.services.closing import ORIGIN, begin_anew, close_batch
from lianxin.ledger.services.erasing import EVENT, erase_event

__all__ = ["EVENT", "ORIGIN", "append_event", "append_events", "begin_anew", "close_batch", "erase_event"]
