"""What awarding and delivery know for due diligence; and what a recused officer may read of a pack that tells of another bid."""

import html
from datetime import date, timedelta

import pytest

from applications.diligence import keeping, looking
from applications.diligence.checks import CHECKS
from applications.sanctions import lists
from applications.signals import answering, comparing
from awards import money, other_grants, subsidies
from awards.tables import Recovery, Subsidy
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Forbidden
from fund.organisations import add_identifier, change_organisation, record_check
from fund.people import grant_role
from fund.policies import add_policy
from scoring import assignments, conflicts
from tests.applications.test_sanctions import person, uk
from tests.awards.test_other_grants import grant, package
from tests.factories import awards as given
from tests.factories import evaluation as evaluating
from tests.factories import fund as make
from tests.factories import scoring as scoring
from tests.factories.uploads import pdf as a_pdf
from tests.kept import kept


def line(bid, key: str, reader=None):
    return next(each for each in looking.lines_of(bid, clock.now(), reader) if each.check.key == key)


def words(bid, key: str) -> str:
    return " ".join(line(bid, key).finding.lines)


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


@pytest.fixture
@kept
def bid(round):
    return given.bid(round, status="submitted")


def again(award, **facts):
    """A new bid of the organisation of an award, in a later round."""
    later = given.bid(make.round(award.round.fund.partnership), **{"status": "submitted"} | facts)
    later.organisation_id = award.organisation_id
    db.session.flush()
    db.session.expire(later, ["organisation"])
    return later


def test_past_grants_tell_what_was_paid_and_asked_back(round, bid):
    assert words(bid, "past_grants") == "None that is kept here."
    award = given.in_delivery(round)
    later = again(award)
    assert line(later, "past_grants").finding.state == "clear"
    assert award.reference in words(later, "past_grants")
    assert line(later, "past_grants").finding.bids == {award.application_id}
    db.session.add(Recovery(award_id=award.id, amount_pence=456_250, why="Ended early", asked_at=clock.now(), asked_by_id=make.person().id))  # fmt: skip
    db.session.flush()
    assert money.owed_back(award) == 456_250
    assert line(later, "past_grants").finding.state == "look"
    assert "£4,562.50 asked back, of which £4,562.50 has not come" in words(later, "past_grants")
    assert "paid" not in words(given.bid(make.round(), status="submitted"), "past_grants")


def test_returns_of_past_grants_are_counted(database, time):
    award = evaluating.award(evaluating.round())
    later = again(award)
    due = max(evaluating.period(award, number).due_on for number in (1, 2))
    time.move(days=max((due - clock.today()).days + 1, 0))
    assert line(later, "past_returns").finding.state == "look"
    assert "0 sent late" in words(later, "past_returns")
    assert ", 0 not sent" not in words(later, "past_returns")
    evaluating.sent(evaluating.period(award))
    assert "1 sent late" in words(later, "past_returns")
    assert line(later, "past_returns").finding.bids == {award.application_id}
    assert "No return was due" in words(given.bid(make.round(), status="submitted"), "past_returns")


def test_other_funders_are_found_by_a_like_name_and_stand_on_the_screening_page(round, bid, officer, as_):
    assert line(bid, "other_funders").finding.state == "unknown"
    change_organisation(bid.organisation, by=officer, now=clock.now(), name="The Corner Café CIC")
    found = {
        "a": "Corner Cafe Limited", "b": "Korner Cafe", "c": "Corner Shop Trust", "d": "Night Owl Transport",
    }  # fmt: skip
    rows = [grant(id=key, title=f"Grant {key}", recipientOrganization=[{"id": "x", "name": name}]) for key, name in found.items()]  # fmt: skip
    other_grants.import_file(round.fund.partnership, package(*rows), by=officer, now=clock.now())
    near = {
        each.grant.identifier: each.how for each in other_grants.matches(bid.organisation, round.fund.partnership_id)
    }
    assert near == {"a": "name", "b": "near"}
    assert line(bid, "other_funders").finding.state == "look"
    for page in ("/screening", "/due-diligence"):
        text = as_(officer).get(f"/office/applications/{bid.id}{page}").text
        assert "£1,234.56 from Another Trust" in text, page
        assert "a like name: Korner Cafe" in text, page
        assert "Grant d" not in text, page
    other = given.bid(round, status="submitted")
    assert "Nothing in the files of Another Trust" in words(other, "other_funders")


def test_subsidy_counts_ours_and_what_was_declared_last(round, time):
    award = given.accepted(round, 1_000_000)
    row = subsidies.give_notice(award, by=make.staff("grant_manager", round), now=clock.now())
    subsidies.declare(row, award, 28_000_000, by=given.lead(award.application), now=clock.now())
    later = again(award, asked_pence=2_500_000)
    assert "Running total £290,000.00 of £315,000.00" in words(later, "subsidy")
    assert line(later, "subsidy").finding.state == "clear"
    later.requested_pence = 2_500_001
    assert line(later, "subsidy").finding.state == "look"
    assert "more than the limit" in words(later, "subsidy")
    time.move(days=365 * 3)
    assert "Running total £0.00" in words(later, "subsidy")
    assert Subsidy.query.count() == 1


def test_a_form_whose_work_is_often_economic_asks_for_a_look(round):
    bid = given.bid(round, status="submitted", legal_form="private_company")
    assert line(bid, "subsidy").finding.state == "look"


def test_the_account_says_how_far_its_check_is(round, bid):
    assert line(bid, "bank").finding.state == "unknown"
    award = given.accepted(round)
    assert line(award.application, "bank").finding.state == "unknown"
    given.with_bank(award, "12345678")
    assert line(award.application, "bank").finding.state == "clear"
    assert "Account ending 5678" in words(award.application, "bank")
    assert "account ending 5678" in words(again(award), "bank")


# How much a page asks ----------------------------------------------------------------------------------------------------


def with_everything(round, officer):
    """A bid with evidence of every kind: three past grants with returns and money asked back, papers, a shared number,
    answered signals, a list, other funders, assistance, an account, looks and kept packs."""
    award = given.accepted(round)
    bid, organisation = award.application, award.organisation
    bid.form.frozen_at, bid.form.content_sha256 = clock.now(), "the form of a bid with everything"
    before = make.round(round.fund.partnership)
    for _ in range(3):
        past = given.in_delivery(before)
        past.organisation_id = past.application.organisation_id = organisation.id
        given.with_bank(past)
        db.session.add(Recovery(award_id=past.id, amount_pence=100_000, why="Ended early", asked_at=clock.now(), asked_by_id=officer.id))  # fmt: skip
    given.with_bank(award, "12345678")
    row = subsidies.give_notice(award, by=make.staff("grant_manager", round), now=clock.now())
    subsidies.declare(row, award, 28_000_000, by=given.lead(bid), now=clock.now())
    for kind in ("safeguarding", "insurance", "equality"):
        add_policy(organisation, kind, a_pdf(), f"{kind}.pdf", date(2027, 12, 31), by=given.lead(bid), now=clock.now())  # fmt: skip
    number = organisation.identifiers[0]
    company = add_identifier(organisation, "GB-COH", "01234567", by=officer, now=clock.now())
    record_check(company, "confirmed", "Register page of today.", by=make.staff("fund_officer", round), now=clock.now())
    for name in ("Borrowed Number", "Borrowed Again"):
        make.organisation(name=name).identifiers[0].number = number.number
    found = [grant(id=str(key), recipientOrganization=[{"id": "x", "name": organisation.name}]) for key in range(3)]
    other_grants.import_file(round.fund.partnership, package(*found), by=officer, now=clock.now())
    lists.read_file(round.fund.partnership, uk(person(*organisation.name.rsplit(" ", 1))), by=officer, now=clock.now())
    for _ in range(3):
        given.bid(round, status="submitted").organisation.phone = organisation.phone = "01632 960101"
    comparing.compare_round(round, now=clock.now())
    for each in answering.signals_of(bid)[:2]:
        answering.answer_signal(each, "fine", "One centre answers for all; I rang it.", by=make.staff("fund_officer", round), now=clock.now())  # fmt: skip
    for key in CHECKS:
        looking.record_look(bid, key, "fine", "I have looked at all of it.", by=make.staff("fund_officer", round), now=clock.now())  # fmt: skip
    for _ in range(2):
        keeping.keep_pack(bid, by=make.staff("fund_officer", round), now=clock.now())
    db.session.commit()
    return bid


def test_the_page_of_a_bid_with_all_kinds_of_evidence_takes_ten_statements(round, officer, as_, statements, time):
    bid = with_everything(round, officer)
    time.move(days=400)
    client, here = as_(make.staff("fund_officer", round)), f"/office/applications/{bid.id}/due-diligence"
    client.get(here)
    with statements() as seen:
        page = client.get(here)
    assert len(seen) <= 10, "\n".join(seen)
    assert "Kept from you" not in page.text
    for words in (
        "also given by Borrowed Number, Borrowed Again", "Register page of today", "until 31 December 2027", "Same telephone number",
        "Sanctions List", "asked back", "not sent", "from Another Trust", "Running total", "account ending 5678", "I have looked at all of it", "SHA-256",
    ):  # fmt: skip
        assert words.lower() in html.unescape(page.text).lower(), words


def test_a_recused_officer_reads_it_in_ten_statements_too(recused, as_, statements):
    officer, _old, new = recused
    new.form.frozen_at, new.form.content_sha256 = clock.now(), "the form of a bid with a recusal"
    db.session.commit()
    client, here = as_(officer), f"/office/applications/{new.id}/due-diligence"
    client.get(here)
    with statements() as seen:
        assert "Kept from you" in client.get(here).text
    assert len(seen) <= 10, "\n".join(seen)


# Recusals ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
@kept
def recused(database):
    """A fund officer who sits on a panel of last year and is recused from a bid that a new one has something in common with."""
    round = scoring.round(assessors_per_bid=3)
    old, _rows = scoring.scored_bid(round, scoring.MARKS_OF_71, scoring.MARKS_OF_74)
    seat = scoring.seat(round)
    officer = seat.person
    reading = assignments.assign(old, seat, by=None, now=clock.now())
    conflicts.declare(reading, True, "I am a trustee", by=officer, now=clock.now())
    grant_role(officer, "fund_officer", by=None, now=clock.now(), partnership=round.fund.partnership)
    new = given.bid(make.round(round.fund.partnership), status="submitted")
    for each, name in ((old, "Kestrelwood Mentors"), (new, "Plover Women")):
        change_organisation(each.organisation, by=officer, now=clock.now(), name=name, phone="01632 960101", address=f"{each.id} Road")  # fmt: skip
    comparing.compare_round(new.round, now=clock.now())
    return officer, old, new


def test_a_recused_officer_sees_neither_side_of_a_signal(recused, as_):
    officer, old, new = recused
    free = make.staff("fund_officer", new.round)
    (shown,) = [each for each in answering.signals_of(new) if each.signal.kind == "phone"]
    pages = [
        f"/office/applications/{new.id}", f"/office/applications/{new.id}/screening", f"/office/rounds/{new.round_id}/signals?show=all",
        f"/office/rounds/{old.round_id}/signals?show=all", f"/office/applications/{new.id}/due-diligence", "/office",
    ]  # fmt: skip
    for page in pages:
        text = as_(officer).get(page).text
        for word in ("Kestrelwood", old.reference, "They give one telephone number"):
            assert word not in text, (page, word)
    for each in (old, new):
        assert as_(officer).get(f"/office/applications/{each.id}/signals/{shown.signal.id}").status_code in (403, 404)
        assert as_(officer).post(f"/office/applications/{each.id}/signals/{shown.signal.id}", data={"answer": "fine", "reason": "I am a trustee of it."}).status_code in (403, 404)  # fmt: skip
    assert "Kestrelwood" in as_(free).get(pages[0]).text
    assert "Kestrelwood" in as_(free).get(pages[4]).text


def test_a_pack_that_tells_of_a_kept_bid_is_neither_made_nor_read_by_who_is_recused(recused, as_):
    officer, _old, new = recused
    here = f"/office/applications/{new.id}/due-diligence"
    assert "Kept from you" in as_(officer).get(here).text
    assert as_(officer).get(f"{here}/signals").status_code == 403
    assert as_(officer).post(f"{here}/packs").status_code == 403
    with pytest.raises(Forbidden):
        looking.record_look(new, "signals", "fine", "Nothing to see here, I think.", by=officer, now=clock.now())
    free = make.staff("fund_officer", new.round)
    pack = keeping.keep_pack(new, by=free, now=clock.now())
    assert as_(free).get(f"{here}/packs/{pack.id}").status_code == 200
    assert as_(officer).get(f"{here}/packs/{pack.id}").status_code == 404
    assert pack.file.sha256 not in as_(officer).get(here).text


def test_a_hold_counts_although_the_officer_may_not_see_it(recused):
    _officer, _old, new = recused
    (shown,) = [each for each in answering.signals_of(new) if each.signal.kind == "phone"]
    answering.answer_signal(shown, "held", "Waiting for a call back.", by=make.staff("fund_officer", new.round), now=clock.now())  # fmt: skip
    assert [each.signal.id for each in answering.holding(new)] == [shown.signal.id]
    assert timedelta(0) <= clock.now() - shown.signal.found_at
