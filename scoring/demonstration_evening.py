"""Scene 42 of the demonstration: the evening's company. A calibration bid with its anchors, a young member's views, a hint.

In the round in scoring, the views of young and lived-experience members count for 10 of 100. The young member is asked about
four bids, and has said what she thinks of the first. Rowan volunteered years ago for a group
whose bid Rowan reads, and declared no conflict: the register asks about it, and says which award that group had.
"""

from datetime import timedelta

from sqlalchemy import select

from applications.tables import Application
from fund import members
from fund.core.clock import stand_still
from fund.core.database import db
from fund.core.demonstration import World, scene
from fund.tables import Person, Round

from . import calibration, conflicts, criteria, opinions, panels
from .tables import Assignment

WEIGHT = 10
ASKED = 4  # bids that the young member is asked about; she has said what she thinks of one
TITLE = "Late bus, safe street"
WORDS = """Summarise your project
A youth worker and two trained volunteers ride the last bus on Friday and Saturday from the leisure centre to the estate, and stay at the turning circle until midnight.

What local need will you meet, and how do you know?
Drivers reported 31 incidents on this bus last year. The school and the bus company asked us to help. Young people told us that they walk home instead, by the canal.

What will you do, where, when and with whom?
Fridays and Saturdays, 8pm to midnight, for 40 weeks. One paid youth worker, two volunteers. The police team knows the hours and comes when called.

What evidence supports your approach?
We believe that being there helps. Detached youth work is well known.

What will change and how will you measure it?
Fewer incidents on the bus. The company will tell us the number each month."""
ANCHORS = {
    "C1": (4, "A count, from somebody else, for the very place. It would be a 5 with the trend over some years."),
    "C2": (3, "The police and the bus company are named, with what they do. Nothing in writing yet."),
    "C3": (2, "It names a kind of work and no reason why it should work. The toolkit's card says what to ask."),
    "C4": (4, "A bus and its turning circle are public space, and the hours fit."),
    "C5": (3, "Who, where and when are clear. Who steps in when the youth worker is ill?"),
    "C6": (3, "One good number that somebody else counts. No baseline for how safe people feel."),
    "C7": (3, "Modest and clear. What happens after the 40 weeks is not said."),
}


@scene(42)
def evening(world: World) -> None:
    round = world["round_scoring"]
    _calibration(world, round)
    _views(world, round)
    _hint(world, round)
    db.session.flush()


def _calibration(world: World, round: Round) -> None:
    then = round.closes_at + timedelta(days=1, hours=2)
    with stand_still(then):
        row = calibration.write_calibration(round, TITLE, WORDS, by=world["officer"], now=then)
        anchors = {each.id: ANCHORS.get(each.code, (3, "Acceptable.")) for each in criteria.criteria_of(round)}
        calibration.set_anchors(row, anchors, comes_first=False, by=world["officer"], now=then)
        calibration.open_calibration(row, by=world["officer"], now=then)


def _hint(world: World, round: Round) -> None:
    query = select(Application).where(Application.round_id == round.id, Application.status == "in_scoring")
    # A group that had a grant in the finished round, where there is one: the hint then says which and when.
    before = select(Application.organisation_id).where(Application.round_id == world["round_finished"].id)
    order = (Application.organisation_id.in_(before).desc(), Application.id.desc())
    bid, who = db.session.scalars(query.order_by(*order).limit(1)).one(), world["assessor_rowan"]
    lead = db.session.get_one(Person, bid.created_by_id)
    for years, act in ((4, members.add_member), (2, members.end_membership)):
        then = world.now - timedelta(days=365 * years)
        with stand_still(then):
            act(bid.organisation, who, by=lead, now=then)


def _views(world: World, round: Round) -> None:
    then = world.now - timedelta(days=2)
    read = select(Assignment.application_id).where(Assignment.status == "sealed")
    query = select(Application).where(Application.round_id == round.id, Application.status == "in_scoring")
    # First one that nobody has scored: her view changes no total of the sample file.
    bids = list(db.session.scalars(query.order_by(Application.id.in_(read), Application.id).limit(ASKED)))
    with stand_still(then):
        round.view_weight = WEIGHT  # as if it had been published with the round
        panel = panels.open_panel(round, by=world["officer"], now=then)
        who = world["young_member"]
        seat = panels.appoint(
            panel, who, "youth", "Member Lark", by=world["officer"], now=then, perspective="lives there"
        )
        for bid in bids:
            row = opinions.ask_for_view(bid, seat, by=world["officer"], now=then)
            conflicts.declare_beside(seat, bid, False, None, by=who, now=then)
            if bid is bids[0]:
                why = "My friends would go. It is warm and near the bus."
                opinions.save_view(row, 4, why, seen_version=None, by=who, now=then + timedelta(hours=3))
