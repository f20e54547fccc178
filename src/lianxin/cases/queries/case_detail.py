"""Fetching one case and authorising it are one call; hidden and missing look the same."""

import re
from collections.abc import Collection
from uuid import UUID

from django.utils.translation import gettext as _

from lianxin.cases.models import Case
from lianxin.cases.policies import relations_of
from lianxin.cases.workflow import Actor, ReceiptHolder
from lianxin.kernel.crypto import keyed_hash
from lianxin.kernel.errors import NotFound

RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 20


def lock_idle(case_ids: Collection[UUID]) -> list[Case]:
    """For the clock, which sees all: those of some cases at which nobody is at work now, locked, in this order.

    With what it takes to say who somebody is to one.
    """
    cases = Case.objects.for_policies().select_for_update(of=("self",), skip_locked=True, no_key=True)
    found = cases.in_bulk(case_ids)
    return [found[case_id] for case_id in case_ids if case_id in found]


def get_case_for(viewer: Actor, case_id: UUID | str) -> Case:
    """The case, if it exists within the viewer's sight.

    Raises:
        NotFound: there is no such case, or it is not for the viewer.
    """
    return _authorised(viewer, Case.objects.for_detail().filter(pk=case_id).first())


def lock_case_for(viewer: Actor, case_id: UUID | str) -> Case:
    """As `get_case_for`, and locked until the transaction ends: read only then, when whoever was at work is done."""
    list(Case.objects.filter(pk=case_id).select_for_update().values_list("pk"))
    return _authorised(viewer, Case.objects.for_policies().filter(pk=case_id).first())


def _authorised(viewer: Actor, case: Case | None) -> Case:
    if case is None or not relations_of(viewer, case):
        raise NotFound(_("Case not found, or you do not have access to it."))
    return case


def receipt_hash(code: str) -> bytes:
    """What is kept of a receipt. Spaces, dashes and small letters make no difference."""
    plain = re.sub(r"[\s\-–—·]", "", code).upper()
    return keyed_hash("receipt", plain)


def find_by_receipt(code: str) -> UUID | None:
    """The id of the case to which a receipt belongs, or None."""
    return Case.objects.filter(receipt_hash=receipt_hash(code)).values_list("pk", flat=True).first()


def open_receipt(code: str) -> ReceiptHolder:
    """Whoever shows a right receipt may act as the requester of its case.

    Raises:
        NotFound: no case has this receipt.
    """
    case_id = find_by_receipt(code)
    if case_id is None:
        raise NotFound(_("Receipt not found. Please check each character."))
    return ReceiptHolder(case_id)
