"""What the enterprise calls its own: its lists of places and equipment, and its units."""

import re
from collections import Counter

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from lianxin.kernel.errors import NotFound
from lianxin.nlp.entities import Name
from lianxin.nlp.tokenization import words
from lianxin.org.models import OwnName, Person
from lianxin.org.policies import WHOLE_ENTERPRISE, Target, may
from lianxin.org.queries.roles import in_reach
from lianxin.org.queries.units import units_below

LEAST = 3
"""Characters of a unit's name, or short form, by which it can be told in a text."""
_LEGAL_FORM = re.compile("(?:有限责任|股份有限|有限)公司$")


def own_names() -> list[Name]:
    """All of them, as texts are searched for them; those of the lists first.

    A unit is also known by its evident short forms: without the names of the units above it in front, and without its
    legal form. What is short, an ordinary word (办公室), or could be several units' (一班) tells none. Units have no
    kind: who names their own often says who speaks, not where, and one canteen serves many.
    """
    rows = OwnName.objects.values_list("kind", "name", "others")
    listed = [Name((name, *others), kind) for kind, name, others in rows]
    return listed + _names_of_units()


def _names_of_units() -> list[Name]:
    units = list(units_below().values_list("path", "name"))
    forms: dict[str, list[str]] = {}
    for path, name in units:
        above = [form for end in range(1, len(path)) for form in forms.get(path[:end], ())]
        forms[path] = _forms(name, above)
    claimed = Counter(form for found in forms.values() for form in found)
    telling = {
        path: tuple(form for form in found if claimed[form] == 1 and len(form) >= LEAST and len(words(form)) > 1)
        for path, found in forms.items()
    }
    root = min(forms, key=len, default="")
    return [Name(spellings) for path, spellings in telling.items() if spellings and path != root]


def _forms(name: str, above: list[str]) -> list[str]:
    """A name, and what is left of it where it is evident whose it is."""
    shorter = [name.removeprefix(prefix) for prefix in above if name != prefix]
    forms = [form for each in (name, *shorter) for form in (each, _LEGAL_FORM.sub("", each))]
    return list(dict.fromkeys(form for form in forms if form))


def names_for(*, viewer: Person, kind: str = "", text: str = "") -> QuerySet[OwnName]:
    """The names of the whole enterprise, and those within a system administrator's reach; of one kind, with the text in
    a spelling.
    """
    if not may(viewer, "administer_organisation"):
        return OwnName.objects.none()
    reached = in_reach([grant.unit_path for grant in viewer.grants], "unit__path")
    names = OwnName.objects.filter(Q(unit__isnull=True) | reached).select_related("unit").order_by("-kind", "name")
    if kind:
        names = names.filter(kind=kind)
    return names.filter(Q(name__icontains=text) | Q(others__icontains=text)) if text else names


def name_for(*, viewer: Person, name_id: int) -> OwnName:
    """One of them, for who may change it.

    Raises:
        NotFound: there is none such.
    """
    name = OwnName.objects.select_related("unit").filter(pk=name_id).first()
    if name is None or not may(viewer, "keep_names", Target(name.unit.path if name.unit else WHOLE_ENTERPRISE)):
        raise NotFound(_("Entry not found."))
    return name
