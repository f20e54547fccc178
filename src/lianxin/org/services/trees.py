"""What units and Party organisations have in common: each is a tree that grows, moves and ends."""

from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

from django.db import connection
from django.utils.translation import gettext as _
from treebeard.exceptions import PathOverflow

from lianxin.kernel import clock
from lianxin.kernel.errors import Invalid
from lianxin.org.models import PartyOrganisation, Unit
from lianxin.org.services.record import check, fetch, tidy

N = TypeVar("N", bound=Unit | PartyOrganisation)


def lock_tree(model: type[N]) -> None:
    """Let one transaction at a time change the shape of a tree; reading and employing go on."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"LOCK TABLE {connection.ops.quote_name(model._meta.db_table)} IN SHARE ROW EXCLUSIVE MODE"  # noqa: SLF001
        )


def fetch_living(model: type[N], pk: int, field: str = "") -> N:
    """Read and lock a unit or Party organisation that has not ended.

    Raises:
        NotFound: there is none.
        Invalid: it has ended (said at `field`).
    """
    node = fetch(model, pk)
    if node.ended_on is not None:
        raise Invalid({field: _("%(name)s has been ended.") % {"name": node.name}})
    return node


def put_below(node: N, parent: N | None) -> None:
    """Check a new node and add it below a parent, or as a root."""
    node.name, node.code = tidy(node.name), tidy(node.code)
    check(node, "name", "code", "kind")
    if parent:
        type(node).objects.add_child(parent, instance=node)
    else:
        type(node).objects.add_root(instance=node)


def put_all_below(added: Sequence[tuple[N, N | None]]) -> None:
    """As `put_below` for each, in this order, with a few statements for all; a parent may be one that stands before.

    The tree is locked, and so no sibling comes in between; the parents were read in the same transaction.

    Raises:
        Invalid: a name is empty, a code is taken or there twice.
        PathOverflow: a node would lie too deep, or have too many siblings.
    """
    if not added:
        return
    _check_all([node for node, _parent in added])
    model = type(added[0][0])
    last: dict[str, N] = {}
    for node in model.objects.order_by("path").only("path"):
        last[node.path[: -model.steplen]] = node
    grown: Counter[int] = Counter()
    for node, parent in added:
        above = parent.path if parent else ""
        node.depth = len(above) // model.steplen + 1
        node.path = last[above]._inc_path() if above in last else model._get_path(above, node.depth, 1)  # noqa: SLF001 - as treebeard's `add_child`
        if len(node.path) > _longest(model):
            raise PathOverflow(node.path)
        last[above] = node
        if parent and parent.pk:
            grown[parent.pk] += 1
        if parent:
            parent.numchild += 1
    model.objects.bulk_create([node for node, _parent in added])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {connection.ops.quote_name(model._meta.db_table)} AS parent SET numchild = numchild + given.more"  # noqa: S608, SLF001 - our own tables
            " FROM unnest(%s::bigint[], %s::int[]) AS given (id, more) WHERE parent.id = given.id",
            [list(grown), list(grown.values())],
        )


def _longest(model: type[N]) -> int:
    return int(model._meta.get_field("path").max_length or 0)  # noqa: SLF001


def _check_all(nodes: Sequence[N]) -> None:
    model = type(nodes[0])
    for node in nodes:
        node.name, node.code = tidy(node.name), tidy(node.code)
        check(node, "name", "code", "kind", unique=False)
    taken = set(model.objects.filter(code__in=[node.code for node in nodes]).values_list("code", flat=True))
    for node in nodes:
        if node.code in taken:
            raise Invalid({"code": " ".join(node.unique_error_message(model, ("code",)).messages)})
        taken.add(node.code)


def rename(node: N, *, name: str, code: str | None, kind: str | None) -> dict[str, list[str]]:
    """Give a node another name, code or kind; say what changed, from what to what."""
    before = {"name": node.name, "code": node.code, "kind": str(node.kind)}
    node.name = tidy(name)
    node.code = tidy(code) if code is not None else node.code
    node.kind = kind if kind is not None else node.kind
    check(node, "name", "code", "kind")
    node.save(update_fields=["name", "code", "kind"])
    return {
        field: [old, str(getattr(node, field))] for field, old in before.items() if str(getattr(node, field)) != old
    }


def move_below(node: N, parent: N | None) -> N | None:
    """Put a node with all below it under another parent (none: as a root); return the parent it had.

    Raises:
        Invalid: it would lie below itself, or is there already.
    """
    if parent and parent.path.startswith(node.path):
        raise Invalid({"parent": _("A unit cannot be moved below itself.")})
    nodes = type(node).objects
    old = nodes.get_parent(node)
    if old == parent:
        raise Invalid({"parent": _("It is there already.")})
    if parent:
        nodes.move(node, parent, "last-child")
    else:
        nodes.move(node, nodes.get_last_root_node(), "right")
    return old


def end(node: N, *obstacles: tuple[bool, str]) -> None:
    """End a node today unless something is still there.

    Raises:
        Invalid: with the sentence of the first obstacle that stands.
    """
    for stands, sentence in (
        (type(node).objects.get_children(node).filter(ended_on__isnull=True).exists(), _below()),
        *obstacles,
    ):
        if stands:
            raise Invalid({"": sentence})
    node.ended_on = clock.today()
    node.save(update_fields=["ended_on"])


def _below() -> str:
    return _("There are others below it. Please move or end them first.")
