"""Chapter 3: from the ranked list to the first payment."""

from pathlib import Path

from tests.core.pdf.pdf_helpers import page_words, spoken

from . import bid
from .applying import APPLICANT
from .judging import STRENGTHS
from .story import Story, does_not_say, says

PROPOSER, APPROVER = "decision_maker", "second_decision_maker"


def a_decision_maker_proposes_an_offer(story: Story) -> None:
    """A penny more than was asked is refused, and the reasons stay."""
    grace = story.be(PROPOSER).go("/office/decisions").press("open round").press(story.kept["reference"])
    says(grace, "Room in the pot £700,000.00")
    grace.choose("Offer").fill("Reasons", bid.DECIDED).fill("Conditions of its own", bid.CONDITION)
    grace.fill("Amount to offer", "24,000.01").press("Propose this decision")
    says(grace, "There is a problem", "£24,000.00")
    grace.fill("Amount to offer", bid.ASKED).press("Propose this decision")
    says(grace, f"{story.kept['reference']} waits for a second decision maker.")


def the_same_person_cannot_approve_it(story: Story) -> None:
    grace = story.be(PROPOSER).press(story.kept["reference"])
    story.keep("decision", grace)
    says(grace, "You proposed this decision. Another decision maker must approve it.")
    assert not grace.page.get_by_role("button", name="Approve").count()
    answer = grace.page.request.post(
        story.site.address + f"{story.kept['decision']}/approve", form={"csrf_token": _token(grace)}
    )
    assert answer.status == 403
    assert "must approve it" in answer.text()


def another_decision_maker_approves_it(story: Story) -> None:
    tom = story.be(APPROVER).go("/office/decisions").press("open round").press("Read and approve what waits")
    tom.press("Read it").press("Approve", exact=True)
    says(tom, "Approved: offer", "Room in the pot £676,000.00")
    tom.press("See the award and its letter")
    story.keep("award", tom)
    assert "answer" in story.mail(story.site.person(APPLICANT).email, story.kept["reference"]).casefold()


def the_letter_is_a_page_and_a_pdf_with_the_same_words(story: Story) -> None:
    dev = story.be(APPLICANT).go("/grants").press(bid.TITLE)
    story.keep("grant", dev)
    says(dev, "£24,000.00", bid.DECIDED, STRENGTHS, bid.CONDITION, "Accept by Sunday 15 March 2026")
    with dev.page.expect_download() as download:
        dev.page.get_by_role("link", name="Download the letter (PDF)").click()
    data = Path(download.value.path()).read_bytes()
    assert data.startswith(b"%PDF")
    assert spoken(data) == page_words(dev.page.locator(".fund-letter").inner_html())
    dev.press("Check that a letter is ours")
    dev.page.set_input_files("input[type=file]", {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": data})
    dev.page.locator("main form button").first.click()
    says(dev, "genuine")


def the_signatory_signs_and_the_money_is_committed(story: Story) -> None:
    """A company is a legal person of its own: one signs. Another name, or no tick, is refused."""
    dev = story.be(APPLICANT).go(story.kept["grant"])
    dev.fill("Your full name", "David Malik").fill("Your role", "Director").press("Sign and accept")
    says(dev, "Confirm that you have read the letter")
    dev.choose("I have read the letter").press("Sign and accept")
    says(dev, "Type your name as you are signed in: Dev Malik")
    dev.fill("Your full name", "Dev Malik").press("Sign and accept")
    says(dev, "Your signature is kept with the fingerprint of the letter.", "What happens now", "Your payments")
    joe = story.be("grant_manager").go(story.kept["award"])
    says(joe, "Committed, not paid £24,000.00", "Dev Malik, Director")


def bank_details_are_checked_by_one_and_confirmed_by_another(story: Story) -> None:
    dev = story.be(APPLICANT).go(story.kept["grant"]).press("Give us the account to pay to")
    dev.fill("Name on the account", "Skerne Side Sports").fill("Sort code", "20-45-6").fill(
        "Account number", "70001370"
    )
    dev.page.locator("main form button").first.click()
    says(dev, "Enter a sort code with 6 digits, like 20-45-67")
    dev.fill("Sort code", "20-45-67").fill("Account number", "70001370")
    dev.page.locator("main form button").first.click()
    says(dev, "We call you back before we pay anything.", "Account ending")
    fatima = story.be("finance").go(story.kept["award"])
    says(fatima, "No payment is made until two people have verified it.")
    does_not_say(fatima, "70001370")
    fatima.press("I called back and it is right")
    says(fatima, "Say whom you called")
    fatima.fill("Note of the call back", "Dev Malik, on the number of the company register.")
    fatima.press("I called back and it is right")
    says(fatima, "A third person must confirm.")
    assert not fatima.page.get_by_role("button", name="Confirm the account").count()
    joe = story.be("grant_manager").go(story.kept["award"]).press("Confirm the account")
    says(joe, "Confirmed. Payments can go to this account.")


def the_grant_manager_clears_the_conditions_and_starts_delivery(story: Story) -> None:
    """Baselines first: the one that is not known yet gets the words that say when it will be."""
    joe = story.be("grant_manager").go(story.kept["award"])
    for seen in ("Public liability, £5 million, until 31 May 2027.", "Statement with numbers and dates seen."):
        joe.page.get_by_text("Clear condition").first.click()
        joe.page.locator("details[open]").get_by_label("What you saw").fill(seen)
        with joe.page.expect_navigation():
            joe.page.locator("details[open]").get_by_role("button", name="Clear").click()
        joe.check()
    does_not_say(joe, "Holds payments")
    joe.press("What was promised")
    says(joe, "Delivery has not started.", "Young people who feel safer at the bus station", "not known yet")
    story.keep("promises", joe)
    joe.press("Change Young people who feel safer")
    joe.fill("Baseline", "forty").press("Save")
    says(joe, "Enter a number, like 42 or 61.5")
    joe.fill("Baseline", "41").fill("When or how it was taken", "Asked 39 pupils in May.").press("Save")
    says(joe, "41")
    story.later(days=107)  # Tuesday 2 June 2026, the day after the work may begin
    joe.go(story.kept["award"]).press("Start delivery")
    says(joe, "Delivery has started. The grantee is told.")
    assert "start" in story.mail(story.site.person(APPLICANT).email, story.kept["reference"]).casefold()


def the_first_payment_is_prepared_and_released_by_two_people(story: Story) -> None:
    fatima = story.be("finance").go("/office/payments").fill("Reference or organisation", story.kept["reference"])
    fatima.press("Filter").press(f"Prepare {story.kept['reference']} payment 1")
    fatima.press("Release prepared payments")
    assert fatima.page.get_by_role("checkbox", name="£6,000.00").is_disabled()
    priya = story.be("head_of_fund").go("/office/payments/release")
    priya.choose("£6,000.00").press("Release what is ticked")
    says(priya, "£6,000.00")
    dev = story.be(APPLICANT).go(story.kept["grant"])
    says(dev, "Paid")
    assert "£6,000.00" in story.mail(story.site.person(APPLICANT).email, story.kept["reference"])


STEPS = (
    a_decision_maker_proposes_an_offer, the_same_person_cannot_approve_it, another_decision_maker_approves_it,
    the_letter_is_a_page_and_a_pdf_with_the_same_words, the_signatory_signs_and_the_money_is_committed,
    bank_details_are_checked_by_one_and_confirmed_by_another, the_grant_manager_clears_the_conditions_and_starts_delivery,
    the_first_payment_is_prepared_and_released_by_two_people,
)  # fmt: skip


def _token(visitor) -> str:
    """The form token of a page of this person, to try by hand what no button offers."""
    return visitor.page.locator("input[name=csrf_token]").first.input_value()
