"""Blind reading: members who score see no name, address or paper of who asks; conflicts are declared before, by name only."""

import pytest

from fund.core.problems import Problem
from scoring.blind import HIDDEN, mask
from scoring.quotes import add_quote
from tests.factories import fund as make_fund
from tests.factories import scoring as make
from tests.kept import kept


@pytest.fixture
@kept
def round(database):
    return make.round(hides_names=True)


@pytest.fixture
@kept
def bid(round):
    row = make.bid(round, title="Marra Mentors on Saturdays")
    row.organisation.name = "Marra Mentors"
    row.organisation.postcode = "DH1 4AB"
    row.organisation.email = "hello@marra.uk"
    make.answer(row, "Q1", "We at MARRA  mentors (DH1 4AB, hello@marra.uk) know Peterlee. Marrams grow there.")
    return row


def test_names_are_taken_out_whatever_their_case_and_spacing_and_words_that_only_begin_alike_stay():
    names = ["Marra Mentors", "DH1 4AB"]
    assert mask("MARRA  mentors at dh1 4ab", names) == f"{HIDDEN} at {HIDDEN}"
    assert mask(["Marra Mentorship", {"a": "Marra Mentors"}, 5], names) == ["Marra Mentorship", {"a": HIDDEN}, 5]
    assert mask("anything", []) == "anything"


@pytest.mark.parametrize("kind", ["assessor", "lived_experience", "youth"])
def test_a_member_who_scores_finds_no_name_address_or_paper(kind, round, bid, as_):
    row = make.reading(bid, make.seat(round, kind))
    make.make.put(bid, "in_scoring", None)
    document = make.document(bid)
    client = as_(row.seat.person)
    pages = ["/assessing", f"/assessing/{row.id}", f"/assessing/{row.id}/conflict", f"/assessing/{row.id}/quotes"]
    for address in pages:
        page = client.get(address).text
        for word in ("Marra Mentors", "MARRA", "DH1 4AB", "hello@marra.uk", "accounts.pdf", bid.organisation.name):
            assert word not in page, f"{address} says {word}"
    assert "Marrams grow there" in client.get(pages[1]).text
    assert client.get(f"/assessing/{row.id}/documents/{document.id}").status_code == 404


def test_a_quote_is_of_the_words_as_they_were_shown(round, bid):
    row = make.reading(bid, make.seat(round))
    make.make.put(bid, "in_scoring", None)
    first = make.criteria.criteria_of(round)[0]
    words = f"We at {HIDDEN} ({HIDDEN}, {HIDDEN}) know Peterlee."
    assert add_quote(row, first, "Q1", words, by=row.seat.person, now=make.clock.now()).words == words
    with pytest.raises(Problem):
        add_quote(row, first, "Q1", "MARRA mentors", by=row.seat.person, now=make.clock.now())


def test_conflicts_are_declared_by_organisation_in_an_order_that_tells_nothing(round, bid, as_):
    seat, other = make.seat(round), make.bid(round)
    other.organisation.name = "Aycliffe Youth"
    rows = [make.reading(each, seat, declared=False) for each in (bid, other)]
    page = as_(seat.person).get(f"/assessing/rounds/{round.id}/conflicts").text
    assert page.index("Aycliffe Youth") < page.index("Marra Mentors")
    assert bid.reference not in page
    assert bid.title not in page
    answered = as_(seat.person).post(f"/assessing/rounds/{round.id}/conflicts", data={f"conflict-{rows[0].id}": "no"})
    assert "Choose yes or no for Aycliffe Youth" in answered.text


def test_the_chair_sees_names_and_a_round_that_is_not_blind_hides_none(round, bid, as_):
    make.make.put(bid, "in_scoring", None)
    chair = make.seat(round, "chair")
    assert "Marra Mentors" in as_(chair.person).get(f"/panel/rounds/{round.id}").text
    round.hides_names = False
    row = make.reading(bid, make.seat(round))
    assert "Marra Mentors" in as_(row.seat.person).get(f"/assessing/{row.id}").text


def test_blind_reading_is_a_rule_of_the_round_fixed_at_closing(as_, database):
    draft = make_fund.round(published=False)
    officer = make_fund.staff("fund_officer", draft)
    address = f"/office/rounds/{draft.id}/set-up/panel"
    assert "without names and addresses" in as_(officer).get(address).text
    as_(officer).post(address, data={"assessors_per_bid": "3", "panel_quorum": "2", "spread_flag": "2", "visibility": "never", "hides_names": "y", "version": str(draft.version)})  # fmt: skip
    assert draft.hides_names
