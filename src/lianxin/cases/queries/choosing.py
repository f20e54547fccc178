"""What the forms at a desk offer to choose from, and what they propose."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.cases.enums import DeadlineKind
from lianxin.cases.events import Offer
from lianxin.cases.models import Case, Category, Extension, SlaRule
from lianxin.cases.queries.subjects import people_in_body
from lianxin.cases.workflow.sla import STAFF_DEADLINES
from lianxin.kernel.working_time import current_calendar
from lianxin.org.enums import Role
from lianxin.org.queries import (
    Person,
    Unit,
    active_people,
    in_reach,
    people_with_marks,
    place_name,
    posts_of,
    role_paths,
    with_places,
)
from lianxin.ui.autocomplete import Option

Group = tuple[str, list[tuple[int, str]]]

MOST_DAYS = 10
INDENT = "\u3000"
_MOST_UNITS = 8
_RECENT = 200
_MOST_PEOPLE = 20
_SIGNS_SHOWN = 4


def category_groups(*, keeping: int | None = None) -> list[Group]:
    """The categories in use, grouped by their top level, deeper ones indented; `keeping` stays even if out of use."""
    groups: list[Group] = []
    for row in Category.objects.filter(Q(active=True) | Q(pk=keeping)).order_by("path"):
        if row.depth == 1 or not groups:
            groups.append((row.name, [(row.pk, _("%(name)s (general)") % {"name": row.name})]))
        else:
            groups[-1][1].append((row.pk, INDENT * (row.depth - 2) + row.name))
    return groups


def category_names(groups: Iterable[Group]) -> dict[str, str]:
    """Id → “top / name”, of the categories in groups."""
    return {
        str(pk): name if name.startswith(top) else f"{top} / {name.strip(INDENT)}"
        for top, rows in groups
        for pk, name in rows
    }


def category_tree() -> list[Category]:
    """All categories in tree order."""
    return list(Category.objects.order_by("path"))


def category_choices() -> list[tuple[str, str]]:
    """Code and name of each category, indented by depth, in tree order."""
    rows = Category.objects.order_by("path").values_list("code", "depth", "name")
    return [(code, "\u3000" * (depth - 1) + name) for code, depth, name in rows]


def category_paths() -> list[tuple[str, ...]]:
    """The names from the top down to each category in use that has none in use below it."""
    step = Category.steplen
    names = dict(Category.objects.filter(active=True).order_by("path").values_list("path", "name"))
    parents = {path[:-step] for path in names}
    return [
        tuple(names[path[:end]] for end in range(step, len(path) + 1, step) if path[:end] in names)
        for path in names
        if path not in parents
    ]


def category_cards() -> list[tuple[Category, list[tuple[str, Category]]]]:
    """Each category on top with all those below it, indented by depth."""
    cards: list[tuple[Category, list[tuple[str, Category]]]] = []
    for row in category_tree():
        if row.depth == 1:
            cards.append((row, []))
        else:
            cards[-1][1].append((INDENT * (row.depth - 2), row))
    return cards


def category_of(pk: int) -> Category | None:
    """The category of this id, or None."""
    return Category.objects.filter(pk=pk).first()


def present_category(case: Case) -> int | None:
    """The category under which a case is filed, or has to be: a sealed one is a matter of conduct."""
    if case.category_id or not case.sealed:
        return case.category_id
    return Category.objects.filter(active=True, code="conduct").values_list("pk", flat=True).first()


def likely_units(*, viewer: Person, case: Case, suggested: Sequence[Offer] = ()) -> list[Option]:
    """Units that may well handle it: the `suggested` ones, those that led cases of its place lately, then the viewer's
    with a handler.
    """
    reasons = {int(offer.value): offer.reason for offer in suggested}
    recent = Case.objects.filter(place_unit=case.place_unit_id, lead_unit__ended_on__isnull=True, is_test=False)
    recent = recent.exclude(pk=case.pk)
    led = recent.filter(lead_unit__isnull=False).order_by("-submitted_at").values_list("lead_unit", flat=True)[:_RECENT]
    counted = Counter(led)
    about = tuple(row.unit.path for row in case.subjects.all() if row.unit)
    within = in_reach(role_paths(viewer, Role.DISPATCHER, Role.SUPERVISOR), "path")
    rows = Unit.objects.filter(Q(pk__in=[*reasons, *counted]) | (within & Q(role_grants__role=Role.HANDLER))).filter(
        ended_on__isnull=True
    )
    fit = [unit for unit in rows.distinct() if not unit.path.startswith(about)]
    rank = {pk: place for place, pk in enumerate(reasons)}
    fit.sort(key=lambda unit: (rank.get(unit.pk, len(rank)), -counted[unit.pk], unit.path))
    return [Option(unit.pk, unit.name, reasons.get(unit.pk, "")) for unit in fit[:_MOST_UNITS]]


def people_perhaps_meant(case: Case) -> list[Option]:
    """The people around whom the words about whom the case is may mean; those with a post of that name first."""
    marks = [row.mark for row in case.possible_subjects.all()] if case.subjects_unsettled else []
    named = {row.person_id for row in case.subjects.all()}
    people = [person for person in people_with_marks(marks, around=case.place_unit) if person.pk not in named]
    posts = posts_of([person.pk for person in people])
    said = sorted(people, key=lambda person: not any(post in case.about_text for post in posts.get(person.pk, ())))
    return _with_units(said[:_MOST_PEOPLE], posts)


def people_in_text(case: Case) -> list[Option]:
    """The people whose names stand in what the requester wrote."""
    people = {person.pk: person for _name, bearers in people_in_body(case) for person in bearers}
    return _with_units(list(people.values())[:_MOST_PEOPLE], {})


def _with_units(people: Sequence[Person], posts: Mapping[int, Sequence[str]]) -> list[Option]:
    placed = {person.pk: person for person in with_places(Person.objects.filter(pk__in=[each.pk for each in people]))}
    options = []
    for person in (placed[each.pk] for each in people):
        hint = " ".join([f"…{person.employee_no[-_SIGNS_SHOWN:]}", place_name(person), *posts.get(person.pk, ())])
        options.append(Option(person.pk, person.name, hint.strip()))
    return options


def people_by_id(ids: Collection[int]) -> list[Person]:
    """Those of some people who have not left."""
    return list(active_people().filter(pk__in=list(ids)).order_by("pk"))


def units_by_id(ids: Collection[int]) -> list[Unit]:
    """Living units, in the order of `ids`."""
    found = Unit.objects.filter(ended_on__isnull=True).in_bulk(list(ids))
    return [found[pk] for pk in ids if pk in found]


def person_by_id(pk: int) -> Person | None:
    """Somebody who has not left."""
    return active_people().filter(pk=pk).first()


def extension_dues(case: Case) -> list[tuple[int, datetime]]:
    """The number of working days that can be asked for, each with the due time that would follow."""
    running = case.deadlines.filter(
        kind=DeadlineKind.REPLY, completed_at__isnull=True, cancelled_at__isnull=True
    ).first()
    if running is None:
        return []
    calendar = current_calendar()
    return [(days, calendar.add_working_days(running.due_at, days)) for days in range(1, MOST_DAYS + 1)]


def extended_due(case: Case, extension: Extension | None) -> datetime | None:
    """Until when the reply would have time if the extension asked for were granted."""
    return dict(extension_dues(case)).get(extension.days) if extension else None


def sla_rule_rows() -> list[SlaRule]:
    """The rules of the staff's clocks: those for all first, then by kind, then by category."""
    rules = SlaRule.objects.filter(clock__in=STAFF_DEADLINES).select_related("category")
    order = {kind: position for position, kind in enumerate(STAFF_DEADLINES)}
    return sorted(rules, key=lambda rule: (order[DeadlineKind(rule.clock)], rule.category_id or 0, rule.kind))
