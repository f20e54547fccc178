"""Where and when one looks: a unit with all below it, a period, a lens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Case as CaseWhen
from django.db.models import CharField, Q, QuerySet, Value, When

from lianxin.cases.enums import CaseKind
from lianxin.cases.queries.publication import Category, category_branch
from lianxin.hotissues.enums import Lens
from lianxin.hotissues.policies import HOT_ROLES, counted, counted_for
from lianxin.kernel import timezone
from lianxin.kernel.periods import Period
from lianxin.org.queries import Person, Unit, in_reach, role_paths, unit_among

DAYS = 90
"""The period that is looked at unless another is asked for."""
LENS_OF_CATEGORY = {
    "safety": Lens.SAFETY,
    "health": Lens.SAFETY,
    "labour": Lens.STABILITY,
    "conduct": Lens.STABILITY,
}
"""By the code of a category, with all below it. It counts before the kind."""
LENS_OF_KIND = {CaseKind.HAZARD: Lens.SAFETY, CaseKind.DISPUTE: Lens.STABILITY}
"""What is in neither list is daily life."""


@dataclass(frozen=True)
class Scope:
    """What is asked for. `viewer` None: for a command, which sees all but what is sealed."""

    unit: Unit
    period: Period
    lens: str = ""
    category: str = ""
    viewer: Person | None = None

    @property
    def middle(self) -> datetime:
        """When the later half of the period begins."""
        begin, end = self.bounds
        return begin + (end - begin) / 2

    @property
    def bounds(self) -> tuple[datetime, datetime]:
        """The first moment of the period, and the first after it."""
        midnight = time(tzinfo=timezone.zone())
        following = self.period.until + timedelta(days=1)
        return datetime.combine(self.period.since, midnight), datetime.combine(following, midnight)

    def here(self) -> Q:
        """The memberships that count, of cases that lie or are handled in the unit, whenever they were raised."""
        counts = counted() if self.viewer is None else counted_for(self.viewer)
        below = Q(case__place_unit__path__startswith=self.unit.path) | Q(
            case__lead_unit__path__startswith=self.unit.path
        )
        return counts & below & self._of_category()

    def here_and_then(self) -> Q:
        """Those of them that were raised in the period."""
        begin, end = self.bounds
        return self.here() & Q(case__submitted_at__gte=begin, case__submitted_at__lt=end)

    def _of_category(self) -> Q:
        return Q(case__category__in=category_branch(self.category)) if self.category else Q()


def last_days(days: int = DAYS) -> Period:
    """The last so many days, today included."""
    today = timezone.today()
    return Period(today - timedelta(days=days - 1), today)


def hot_units(*, viewer: Person) -> QuerySet[Unit]:
    """The units whose hot issues the viewer may see, from the top down."""
    return Unit.objects.filter(in_reach(role_paths(viewer, *HOT_ROLES), "path")).order_by("depth", "path")


def hot_unit_for(*, viewer: Person, code: str = "") -> tuple[Unit, Sequence[Unit]]:
    """The unit of this code (none given: the viewer's topmost), and those above it that they may see as well.

    Raises:
        NotFound: there is none such within the viewer's reach.
    """
    return unit_among(hot_units(viewer=viewer), code)


def lens_of_case() -> CaseWhen:
    """The lens of a membership's case: by its category, else by its kind, else daily life. One query."""
    whens = []
    rows = list(Category.objects.values_list("pk", "path", "code"))
    paths = {path: LENS_OF_CATEGORY[code] for _pk, path, code in rows if code in LENS_OF_CATEGORY}
    for lens in Lens:
        below = tuple(path for path, its in paths.items() if its == lens)
        ids = [pk for pk, path, _code in rows if path.startswith(below)] if below else []
        if ids:
            whens.append(When(case__category__in=ids, then=Value(lens.value)))
    by_kind = [When(case__kind=kind, then=Value(lens.value)) for kind, lens in LENS_OF_KIND.items()]
    return CaseWhen(*whens, *by_kind, default=Value(Lens.LIFE.value), output_field=CharField())


def named_categories(by_code: Mapping[str, str]) -> list[tuple[str, str]]:
    """The categories of these codes, as (name, what is given for the code)."""
    names = dict(Category.objects.filter(code__in=by_code).values_list("code", "name"))
    return [(names[code], word) for code, word in by_code.items() if code in names]
