"""Spent against profile, in words (design rule 14). Whole pence in, so that one penny decides exactly."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from fund.core.money import pounds


@dataclass(frozen=True)
class Variance:
    """How far a period's spend is from its profile. `is_flagged` when it is further than `percent_allowed` of the profile."""

    profile_pence: int
    spent_pence: int
    percent_allowed: int

    @property
    def difference_pence(self) -> int:
        """Spent less profile: below nothing when less was spent."""
        return self.spent_pence - self.profile_pence

    @property
    def is_flagged(self) -> bool:
        return abs(self.difference_pence) * 100 > self.profile_pence * self.percent_allowed

    @property
    def percent(self) -> Decimal | None:
        """The difference as a share of the profile, two decimals, half up; None when nothing was planned."""
        if not self.profile_pence:
            return None
        share = Decimal(abs(self.difference_pence) * 100) / Decimal(self.profile_pence)
        return share.quantize(Decimal("0.01"), ROUND_HALF_UP)

    @property
    def words(self) -> str:
        """ "10.00 % under: fine", "more than 10% under: say why"."""
        if not self.difference_pence:
            return "exactly as planned"
        side = "under" if self.difference_pence < 0 else "over"
        if not self.profile_pence:
            return f"{pounds(self.spent_pence)} spent and nothing planned: say why"
        if self.is_flagged:
            return f"more than {self.percent_allowed}% {side}: say why"
        return f"{self.percent} % {side}: fine"

    @property
    def question(self) -> str:
        """What a flagged return asks."""
        side = "less" if self.difference_pence < 0 else "more"
        return (
            f"You spent {pounds(abs(self.difference_pence))} {side} than planned, which is "
            f"{self.words.removesuffix(': say why')}. Say why in a sentence or two."
        )
