"""The cells of all web processes together, as rows."""

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


def read_cells() -> tuple[list[Part], dict[int, bytes]]:
    """The parts in all cells; and the cells that do not open, by number."""
    parts, foreign = [], {}
    for n, content in SpoolCell.objects.values_list("n", "sealed"):
        try:
            part = opened(n, bytes(content))
        except InvalidTag:
            foreign[n] = bytes(content)
        else:
            if part:
                parts.append(part)
    return parts, foreign


def write_cells(parts: Sequence[Part], foreign: Mapping[int, bytes] = MappingProxyType({})) -> None:
    """Write all cells anew, with these parts at random places; those that do not open are left as they are.

    Raises:
        ValueError: there are more parts than cells.
    """
    places = [n for n in range(CELLS) if n not in foreign]
    held = dict(zip(random.sample(places, len(parts)), parts, strict=True))
    SpoolCell.objects.all().delete()
    SpoolCell.objects.bulk_create(SpoolCell(n=n, sealed=foreign.get(n) or sealed(n, held.get(n))) for n in range(CELLS))


def put_into_cells(numbers: Collection[int], waiting: Sequence[Part]) -> int:
    """Seal some cells anew, and put what waits into those of them that are free. Return how many parts went in."""
    if not SpoolCell.objects.exists():
        write_cells([])
    cells = list(SpoolCell.objects.filter(n__in=numbers))
    random.shuffle(cells)
    written = 0
    for cell in cells:
        try:
            part = opened(cell.n, bytes(cell.sealed))
        except InvalidTag:
            continue
        if part is None and written < len(waiting):
            part = waiting[written]
            written += 1
        cell.sealed = sealed(cell.n, part)
    SpoolCell.objects.bulk_update(cells, ["sealed"], batch_size=64)
    return written
