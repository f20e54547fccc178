"""Why an alert was raised, in words and numbers; no word of any case is in it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from lianxin.alerts.enums import RuleKind
from lianxin.alerts.models import Alert
from lianxin.cases.queries.publication import Case
from lianxin.nlp.risk_detection import DangerKind, dangers

MOST_WORDS = 3
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


def reason(alert: Alert) -> str:
    """The reason as a sentence, in the language of the moment."""
    return {
        RuleKind.DANGER: _danger,
        RuleKind.HAZARD: _hazard,
        RuleKind.PEOPLE: _people,
        RuleKind.GROWTH: _growth,
        RuleKind.RETURNED: _returned,
        RuleKind.DISSATISFIED: _dissatisfied,
    }[RuleKind(alert.rule_id)](alert)


def reason_with_words(alert: Alert, case: Case) -> str:
    """The reason of a danger with the words that speak of it, for who reads the case anyway."""
    found = next((each.words for each in dangers(f"{case.title}\n{case.body}") if each.kind == alert.danger), ())
    if not found:
        return reason(alert)
    words = pgettext("list", "; ").join(f"“{word}”" for word in found[:MOST_WORDS])
    return _("%(reason)s The case says %(words)s.") % {"reason": reason(alert), "words": words}


def reason_parts(alert: Alert) -> list[Part]:
    """The numbers behind the sentence, each with what it is; nothing for what the rule does not count."""
    found = [
        (_("Cases"), _of(alert.cases, alert.of)),
        (_("Minimum number of different people"), _whole(alert.fewest)),
        (_("Days evaluated"), _whole(alert.days)),
        (_("Previous days"), _of(alert.past, alert.past_of)),
        (_("Comparison days"), _whole(alert.before_days)),
        (_("Expected"), "" if alert.expected is None else f"{alert.expected:.1f}"),
        (_("Probability by chance"), "" if alert.probability is None else chance(alert.probability)),
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


def _danger(alert: Alert) -> str:
    return str(_IN_DANGER[alert.danger])


def _hazard(alert: Alert) -> str:
    said = ngettext(
        "%(n)d hazard case, open or submitted within %(days)d days.",
        "%(n)d hazard cases, open or submitted within %(days)d days.",
        alert.cases,
    )
    return said % {"n": alert.cases, "days": alert.days}


def _people(alert: Alert) -> str:
    said = ngettext(
        "At least %(people)d different people within %(days)d days: %(n)d case.",
        "At least %(people)d different people within %(days)d days: %(n)d cases.",
        alert.cases,
    )
    return said % {"people": alert.fewest, "days": alert.days, "n": alert.cases}


def _growth(alert: Alert) -> str:
    said = ngettext(
        "%(n)d case within %(days)d days; based on the previous %(before)d days, %(expected)s were "
        "expected (probability of this many by chance: %(chance)s).",
        "%(n)d cases within %(days)d days; based on the previous %(before)d days, %(expected)s were "
        "expected (probability of this many by chance: %(chance)s).",
        alert.cases,
    )
    return said % {
        "n": alert.cases,
        "days": alert.days,
        "before": alert.before_days,
        "expected": f"{alert.expected:.1f}",
        "chance": chance(alert.probability or 0),
    }


def _returned(alert: Alert) -> str:
    said = ngettext(
        "All %(past)d cases had been closed, the last one %(days)d days before; now there is %(n)d new case.",
        "All %(past)d cases had been closed, the last one %(days)d days before; now there are %(n)d new cases.",
        alert.cases,
    )
    return said % {"past": alert.past, "days": alert.days, "n": alert.cases}


def _dissatisfied(alert: Alert) -> str:
    said = _(
        "%(n)d of %(of)d first ratings within %(days)d days were dissatisfied or “not solved”; based "
        "on the previous %(before)d days (%(past)d of %(past_of)d), %(expected)s were expected "
        "(probability by chance: %(chance)s)."
    )
    return said % {
        "n": alert.cases,
        "of": alert.of,
        "days": alert.days,
        "before": alert.before_days,
        "past": alert.past,
        "past_of": alert.past_of,
        "expected": f"{alert.expected:.1f}",
        "chance": chance(alert.probability or 0),
    }
