"""The demonstration's partnerships with their strategies (scene 5) and its three rounds (scene 20), dated from today."""

from datetime import date, datetime, time, timedelta

from fund.core import clock
from fund.core.clock import add_months, london_moment, today
from fund.core.demonstration import World, scene
from fund.ledger import set_pot
from fund.rounds import change_round, create_round
from fund.strategies.loader import load_pack, slugs
from fund.strategy_loading import load_needs, load_strategies, partnership_called
from fund.tables import Round
from fund.workflow import ROUND

NAMES = {"durham-darlington": "durham", "cambridgeshire-peterborough": "cambridgeshire"}


@scene(5)
def strategies_and_needs(world: World) -> None:
    """Five partnerships; the figures that were made up for County Durham and Darlington are marked so."""
    load_strategies(world.now)
    for slug in slugs():
        partnership = partnership_called(slug)
        load_needs(partnership, load_pack(slug), world.now)
        world[NAMES.get(slug, slug)] = partnership


@scene(20)
def three_rounds(world: World) -> None:
    """One that is open, one whose bids are being scored, one whose delivery is over."""
    day = today(world.now)
    start, end = add_months(day.replace(day=1), 3), None
    world["round_open"] = _round(
        world,
        "Violence Prevention Fund: open round",
        "VPF-A",
        day - timedelta(days=21),
        day + timedelta(days=12),
        start,
        end,
    )
    start = add_months(day.replace(day=1), 2)
    world["round_scoring"] = _round(
        world,
        "Violence Prevention Fund: round in scoring",
        "VPF-B",
        day - timedelta(days=77),
        day - timedelta(days=21),
        start,
        end,
        pot_pence=SMALLER_POT_PENCE,
    )
    end = add_months(day, -2)
    start = add_months(end, -15) + timedelta(days=1)
    closing = start - timedelta(days=100)
    world["round_finished"] = _round(
        world, "Violence Prevention Fund: first round", "VPF-C", closing - timedelta(days=56), closing, start, end
    )


def _round(
    world: World,
    title: str,
    prefix: str,
    opens: date,
    closes: date,
    start: date,
    end: date | None,
    pot_pence: int | None = None,
) -> Round:
    """One round of the fund, made four weeks before it opened and published a week before."""
    officer, opens_at = world["officer"], london_moment(datetime.combine(opens, time(9)))
    with clock.stand_still(opens_at - timedelta(days=28)) as standing:
        round = create_round(world["durham"], by=officer, now=clock.now(), title=title, prefix=f"{prefix}{start:%y}")
        change_round(
            round, by=officer, now=clock.now(), summary=SUMMARY, opens_at=opens_at,
            closes_at=london_moment(datetime.combine(closes, time(17))), delivery_start_on=start,
            delivery_end_on=end or add_months(start, 15) - timedelta(days=1), decisions_by=closes + timedelta(days=45),
        )  # fmt: skip
        if pot_pence is not None:
            set_pot(round, pot_pence, by=officer, now=clock.now(), note="The Commissioner's call names this sum")
        standing.move(days=21)
        ROUND.move(round, "publish", by=officer, now=clock.now())
    return round


# The public call named £500,000. With the whole £700,000 every scored bid would fit, and there would be no line to draw.
SMALLER_POT_PENCE = 50_000_000
SUMMARY = (
    "Small grants for work that keeps people safe from violence: with young people, at night, with people who want to "
    "stop, and at home."
)
