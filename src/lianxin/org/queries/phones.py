"""The duty phones of units."""

from lianxin.org.models import DutyPhone, Unit


def duty_phones(unit: Unit) -> list[DutyPhone]:
    """The duty phones of a unit: its own, else those of the nearest unit above that keeps any, with that `unit`."""
    rows = list(
        DutyPhone.objects.filter(unit__path__in=unit.ancestor_paths)
        .select_related("unit")
        .order_by("-unit__path", "position")
    )
    return [row for row in rows if row.unit_id == rows[0].unit_id]


def duty_phones_of_all() -> list[DutyPhone]:
    """All duty phones with their units, from the top of the tree down."""
    return list(DutyPhone.objects.select_related("unit").order_by("unit__path", "position"))


def units_without_duty_phone() -> list[Unit]:
    """Living units, in tree order, that neither keep a duty phone nor inherit one."""
    reached = tuple(set(DutyPhone.objects.values_list("unit__path", flat=True)))
    units = Unit.objects.filter(ended_on__isnull=True).order_by("path")
    return [unit for unit in units if not unit.path.startswith(reached)]
