"""How long things are kept: what is due when, what a hold stops, who may see it, and one person who asks to be erased."""

import io
import json
import zipfile
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from applications.tables import Answer, Application, Document, Submission
from awards import bank
from awards.tables import BankDetail, Letter
from fund import erasing, people_data, retention
from fund.core import audit, clock, files, outbox
from fund.core.clock import UTC
from fund.core.database import db
from fund.core.files import StoredFile
from fund.core.outbox import OutboxMessage
from fund.core.problems import Problem, WrongMoment
from fund.erasing_night import erase_what_is_due
from fund.people import end_role
from fund.tables import Erasure, LegalHold, Person
from tests.factories import applications as bids
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

REASON = "Complaint 2026/14 is open"


@pytest.fixture
@kept
def unread(database):
    """A whole bid of Amina's, sent."""
    return bids.submitted(make.person(name="Amina Clarke", email="amina@example.org"))


@pytest.fixture
def sent(unread):
    """A whole bid that was sent and turned down, by Amina, with a paper."""
    bid, amina = unread, db.session.get_one(Person, unread.created_by_id)
    paper = files.store(
        b"%PDF accounts of Amina Clarke", "accounts-amina.pdf", "application/pdf", by=amina, now=clock.now()
    )
    db.session.add(
        Document(application_id=bid.id, file_id=paper.id, kind="accounts", added_at=clock.now(), added_by_id=amina.id)
    )
    from applications.workflow import APPLICATION

    make.put(bid, "ineligible", APPLICATION)
    db.session.commit()
    return bid


def closing(bid: Application) -> datetime:
    return bid.round.closes_at


def due(moment: datetime) -> list[str]:
    return [each.words for each in retention.due_by(moment)]


def test_a_bid_without_an_award_is_due_two_years_after_its_round(sent):
    at = retention.years_after(closing(sent), 2)
    assert due(at - timedelta(seconds=1)) == []
    assert due(at) == [sent.reference]


def test_a_round_that_decides_later_ends_later(sent):
    sent.round.decisions_by = (closing(sent) + timedelta(days=90)).date()
    db.session.flush()
    assert due(retention.years_after(closing(sent), 2)) == []
    assert due(retention.years_after(closing(sent) + timedelta(days=91), 2)) == [sent.reference]


def test_a_bid_that_is_being_decided_is_never_due(sent):
    from applications.workflow import APPLICATION

    make.put(sent, "in_scoring", APPLICATION)
    assert due(closing(sent) + timedelta(days=9999)) == []


def test_a_bid_with_an_award_is_kept_six_years_after_the_award_has_ended(database):
    award = given.in_delivery(make.round())
    much_later = clock.now() + timedelta(days=9999)
    assert due(much_later) == []
    award.ended_at = clock.now()
    db.session.flush()
    at = retention.years_after(award.ended_at, 6)
    make.put(award.application, "closed", _life())
    assert award.application.reference not in due(at - timedelta(seconds=1))
    assert award.application.reference in due(at)


def _life():
    from applications.workflow import APPLICATION

    return APPLICATION


def test_the_29th_of_february_becomes_the_1st_of_march():
    assert retention.years_after(datetime(2024, 2, 29, 12, tzinfo=UTC), 2) == datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_the_night_erases_words_papers_and_messages_and_keeps_what_is_counted(sent, app):
    asked, reference = sent.requested_pence, sent.reference
    digest = db.session.scalars(select(StoredFile.sha256).where(StoredFile.name == "accounts-amina.pdf")).one()
    erase_what_is_due(retention.years_after(closing(sent), 2))
    assert db.session.scalar(select(func.count()).select_from(Answer)) == 0
    assert (sent.requested_pence, sent.reference, sent.status, sent.title) == (asked, reference, "ineligible", "Erased")
    assert {each.snapshot for each in db.session.scalars(select(Submission))} == {""}
    assert not files.the_store().has(digest)
    assert reference not in "".join(db.session.scalars(select(OutboxMessage.body)))
    assert erase_what_is_due(retention.years_after(closing(sent), 2) + timedelta(days=1)) is None
    assert audit.verify() is None


def test_a_paper_that_another_bid_has_too_stays(sent):
    other = bids.draft(make.person())
    stored = db.session.scalars(select(StoredFile).where(StoredFile.name == "accounts-amina.pdf")).one()
    db.session.add(Document(application_id=other.id, file_id=stored.id, kind="accounts", added_at=clock.now(), added_by_id=other.created_by_id))  # fmt: skip
    erasing.erase_bid(sent, because="time", by=None, now=clock.now())
    erasing.remove_files()
    assert files.read(stored) == b"%PDF accounts of Amina Clarke"


def test_what_a_crash_left_on_the_disk_goes_the_next_night(sent):
    digest = db.session.scalars(select(StoredFile.sha256).where(StoredFile.name == "accounts-amina.pdf")).one()
    erasing.erase_bid(sent, because="time", by=None, now=clock.now())
    db.session.commit()
    assert files.the_store().has(digest)
    erase_what_is_due(clock.now())
    assert not files.the_store().has(digest)


@pytest.mark.parametrize("what", ["bid", "organisation"])
def test_a_hold_stops_it_until_it_is_lifted(sent, what):
    head, at = make.staff("head_of_fund", sent.round), retention.years_after(closing(sent), 2)
    hold = retention.place_hold(sent if what == "bid" else sent.organisation, REASON, by=head, now=clock.now())
    assert erase_what_is_due(at) is None
    with pytest.raises(WrongMoment, match="hold stands"):
        erasing.erase_bid(sent, because="time", by=None, now=at)
    retention.lift_hold(hold, "The complaint was closed", by=head, now=at)
    assert erase_what_is_due(at).startswith("1 bids")


def test_a_hold_needs_its_reason_and_stands_once(sent):
    head = make.staff("head_of_fund", sent.round)
    with pytest.raises(Problem, match="Say what"):
        retention.place_hold(sent, "x", by=head, now=clock.now())
    retention.place_hold(sent, REASON, by=head, now=clock.now())
    with pytest.raises(WrongMoment, match="already"):
        retention.place_hold(sent, REASON, by=head, now=clock.now())


def test_heads_of_fund_see_their_own_partnerships_bids_and_hold_them_on_the_pages(sent, as_, time):
    head, other = make.staff("head_of_fund", sent.round), make.staff("head_of_fund", make.partnership())
    time.move(days=(retention.years_after(closing(sent), 2) - clock.now()).days - 30)
    address = f"/office/keeping/application-{sent.id}/hold"
    assert sent.reference in as_(head).get("/office/keeping").text
    assert sent.reference not in as_(other).get("/office/keeping").text
    assert as_(other).get(address).status_code == 404
    client = as_(head)
    assert "Say what it has to be kept for" in client.post(address, data={"reason": "short"}).text
    client.post(address, data={"reason": REASON})
    assert REASON in client.get("/office/keeping").text
    hold = db.session.scalars(select(LegalHold)).one()
    assert as_(other).post(f"/office/holds/{hold.id}/lift", data={"reason": REASON}).status_code == 404
    client.post(f"/office/holds/{hold.id}/lift", data={"reason": "The complaint was closed"})
    assert "No hold stands" in client.get("/office/keeping").text


@pytest.mark.parametrize("role", ["fund_officer", "decision_maker", "finance_officer", "auditor", "evaluator"])
def test_nobody_else_opens_the_page(sent, as_, role):
    assert as_(make.staff(role, sent.round)).get("/office/keeping").status_code in (403, 404)


@pytest.mark.parametrize("about", ["application-999999", "person-1", "application-x", "round-1", "application-١"])
def test_a_hold_on_what_is_not_there_finds_nothing(sent, as_, about):
    assert as_(make.staff("administrator")).get(f"/office/keeping/{about}/hold").status_code == 404


def test_the_pages_of_an_erased_bid_are_calm(sent, as_):
    officer, amina = make.staff("fund_officer", sent.round), db.session.get(Person, sent.created_by_id)
    erasing.erase_bid(sent, because="time", by=None, now=clock.now())
    db.session.commit()
    for client, address in (
        (as_(officer), f"/office/applications/{sent.id}"),
        (as_(officer), f"/office/rounds/{sent.round_id}/applications"),
        (as_(amina), f"/applications/{sent.id}"),
        (as_(amina), "/applications"),
    ):
        assert client.get(address).status_code == 200, address


def test_the_pages_of_an_erased_award_are_calm(database, as_):
    award = given.in_delivery(make.round())
    manager, lead = make.staff("grant_manager", award.round), given.lead(award.application)
    award.ended_at = clock.now()
    erasing.erase_bid(award.application, because="time", by=None, now=clock.now())
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 0
    assert {each.secret for each in db.session.scalars(select(BankDetail))} == {b""}
    for client, address in (
        (as_(manager), f"/office/awards/{award.id}"),
        (as_(lead), f"/grants/{award.id}"),
        (as_(lead), "/grants"),
        (as_(manager), "/register"),
        (as_(manager), f"/office/rounds/{award.round_id}/money"),
    ):
        assert client.get(address).status_code == 200, address


def test_an_administrator_sees_what_goes_and_what_stays_and_why(sent, as_):
    boss, amina = make.staff("administrator"), db.session.get(Person, sent.created_by_id)
    page = as_(boss).get(f"/office/people/{amina.id}/erase").text
    goes, stays = page.split("What stays, and why")
    assert f"Bid {sent.reference}" in goes
    assert "audit log" in stays
    answer = as_(boss).post(f"/office/people/{amina.id}/erase", data={"reason": "Letter of 3 May, rang her back"})
    assert answer.status_code == 302
    assert (amina.name, amina.email) == (f"Erased person {amina.id}", f"erased-{amina.id}@invalid")
    assert erasing.is_erased(f"application-{sent.id}")
    assert "This person was erased" in as_(boss).get(f"/office/people/{amina.id}/erase").text


def test_who_leads_a_running_award_hands_it_over_first(database):
    award = given.in_delivery(make.round())
    with pytest.raises(WrongMoment, match="another lead first"):
        people_data.erase_person(
            given.lead(award.application), "Letter of 3 May, rang her back", by=None, now=clock.now()
        )


def test_a_bid_that_is_being_decided_is_settled_first(sent):
    make.put(sent, "in_scoring", _life())
    with pytest.raises(WrongMoment, match="it is being decided"):
        people_data.erase_person(
            db.session.get(Person, sent.created_by_id), "Letter of 3 May", by=None, now=clock.now()
        )


def test_an_offer_that_was_declined_is_kept_as_a_bid_without_an_award_is(database):
    award = given.offered(make.round())
    much_later = clock.now() + timedelta(days=9999)
    assert due(much_later) == []
    make.put(award.application, "declined", _life())
    award.ended_at = clock.now()
    db.session.flush()
    assert due(retention.years_after(award.round.closes_at, 2)) == [award.application.reference]


def test_the_page_asks_as_often_for_many_bids_as_for_one(database, as_, time, statements):
    round, counts = make.round(), []
    head, waiting = make.staff("head_of_fund", round), [given.bid(round) for _ in range(7)]
    time.move(days=(retention.years_after(round.closes_at, 2) - clock.now()).days - 30)
    client = as_(head)
    for turned_down in (waiting[:1], waiting[1:]):
        for bid in turned_down:
            make.put(bid, "unsuccessful", _life())
        with statements() as seen:
            assert client.get("/office/keeping").text.count("Keep it<span") == len(turned_down) + len(counts)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10


def test_a_single_name_that_is_a_word_empties_no_other_mail(database):
    will, other = make.person(name="Will"), make.person()
    outbox.queue("email_is_yours", other.email, now=clock.now(), name="Ann, who will come")
    people_data.erase_person(will, "Letter of 3 May, rang him back", by=None, now=clock.now())
    assert "who will come" in db.session.scalars(select(OutboxMessage.body)).one()


def test_records_of_money_stay_when_somebody_asks(database):
    award = given.in_delivery(make.round())
    lead = given.lead(award.application)
    award.ended_at = clock.now()
    db.session.flush()
    stays = [each for each in people_data.all_about(lead, now=clock.now()) if not each.goes]
    assert any("public money" in each.why for each in stays)
    people_data.erase_person(lead, "Letter of 3 May, rang her back", by=None, now=clock.now())
    assert lead.name == f"Erased person {lead.id}"
    detail = bank.current_detail(award)
    assert bank.open_detail(detail)["account_number"].endswith(detail.ends_with)
    assert detail.ends_with
    assert not erasing.is_erased(f"application-{award.application_id}")


def test_a_bid_that_colleagues_wrote_too_stays_theirs(sent):
    bids.collaborator(sent, make.person(name="Ben"), "editor")
    amina = db.session.get(Person, sent.created_by_id)
    people_data.erase_person(amina, "Letter of 3 May, rang her back", by=None, now=clock.now())
    assert not erasing.is_erased(f"application-{sent.id}")
    assert db.session.scalar(select(func.count()).select_from(Answer)) > 0


def test_a_held_bid_stays_when_its_writer_is_erased(sent):
    retention.place_hold(sent, REASON, by=make.staff("head_of_fund", sent.round), now=clock.now())
    people_data.erase_person(db.session.get(Person, sent.created_by_id), "Letter of 3 May, rang her back", by=None, now=clock.now())  # fmt: skip
    assert not erasing.is_erased(f"application-{sent.id}")


def test_nobody_erases_themselves_nor_who_holds_a_role(sent):
    boss, officer = make.staff("administrator"), make.staff("fund_officer", sent.round)
    with pytest.raises(Problem, match="cannot erase yourself"):
        people_data.erase_person(boss, "I want to leave this place", by=boss, now=clock.now())
    with pytest.raises(WrongMoment, match="role is running"):
        people_data.erase_person(officer, "She asked me at the desk", by=boss, now=clock.now())
    end_role(officer.grants[0], by=boss, now=clock.now())
    people_data.erase_person(officer, "She asked me at the desk", by=boss, now=clock.now())
    assert officer.name.startswith("Erased person")


def test_an_erased_person_does_not_come_back_with_the_old_address(sent, app):
    from tests.fund.test_sign_in import come_in

    people_data.erase_person(db.session.get(Person, sent.created_by_id), "Letter of 3 May, rang her back", by=None, now=clock.now())  # fmt: skip
    client = app.test_client()
    come_in(client, "amina@example.org")
    assert "Clarke" not in client.get("/account").text
    assert sent.reference not in client.get("/applications").text


def test_who_still_signs_in_is_not_erased_by_the_night(sent, as_, time):
    amina = db.session.get(Person, sent.created_by_id)
    time.move(days=800)
    as_(amina)
    erase_what_is_due(clock.now())
    assert erasing.is_erased(f"application-{sent.id}")
    assert amina.name == "Amina Clarke"
    time.move(days=800)
    erase_what_is_due(clock.now())
    assert amina.name == f"Erased person {amina.id}"
    assert sent.organisation.name == f"Erased organisation {sent.organisation_id}"


def test_anybody_gets_what_is_kept_about_them_as_a_file(sent, as_, time):
    amina = db.session.get(Person, sent.created_by_id)
    client = as_(amina)
    assert sent.reference in client.get("/account/data").text
    answer = client.get("/account/data/file")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as pack:
        kept = json.loads(pack.read("what-we-keep.json"))
    assert kept["account"]["email"] == "amina@example.org"
    assert [each["reference"] for each in kept["bids"]] == [sent.reference]
    assert kept["answers you saved"]
    assert "code_hash" not in answer.data.decode("latin-1")
    time.move(hours=1)
    assert client.get("/account/data/file").location == "/account/confirm"


def test_the_file_of_one_person_holds_nothing_of_another(sent):
    other = make.person(name="Somebody Else")
    assert sent.reference not in json.dumps(people_data.data_of(other), default=str)
    assert db.session.scalar(select(func.count()).select_from(Erasure)) == 0
