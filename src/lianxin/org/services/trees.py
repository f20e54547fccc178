"""What units and Party organisations have in common: each is a tree that grows, moves and ends."""

from collections.abc import Collection
from typing import TypeVar

from django.utils.translation import gettext as _

from lianxin.kernel import timezone
from lianxin.kernel.errors import ValidationFailed
from lianxin.org.models import PartyOrganisation, Unit
from lianxin.org.services.record import check, collapse_spaces, fetch_all

N = TypeVar("N", bound=Unit | PartyOrganisation)


def fetch_living(model: type[N], pk: int, field: str = "") -> N:
    """Read and lock a unit or Party organisation that has not ended.

    Raises:
        NotFound: there is none.
        ValidationFailed: it has ended (said at `field`).
    """
    return fetch_all_living(model, [pk], field)[pk]


def fetch_all_living(model: type[N], ids: Collection[int], field: str = "", *related: str) -> dict[int, N]:
    """As `fetch_living`, for some of them at once; by id."""
    nodes = fetch_all(model, ids, *related)
    for node in nodes.values():
        if node.ended_on is not None:
            raise ValidationFailed({field: _("%(name)s has been closed.") % {"name": node.name}})
    return nodes


def put_below(node: N, parent: N | None) -> None:
    """Check a new node and add it below a parent, or as a root."""
    node.name, node.code = collapse_spaces(node.name), collapse_spaces(node.code)
    check(node, "name", "code", "kind")
    if parent:
        type(node).objects.add_child(parent, instance=node)
    else:
        type(node).objects.add_root(instance=node)


def rename(node: N, *, name: str, code: str | None, kind: str | None) -> dict[str, list[str]]:
    """Give a node another name, code or kind; say what changed, from what to what."""
    before = {"name": node.name, "code": node.code, "kind": str(node.kind)}
    node.name = collapse_spaces(name)
    node.code = collapse_spaces(code) if code is not None else node.code
    node.kind = kind if kind is not None else node.kind
    check(node, "name", "code", "kind")
    node.save(update_fields=["name", "code", "kind"])
    return {
        field: [old, str(getattr(node, field))] for field, old in before.items() if str(getattr(node, field)) != old
    }


def move_below(node: N, parent: N | None) -> N | None:
    """Put a node with all below it under another parent (none: as a root); return the parent it had.

    Raises:
        ValidationFailed: it would lie below itself, or is there already.
    """
    if parent and parent.path.startswith(node.path):
        raise ValidationFailed({"parent": _("A unit cannot be moved below itself.")})
    nodes = type(node).objects
    old = nodes.get_parent(node)
    if old == parent:
        raise ValidationFailed({"parent": _("It already exists.")})
    if parent:
        nodes.move(node, parent, "last-child")
    else:
        nodes.move(node, nodes.get_last_root_node(), "right")
    return old


def end(node: N, *obstacles: tuple[bool, str]) -> None:
    """End a node today unless something is still there.

    Raises:
        ValidationFailed: with the sentence of the first obstacle that stands.
    """
    for stands, sentence in (
        (type(node).objects.get_children(node).filter(ended_on__isnull=True).exists(), _below()),
        *obstacles,
    ):
        if stands:
            raise ValidationFailed({"": sentence})
    node.ended_on = timezone.today()
    node.save(update_fields=["ended_on"])


def _below() -> str:
    return _("It has others below it. Please move or close them first.")
