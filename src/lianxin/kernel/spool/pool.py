"""The cells of all web processes together, as rows.

No request may look at them: PostgreSQL tidies a table as it is read, and its write-ahead log says when. The writers
read them at their constant rate (`writer`), the worker each minute (`delivery`).
"""

from collections.abc import Collection, Mapping, Sequence
from secrets import SystemRandom
from types import MappingProxyType

from cryptography.exceptions import InvalidTag

from lianxin.kernel import locks
from lianxin.kernel.models import SpoolCell
from lianxin.kernel.spool.cells import Part, opened, sealed

CELLS = 1024
"""2 MB: room for a thousand short messages, or a hundred of the longest."""
random = SystemRandom()


def lock_cells() -> None:
    """Wait until nobody else writes cells, and keep them for the rest of the transaction."""
    locks.hold("kernel.spool")


def read_cells() -> tuple[dict[int, Part | None], dict[int, bytes]]:
    """What is in each cell; and the cells that do not open, as they are."""
    held: dict[int, Part | None] = {}
    foreign = {}
    for n, content in SpoolCell.objects.values_list("n", "sealed"):
        try:
            held[n] = opened(n, bytes(content))
        except InvalidTag:
            foreign[n] = bytes(content)
    return held, foreign


def write_cells(parts: Sequence[Part], foreign: Mapping[int, bytes] = MappingProxyType({})) -> None:
    """Write all cells anew, with these parts at random places; those that do not open are left as they are.

    Raises:
        ValueError: there are more parts than cells.
    """
    places = [n for n in range(CELLS) if n not in foreign]
    held = dict(zip(random.sample(places, len(parts)), parts, strict=True))
    SpoolCell.objects.all().delete()
    SpoolCell.objects.bulk_create(SpoolCell(n=n, sealed=foreign.get(n) or sealed(n, held.get(n))) for n in range(CELLS))


def put_into_cells(held: dict[int, Part | None], numbers: Collection[int], waiting: Sequence[Part]) -> int:
    """Seal some cells anew, and put what waits into those of them that are free. Return how many parts went in.

    Args:
        held: what is in each cell; what goes in is added.
        numbers: the cells; those that do not open are left out.
        waiting: the parts, in the order in which they go in.
    """
    written = 0
    cells = []
    for n in numbers:
        if n not in held:
            continue
        if held[n] is None and written < len(waiting):
            held[n] = waiting[written]
            written += 1
        cells.append(SpoolCell(n=n, sealed=sealed(n, held[n])))
    SpoolCell.objects.bulk_update(cells, ["sealed"])
    return written
