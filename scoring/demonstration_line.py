"""Scene 45 of the demonstration: where the line falls. Scenarios shared with the panel, and a tie decided on the record.

Two bids of the round in scoring have 56 points where the pot ends. The officer published a seed and held the draw, in which the
place with more need went first, and the head of fund signed it. Two ways to draw the line are saved and shared; so is one of the finished round, which its members see too.
"""

from datetime import timedelta

from fund.core.clock import stand_still
from fund.core.database import db
from fund.core.demonstration import World, scene
from fund.core.problems import Problem
from fund.tables import Round

from . import draws, planning, shared_scenarios
from .planning import Bounds
from .ranking import ranked_list

HOUR = timedelta(hours=1)
SEED = "Lottery of Wednesday: 4 11 23 31 38 52"
IN_SCORING = {
    "Most points": Bounds(),
    "At least four for men who use violence": Bounds(floors={("priority", "3"): 4}),
}
FINISHED = {"At most four for young people": Bounds(ceilings={("priority", "1"): 4})}


@scene(45)
def where_the_line_falls(world: World) -> None:
    scoring, finished = world["round_scoring"], world["round_finished"]
    _draw(world, scoring)
    _scenarios(world, scoring, IN_SCORING, world.now - 20 * HOUR)
    _scenarios(world, finished, FINISHED, finished.closes_at + timedelta(days=20))
    db.session.flush()


def _draw(world: World, round: Round) -> None:
    """Nothing is drawn where nothing is tied: the marks are the sample file's, and the file may change."""
    if not draws.tied_at_the_line(ranked_list(round)):
        return
    then = world.now - 26 * HOUR
    with stand_still(then):
        row = draws.publish_seed(round, SEED, {}, by=world["officer"], now=then)
    with stand_still(then + HOUR):
        draws.hold_draw(row, round, by=world["officer"], now=then + HOUR)
    with stand_still(then + 2 * HOUR):
        draws.sign_draw(row, round, by=world["head_of_fund"], now=then + 2 * HOUR)


def _scenarios(world: World, round: Round, wanted: dict[str, Bounds], then) -> None:
    """Saved and shared; what cannot be met, or cannot be solved here, is left out."""
    with stand_still(then):
        for name, bounds in wanted.items():
            try:
                row = planning.save_scenario(round, name, bounds, by=world["officer"], now=then)
            except Problem:
                continue
            shared_scenarios.share(row, True, by=world["officer"], now=then + timedelta(minutes=5))
