"""What early warning has to say on the page of a case."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from lianxin.alerts.queries.inbox import dangers_in
from lianxin.alerts.queries.reasons import reason, reason_with_words
from lianxin.cases.events import TopNotice
from lianxin.org.queries import Person


def banners_of_case(viewer: Person, case_id: UUID) -> Sequence[TopNotice]:
    """That the words of a case speak of danger, and which, as long as nobody has settled the alert."""
    return [
        TopNotice(
            title=_("Help comes first"),
            text=reason_with_words(alert, alert.case) if alert.case else reason(alert),
            url=reverse("alerts:alert", args=[alert.pk]),
            link=_("Open warning"),
        )
        for alert in dangers_in(viewer=viewer, case_id=case_id)
    ]
