"""Writing the record, and closing its batches."""

from lianxin.ledger.services.appending import append_event, append_events
from lianxin.ledger.services.closing import begin_anew, close_batch
from lianxin.ledger.services.erasing import erase_event

__all__ = ["append_event", "append_events", "begin_anew", "close_batch", "erase_event"]
