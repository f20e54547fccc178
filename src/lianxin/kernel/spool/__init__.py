"""Where anonymous acts wait, so that neither the database nor a copy of it says when somebody wrote.

They lie in sealed cells of equal size, which are sealed anew at a constant rate whether or not anybody writes
(`writer`), and are delivered at the full hour in random order (`delivery`). What was put in is as durable as everything
else in the database. See docs/developer/spool.md.
"""

from lianxin.kernel.spool.cells import Message
from lianxin.kernel.spool.delivery import deliver, forget_foreign, handled_by, troubles
from lianxin.kernel.spool.writer import SpoolBusy, is_on, put, start, waiting

__all__ = [
    "Message",
    "SpoolBusy",
    "deliver",
    "forget_foreign",
    "handled_by",
    "is_on",
    "put",
    "start",
    "troubles",
    "waiting",
]
