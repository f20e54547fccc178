"""Why a warning was raised, in words and numbers; no word of any case is in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from lianxin.hotissues.enums import RuleKind
from lianxin.hotissues.models import EarlyWarning
from lianxin.nlp.risk_detection import DangerKind

_IN_DANGER: Mapping[str, str | Promise] = {
    DangerKind.CRISIS: gettext_lazy("Someone may be thinking of self-harm: please reach them first."),
    DangerKind.LIFE: gettext_lazy("People may be in danger now."),
    DangerKind.VIOLENCE: gettext_lazy("Someone may be threatened or hurt."),
}


@dataclass(frozen=True)
class Part:
    """One number of a reason, with what it is."""

    label: str
    said: str


def reason(warning: EarlyWarning) -> str:
    """The reason as a sentence, in the language of the moment."""
    return {
        RuleKind.DANGER: _danger,
        RuleKind.HAZARD: _hazard,
        RuleKind.PEOPLE: _people,
        RuleKind.GROWTH: _growth,
        RuleKind.RETURNED: _returned,
        RuleKind.DISSATISFIED: _dissatisfied,
    }[RuleKind(warning.rule_id)](warning)


def reason_parts(warning: EarlyWarning) -> list[Part]:
    """The numbers behind the sentence, each with what it is; nothing for what the rule does not count."""
    found = [
        (_("Cases"), _of(warning.cases, warning.of)),
        (_("Minimum number of different people"), _whole(warning.fewest)),
        (_("Days evaluated"), _whole(warning.days)),
        (_("Previous days"), _of(warning.past, warning.past_of)),
        (_("Comparison days"), _whole(warning.before_days)),
        (_("Expected"), "" if warning.expected is None else f"{warning.expected:.1f}"),
        (_("Probability by chance"), "" if warning.probability is None else chance(warning.probability)),
    ]
    return [Part(label, said) for label, said in found if said]


def chance(probability: float) -> str:
    """A probability as people read it: 0.4%, below 0.01%."""
    percent = 100 * probability
    if percent < 0.01:  # noqa: PLR2004 - two decimals
        return pgettext("probability", "below 0.01%")
    return f"{percent:.2g}%"


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)


def _of(number: int | None, whole: int | None) -> str:
    if number is None:
        return ""
    return _("%(n)d of %(of)d") % {"n": number, "of": whole} if whole is not None else str(number)


def _danger(warning: EarlyWarning) -> str:
    return str(_IN_DANGER[warning.danger])


def _hazard(warning: EarlyWarning) -> str:
    said = ngettext(
        "%(n)d hazard case, open or submitted within %(days)d days.",
        "%(n)d hazard cases, open or submitted within %(days)d days.",
        warning.cases,
    )
    return said % {"n": warning.cases, "days": warning.days}


def _people(warning: EarlyWarning) -> str:
    said = ngettext(
        "At least %(people)d different people within %(days)d days: %(n)d case.",
        "At least %(people)d different people within %(days)d days: %(n)d cases.",
        warning.cases,
    )
    return said % {"people": warning.fewest, "days": warning.days, "n": warning.cases}


def _growth(warning: EarlyWarning) -> str:
    said = ngettext(
        "%(n)d case within %(days)d days; based on the previous %(before)d days, %(expected)s were "
        "expected (probability of this many by chance: %(chance)s).",
        "%(n)d cases within %(days)d days; based on the previous %(before)d days, %(expected)s were "
        "expected (probability of this many by chance: %(chance)s).",
        warning.cases,
    )
    return said % {
        "n": warning.cases,
        "days": warning.days,
        "before": warning.before_days,
        "expected": f"{warning.expected:.1f}",
        "chance": chance(warning.probability or 0),
    }


def _returned(warning: EarlyWarning) -> str:
    said = ngettext(
        "All %(past)d cases had been closed, the last one %(days)d days before; now there is %(n)d new case.",
        "All %(past)d cases had been closed, the last one %(days)d days before; now there are %(n)d new cases.",
        warning.cases,
    )
    return said % {"past": warning.past, "days": warning.days, "n": warning.cases}


def _dissatisfied(warning: EarlyWarning) -> str:
    said = _(
        "%(n)d of %(of)d first ratings within %(days)d days were dissatisfied or “not solved”; based "
        "on the previous %(before)d days (%(past)d of %(past_of)d), %(expected)s were expected "
        "(probability by chance: %(chance)s)."
    )
    return said % {
        "n": warning.cases,
        "of": warning.of,
        "days": warning.days,
        "before": warning.before_days,
        "past": warning.past,
        "past_of": warning.past_of,
        "expected": f"{warning.expected:.1f}",
        "chance": chance(warning.probability or 0),
    }
