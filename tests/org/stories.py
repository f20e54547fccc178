"""What tests of the organisation ask again and again."""

from lianxin.ledger.queries import events_of


def record_of(row):
    """What was done to a unit, Party organisation or person, oldest first, and by whom."""
    return [(event.action, event.actor and event.actor.name) for event in events_of(row._meta.label_lower, row.pk)]


def children_of(node):
    """The names right below a node, as the database has them now."""
    return [child.name for child in type(node).objects.get_children(type(node).objects.get(pk=node.pk))]
