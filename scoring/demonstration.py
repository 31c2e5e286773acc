"""Scene 40 of the demonstration: panels that have met, through the same acts that people use.

In the round in scoring, the 25 scored sample bids have the marks of their file: the totals are the file's totals. About half
are moderated, the others wait for the chair; four more bids wait for their assessors, and Wren has yet to declare on these. In
the finished round every bid is moderated.
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from applications.sample.bid import MemberScores, SampleBid
from applications.sample.reader import sample_bids, sample_round
from applications.tables import Application
from applications.workflow import APPLICATION
from fund.core.clock import stand_still
from fund.core.database import db
from fund.core.demonstration import World, scene
from fund.tables import Round

from . import assignments, conflicts, criteria, invitations, learned, meetings, moderation, panels, scores
from .tables import Assignment, Criterion, Seat

MEMBERS = {"A": "assessor_wren", "B": "assessor_rowan", "C": "assessor_linden", "D": "assessor_hazel"}
LIVED_EXPERIENCE = "D"
MODERATED = 12  # of the 25, so that the chair has something to do
WAITING = 4  # bids that nobody has scored yet
# One agreed mark of the round in scoring that is not the middle one: it makes a tie where the pot ends, for the draw.
LOWERED = ("012", "C4", 2, "A clinic reaches public space late. We talked about it and agreed one mark less.")
DAY = timedelta(days=1)
LEARNED = (
    "Thank you to every group that wrote to us. You know your streets, and it showed: most bids told us plainly who is in danger "
    "and where.\n\nNext time, tell us more about what will be different and how you will know. One good number from before you "
    "start is worth a page of hopes."
)


@scene(40)
def judging(world: World) -> None:
    for name in ("round_open", "round_scoring", "round_finished"):
        if not criteria.criteria_of(world[name]):
            criteria.use_standard_criteria(world[name], by=world["officer"], now=world[name].created_at)
    for name, most in (("round_finished", None), ("round_scoring", MODERATED)):
        round = world[name]
        with stand_still(round.closes_at + DAY):
            seats = _seats(world, round)
            _score_the_samples(world, round, seats, most)
    _leave_some_waiting(world, seats)
    _ask_others(world)
    _begin_a_meeting(world)
    db.session.flush()


def _ask_others(world: World) -> None:
    """Two people are asked to join: one has declined, one has yet to answer."""
    round, officer, then = world["round_scoring"], world["officer"], world.now - 3 * DAY
    with stand_still(then):
        busy = invitations.invite(round, "heron@example.org", "assessor", "Member Heron", by=officer, now=then)
        invitations.invite(round, "plover@example.org", "youth", "Member Plover", by=officer, now=then)
        invitations.decline(busy, "many", "Exams until the summer.", by=None, now=then + DAY)


def _seats(world: World, round: Round) -> dict[str, Seat]:
    """The panel: four members with the labels and perspectives of the sample file, and the chair."""
    then = round.closes_at + DAY
    panel = panels.open_panel(round, by=world["officer"], now=then)
    seats = {}
    for member in sample_round().panel:
        # In the round in scoring such seats give views in pictures; Hazel's marks are in the sample file, so she scores there.
        kind = (
            "lived_experience" if member.id == LIVED_EXPERIENCE and round is not world["round_scoring"] else "assessor"
        )
        seats[member.id] = panels.appoint(
            panel,
            world[MEMBERS[member.id]],
            kind,
            member.label,
            by=world["officer"],
            now=then,
            perspective=member.perspective,
        )
    panels.appoint(panel, world["chair"], "chair", "The chair", by=world["officer"], now=then)
    return seats


def _bids_of(round: Round) -> dict[str, Application]:
    wanted = (Application.round_id == round.id, Application.status == "eligible")
    return {
        each.title: each for each in db.session.scalars(select(Application).where(*wanted).order_by(Application.id))
    }


def _score_the_samples(world: World, round: Round, seats: dict[str, Seat], most: int | None) -> None:
    bids, found = _bids_of(round), criteria.criteria_of(round)
    by_code = {each.code: each for each in found}
    samples = [(each, bids[each.title]) for each in sample_bids() if each.panel and each.title in bids]
    for number, (sample, bid) in enumerate(samples):
        start = round.closes_at + 2 * DAY
        rows = _give(world, bid, seats, start, {each.member: each.conflict_declared for each in sample.panel.scores})
        for place, member in enumerate(sample.panel.scores):
            if not member.recused:
                _score(rows[member.member], member, by_code, start + timedelta(days=1 + place, minutes=12 * number))
        if most is None or number < most:
            _moderate(world, bid, sample, by_code, start + timedelta(days=10, minutes=6 * number))


def _give(world: World, bid: Application, seats: dict[str, Seat], start: datetime, declared: dict[str, str | None]):
    """Give the bid to every seat, declare what `declared` says (members left out have not answered), and start scoring."""
    rows = {}
    for key, seat in seats.items():
        rows[key] = row = assignments.assign(bid, seat, by=world["officer"], now=start)
        if key in declared:
            reason = declared[key]
            conflicts.declare(row, reason is not None, reason, by=seat.person, now=start + timedelta(hours=3))
    APPLICATION.move(bid, "start_scoring", by=world["officer"], now=start + timedelta(hours=5))
    return rows


def _score(row: Assignment, member: MemberScores, by_code: dict[str, Criterion], then: datetime) -> None:
    given = [(by_code[mark.criterion], mark.score, mark.comment) for mark in member.scores]
    scores.save_scores(row, given, by=row.seat.person, now=then)
    scores.seal(row, by=row.seat.person, now=then + timedelta(minutes=11))


def _moderate(world: World, bid: Application, sample: SampleBid, by_code: dict[str, Criterion], then: datetime) -> None:
    """The panel agrees the middle mark, in the words of the member who gave it or came closest."""
    given = [each for each in sample.panel.scores if not each.recused]
    for code, criterion in by_code.items():
        marks = sorted(
            ((mark.score, mark.comment) for each in given for mark in each.scores if mark.criterion == code),
            key=lambda pair: pair[0],
        )
        mark, reason = marks[(len(marks) - 1) // 2]
        if bid.round_id == world["round_scoring"].id and (sample.id[-3:], code) == LOWERED[:2]:
            mark, reason = LOWERED[2:]
        moderation.agree_score(bid, criterion, mark=mark, reason=reason, by=world["chair"], now=then)
    strengths, improvements = _words(given, sample.panel.expected_mean_weighted_total)
    moderation.save_words(
        bid, strengths=strengths, improvements=improvements, note=f"{len(given)} members present for this bid.",
        by=world["chair"], now=then,
    )  # fmt: skip
    APPLICATION.move(bid, "moderate", by=world["chair"], now=then + timedelta(minutes=4))


def _words(given: list[MemberScores], mean: Decimal) -> tuple[str, str]:
    """Strengths and improvements from the comment of the member nearest to the mean."""
    comment = min(given, key=lambda each: abs((each.weighted_total or 0) - mean)).comment or ""
    liked = re.search(r"Liked: ([^.]+)\.", comment)
    worst = re.search(r"eakest on ([^;.]+)", comment)
    strengths = f"We liked this: {liked[1]}." if liked else "We liked the care in this bid."
    return strengths, f"Say more on {worst[1]}." if worst else "Say more on how you will measure the change."


@scene(55)
def looking_back(world: World) -> None:
    """What the finished round taught, signed when its last bid was decided."""
    round, officer = world["round_finished"], world["officer"]
    then = round.closes_at + 60 * DAY
    with stand_still(then):
        learned.write_note(round, LEARNED, seen_version=None, by=officer, now=then)
        if learned.is_decided(round):
            learned.sign_note(round, "fund officer", by=officer, now=then)


def _begin_a_meeting(world: World) -> None:
    """The panel of the round in scoring has just sat down: everybody is there, the first bid is on."""
    round, chair, then = world["round_scoring"], world["chair"], world.now - timedelta(minutes=25)
    with stand_still(then):
        on = meetings.begin_meeting(round, by=chair, now=then)
        meetings.everybody_is_here(on, round, by=chair, now=then)
        meetings.take_up(on, meetings.items_of(on)[0], by=chair, now=world.now - timedelta(minutes=8))


def _leave_some_waiting(world: World, seats: dict[str, Seat]) -> None:
    """Some bids that nobody has scored: the others have declared, Wren has yet to say yes or no."""
    then = world.now - 2 * DAY
    with stand_still(then):
        for bid in list(_bids_of(world["round_scoring"]).values())[:WAITING]:
            _give(world, bid, seats, then, {key: None for key in seats if MEMBERS[key] != "assessor_wren"})
