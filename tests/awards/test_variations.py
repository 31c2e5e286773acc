"""A change takes two people, moves the ledger by the difference and replaces the letter (rules 11 and 12)."""

import pytest

from awards import letters, offers, variations
from awards.tables import Letter
from awards.tranches import check_sum, tranches_of
from fund import ledger
from fund.core import clock
from fund.core.problems import Forbidden, Problem, WrongMoment
from tests.core.pdf.pdf_helpers import failures
from tests.factories import awards as given
from tests.factories import fund as make

WHY = "The venue costs more than planned."


def propose(award, pence, by=None, purpose="Safe evenings"):
    by = by or make.staff("grant_manager", award.round)
    return variations.propose_variation(award, pence, purpose, WHY, by=by, now=clock.now())


def approve(variation, by=None):
    by = by or make.staff("head_of_fund", variation.award.round)
    return variations.approve_variation(variation, by=by, now=clock.now())


@pytest.mark.parametrize("pence", [2_000_000, 1_000_001, 1])
def test_the_ledger_the_terms_and_the_instalments_follow_to_the_penny(round, pence):
    award = given.accepted(round, 1_825_000)
    approve(propose(award, pence))
    pot = ledger.fresh_pot(round)
    assert (pot.committed_pence, award.committed_pence, offers.terms_of(award).amount_pence) == (pence, pence, pence)
    check_sum(award)
    assert sum(row.amount_pence for row in tranches_of(award) if row.status != "cancelled") == pence


def test_version_1_verifies_as_replaced_and_version_2_as_genuine(round):
    award = given.accepted(round, 1_825_000)
    first = letters.current_letter(award)
    second = approve(propose(award, 2_000_000))
    verdict = letters.verify_file(first.pdf)
    assert (verdict.word, verdict.replaced_by.id) == ("replaced", second.id)
    assert letters.verify_file(second.pdf).word == "genuine"
    assert letters.verify_file(second.pdf + b" ").word == "altered"
    assert letters.draw_again(first) == first.pdf
    assert letters.draw_again(second) == second.pdf
    assert failures(second.pdf) == []
    assert WHY in str(second.facts)
    assert Letter.query.count() == 2


def test_who_asks_cannot_decide_and_nothing_is_decided_twice(round, as_):
    head = make.staff("head_of_fund", round)
    award = given.accepted(round)
    variation = propose(award, 900_000, head)
    with pytest.raises(Forbidden):
        approve(variation, head)
    assert as_(head).post(f"/office/variations/{variation.id}/approve").status_code == 403
    with pytest.raises(WrongMoment, match="waits for a decision already"):
        propose(award, 800_000)
    other = make.staff("decision_maker", round)
    assert as_(other).post(f"/office/variations/{variation.id}/approve").status_code == 302
    assert award.committed_pence == 900_000
    with pytest.raises(WrongMoment, match="decided already"):
        approve(variation)


def test_a_larger_award_needs_room_and_stays_within_the_cap(database):
    round = make.round(pot_pence=2_000_000)
    award = given.accepted(round, 1_825_000)
    with pytest.raises(Problem, match=r"cap for registered organisations is £40,000.00"):
        propose(award, 4_000_001)
    with pytest.raises(ledger.NoRoom, match=r"room left £1,750.00"):
        approve(propose(award, 2_000_001))


def test_the_pages_of_a_change(round, as_):
    award = given.accepted(round, 1_825_000)
    manager = as_(make.staff("grant_manager", round))
    page = manager.post(f"/office/awards/{award.id}/vary", data={"amount": "18,250", "purpose": award.application.title, "why": WHY}).text  # fmt: skip
    assert "Nothing changes" in page
    manager.post(f"/office/awards/{award.id}/vary", data={"amount": "17,000", "purpose": "Less", "why": WHY})
    (variation,) = variations.variations_of(award)
    assert "£18,250.00" in manager.get(f"/office/variations/{variation.id}").text
    assert as_(given.lead(award.application)).get(f"/office/variations/{variation.id}").status_code in (403, 404)
    as_(make.staff("head_of_fund", round)).post(f"/office/variations/{variation.id}/refuse")
    assert award.committed_pence == 1_825_000
