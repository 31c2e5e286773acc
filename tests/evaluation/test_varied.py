"""Changing dates, targets and budget lines of an award: old and new side by side, and what was reported stays."""

from datetime import date

import pytest

from awards import letters, offers, variations, varying
from evaluation import promises
from evaluation.periods import periods_of
from evaluation.tables import BudgetHeading, MonitoringReturn, Promise
from fund.core import clock
from fund.core.problems import Problem
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

WHY = "The venue opens later than planned."


@pytest.fixture
@kept
def award(database):
    """£9,000.00 from June 2026 to February 2027 in three periods, with one target and two budget lines."""
    round = make.round()
    award = given.accepted(round, 900_000)
    promises.prepare_delivery(award, by=None, now=clock.now())
    database.session.add(Promise(award_id=award.id, measure="Young people mentored", unit="people", baseline=0, target=40, position=1))  # fmt: skip
    for position, (heading, pence) in enumerate((("Staff", 600_000), ("Venue", 300_000)), 1):
        database.session.add(BudgetHeading(award_id=award.id, heading=heading, amount_pence=pence, position=position))
    database.session.flush()
    return award


def keys(award):
    return {part.label: f"{part.kind}-{part.key}" for part in varying.parts_of(award)}


def change(award, pence=900_000, **facts):
    by = make.staff("grant_manager", award.round)
    row = variations.propose_variation(award, pence, offers.terms_of(award).purpose, WHY, by=by, now=clock.now(), **facts)  # fmt: skip
    return variations.approve_variation(row, by=make.staff("head_of_fund", award.round), now=clock.now())


def test_a_later_last_day_adds_a_return_and_shares_the_money_anew(award):
    letter = change(award, ends_on=date(2027, 5, 31))
    assert [row.ends_on for row in periods_of(award)][-2:] == [date(2027, 2, 28), date(2027, 5, 31)]
    assert sum(row.profile_pence for row in periods_of(award)) == 900_000
    terms = offers.terms_of(award)
    assert (terms.ends_on, len(terms.schedule["returns"])) == (date(2027, 5, 31), 4)
    assert "Last day: 28 February 2027 becomes 31 May 2027" in str(letter.facts)
    assert letters.draw_again(letter) == letter.pdf


def test_what_was_reported_stays_and_its_period_too(award, database):
    first, *_ = periods_of(award)
    before = first.profile_pence
    database.session.add(MonitoringReturn(period_id=first.id, number=1, status="draft"))
    database.session.flush()
    change(award, pence=1_000_000)
    rows = periods_of(award)
    assert rows[0].profile_pence == before
    assert sum(row.profile_pence for row in rows) == 1_000_000


def test_targets_and_lines_change_and_the_letter_says_both(award):
    names = keys(award)
    values = {names["Target: Young people mentored"]: "55", names["Budget: Staff"]: 550_000, names["Budget: Venue"]: 350_000}  # fmt: skip
    letter = change(award, values=values)
    assert Promise.query.one().target == 55
    assert [row.amount_pence for row in BudgetHeading.query.order_by(BudgetHeading.position)] == [550_000, 350_000]
    for words in ("Target: Young people mentored: 40 becomes 55", "Budget: Venue: £3,000.00 becomes £3,500.00"):
        assert words in str(letter.facts)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"ends_on": date(2026, 11, 30)}, "take a whole return away"),
        ({"ends_on": date(2030, 1, 1)}, "latest day is 31 August 2028"),
        ({"values": {"Budget: Staff": 600_001}}, r"add up to £9,000.01, but the award would be £9,000.00"),
        ({"values": {"Target: Young people mentored": "many"}}, "Enter a target above 0"),
        ({}, "Nothing changes"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(award, facts, said):
    if "values" in facts:
        facts = {"values": {keys(award)[label]: value for label, value in facts["values"].items()}}
    with pytest.raises(Problem, match=said):
        change(award, **facts)


def test_the_pages_show_old_and_new_before_and_after_the_decision(award, as_):
    manager = as_(make.staff("grant_manager", award.round))
    page = manager.get(f"/office/awards/{award.id}/vary").text
    assert "Budget: Staff" in page
    boxes = {key.replace("-", "_"): value for key, value in zip(keys(award).values(), ("45", "6,000", "3,000"), strict=True)}  # fmt: skip
    asked = {"amount": "9,000", "purpose": "Later evenings", "why": WHY, "ends_on-day": "31", "ends_on-month": "3", "ends_on-year": "2027"}  # fmt: skip
    assert "Enter pounds" in manager.post(f"/office/awards/{award.id}/vary", data=asked | boxes | {"amount": "x"}).text
    assert manager.post(f"/office/awards/{award.id}/vary", data=asked | boxes).status_code == 302
    (row,) = variations.variations_of(award)
    head = as_(make.staff("head_of_fund", award.round))
    words = ("28 February 2027", "31 March 2027", "Later evenings", award.application.title, "40", "45")
    for _ in range(2):
        page = head.get(f"/office/variations/{row.id}").text
        assert all(each in page for each in words)
        head.post(f"/office/variations/{row.id}/approve")
    assert offers.terms_of(award).ends_on == date(2027, 3, 31)
