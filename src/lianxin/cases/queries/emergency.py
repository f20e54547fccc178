"""Where somebody turns who cannot wait: the duty phones of a place, public numbers, help in a crisis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lianxin.cases.enums import Danger
from lianxin.cases.models import Case
from lianxin.nlp.risk_detection import (
    DANGEROUS,
    GAPS,
    SIMPLIFIED,
    SPARED,
    TRADITIONAL,
    WORDS,
    DangerKind,
    most_pressing,
)
from lianxin.org.enums import Role
from lianxin.org.queries import Unit, duty_phones, duty_phones_of_all, holders, root_unit, unreached_units


@dataclass(frozen=True)
class Phone:
    """A number to call: what answers there, the number as it is read, and as it is dialled."""

    name: str | Promise
    number: str
    dial: str


FIRE = Phone(gettext_lazy("Fire"), "119", "119")
AMBULANCE = Phone(gettext_lazy("Ambulance"), "120", "120")
POLICE = Phone(gettext_lazy("Police"), "110", "110")
PUBLIC = (FIRE, AMBULANCE, POLICE)


@dataclass(frozen=True)
class Help:
    """Whom to call. `duty`: phones of the enterprise, which lead; `public`: numbers that everybody has."""

    duty: Sequence[Phone]
    public: Sequence[Phone]
    crisis: bool = False
    """A person may harm themselves: other words, and somebody to talk to."""

    @property
    def all(self) -> list[Phone]:
        """Every number, those of the enterprise first."""
        return [*self.duty, *self.public]


def help_at(place: Unit | None, *, crisis: bool = False) -> Help:
    """Whom to call about a place; of none known, about the whole enterprise."""
    unit = place or root_unit()
    rows = duty_phones(unit) if unit else []
    return _help([Phone(row.name, row.number, row.dial) for row in rows], crisis=crisis)


def _help(duty: Sequence[Phone], *, crisis: bool) -> Help:
    if crisis:
        hotline = settings.LIANXIN_CRISIS_HOTLINE
        talk = Phone(_("Mental health helpline"), hotline, "".join(sign for sign in hotline if sign in "+0123456789"))
        return Help(duty, (talk, AMBULANCE, POLICE), crisis=True)
    return Help(duty, PUBLIC)


def help_for_requester(case: Case) -> Help | None:
    """Whom the requester of an open case can call, by what it says or was found to be; None where it can wait."""
    if not case.is_open:
        return None
    words = most_pressing(f"{case.title}\n{case.body}")
    if not case.danger and words is None:
        return None
    return help_at(case.place_unit, crisis=Danger.CRISIS in (case.danger, words))


@dataclass(frozen=True)
class FormHelp:
    """What the form shows of it before anything is sent: all of it is in the page, and script shows the fitting one."""

    danger: Help
    crisis: Help
    shows: str
    """`calm`, `danger` or `crisis`, by what stands in the form already."""
    unreached: bool


def for_form(*, place: Unit | None, words: str) -> FormHelp:
    """Whom to call, for the form about a place, in which these words stand already."""
    found = most_pressing(words) if words else None
    shows = "calm" if found is None else "crisis" if found == DangerKind.CRISIS else "danger"
    danger = help_at(place)
    return FormHelp(danger, _help(danger.duty, crisis=True), shows, is_unreached(place))


def nobody_receives(place: Unit, *, sealed: bool = False) -> str:
    """Why a case cannot be accepted that nobody would receive, and where to turn instead."""
    role = Role.INSPECTOR if sealed else Role.DISPATCHER
    numbers = "、".join(f"{phone.name} {phone.number}" for phone in help_at(place).duty)
    if sealed:
        why = (
            _("Everyone who could receive this conduct case is named in it.")
            if holders(role, place.path)
            else _("No one receives conduct cases here yet.")
        )
        turn = _("Please contact the discipline inspection body above your enterprise, or call %(number)s.")
        return f"{why} {_KEPT} {turn % {'number': settings.LIANXIN_DISCIPLINE_HOTLINE}}"
    why = (
        _("Everyone at %(place)s who could receive it is named in it, or is you.")
        if holders(role, place.path)
        else _("%(place)s has no dispatcher yet.")
    ) % {"place": place.name}
    turn = (
        _("Please call %(numbers)s.") % {"numbers": numbers}
        if numbers
        else _("Please speak to your unit or Party organisation. In danger, call 119, 120 or 110.")
    )
    return f"{why} {_KEPT} {turn}"


_KEPT = gettext_lazy("Nothing was submitted; your text is still here.")


def is_unreached(place: Unit | None) -> bool:
    """Whether no dispatcher reaches the place (none given: the enterprise), so that no case from there is accepted."""
    unit = place or root_unit()
    return unit is None or not holders(Role.DISPATCHER, unit.path)


def _places(keepers: Sequence[str]) -> dict[int, int]:
    """Unit → which of the lists of phones is that of the nearest unit above it, or its own."""
    found: dict[int, int] = {}
    for number, path in enumerate(keepers):  # from the top down: the nearest comes last
        below = Unit.objects.filter(path__startswith=path, ended_on__isnull=True).values_list("pk", flat=True)
        found |= dict.fromkeys(below, number)
    return found


def emergency_data() -> dict[str, Any]:
    """What the form looks up in the browser, so that no word of a draft leaves it: the words of danger, the phones of
    each place, and the places that nobody reaches.
    """
    by_path: dict[str, list[dict[str, str]]] = {}
    for row in duty_phones_of_all():
        by_path.setdefault(row.unit.path, []).append({"name": row.name, "number": row.number, "dial": row.dial})
    root = root_unit()
    keepers = list(by_path)
    return {
        "dangers": [{"kind": kind.value, "words": WORDS[kind]} for kind in DangerKind if kind in DANGEROUS],
        "spared": list(SPARED),
        "gaps": GAPS,
        "characters": dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)),
        "crisis": DangerKind.CRISIS.value,
        "phones": list(by_path.values()),
        "places": _places(keepers),
        "root": root.pk if root else None,
        "whole": keepers.index(root.path) if root and root.path in by_path else None,
        "unreached": list(unreached_units(Role.DISPATCHER).values_list("pk", flat=True)),
    }
