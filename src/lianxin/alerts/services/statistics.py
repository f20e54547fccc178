"""How improbable it is that nothing has changed: predictive tails that know how little a short past tells.

Both ask what the past lets expect of the window, and how probable it is to find at least what was found. The prior is
Jeffreys', which adds half a case; little past means a wide prediction, and so no alert. Gelman et al., Bayesian Data
Analysis, 3rd ed. 2013, sections 2.4 and 2.6; Jeffreys' prior for shares: Brown, Cai and DasGupta, Interval Estimation
for a Binomial Proportion, Statistical Science 16 (2001). Plain arithmetic: no database here.
"""

from collections.abc import Sequence
from math import exp, lgamma, log, log1p

_HALF = 0.5
_NEGLIGIBLE = 1e-17


def growth_chance(found: int, days: float, past: int, before_days: float) -> float:
    """The probability of at least `found` cases in `days` if they come as often as in the `before_days` before.

    Gamma-Poisson: the past rate is Gamma(past + 1/2, before_days), so the cases of the window are negative binomial
    with r = past + 1/2 and p = before_days / (before_days + days).
    """
    if found <= 0:
        return 1.0
    shape, stays = past + _HALF, before_days / (before_days + days)

    def term(cases: int) -> float:
        choices = lgamma(cases + shape) - lgamma(cases + 1) - lgamma(shape)
        return exp(choices + shape * log(stays) + cases * log1p(-stays))

    if found <= growth_expected(days, past, before_days):
        return max(0.0, 1.0 - sum(term(cases) for cases in range(found)))
    total, cases, each = 0.0, found, term(found)
    while each > _NEGLIGIBLE * total:
        total += each
        each *= (cases + shape) / (cases + 1) * (1 - stays)
        cases += 1
    return min(1.0, total)


def growth_expected(days: float, past: int, before_days: float) -> float:
    """How many cases the past lets expect in `days`: the mean of the prediction."""
    return (past + _HALF) * days / before_days


def share_chance(found: int, of: int, past: int, past_of: int) -> float:
    """The probability of at least `found` of `of` if the share is that of the past, `past` of `past_of`.

    Beta-binomial: the past share is Beta(past + 1/2, past_of - past + 1/2).
    """
    first, second = past + _HALF, past_of - past + _HALF

    def term(number: int) -> float:
        choices = lgamma(of + 1) - lgamma(number + 1) - lgamma(of - number + 1)
        return exp(choices + _log_beta(number + first, of - number + second) - _log_beta(first, second))

    return min(1.0, sum(term(number) for number in range(max(found, 0), of + 1)))


def share_expected(of: int, past: int, past_of: int) -> float:
    """How many of `of` the past share lets expect: the mean of the prediction."""
    return of * (past + _HALF) / (past_of + 2 * _HALF)


def departing(chances: Sequence[float], alpha: float) -> list[bool]:
    """Which of many looked at depart, so that of those at most the share `alpha` is expected to be chance.

    Benjamini and Hochberg, Controlling the False Discovery Rate, JRSS B 57 (1995): the step-up procedure.
    """
    ordered = sorted(chances)
    bounds = [chance for rank, chance in enumerate(ordered, 1) if chance <= alpha * rank / len(ordered)]
    bound = max(bounds, default=-1.0)
    return [chance <= bound for chance in chances]


def _log_beta(first: float, second: float) -> float:
    return lgamma(first) + lgamma(second) - lgamma(first + second)
