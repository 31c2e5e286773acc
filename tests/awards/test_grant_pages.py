"""The pages of a grantee, of finance and of the grant manager, from the offer to the payment run; strangers see nothing."""

import pytest

from applications.workflow import APPLICATION
from awards import acceptance, bank, conditions, letters, offers, payments, tranches
from awards.award_file import file_of
from awards.schedule import last_day
from awards.tables import BankDetail, Payment, PaymentRun, Tranche
from fund.core import clock
from fund.core.outbox import OutboxMessage
from fund.core.problems import WrongMoment
from tests.factories import awards as given
from tests.factories import fund as make

NOTE = "Called the treasurer on the number of the charity register"


def test_from_the_offer_to_the_payment_run_on_the_pages(round, as_, time):
    award = given.offered(round, 400_000)
    lead = given.lead(award.application)
    grantee = as_(lead)
    assert award.reference in grantee.get("/grants").text
    page = grantee.get(f"/grants/{award.id}").text
    assert "£4,000.00" in page
    assert "Safeguarding and DBS" in page
    wrong = grantee.post(f"/grants/{award.id}/sign", data={"name": "Nobody", "role": "Chair", "terms_read": "y"}).text
    assert "Type your name as you are signed in" in wrong
    grantee.post(f"/grants/{award.id}/sign", data={"name": lead.name, "role": "Chair", "terms_read": "y"})
    assert award.application.status == "accepted"
    grantee.post(
        f"/grants/{award.id}/bank",
        data={"account_name": "=Marra", "sort_code": "20 45 67", "account_number": "12345678"},
    )
    page = grantee.get(f"/grants/{award.id}").text
    assert "Account ending 5678" in page
    assert "12345678" not in page
    detail = BankDetail.query.one()
    finance, head, manager = (make.staff(role, round) for role in ("finance_officer", "head_of_fund", "grant_manager"))
    assert as_(finance).post(f"/office/bank/{detail.id}/check", data={"note": ""}).status_code == 200
    as_(finance).post(f"/office/bank/{detail.id}/check", data={"note": NOTE})
    assert as_(finance).post(f"/office/bank/{detail.id}/confirm").status_code == 403
    as_(head).post(f"/office/bank/{detail.id}/confirm")
    as_(manager).post(f"/office/awards/{award.id}/start")
    assert award.application.status == "in_delivery"
    from awards.conditions import conditions_of

    for each in conditions_of(award):
        if each.gate:
            assert (
                "Say what you saw"
                in as_(manager).post(f"/office/conditions/{each.id}/clear", data={"evidence": ""}).text
            )
            as_(manager).post(f"/office/conditions/{each.id}/clear", data={"evidence": "Seen, ends 2027"})
    time.move(days=130)
    assert "Ready to prepare" in as_(finance).get("/office/payments").text
    tranche = Tranche.query.one()
    as_(finance).post(f"/office/tranches/{tranche.id}/prepare")
    payment = Payment.query.one()
    assert as_(finance).post("/office/payments/release", data={"payment": str(payment.id)}).status_code == 403
    as_(head).post("/office/payments/release", data={"payment": str(payment.id)})
    run = PaymentRun.query.one()
    file = as_(head).post(f"/office/payments/runs/{run.id}/bacs")
    assert file.mimetype == "text/csv"
    assert "204567,12345678,'=Marra,4000.00" in file.text
    assert "12345678" not in as_(head).get(f"/office/payments/runs/{run.id}").text
    for address in (
        f"/office/awards/{award.id}",
        "/office/awards",
        f"/office/rounds/{round.id}/money",
        "/office/payments?stage=paid",
    ):
        page = as_(head).get(address).text
        assert "£4,000.00" in page
        assert "12345678" not in page
    assert "Paid" in as_(lead).get(f"/grants/{award.id}").text


def test_the_lead_names_the_second_signatory_who_signs_in_their_own_sign_in(round, as_):
    award = given.offered(round, 400_000, legal_form="unincorporated")
    lead = given.lead(award.application)
    as_(lead).post(f"/grants/{award.id}/sign", data={"name": lead.name, "role": "Chair", "terms_read": "y"})
    refused = as_(lead).post(f"/grants/{award.id}/signatories/2", data={"name": "Me again", "email": lead.email}).text
    assert "Two different people must sign" in refused
    as_(lead).post(f"/grants/{award.id}/signatories/2", data={"name": "Sam Poole", "email": "sam.poole@example.org"})
    mail = OutboxMessage.query.filter_by(template="please_sign").one()
    assert mail.recipient == "sam.poole@example.org"
    second = acceptance.signatories_of(award)[1].person
    client = as_(second)
    assert "Sign and accept" in client.get(f"/grants/{award.id}").text
    client.post(f"/grants/{award.id}/sign", data={"name": "sam  poole", "role": "Treasurer", "terms_read": "y"})
    assert award.application.status == "accepted"


def test_an_unsuccessful_bid_leads_to_its_letter_and_an_award_to_its_grant(round, as_):
    refused, waiting, award = given.bid(round), given.bid(round), given.offered(round)
    given.decided(refused, "reject")
    page = as_(given.lead(refused)).get(f"/applications/{refused.id}").text
    letter = letters.letters_of(refused)[0]
    assert f'href="/letters/{letter.id}">Read the letter' in page
    assert given.REASONS in as_(given.lead(refused)).get(f"/letters/{letter.id}").text
    for other in (waiting, award.application):
        assert "/letters/" not in as_(given.lead(other)).get(f"/applications/{other.id}").text


def test_an_offer_is_declined_with_a_reason(round, as_):
    award = given.offered(round)
    client = as_(given.lead(award.application))
    assert "Say why you decline" in client.post(f"/grants/{award.id}/decline", data={"reason": " "}).text
    client.post(f"/grants/{award.id}/decline", data={"reason": "We found other money"})
    assert award.application.status == "declined"


def test_bank_details_are_entered_after_a_fresh_sign_in_only(round, as_, time):
    """Whoever finds a browser that was left signed in cannot send the money elsewhere (ASVS 7.5.1)."""
    award = given.accepted(round)
    grantee, address = as_(given.lead(award.application)), f"/grants/{award.id}/bank"
    assert grantee.get(address).status_code == 200
    time.move(hours=1)
    typed = {"account_name": "Marra", "sort_code": "20-45-67", "account_number": "12345678"}
    assert grantee.get(address).location == "/account/confirm"
    assert grantee.post(address, data=typed).location == "/account/confirm"
    assert not BankDetail.query.filter_by(entered_by_id=given.lead(award.application).id, replaced_at=None).all()


GRANTEE_ADDRESSES = ("/grants/{award}", "/grants/{award}/bank", "/grants/{award}/decline", "/grants/{award}/signatories/1", "/letters/{letter}", "/letters/{letter}/pdf")  # fmt: skip


@pytest.mark.parametrize("address", GRANTEE_ADDRESSES)
def test_a_stranger_finds_nothing_and_the_lead_does(round, as_, address):
    award = given.offered(round)
    address = address.format(award=award.id, letter=letters.current_letter(award).id)
    assert as_(make.person()).get(address).status_code == 404
    assert as_(given.lead(given.offered(round).application)).get(address).status_code == 404
    assert as_(given.lead(award.application)).get(address).status_code == 200


STAFF_ADDRESSES = ("/office/awards/{award}", "/office/payments", "/office/payments/release", "/office/rounds/{round}/money", "/office/rounds/{round}/decisions", "/office/awards")  # fmt: skip


@pytest.mark.parametrize("address", STAFF_ADDRESSES)
@pytest.mark.parametrize("who", ["lead", "stranger", "evaluator"])
def test_the_office_is_closed_to_others(round, as_, address, who):
    award = given.offered(round)
    person = {"lead": lambda: given.lead(award.application), "stranger": make.person, "evaluator": lambda: make.staff("evaluator", round)}[who]()  # fmt: skip
    assert as_(person).get(address.format(award=award.id, round=round.id)).status_code in (403, 404)


@pytest.mark.parametrize("ending", ["declined", "lapsed", "withdrawn", "terminated", "closed"])
def test_an_award_that_has_ended_offers_no_act(round, as_, ending):
    award = given.accepted(round)
    detail = bank.enter_detail(award, account_name="Marra", sort_code="20-45-67", account_number="12345678", by=given.lead(award.application), now=clock.now())  # fmt: skip
    manager, finance = (make.staff(role, round) for role in ("grant_manager", "finance_officer"))
    address = f"/office/awards/{award.id}"
    assert "Clear condition" in as_(manager).get(address).text
    assert "I called back" in as_(finance).get(address).text
    assert address in as_(finance).get("/office").text
    make.put(award.application, ending, APPLICATION)
    assert '<form method="post" action="/office/' not in as_(manager).get(address).text
    assert "I called back" not in as_(finance).get(address).text
    assert address not in as_(finance).get("/office").text
    condition = next(each for each in conditions.conditions_of(award) if each.gate)
    with pytest.raises(WrongMoment, match="ended"):
        conditions.clear_condition(condition, "Certificate seen", by=manager, now=clock.now())
    with pytest.raises(WrongMoment, match="ended"):
        bank.check_detail(detail, NOTE, by=finance, now=clock.now())


def test_an_awards_page_asks_ten_times_and_says_what_the_acts_say(round, as_, statements):
    award = given.in_delivery(round)
    client, address = as_(make.staff("grant_manager", round)), f"/office/awards/{award.id}"
    client.get(address)
    with statements() as seen:
        assert client.get(address).status_code == 200
    assert len(seen) <= 10, seen
    found = file_of(award, clock.now())
    assert found.missing == acceptance.missing_signatures(award) == 0
    assert [(each.name, each.signed_at) for each in found.signatures] == [(each.name, each.signed_at) for each in acceptance.acceptances_of(award)]  # fmt: skip
    assert found.terms == offers.terms_of(award)
    assert found.detail == bank.current_detail(award)
    planned = [row for row in tranches.tranches_of(award) if row.status == "planned"]
    assert found.holds == {row.id: payments.holds(row, clock.now()) for row in planned}
    assert [each.state for each in found.history] == [each.new for each in APPLICATION.history(award.application)]


def test_staff_of_another_partnership_see_nothing_of_this_one(round, as_):
    award = given.offered(round)
    other = as_(make.staff("finance_officer", make.round()))
    assert other.get(f"/office/awards/{award.id}").status_code == 404
    for address in ("/office/awards", "/office/payments"):
        assert award.reference not in other.get(address).text


def test_staff_read_a_letter_with_their_own_navigation_and_the_lead_with_theirs(round, as_):
    award = given.offered(round)
    address = f"/letters/{letters.current_letter(award).id}"
    office = as_(make.staff("grant_manager", round)).get(address).text
    assert "audience-staff" in office
    assert f'href="/office/awards/{award.id}"' in office
    assert ">Your bids<" not in office
    own = as_(given.lead(award.application)).get(address).text
    assert "audience-grantee" in own
    assert "/office" not in own


@pytest.mark.parametrize("way", ["file", "text", "altered", "nothing"])
def test_anybody_can_verify_a_letter(round, client, way):
    import io

    letter = letters.current_letter(given.offered(round))
    content = letter.pdf if way == "file" else letter.pdf + b" "
    data = {"fingerprint": letter.sha256} if way == "text" else {}
    if way in ("file", "altered"):
        data = {"file": (io.BytesIO(content), "letter.pdf")}
    page = client.post("/verify", data=data, content_type="multipart/form-data").text
    expected = {
        "file": "Genuine",
        "text": "Genuine",
        "altered": "This letter was altered",
        "nothing": "Choose the PDF, or type",
    }
    assert expected[way] in page
    if way != "nothing":
        assert given.lead(letter.application).name not in page


def test_the_pdf_that_is_downloaded_is_the_letter_that_was_stored(round, as_):
    award = given.offered(round)
    letter = letters.current_letter(award)
    answer = as_(given.lead(award.application)).get(f"/letters/{letter.id}/pdf")
    assert letters.fingerprint(answer.data) == letter.sha256
    assert answer.mimetype == "application/pdf"


def test_the_page_of_the_money_explains_every_movement(round, as_):
    award = given.accepted(round, 1_825_000)
    client = as_(make.staff("auditor", round))
    page = client.get(f"/office/rounds/{round.id}/money?kind=commit").text
    assert "1 movement<" in page
    text = client.get(f"/office/rounds/{round.id}/money?format=csv").text
    assert text.count(award.reference) == 2
    assert "18250.00" in text
    assert offers.award_of(award.application).committed_pence == 1_825_000


def test_signing_says_at_once_all_that_is_missing_and_a_last_day_is_a_day(round, as_):
    award = given.offered(round)
    client = as_(given.lead(award.application))
    assert 'href="/grants">Read the offer, and accept or decline it' in client.get("/applications").text
    page = client.post(f"/grants/{award.id}/sign", data={"name": "", "role": ""}).text
    for words in ("Type your name", "Enter your role", "Confirm that you have read the letter"):
        assert words in page
    assert f"by the end of {clock.speak_day(last_day(award.accept_by), weekday=True)}" in client.get(f"/grants/{award.id}/signed-copy").text  # fmt: skip


def test_an_account_and_a_fingerprint_with_slips_are_answered_beside_every_box(round, as_, client):
    award = given.accepted(round)
    grantee = as_(given.lead(award.application))
    typed = {"account_name": "Marra", "sort_code": "20-45", "account_number": "123"}
    page = grantee.post(f"/grants/{award.id}/bank", data=typed).text
    assert 'href="#sort_code">Enter a sort code with 6 digits' in page
    assert 'href="#account_number">Enter an account number with 8 digits' in page
    page = client.post("/verify", data={"fingerprint": "28ad 44"}).text
    assert "Type all 64 letters and digits of the fingerprint, 0 to 9 and a to f. These are 6" in page
    assert "altered" not in page
