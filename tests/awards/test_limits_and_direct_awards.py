"""Who may decide on how much, awards without competition, and the notice for the commissioner's log."""

import io

import docx
import pytest
from docx.oxml.ns import qn
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from awards import decisions, limits, notices, variations
from awards.register import public_awards
from fund.core import clock
from fund.core.pdf.document import plain_text
from fund.core.problems import Forbidden, Problem, WrongMoment
from tests.core.pdf.pdf_helpers import failures
from tests.factories import awards as given
from tests.factories import fund as make

ONLY_ONE = "No other organisation works on this estate at night."
SCHEME = "Scheme of consent, 1 April 2026, paragraph 4.2"


def limit(round, person, pence, by=None):
    by = by or make.staff("head_of_fund", round)
    return limits.set_limit(round.fund.partnership, person, pence, SCHEME, by=by, now=clock.now())


def approve(decision, by):
    decisions.approve_decision(decision, by=by, now=clock.now())


def test_the_last_penny_of_a_limit_is_allowed_and_one_more_is_not(round):
    small, large = given.two_deciders(round)
    limit(round, None, 1_000_000)
    limit(round, large, 2_000_000)
    approve(given.proposed(given.bid(round, asked_pence=1_000_000)), small)
    over = given.proposed(given.bid(round, asked_pence=1_000_001))
    with pytest.raises(Forbidden, match=r"up to £10,000.00\. Somebody with a higher limit"):
        approve(over, small)
    approve(over, large)


def test_the_database_keeps_the_limit_too(round, database):
    small, _other = given.two_deciders(round)
    limit(round, small, 1_000_000)
    over = given.proposed(given.bid(round, asked_pence=1_000_001))
    database.session.flush()
    with pytest.raises(IntegrityError, match="within their limit"), database.session.begin_nested():
        database.session.execute(text("update decision set approved_by_id = :by, approved_at = '2026-02-03 12:00:00+00' where id = :id"), {"by": small.id, "id": over.id})  # fmt: skip


def test_a_limit_holds_for_changes_and_not_for_no(round):
    small, _other = given.two_deciders(round)
    limit(round, small, 500_000)
    approve(given.proposed(given.bid(round), "reject"), small)
    award = given.accepted(round, 900_000)
    change = variations.propose_variation(award, 950_000, "More", "The venue costs more", by=make.person(), now=clock.now())  # fmt: skip
    with pytest.raises(Forbidden, match=r"up to £5,000.00"):
        variations.approve_variation(change, by=small, now=clock.now())


def test_nobody_sets_their_own_limit_and_earlier_ones_stay(round, as_):
    head = make.staff("head_of_fund", round)
    with pytest.raises(Forbidden, match="their own limit"):
        limit(round, head, 1, by=head)
    other, partnership = make.staff("decision_maker", round), round.fund.partnership
    page = f"/office/partnerships/{partnership.id}/limits"
    assert as_(other).post(page, data={"person": 0, "amount": "1", "why": SCHEME}).status_code in (403, 404)
    assert as_(make.person()).get(page).status_code in (403, 404)
    mine = as_(head)
    assert "what the limit rests on" in mine.post(page, data={"person": 0, "amount": "5000", "why": ""}).text
    for pounds in ("5,000", "7,500"):
        assert mine.post(page, data={"person": other.id, "amount": pounds, "why": SCHEME}).status_code == 302
    assert limits.limit_for(other, partnership.id) == 750_000
    text = mine.get(page).text
    assert text.index("£7,500.00") < text.index("Earlier limits") < text.index("£5,000.00")


def test_an_award_without_competition_needs_a_reason_that_everybody_reads(round, as_, client):
    bid = given.bid(round, status="eligible", asked_pence=700_000)
    one, other = given.two_deciders(round)
    with pytest.raises(Problem, match="without competition"):
        given.proposed(bid, by=one)
    with pytest.raises(Problem, match="Choose a decision"):
        given.proposed(bid, "reject", by=one, direct_reason=ONLY_ONE)
    with pytest.raises(WrongMoment):
        given.proposed(given.bid(round, status="in_scoring"), by=one, direct_reason=ONLY_ONE)
    first = as_(one)
    assert bid.reference in first.get(f"/office/rounds/{round.id}/decisions").text
    page = f"/office/applications/{bid.id}/decision"
    asked = {"kind": "offer", "amount": "7,000", "reasons": given.REASONS}
    assert "Why without competition" in first.get(page).text
    assert "words that can be published" in first.post(page, data=asked).text
    assert first.post(page, data=asked | {"direct_reason": ONLY_ONE}).status_code == 302
    decision = decisions.current_decision(bid)
    assert as_(other).post(f"/office/decisions/{decision.id}/approve").status_code == 302
    assert bid.status == "offered"
    given.sign(decisions.db.session.query(given.Award).one(), given.lead(bid))
    (public,) = public_awards()
    assert public.direct_reason == ONLY_ONE
    assert ONLY_ONE in client.get("/register?format=csv").text


def test_a_bid_that_the_panel_scores_meanwhile_is_no_longer_awarded_directly(round):
    bid = given.bid(round, status="eligible")
    decision = given.proposed(bid, direct_reason=ONLY_ONE)
    make.put(bid, "in_scoring", None)
    with pytest.raises(WrongMoment):
        approve(decision, make.staff("decision_maker", round))


def test_the_notice_says_who_decided_what_and_why_and_is_a_draft_until_two_did(round, as_):
    bid = given.bid(round, asked_pence=700_000)
    decision, reader = given.proposed(bid), make.staff("fund_officer", round)
    address = f"/office/decisions/{decision.id}/notice"
    page = as_(reader).get(address).text
    assert "not for publication" in page
    assert "Room after this decision" in page
    approver = make.staff("decision_maker", round)
    approve(decision, approver)
    page = as_(reader).get(address).text
    assert "not for publication" not in page
    for words in (approver.name, decision.proposed_by.name, "£7,000.00", given.REASONS, "section 143"):
        assert words in page
    assert given.lead(bid).name not in page
    pdf = as_(reader).get(f"{address}.pdf").data
    assert failures(pdf) == []
    assert as_(given.lead(bid)).get(address).status_code in (403, 404)
    word = as_(reader).get(f"{address}.docx").data
    assert words_of_word(word) == plain_text(notices.notice_of(decision, SITE)).replace("•", " ").split()
    assert as_(given.lead(bid)).get(f"{address}.docx").status_code in (403, 404)


SITE = "http://127.0.0.1:8000"


def words_of_word(content: bytes) -> list[str]:
    """Every word of a Word file in reading order, tables included."""
    body = docx.Document(io.BytesIO(content)).element.body
    return " ".join("".join(t.text for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p"))).split()


def test_the_notice_of_a_round_lists_every_offer_and_names_nobody_who_is_turned_down(round, as_):
    offers = [given.bid(round, asked_pence=pence) for pence in (700_001, 500_000)]
    reserve, refused = given.bid(round), given.bid(round)
    reader = as_(make.staff("fund_officer", round))
    address = f"/office/rounds/{round.id}/decision-notice"
    assert "Nothing is decided yet" in reader.get(address).text
    given.decided(offers[0], conditions=["Send us the venue agreement."])
    waiting = given.proposed(offers[1])
    given.decided(reserve, "reserve")
    given.decided(refused, "reject")
    page = reader.get(address).text
    assert "not for publication" in page
    assert "Draft: 1 of 4 decisions" in page
    approver = make.staff("decision_maker", round)
    approve(waiting, approver)
    page = reader.get(address).text
    assert "not for publication" not in page
    for words in (
        "To offer 2 grants of £12,000.01 in all, to keep 1 bid on the reserve list, not to fund 1 bid.", "£7,000.01", "£5,000.00",
        "Send us the venue agreement.", approver.name, "section 143", offers[0].organisation.name,
    ):  # fmt: skip
        assert words in page, words
    for nobody in (refused.organisation.name, refused.reference, reserve.organisation.name, given.lead(offers[0]).name):
        assert nobody not in page
    assert failures(reader.get(address + "?format=pdf").data) == []
    assert "£12,000.01" in words_of_word(reader.get(address + "?format=docx").data)
    assert as_(given.lead(refused)).get(address).status_code in (403, 404)


def test_a_notice_with_letters_that_word_cannot_hold_is_still_a_file(round, as_):
    bid = given.bid(round, title="Evenings \x0b\x1f \u202eevil \U0001f600 <b>")
    decision = given.proposed(bid, reasons="Good \x08\ufffe reasons that the panel believes in.")
    word = as_(make.staff("fund_officer", round)).get(f"/office/decisions/{decision.id}/notice.docx").data
    assert "<b>" in " ".join(words_of_word(word))
