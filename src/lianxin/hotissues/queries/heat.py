"""How hot an issue is: a plain sum, whose parts stand beside it."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

FEWEST_PEOPLE = 5
"""Fewer people than this are not counted out, so that nobody can tell whether somebody is among them."""
FOR_FEW = 3
"""What fewer than five people count, however many they are."""
IN_STEPS = 5
"""Endorsements are counted in fives, as the board shows them from five on."""


@dataclass(frozen=True)
class Part:
    """One part of the heat: what was counted, in words, and what it adds."""

    label: str | Promise
    said: str | Promise
    points: int
    how: str | Promise


@dataclass(frozen=True)
class Counted:
    """What is counted of an issue's cases within a unit and a period."""

    cases: int
    people: int
    endorsed: int
    earlier: int
    reopened: int
    unhappy: int
    danger: int

    @property
    def growth(self) -> int:
        """How many more cases came in the later half of the period than in the earlier; 0 if it shrinks."""
        return max(0, self.cases - 2 * self.earlier)

    @property
    def people_said(self) -> str | Promise:
        """How many people raised it, as it may be told."""
        return str(self.people) if self.people >= FEWEST_PEOPLE else _("fewer than 5")

    @property
    def parts(self) -> list[Part]:
        """The parts of the heat, in the order of the page."""
        endorsed = self.endorsed // IN_STEPS
        return [
            Part(
                _("People affected"),
                self.people_said,
                self.people if self.people >= FEWEST_PEOPLE else FOR_FEW,
                _(
                    "1 for each; fewer than five count as 3 and the number is hidden. Each anonymous case counts "
                    "as one person."
                ),
            ),
            Part(
                _("Endorsements on the board"),
                str(endorsed * IN_STEPS),
                endorsed,
                _("1 for every five; shown in steps of five."),
            ),
            Part(
                _("Growth"),
                f"+{self.growth}",
                self.growth,
                _(
                    "1 for each additional case in the second half of the period compared with the first; 0 if "
                    "it shrinks."
                ),
            ),
            Part(_("Reopened"), str(self.reopened), 2 * self.reopened, _("2 for each reopened case.")),
            Part(_("Dissatisfied"), str(self.unhappy), 2 * self.unhappy, _("2 for each case rated dissatisfied.")),
            Part(_("Danger to people"), str(self.danger), 5 * self.danger, _("5 for each case with danger to people.")),
        ]

    @property
    def heat(self) -> int:
        """The sum."""
        return sum(part.points for part in self.parts)
