"""A whole award day's letters go out in one go: each made once and mailed once, and one that fails stops no other."""

import pytest

from applications.workflow import APPLICATION
from awards import letter_batches
from awards.jobs import send_letters
from awards.tables import Award, Letter, LetterBatch, LetterBatchItem
from fund import ledger
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept


@pytest.fixture
@kept
def deciders(round):
    return given.two_deciders(round)


@pytest.fixture
@kept
def proposed(round, deciders):
    """Three offers and two refusals, all proposed by the first of two decision makers."""
    kinds = ("offer", "offer", "offer", "reject", "reject")
    return [given.proposed(given.bid(round), kind, by=deciders[0]) for kind in kinds]


def states(batch) -> list[str]:
    return [item.state for item in LetterBatchItem.query.filter_by(batch_id=batch.id).order_by(LetterBatchItem.id)]


def start(round, person) -> LetterBatch:
    return letter_batches.start_batch(round, by=person, now=clock.now())


def test_one_press_approves_writes_and_mails_every_letter_once(round, deciders, proposed):
    batch = start(round, deciders[1])
    assert send_letters(clock.now()) == "5 letters"
    assert states(batch) == ["sent"] * 5
    assert batch.finished_at == clock.now()
    assert (Letter.query.count(), Award.query.count()) == (5, 3)
    mailed = sorted(each.template for each in OutboxMessage.query)
    assert mailed == ["offer"] * 3 + ["unsuccessful"] * 2
    assert ledger.fresh_pot(round).offered_pence == 3_000_000
    assert send_letters(clock.now()) is None
    assert (Letter.query.count(), OutboxMessage.query.count()) == (5, 5)


def test_what_one_proposed_or_judged_is_left_for_somebody_else(round, deciders, proposed):
    own = given.proposed(given.bid(round), by=deciders[1])
    given.assessed_by(deciders[1], proposed[0].application)
    batch = start(round, deciders[1])
    chosen = {item.decision_id for item in LetterBatchItem.query.filter_by(batch_id=batch.id)}
    assert chosen == {each.id for each in proposed[1:]}
    assert [row.id for row in letter_batches.ready_in(round)] == sorted([proposed[0].id, own.id])
    with pytest.raises(Problem, match="nothing that you may approve"):
        start(make.round(), deciders[1])


def test_one_that_fails_stops_no_other_and_can_be_tried_again(round, deciders, proposed):
    batch = start(round, deciders[1])
    APPLICATION.move(proposed[1].application, "withdraw", by=given.lead(proposed[1].application), now=clock.now(), reason="We stop", reason_given=True)  # fmt: skip
    send_letters(clock.now())
    assert states(batch) == ["sent", "failed", "sent", "sent", "sent"]
    failed = LetterBatchItem.query.filter_by(state="failed").one()
    assert "cannot be done now" in failed.problem
    assert letter_batches.counts_of(batch) == {"waiting": 0, "sent": 4, "failed": 1, "whole": 5}
    assert letter_batches.retry_failed(batch, by=deciders[1], now=clock.now()) == 1
    assert batch.finished_at is None
    send_letters(clock.now())
    assert states(batch).count("failed") == 1


def test_words_that_lack_a_fact_stop_their_own_letters_only_and_leave_no_trace(round, deciders, proposed):
    bid = proposed[0].application
    bid.organisation.name = "\u200b"
    bid.title = "\u200b"
    start(round, deciders[1])
    send_letters(clock.now())
    failed = LetterBatchItem.query.filter_by(state="failed").one()
    assert "would be a blank" in failed.problem
    assert (bid.status, proposed[0].approved_at) == ("moderated", None)
    assert Award.query.count() == 2
    assert ledger.fresh_pot(round).offered_pence == 2_000_000


def test_a_fault_inside_is_noted_and_the_others_go_out(round, deciders, proposed, monkeypatch):
    real = letter_batches.approve_decision

    def breaks(decision, **facts):
        if decision.id == proposed[2].id:
            raise RuntimeError("the disk is full")
        real(decision, **facts)

    monkeypatch.setattr(letter_batches, "approve_decision", breaks)
    batch = start(round, deciders[1])
    send_letters(clock.now())
    assert states(batch) == ["sent", "sent", "failed", "sent", "sent"]


def test_the_pages_lead_from_reading_all_to_watching_them_go(round, deciders, proposed, as_):
    client, address = as_(deciders[1]), f"/office/rounds/{round.id}/letters"
    page = client.get(address).text
    assert "<strong>3</strong> offers of £30,000.00 and <strong>2</strong> feedback letters" in page
    every = client.get(f"{address}/preview").text
    assert every.count("fund-letter") == 5
    for each in proposed:
        assert each.application.reference in every
    assert Letter.query.count() == 0
    pdf = client.get(f"/office/decisions/{proposed[0].id}/letter/pdf")
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    watching = client.post(f"{address}/send", follow_redirects=True).text
    assert "<strong>0 of 5</strong> sent" in watching
    send_letters(clock.now())
    assert "Done: 5 sent, 0 failed" in client.get(f"/office/letter-batches/{LetterBatch.query.one().id}").text
    assert client.get(f"/office/decisions/{proposed[0].id}/letter/pdf").status_code == 404
    assert "5 of 5 sent" in client.get(address).text


def test_three_letters_at_random_are_of_both_kinds(round, deciders, proposed, as_):
    client, address = as_(deciders[1]), f"/office/rounds/{round.id}/letters"
    assert "letters/preview?some=3" in client.get(address).text
    seen = set()
    for _ in range(30):
        three = client.get(f"{address}/preview?some=3").text
        assert three.count("fund-letter") == 3
        named = {each.id for each in proposed if f"{each.application.reference}, " in three}
        assert len({each.kind for each in proposed if each.id in named}) == 2
        assert "3 of the 5 letters" in three
        seen |= named
    assert len(seen) == 5, "thirty times three of five leave none out"


def test_a_letter_read_before_says_what_the_sent_one_says(round, deciders, proposed):
    from awards import offers

    planned = {each.id: offers.planned_letter(each, now=clock.now()) for each in proposed}
    start(round, deciders[1])
    send_letters(clock.now())
    for decision in proposed:
        sent = Letter.query.filter_by(application_id=decision.application_id).one().facts
        before = planned[decision.id]
        assert {key: sent[key] for key in sent if key not in ("award", "template")} == {
            key: before[key] for key in before if key not in ("award", "template")
        }
        assert sent["template"]["words"] == before["template"]["words"]


def test_only_decision_makers_send_and_strangers_see_nothing(round, proposed, as_):
    address = f"/office/rounds/{round.id}/letters"
    officer = as_(make.staff("fund_officer", round))
    assert "A decision maker approves" in officer.get(address).text
    assert officer.post(f"{address}/send").status_code in (403, 404)
    for person in (make.person(), make.staff("decision_maker", make.round())):
        client = as_(person)
        assert client.get(address).status_code in (403, 404)
        assert client.post(f"{address}/send").status_code in (403, 404)
        assert client.get(f"/office/decisions/{proposed[0].id}/letter/pdf").status_code in (403, 404)
    assert LetterBatch.query.count() == 0
