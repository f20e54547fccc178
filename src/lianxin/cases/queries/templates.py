"""Reply templates of units, and what was replied before about the same."""

from collections import Counter

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.cases.enums import MessageKind
from lianxin.cases.models import Case, CaseAccessLog, Message, ReplyTemplate, SavedView
from lianxin.kernel.errors import NotFound
from lianxin.org.enums import Role
from lianxin.org.queries import Person, Unit, in_units_of

KEEPERS = (Role.HANDLER, Role.UNIT_LEADER)
COMPARED = 40
"""So many of the latest replies of a unit in a category are compared with a case."""
MOST_BEFORE = 2


def saved_views(*, viewer: Person) -> list[SavedView]:
    """The work lists that the viewer keeps under names of their own."""
    return list(SavedView.objects.filter(person=viewer))


def keeps_templates(person: Person) -> bool:
    """Whether they write for a unit or lead one."""
    return person.holds(*KEEPERS)


def template_units(person: Person) -> QuerySet[Unit]:
    """The units for which they keep templates: those they handle cases for or lead."""
    own = [grant.unit_id for grant in person.grants if grant.role in KEEPERS]
    return Unit.objects.filter(pk__in=own, ended_on__isnull=True).order_by("path")


def templates_of(person: Person) -> QuerySet[ReplyTemplate]:
    """The templates of the units for which they handle cases or which they lead, and of those below."""
    kept = in_units_of(person, "unit", *KEEPERS)
    return ReplyTemplate.objects.filter(kept).select_related("unit").order_by("unit__path", "title", "id")


def may_edit(person: Person, template: ReplyTemplate) -> bool:
    """Whether the template is of a unit for which they keep templates."""
    return templates_of(person).filter(pk=template.pk).exists()


def get_template_for(person: Person, template_id: object) -> ReplyTemplate:
    """The template, if it is the person's to change.

    Raises:
        NotFound: there is no such template, or it is another unit's.
    """
    found = templates_of(person).filter(pk=str(template_id)).first()
    if found is None:
        raise NotFound(_("There is no such thing, or it is not for you."))
    return found


def templates_for(case: Case) -> list[ReplyTemplate]:
    """What the lead unit of a case and those above it keep for replies."""
    if case.lead_unit is None or case.sealed:
        return []
    step = Unit.steplen
    paths = [case.lead_unit.path[:end] for end in range(step, len(case.lead_unit.path) + 1, step)]
    return list(ReplyTemplate.objects.filter(unit__path__in=paths).order_by("-unit__path", "title", "id"))


def replied_before(*, viewer: Person, case: Case) -> list[Message]:
    """What the lead unit replied to the cases most like this one; the likest first.

    Only of those that the viewer sees, and has in hand or has opened: every other look at them would leave no trace.
    Two statements: the latest replies of the unit in the category are compared by the pairs of characters they share.
    """
    if case.lead_unit_id is None or case.category_id is None or case.sealed:
        return []
    seen = Case.objects.staff_visible_to(viewer).filter(
        Q(lead_unit=case.lead_unit_id, category=case.category_id, sealed=False, replied_at__isnull=False)
    )
    opened = CaseAccessLog.objects.filter(person=viewer, case=OuterRef("pk"), reason="")
    seen = seen.filter(Q(handler=viewer) | Exists(opened))
    cases = {row.pk: row for row in seen.exclude(pk=case.pk).order_by("-replied_at")[:COMPARED]}
    own = _pairs(f"{case.title}{case.body}")
    likest = sorted(cases.values(), key=lambda row: -_likeness(own, _pairs(f"{row.title}{row.body}")))[:MOST_BEFORE]
    replies = Message.objects.filter(case__in=[row.pk for row in likest], kind=MessageKind.REPLY).order_by("version")
    last = {reply.case_id: reply for reply in replies.select_related("case", "author")}
    return [last[row.pk] for row in likest if row.pk in last]


def _pairs(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(len(text) - 1))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    shared = sum((one & other).values())
    return shared / (sum(one.values()) + sum(other.values()) - shared or 1)
