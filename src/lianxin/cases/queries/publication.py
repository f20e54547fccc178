"""Cases whose requesters agreed that everybody may read them: what the board is made of."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import MessageKind, Relation
from lianxin.cases.models import Case, Category
from lianxin.cases.queries.case_detail import get_case_for, lock_case_for
from lianxin.kernel.errors import PermissionDenied, VersionConflict
from lianxin.org.enums import Role
from lianxin.org.queries import Person, in_units_of

__all__ = ["Case", "Category", "category_branch", "reply_to", "shared_case_for", "shared_cases"]


def shared_cases(*, viewer: Person) -> QuerySet[Case]:
    """The shared cases that the viewer dispatches, the longest agreed first."""
    dispatched = in_units_of(viewer, "place_unit", Role.DISPATCHER)
    cases = Case.objects.staff_visible_to(viewer).filter(dispatched, publication_consent_at__isnull=False)
    return cases.select_related("place_unit", "category").order_by("publication_consent_at", "pk")


def shared_case_for(*, viewer: Person, case_id: UUID, lock: bool = False) -> Case:
    """A shared case that the viewer dispatches; with `lock` nobody else acts on it until the transaction ends.

    Raises:
        NotFound: it is not in the viewer's sight.
        PermissionDenied: they see it, but are not its dispatcher.
        VersionConflict: its requester does not agree, or no longer does.
    """
    case = lock_case_for(viewer, case_id) if lock else get_case_for(viewer, case_id)
    if Relation.DISPATCHER not in policies.relations_of(viewer, case):
        raise PermissionDenied(_("You do not have permission to do this."))
    if case.publication_consent_at is None:
        raise VersionConflict(_("The requester has not consented to publication."))
    return case


def reply_to(case: Case) -> str:
    """What was last replied to a case."""
    replies = case.messages.filter(kind=MessageKind.REPLY, internal=False).order_by("-version")
    return replies.values_list("text", flat=True).first() or ""


def category_branch(code: str) -> list[int]:
    """The ids of a category and those below it; none where there is none of that code."""
    path = Category.objects.filter(code=code).values_list("path", flat=True).first()
    return list(Category.objects.filter(path__startswith=path).values_list("pk", flat=True)) if path else []
