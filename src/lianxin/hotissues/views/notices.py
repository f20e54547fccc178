"""What early warning has to say on the page of a case."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.cases.events import TopNotice
from lianxin.hotissues.queries.early_warning.inbox import dangers_in
from lianxin.hotissues.queries.early_warning.reasons import reason
from lianxin.org.queries import Person


def notices_of_case(viewer: Person, case_id: UUID) -> Sequence[TopNotice]:
    """That the words of a case speak of danger, as long as nobody has settled the warning."""
    return [
        TopNotice(
            title=_("Help comes first"),
            text=reason(warning),
            url=reverse("hotissues:warning", args=[warning.pk]),
            link=_("Open warning"),
        )
        for warning in dangers_in(viewer=viewer, case_id=case_id)
    ]
