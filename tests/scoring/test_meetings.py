"""The meeting: time, attendance, votes with a quorum of those who may vote, minutes that betray nothing, a wall without names."""

import io

import docx
import pytest
from sqlalchemy import select

from fund.core import clock
from fund.core.database import db
from fund.core.pdf.document import plain_text
from fund.core.problems import Forbidden, Problem, WrongMoment
from scoring import conflicts, meetings, moderation, recusals
from scoring.criteria import criteria_of
from scoring.minutes import minutes_of
from scoring.tables import Attendance, Conflict, Meeting
from scoring.visibility import hidden_from
from tests.core.pdf.pdf_helpers import failures
from tests.factories import fund as make
from tests.factories import scoring as given
from tests.kept import kept

WHY = "My sister works at Hillside"


class Scene:
    """A panel of three members, a chair and a secretary; three bids, one of which the first member declared a conflict with."""

    def __init__(self):
        self.round = given.round(panel_quorum=2)
        self.chair = given.seat(self.round, "chair", label="The chair").person
        self.secretary = given.seat(self.round, "secretary", label="The secretary").person
        self.bids = [
            given.scored_bid(self.round, given.MARKS_OF_62, given.MARKS_OF_71, given.MARKS_OF_74)[0] for _ in range(3)
        ]
        self.seats = [each for each in given.panels.seats_of(self.round) if each.kind == "assessor"]
        self.recused, self.barred = self.seats[0], self.bids[1]
        reading = next(each for each in db.session.query(given.Assignment).filter_by(application_id=self.barred.id) if each.seat_id == self.recused.id)  # fmt: skip
        conflicts.declare_late(reading, WHY, by=self.recused.person, now=clock.now())
        db.session.commit()

    @property
    def page(self) -> str:
        return f"/panel/rounds/{self.round.id}/meeting"

    def begin(self) -> Meeting:
        on = meetings.begin_meeting(self.round, by=self.chair, now=clock.now())
        meetings.everybody_is_here(on, self.round, by=self.chair, now=clock.now())
        db.session.commit()
        return on

    def item(self, on: Meeting, bid):
        return next(each for each in meetings.items_of(on) if each.application_id == bid.id)

    def take_up(self, on: Meeting, bid, by=None):
        item = self.item(on, bid)
        meetings.take_up(on, item, by=by or self.secretary, now=clock.now())
        return item

    def minutes(self, on: Meeting, reader) -> str:
        hidden = hidden_from(reader, self.round)
        return plain_text(minutes_of(on, self.round, hidden=hidden, now=clock.now()))


@pytest.fixture
@kept
def scene(database):
    return Scene()


def test_the_agenda_leaves_the_bid_for_which_somebody_steps_out_to_the_end(scene):
    on = scene.begin()
    assert [each.application_id for each in meetings.items_of(on)][-1] == scene.barred.id
    with pytest.raises(Problem, match="on already"):
        meetings.begin_meeting(scene.round, by=scene.chair, now=clock.now())


def test_time_spent_adds_up_over_breaks(scene, time):
    on = scene.begin()
    first = scene.take_up(on, scene.bids[0])
    time.move(minutes=4)
    meetings.put_away(on, by=scene.chair, now=clock.now())
    time.move(minutes=30)
    scene.take_up(on, scene.bids[0])
    time.move(minutes=3)
    second = scene.take_up(on, scene.bids[2])
    assert meetings.spent_on(first, clock.now()) == 7 * 60
    assert (first.on_since, second.on_since) == (None, clock.now())


def test_who_declared_a_conflict_counts_neither_for_the_quorum_nor_in_the_vote(scene):
    on = scene.begin()
    item = scene.take_up(on, scene.barred)
    outs, stays = meetings.outs_of(scene.round), meetings.stays_of(on)
    room = meetings.room_for(item, stays, outs, 2)
    assert scene.recused.id not in {each.id for each in room.present}
    assert [each.id for each in room.out] == [scene.recused.id]
    assert room.voters == 3  # two members and the chair; the secretary has no vote
    with pytest.raises(Problem, match="together at most 3"):
        meetings.record_vote(on, item, scene.round, "Agree.", (4, 0, 0), by=scene.secretary, now=clock.now())
    meetings.record_vote(on, item, scene.round, "Agree.", (2, 0, 1), by=scene.secretary, now=clock.now())
    meetings.go_out(on, scene.seats[1], by=scene.chair, now=clock.now())
    meetings.go_out(on, scene.seats[2], by=scene.chair, now=clock.now())
    with pytest.raises(Problem, match="who may vote: 1. The panel needs 2"):
        meetings.record_vote(on, item, scene.round, "Agree.", (1, 0, 0), by=scene.secretary, now=clock.now())


def test_a_recused_chair_keeps_no_record_of_the_bid(scene):
    chairs_seat = given.panels.seat_in(scene.chair, scene.round.id)
    db.session.add(Conflict(application_id=scene.bids[0].id, seat_id=chairs_seat.id, conflicted=True, reason=WHY, declared_at=clock.now()))  # fmt: skip
    on = scene.begin()
    with pytest.raises(Forbidden, match="another chair"):
        scene.take_up(on, scene.bids[0], by=scene.chair)
    scene.take_up(on, scene.bids[0])
    with pytest.raises(Forbidden, match="another chair"):
        meetings.record_vote(on, scene.item(on, scene.bids[0]), scene.round, "Agree.", (1, 0, 0), by=scene.chair, now=clock.now())  # fmt: skip


def test_a_recused_chair_begins_with_every_bid_and_closes_what_they_stepped_out_for(scene, as_):
    chairs_seat = given.panels.seat_in(scene.chair, scene.round.id)
    conflicts.declare_beside(chairs_seat, scene.bids[0], True, WHY, by=scene.chair, now=clock.now())
    db.session.commit()
    chair, secretary = as_(scene.chair), as_(scene.secretary)
    chair.post(scene.page, data={"do": "begin"})
    chair.post(scene.page, data={"do": "plan"})
    on = meetings.open_meeting(scene.round)
    assert {each.application_id for each in meetings.items_of(on)} == {each.id for each in scene.bids}
    shown = chair.get(scene.page).text
    assert scene.bids[0].reference not in shown
    assert "A bid that you step out for" in shown
    theirs, next_one = scene.item(on, scene.bids[0]), scene.item(on, scene.bids[2])
    refused = chair.post(scene.page, data={"do": "take-up", "item": theirs.id}).text
    assert "There is a problem" in refused
    assert scene.bids[0].reference not in refused
    secretary.post(scene.page, data={"do": "take-up", "item": theirs.id})
    chair.post(scene.page, data={"do": "take-up", "item": next_one.id})
    assert [each.id for each in meetings.items_of(on) if each.on_since] == [next_one.id]
    secretary.post(scene.page, data={"do": "take-up", "item": theirs.id})
    chair.post(scene.page, data={"do": "end"})
    assert [each.id for each in meetings.items_of(on) if each.on_since] == []
    assert on.ended_at is not None


def test_who_chairs_a_bid_in_the_chairs_place_takes_it_up_and_records_its_vote_and_no_other(scene, as_):
    chairs_seat, bid = given.panels.seat_in(scene.chair, scene.round.id), scene.bids[0]
    conflicts.declare_beside(chairs_seat, bid, True, WHY, by=scene.chair, now=clock.now())
    officer = make.staff("fund_officer", scene.round)
    recusals.name_stand_in(bid, scene.seats[1], by=officer, now=clock.now())
    db.session.commit()
    on, member, other = scene.begin(), as_(scene.seats[1].person), as_(scene.seats[2].person)
    theirs, another = scene.item(on, bid), scene.item(on, scene.bids[2])
    theirs.position = 0  # next on the agenda
    db.session.commit()
    chairs_page = as_(scene.chair).get(scene.page).text
    assert "takes up the bid that you step out for" in chairs_page
    assert bid.reference not in chairs_page
    assert "Take up the next bid" in member.get(scene.page).text
    assert "Take up" not in other.get(scene.page).text
    assert other.post(scene.page, data={"do": "take-up", "item": theirs.id}).status_code == 404
    for what in ("take-up", "vote"):
        assert member.post(scene.page, data={"do": what, "item": another.id}).status_code == 404
    for what in ("begin", "end", "plan", "everybody", "put-away"):
        assert member.post(scene.page, data={"do": what}).status_code == 404
    member.post(scene.page, data={"do": "take-up", "item": theirs.id})
    assert "Record a vote" in member.get(scene.page).text
    assert "Record a vote" not in other.get(scene.page).text
    vote = {
        "do": "vote",
        "item": theirs.id,
        "motion": "Agree.",
        "votes_for": "2",
        "votes_against": "0",
        "abstained": "0",
    }
    assert member.post(scene.page, data=vote).status_code == 302
    assert (theirs.votes_for, theirs.present_count) == (2, 3)
    assert member.post(scene.page, data={"do": "put-away"}).status_code == 302
    assert theirs.on_since is None


def test_minutes_have_attendance_time_vote_and_each_mark_before_and_after_with_its_why(scene, time):
    on = scene.begin()
    bid, criterion = scene.bids[0], criteria_of(scene.round)[0]
    item = scene.take_up(on, bid)
    time.move(minutes=5)
    moderation.agree_score(bid, criterion, mark=4, reason="Clear letters.", by=scene.chair, now=clock.now())
    db.session.flush()
    stored = moderation.agreed_scores_of(bid)[criterion.id]
    moderation.agree_score(
        bid, criterion, mark=3, reason="One letter is old.", by=scene.chair, now=clock.now(), stored=stored
    )
    meetings.record_vote(on, item, scene.round, "Agree C1.", (4, 0, 0), by=scene.chair, now=clock.now())
    meetings.go_out(on, scene.seats[2], by=scene.chair, now=clock.now())
    said = scene.minutes(on, scene.chair)
    for words in ("Taken up at midday, 5 minutes", "4 members took part; the quorum is 2", "Vote: Agree C1. For 4, against 0, abstained 0", f"{scene.seats[2].label} Assessor midday to 12:05pm"):  # fmt: skip
        assert words in said, words
    assert f"C1 {criterion.title} mean 3.7 4 Clear letters." in said
    assert f"C1 {criterion.title} 4 3 One letter is old." in said


def test_nobody_reads_who_stepped_out_or_why_and_who_did_reads_nothing_of_the_bid(scene):
    on = scene.begin()
    scene.take_up(on, scene.barred)
    said = scene.minutes(on, scene.chair)
    part = said[said.index(scene.barred.reference) :]
    assert scene.recused.label not in part
    assert WHY not in said
    assert "3 members took part" in part
    theirs = scene.minutes(on, scene.recused.person)
    assert scene.barred.reference not in theirs
    assert "not in your copy" in theirs


def test_the_page_shows_now_and_the_next_two_and_a_recused_member_nothing_of_their_bid(scene, as_):
    on = scene.begin()
    scene.take_up(on, scene.barred)
    db.session.commit()
    theirs, others = as_(scene.recused.person).get(scene.page).text, as_(scene.seats[1].person).get(scene.page).text
    assert "A bid that you step out for" in theirs
    for secret in (scene.barred.reference, scene.barred.title, scene.barred.organisation.name, WHY):
        assert secret not in theirs, secret
    assert scene.barred.reference in others
    assert f"Out of the room for this bid: {scene.recused.label}." in others
    assert WHY not in others
    assert others.count("To come") == 2
    assert "Mean of" not in others
    assert as_(make.person()).get(scene.page).status_code == 404


def test_the_wall_names_nobody(scene, as_):
    on = scene.begin()
    scene.take_up(on, scene.barred)
    db.session.commit()
    shown = as_(scene.secretary).get(f"{scene.page}/wall").text
    main = shown[shown.index("<main") : shown.index("</main>")]
    assert scene.barred.reference in main
    assert "1 out of the room" in main
    for seat in given.panels.seats_of(scene.round):
        assert seat.label not in main
        assert seat.person.name not in main
    assert as_(scene.seats[1].person).get(f"{scene.page}/wall").status_code in (403, 404)


def test_a_meeting_from_begin_to_end_with_plain_forms(scene, as_):
    client = as_(scene.chair)
    assert "Begin the meeting" in client.get(scene.page).text
    for fields in ({"do": "begin"}, {"do": "everybody"}, {"do": "out", "seat": scene.seats[2].id}):
        assert client.post(scene.page, data=fields).status_code == 302
    on = db.session.scalars(select(Meeting)).one()
    item = scene.item(on, scene.bids[0])
    client.post(scene.page, data={"do": "take-up", "item": item.id})
    shown = client.get(scene.page).text
    assert "Mean of 3 members" in shown
    wrong = client.post(scene.page, data={"do": "vote", "item": item.id, "motion": "Agree.", "votes_for": "many"})
    assert "Enter a whole number" in wrong.text
    assert 'value="many"' in wrong.text
    client.post(scene.page, data={"do": "vote", "item": item.id, "motion": "Agree.", "votes_for": "3"})
    assert "For 3, against 0, abstained 0" in client.get(scene.page).text
    for what in ("put-away", "plan", "end"):
        client.post(scene.page, data={"do": what})
    assert "Earlier meetings" in client.get(scene.page).text
    assert db.session.scalars(select(Attendance).where(Attendance.left_at.is_(None))).all() == []
    with pytest.raises(WrongMoment):
        meetings.put_away(on, by=scene.chair, now=clock.now())
    address = f"/panel/rounds/{scene.round.id}/meetings/{on.id}/minutes"
    assert "Vote: Agree. For 3" in client.get(address).text
    word = docx.Document(io.BytesIO(client.get(f"{address}?format=docx").data))
    assert any(each.style.name == "Heading 3" and scene.bids[0].reference in each.text for each in word.paragraphs)
    assert failures(client.get(f"{address}?format=pdf").data) == []
    assert as_(make.person()).get(address).status_code == 404
    assert "Minutes of" in as_(scene.seats[0].person).get("/panel/meetings").text


def test_only_the_chair_and_the_secretary_record(scene, as_):
    assert as_(scene.seats[1].person).post(scene.page, data={"do": "begin"}).status_code == 404
    assert as_(scene.secretary).post(scene.page, data={"do": "begin"}).status_code == 302


def test_the_page_asks_few_statements(scene, as_, statements):
    on = scene.begin()
    scene.take_up(on, scene.bids[0])
    db.session.commit()
    client, page = as_(scene.seats[1].person), scene.page
    with statements() as seen:
        client.get(page)
    assert len(seen) <= 10, len(seen)


def test_in_a_blind_round_members_and_the_wall_read_no_title_and_the_chair_does(scene, as_):
    scene.round.hides_names = True
    scene.bids[0].title = "Hillside Club evenings"
    on = scene.begin()
    scene.take_up(on, scene.bids[0])
    db.session.commit()
    for who, path in ((scene.seats[1].person, scene.page), (scene.seats[1].person, f"{scene.page}s/{on.id}/minutes"), (scene.chair, f"{scene.page}/wall")):  # fmt: skip
        page = as_(who).get(path)
        assert page.status_code == 200, path
        assert scene.bids[0].reference in page.text, path
        assert "Hillside Club evenings" not in page.text, path
    assert "Hillside Club evenings" in as_(scene.chair).get(scene.page).text
