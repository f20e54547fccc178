"""What people decide of two cases that look alike."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from lianxin.cases import policies
from lianxin.cases.enums import Relation, Verdict
from lianxin.cases.models import Case, SimilarCase
from lianxin.cases.queries.case_detail import lock_case_for
from lianxin.cases.workflow.notifications import SUBJECT
from lianxin.kernel import timezone
from lianxin.kernel.errors import NotFound, PermissionDenied
from lianxin.ledger.services import append_event
from lianxin.org.queries import Person


def judge_alike(*, actor: Person, case_id: UUID, other_id: UUID, verdict: Verdict | str) -> Case:
    """Decide that two cases belong together, or that they are not the same matter; it is remembered.

    Raises:
        NotFound: one of them is not in the actor's sight, or they were never said to be alike.
        PermissionDenied: the actor does not dispatch the case.
    """
    verdict = Verdict(verdict)
    with transaction.atomic():
        locked = {pk: lock_case_for(actor, pk) for pk in sorted([case_id, other_id])}
        case = locked[case_id]
        if Relation.DISPATCHER not in policies.relations_of(actor, case):
            raise PermissionDenied(_("You do not have permission to do this."))
        pairs = SimilarCase.objects.filter(Q(case=case_id, other=other_id) | Q(case=other_id, other=case_id))
        if not pairs.update(verdict=verdict):
            raise NotFound(_("Case not found, or you do not have access to it."))
        append_event(
            subject_type=SUBJECT,
            subject_id=case.pk,
            action=verdict,
            actor_id=actor.pk,
            role=Relation.DISPATCHER,
            from_state=case.state,
            to_state=case.state,
            version=case.version,
            internal=True,
            at=locked[other_id].time_kept(case.time_kept(timezone.now())),
            data={"other": str(other_id)},
        )
    return case
