"""What is going to happen to one case: drawn before it begins, from the matter and the unit that will handle it."""

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from lianxin.cases.enums import Identity, Resolved, Satisfaction
from lianxin.demo.enterprise import ROOT, Enterprise
from lianxin.demo.simulation import Unfinished
from lianxin.demo.templates import Words
from lianxin.org.enums import UnitKind
from lianxin.org.queries import Person

LOCAL = {
    "canteen": "office",
    "property": "office",
    "housing": "office",
    "motor": "office",
    "logistics": "office",
    "office": "office",
    "supply": "office",
}
"""What a county company's own office handles for its people."""
REPLY_DAYS = {"question": 3, "dispute": 15, "conduct": 30}
DEFAULT_DAYS = 7


@dataclass(frozen=True)
class Pace:
    """How a unit works: the share of its time that it usually takes, how much that varies, how well it solves."""

    takes: float = 0.42
    varies: float = 0.42
    solves: float = 0.93


USUAL = Pace()
SLOW = {"housing": Pace(0.86, 0.5, 0.72), "hr": Pace(0.8, 0.48, 0.78)}
"""The two units that are visibly slower than the others."""
IMPROVES = {"canteen": (Pace(1.15, 0.5, 0.6), Pace(0.3, 0.35, 0.97))}
"""The unit that improves: how it worked at first, and how it works now."""


def pace_of(lead: str, progress: float) -> Pace:
    """How a unit works when this share of the two years has passed."""
    if lead in IMPROVES:
        before, after = IMPROVES[lead]
        return Pace(
            before.takes + (after.takes - before.takes) * progress,
            before.varies + (after.varies - before.varies) * progress,
            before.solves + (after.solves - before.solves) * progress,
        )
    return SLOW.get(lead, USUAL)


@dataclass
class Verdict:
    """How the requester rates, and after how many hours; none at all for who does not."""

    resolved: Resolved
    satisfaction: Satisfaction
    comment: str
    hours: float

    @property
    def reopens(self) -> bool:
        return self.resolved == Resolved.NO or self.satisfaction <= Satisfaction.DISSATISFIED


@dataclass
class Plan:
    """One case to be: who raises what, where, and what becomes of it."""

    words: Words
    requester: Person
    place: str
    lead: str
    at: datetime
    identity: Identity = Identity.NAMED
    behalf: Person | None = None
    takes: float = 0.4
    """The share of the time for the reply that it takes."""
    asks: str = ""
    answers: bool = True
    sent_back: bool = False
    extension: str = ""
    withdraws: bool = False
    verdict: Verdict | None = None
    second: Verdict | None = None
    notes: bool = False
    co: str = ""
    about: Person | None = None
    stops: str = ""
    """The step before which the present has come."""
    named_handler: bool = False
    followers: list["Plan"] = field(default_factory=list)

    @property
    def days(self) -> int:
        return REPLY_DAYS.get(self.words.matter.kind, DEFAULT_DAYS)

    @property
    def is_hazard(self) -> bool:
        return self.words.matter.kind == "hazard"

    def reached(self, step: str) -> None:
        """Stop where the plan says so."""
        if self.stops == step:
            raise Unfinished


def lead_for(enterprise: Enterprise, lead: str, place: str) -> str:
    """Which unit handles it for people of a place: a county company looks after its own."""
    company = enterprise.company_of(place)
    local = f"{company}-{LOCAL.get(lead, '')}"
    if company != ROOT and enterprise.places[company].kind == UnitKind.COMPANY and local in enterprise.places:
        return local
    if lead == "own":
        return company if company != ROOT else "office"
    return lead if lead in enterprise.places else "office"


def identity_for(rng: Random, kind: str) -> Identity:
    """How people give their names: less readily when it is about others."""
    confidential, anonymous = {
        "conduct": (0.35, 0.5),
        "complaint": (0.2, 0.13),
        "dispute": (0.35, 0.05),
        "suggestion": (0.06, 0.06),
        "praise": (0.0, 0.04),
    }.get(kind, (0.1, 0.06))
    drawn = rng.random()
    if drawn < anonymous:
        return Identity.ANONYMOUS
    return Identity.CONFIDENTIAL if drawn < anonymous + confidential else Identity.NAMED
