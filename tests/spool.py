"""The spool in tests: anonymous acts wait in it, and leave it when the test says so."""

from datetime import timedelta

from lianxin.kernel import spool, timezone
from lianxin.kernel.spool import cells, pool, writer


class WritesAtOnce(writer.Writer):
    """Without the thread that writes in a web process: whoever puts something in writes until it is in, and whoever
    looks has just read.
    """

    def put(self, message):
        entry = self.take(message)
        for _ in range(200):
            if entry.is_in.is_set():
                return
            self.write()
        raise spool.SpoolBusy("full")

    def messages(self, *, fresh=False):  # noqa: ARG002
        return [message for message, _parts in cells.joined(pool.read_cells()[0].values())[0]]


def deliver_at_the_hour(moment=None):
    """What the worker does at the next full hour after a moment."""
    at = timezone.to_the_hour(moment or timezone.now()) + timedelta(hours=1)
    with timezone.frozen(at):
        return spool.deliver(rewrite=True)
