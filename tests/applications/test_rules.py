"""The rules of money and time at the server (design rules 1 to 4), each with its figure and its sentence."""

from datetime import UTC, datetime

import pytest

from applications import caps, submission
from applications.answers import save_answer, values_of
from applications.applications import TooManyBids, load_application, start_application
from applications.deadlines import grant_extension
from applications.forms import form_of
from fund.core import clock
from fund.core.database import db
from fund.core.problems import Forbidden, Problem, WrongMoment
from fund.tables import Identifier
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.kept import kept


def send(application, lead):
    return submission.submit_application(application, lead.name, "Chair", by=lead, now=clock.now())


@pytest.fixture
@kept
def lead(database):
    return make.person("Ada Lead")


def test_rule_1_an_unregistered_group_may_ask_for_5000_pounds(lead):
    application = make_bid.complete_draft(lead, legal_form="unincorporated", asked=500_000)
    send(application, lead)
    assert application.status == "submitted"


def test_rule_1_one_penny_more_is_refused_and_the_draft_is_kept(lead):
    application = make_bid.complete_draft(lead, legal_form="unincorporated", asked=500_001)
    with pytest.raises(Problem) as refused:
        send(application, lead)
    assert refused.value.sentence == (
        "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. Take off £0.01 to carry on."
    )
    assert refused.value.field == "asked"
    db.session.flush()
    assert application.status == "draft"
    assert application.submitted_at is None
    assert values_of(application)["asked"] == 500_001


@pytest.mark.parametrize(("asked", "goes"), [(4_000_000, True), (4_000_001, False)])
def test_rule_1_a_registered_organisation_may_ask_for_40000_pounds_and_no_penny_more(lead, asked, goes):
    application = make_bid.complete_draft(lead, asked=asked)
    if goes:
        send(application, lead)
        assert application.status == "submitted"
    else:
        with pytest.raises(
            Problem,
            match=r"You asked for £40,000.01. Registered organisations can ask for up to £40,000.00. Take off £0.01",
        ):
            send(application, lead)


def test_rule_2_a_number_nobody_checked_gives_the_registered_cap_for_now(lead):
    organisation = make.organisation(lead, confirmed=None)
    application = make_bid.complete_draft(lead, organisation=organisation, asked=4_000_000)
    send(application, lead)
    room = caps.room_for(application, 4_000_000)
    assert room.cap.provisional
    assert not room.is_over


def test_rule_2_a_removed_number_lowers_the_cap_at_once_and_keeps_the_bid(lead):
    application = make_bid.submitted(lead, asked=1_825_000)
    number = db.session.query(Identifier).filter_by(organisation_id=application.organisation_id).one()
    number.check_result = "removed"
    db.session.flush()
    room = caps.room_for(application, application.requested_pence)
    assert application.status == "submitted"
    assert room.cap.most_pence == 500_000
    assert room.sentence.endswith("Take off £13,250.00 to carry on.")


def test_rule_3_one_bid_unless_the_round_allows_more(lead):
    application = make_bid.draft(lead)
    with pytest.raises(TooManyBids, match="Each organisation can send one"):
        start_application(application.round, application.organisation, by=lead, now=clock.now())


@pytest.mark.parametrize(("second", "goes"), [(1_750_000, True), (1_750_001, False)])
def test_rule_3_the_joint_cap_of_two_bids_names_both(lead, second, goes):
    round = make_bid.open_round(bids_per_organisation=2, joint_cap_pence=4_000_000)
    organisation = make.organisation(lead)
    first = make_bid.submitted(lead, round, organisation=organisation, asked=2_250_000)
    other = make_bid.complete_draft(lead, round, organisation, asked=second)
    if goes:
        send(other, lead)
        assert other.status == "submitted"
        return
    with pytest.raises(Problem) as refused:
        send(other, lead)
    assert refused.value.sentence == (
        f"{first.reference} asks for £22,500.00, and this bid ({other.reference}) for £17,500.01: £40,000.01 together. "
        "All bids of one organisation can ask for up to £40,000.00. Take off £0.01 to carry on."
    )


@pytest.mark.parametrize(
    ("second_of_the_hour", "goes"),
    [(datetime(2024, 8, 30, 15, 59, 59, tzinfo=UTC), True), (datetime(2024, 8, 30, 16, 0, tzinfo=UTC), False)],
)
def test_rule_4_received_at_15_59_59z_is_in_and_at_16_00_00z_is_late(database, second_of_the_hour, goes):
    closes = clock.london_moment(datetime(2024, 8, 30, 17, 0))
    assert closes == datetime(2024, 8, 30, 16, 0, tzinfo=UTC)
    with clock.stand_still(datetime(2024, 8, 1, 12, 0, tzinfo=UTC)):
        lead = make.person()
        application = make_bid.complete_draft(lead, make_bid.open_round(closes_at=closes))
    with clock.stand_still(second_of_the_hour):
        if goes:
            send(application, lead)
            assert application.status == "submitted"
            return
        with pytest.raises(WrongMoment) as late:
            send(application, lead)
    assert late.value.sentence == (
        "This round closed on Friday 30 August 2024, 5pm. We have kept your draft. If something stopped you from sending it in "
        "time, ask for more time: call 01632 960000 or write to fund@example.org."
    )
    assert application.status == "draft"


def test_rule_4_more_time_for_one_applicant_has_a_reason_and_lets_only_that_bid_in(lead, time):
    round = make_bid.open_round()
    application = make_bid.complete_draft(lead, round)
    other_lead = make.person()
    other = make_bid.complete_draft(other_lead, round)
    officer = make.staff("fund_officer", round)
    time.move(days=29)
    with pytest.raises(Problem, match="Give a reason"):
        grant_extension(application, clock.now() + make_bid.days(1), " ", by=officer, now=clock.now())
    row = grant_extension(
        application, clock.now() + make_bid.days(1), "Flood in the office", by=officer, now=clock.now()
    )
    assert row.reason == "Flood in the office"
    send(application, lead)
    with pytest.raises(WrongMoment):
        send(other, other_lead)


def test_a_bid_taken_back_is_a_draft_and_its_receipt_no_longer_holds(lead):
    application = make_bid.submitted(lead)
    submission.take_back(application, by=lead, now=clock.now())
    first = submission.latest_submission(application)
    assert (application.status, application.submitted_at, first.taken_back_at) == ("draft", None, clock.now())
    second = send(application, lead)
    assert second.number == 2


def test_after_the_deadline_nothing_is_taken_back(lead, time):
    application = make_bid.submitted(lead)
    time.move(days=28)
    with pytest.raises(WrongMoment):
        submission.take_back(application, by=lead, now=clock.now())
    assert application.status == "submitted"
    assert application.submitted_at is not None


def test_a_sent_bid_is_withdrawn_with_a_reason_and_a_draft_without(lead):
    application = make_bid.submitted(lead)
    with pytest.raises(Problem, match="Give a reason"):
        submission.withdraw(application, " ", by=lead, now=clock.now())
    with pytest.raises(Forbidden):
        submission.withdraw(application, "mine", by=make.person(), now=clock.now())


def test_the_fingerprint_is_over_the_snapshot_and_a_sent_bid_cannot_be_changed(lead):
    import hashlib

    application = make_bid.submitted(lead)
    sent = submission.latest_submission(application)
    assert hashlib.sha256(sent.snapshot.encode()).hexdigest() == sent.sha256
    assert '"reference":"' + application.reference in sent.snapshot
    with pytest.raises(WrongMoment):
        save_answer(application, form_of(application).by_key["title"], "Other", 1, by=lead, now=clock.now())


def test_loading_a_bid_with_its_world_is_one_statement(lead, statements):
    key = make_bid.draft(lead).id
    db.session.commit()
    db.session.expire_all()
    with statements() as seen:
        application = load_application(key)
        _ = (
            application.round.fund.partnership.name,
            application.organisation.name,
            application.form.number,
            application.collaborators,
        )
    assert len(seen) == 1
