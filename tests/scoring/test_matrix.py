"""Whoever declared a conflict finds nothing of that bid at any address; whoever has yet to score it finds nobody's scores.

The addresses come from the app itself, so a page added tomorrow is held to this by itself.
"""

import pytest

from awards import payments
from awards.conditions import clear_condition
from awards.tables import Award, Tranche
from awards.tranches import open_conditions
from fund.core import clock
from fund.core.database import db
from fund.people import grant_role
from fund.tables import STAFF_ROLES
from scoring import assignments, conflicts, criteria
from scoring.tables import AgreedScore, Moderation
from tests.factories import awards as awarding
from tests.factories import evaluation as evaluating
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept
from tests.scoring.matrix import Listening, addresses, answers

pytestmark = pytest.mark.usefixtures("letters_undrawn")

SECRET, ASKED = "Kestrelwood", 1_873_100
VARIANTS = ("?format=csv", "?q=evenings")
BETRAYS = (SECRET, "18,731", "18731", "Plovermoor")


@pytest.fixture(autouse=True)
def _listening(app, monkeypatch):
    monkeypatch.setattr(app, "request_class", Listening)


def everything(person, round):
    """Every role that staff can hold, here and everywhere."""
    for role in STAFF_ROLES:
        grant_role(person, role, by=None, now=clock.now(), partnership=round.fund.partnership)
        if role in ("administrator", "auditor"):
            grant_role(person, role, by=None, now=clock.now())
    return person


@pytest.fixture
@kept
def delivered(database):
    """A bid that went all the way: scored, moderated, offered, signed, paid, changed, reported on; and others beside it.

    The sums of the round's pot are the same for everybody; another award beside this one keeps them from being its own.
    """
    round = evaluating.round(assessors_per_bid=3)
    make.make.put(round, "draft", None)
    criteria.use_standard_criteria(round, by=None, now=clock.now())
    make.make.put(round, "published", None)
    beside = evaluating.award(round, 500_000, budget=[("Rent", 500_000)])
    award = evaluating.award(round, ASKED, title=f"{SECRET} evenings", budget=[("Salaries", ASKED)])
    bid = award.application
    make.answer(bid, "Q1", f"Young people at {SECRET} are afraid.")
    make.document(bid)
    seats = [make.seat(round) for _ in range(3)] + [make.seat(round, "chair")]
    make.make.put(bid, "in_scoring", None)
    for seat in seats[:2]:
        make.give(make.reading(bid, seat), make.MARKS_OF_71)
    first = criteria.criteria_of(round)[0]
    db.session.add(AgreedScore(application_id=bid.id, criterion_id=first.id, mark=4, reason=f"{SECRET} is known.", agreed_at=clock.now(), agreed_by_id=seats[3].person_id))  # fmt: skip
    db.session.add(Moderation(application_id=bid.id, note=f"{SECRET} was talked about.", saved_at=clock.now(), saved_by_id=seats[3].person_id))  # fmt: skip
    late = make.reading(bid, seats[2])
    conflicts.declare_late(late, "My sister works there", by=seats[2].person, now=clock.now())
    make.make.put(bid, "in_delivery", None)
    awarding.with_bank(award)
    awarding.with_bank(beside, "87654321")
    for each in (beside, award):
        _spend(each, round)
    other, _ = make.scored_bid(round, make.MARKS_OF_62, make.MARKS_OF_71, make.MARKS_OF_74)
    make.make.put(other, "in_scoring", None)
    db.session.flush()
    return round, bid, other, seats


def _spend(award: Award, round) -> None:
    for each in open_conditions(award):
        clear_condition(each, "Certificate seen, ends 31 March 2027", by=make_fund.staff("grant_manager", round), now=clock.now())  # fmt: skip
    evaluating.sent(evaluating.period(award))
    tranche = db.session.query(Tranche).filter_by(award_id=award.id).order_by(Tranche.number).first()
    payments.prepare_payment(tranche, by=make_fund.staff("finance_officer", round), now=clock.now())


def recused(kind: str, delivered):
    round, bid, _other, seats = delivered
    if kind == "assessor":
        return seats[2].person
    if kind == "staff who assess":
        return everything(seats[2].person, round)
    chair = seats[3]
    make.make.put(bid, "in_scoring", None)
    conflicts.declare(assignments.assign(bid, chair, by=None, now=clock.now()), True, "I am a trustee", by=chair.person, now=clock.now())  # fmt: skip
    make.make.put(bid, "in_delivery", None)
    return chair.person


def keys_of(round, seats, bid) -> dict[str, int]:
    first = criteria.criteria_of(round)[0]
    return {
        "round_id": round.id, "seat_id": seats[0].id, "person_id": seats[0].person_id, "criterion_id": first.id,
        "organisation_id": bid.organisation_id, "question_id": 1,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["assessor", "chair", "staff who assess"])
def test_whoever_is_recused_finds_nothing_of_the_bid_at_any_address(kind, delivered, as_, app):
    round, bid, other, seats = delivered
    person = recused(kind, delivered)
    client, stranger = as_(person), app.test_client()
    reached, leaks = 0, []
    for address in addresses(app, bid, keys_of(round, seats, bid)):
        if address.about_the_bid:
            for method in address.methods & {"GET", "POST"}:
                answer = client.open(address.path, method=method)
                assert answer.status_code in (403, 404), f"{method} {address.path} answers {answer.status_code}"
            continue
        if "GET" not in address.methods:
            continue
        for path, answer in answers(client, address.path, VARIANTS):
            if answer.status_code != 200:
                break
            reached += 1
            text = answer.get_data().decode("utf-8", "replace")
            said = [word for word in (*BETRAYS, bid.reference) if word in text]
            if said and stranger.get(path).status_code == 200:
                continue  # the whole world may read it
            leaks += [f"{path} says {', '.join(said)}"] if said else []
    assert not leaks, "\n".join(leaks)
    assert reached > 5
    if kind != "assessor":
        assert other.reference in client.get(f"/office/rounds/{round.id}/ranking").text


EARLY = ("Because of C", "71.0", "74.0", "72.5")


@pytest.fixture
@kept
def half_scored(database):
    """A bid in scoring that two members have finished and the others have not."""
    round = make.round(assessors_per_bid=3)
    bid, rows = make.scored_bid(round, make.MARKS_OF_71, make.MARKS_OF_74)
    return round, bid, rows


@pytest.mark.parametrize("kind", ["assessor", "abstainer", "chair who scores", "staff who assess"])
def test_nobody_finds_anothers_score_at_any_address_before_giving_their_own(kind, half_scored, as_, app):
    round, bid, rows = half_scored
    seat = make.seat(round, "chair" if kind == "chair who scores" else "assessor")
    mine = make.reading(bid, seat)
    if kind == "abstainer":
        assignments.excuse(mine, "Ill this week", by=make_fund.staff("fund_officer", round), now=clock.now())
        db.session.flush()
    if kind == "staff who assess":
        everything(seat.person, round)
    client, leaks = as_(seat.person), []
    for address in addresses(app, bid, keys_of(round, [seat, rows[0].seat], bid)):
        if "GET" not in address.methods:
            continue
        for path, answer in answers(client, address.path, VARIANTS[:1]):
            if answer.status_code != 200:
                break
            text = answer.get_data().decode("utf-8", "replace")
            said = [word for word in EARLY if word in text]
            leaks += [f"{path} says {', '.join(said)}"] if said else []
    assert not leaks, "\n".join(leaks)


@pytest.mark.parametrize(
    ("setting", "opens"),
    [
        ("never", {"own": False, "all own": False, "panel": False}),
        ("after_own", {"own": True, "all own": True, "panel": True}),
        ("after_all_own", {"own": False, "all own": True, "panel": True}),
        ("after_panel", {"own": False, "all own": False, "panel": True}),
    ],
)
def test_each_step_of_the_rounds_setting_opens_others_scores_when_it_says(setting, opens, half_scored, as_):
    """On the page itself: what others gave is there exactly from its step on, and never for an abstainer."""
    round, bid, _rows = half_scored
    round.visibility = setting
    other = make.bid(round)
    seat, away = make.seat(round), make.seat(round)
    mine, more = make.reading(bid, seat), make.reading(other, seat)
    make.make.put(other, "in_scoring", None)
    excused = make.reading(bid, away)
    assignments.excuse(excused, "Ill", by=make_fund.staff("fund_officer", round), now=clock.now())
    client = as_(seat.person)

    def is_open() -> bool:
        return "What the others gave" in client.get(f"/assessing/{mine.id}").text

    assert not is_open()
    make.give(mine, make.MARKS_OF_62)
    assert is_open() == opens["own"]
    make.give(more, make.MARKS_OF_62)
    assert is_open() == opens["all own"]
    make.make.put(bid, "moderated", None)
    assert is_open() == opens["panel"]
    assert as_(away.person).get(f"/assessing/{excused.id}").status_code == 403
