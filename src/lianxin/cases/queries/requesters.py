"""How many people raised confidential cases, for figures that count people.

The database cannot tell: each case stands under another pseudonym of its requester. So their names are opened in
memory, compared, and forgotten; what is given out is numbers.
"""

from collections.abc import Collection, Iterable
from uuid import UUID

from lianxin.cases.enums import Identity
from lianxin.cases.models import Case
from lianxin.cases.policies import confidential_requester

__all__ = ["people_behind"]

_AT_ONCE = 5000


def people_behind(groups: Iterable[Collection[UUID]]) -> list[int]:
    """For each group of cases, how many different people raised the confidential ones among them.

    One query for some thousand cases; a name that cannot be opened (lost keys) counts as another person's.
    """
    asked = [set(group) for group in groups]
    ids = list(set().union(*asked))
    who: dict[UUID, int | UUID] = {}
    for start in range(0, len(ids), _AT_ONCE):
        cases = Case.objects.filter(pk__in=ids[start : start + _AT_ONCE], identity=Identity.CONFIDENTIAL)
        for case in cases.only("pk", "requester_sealed"):
            person_id = confidential_requester(case)
            who[case.pk] = case.pk if person_id is None else person_id
    return [len({who[pk] for pk in group if pk in who}) for group in asked]
