"""Award day: 34 offers and 28 feedback letters from the ranking to the post, by two people, one of them on a phone, in at
most 45 clicks. And an account that changes after the award: checked by two, payments wait, nobody is both.
"""

import re

import pytest

from awards.tables import BankDetail, Decision, Letter, LetterBatchItem
from fund.core import clock
from fund.core.database import db
from fund.tables import Partnership
from tests.factories import awards as given
from tests.factories import fund as make

from .story import Story, says

pytestmark = pytest.mark.journey
OFFERS, FEEDBACK, MOST_CLICKS = 34, 28, 45
ASKED = 2_000_000
PHONE = {"width": 360, "height": 740}
TITLE = "Award day round"


@pytest.fixture
def story(visit, site, time) -> Story:
    return Story(visit, site, time)


@pytest.fixture
def round_key(site) -> int:
    """A round of the demonstration's partnership whose 62 bids the panel has moderated; the pot holds 34 of them."""
    with site.app.app_context():
        durham = db.session.query(Partnership).filter_by(slug="durham-darlington").one()
        round = make.round(durham, title=TITLE, prefix="VPF-D", pot_pence=OFFERS * ASKED)
        for _ in range(OFFERS + FEEDBACK):
            given.bid(round, asked_pence=ASKED)
        db.session.commit()
        return round.id


class Hand:
    """A person's clicks and box entries, counted."""

    def __init__(self, visitor):
        self.visitor, self.count = visitor, 0

    def press(self, words: str, *, exact: bool = False) -> "Hand":
        self.count += 1
        self.visitor.press(words, exact=exact)
        return self

    def write(self, selector: str, text: str) -> "Hand":
        self.count += 1
        self.visitor.page.fill(selector, text)
        return self

    def tap_menu(self) -> "Hand":
        self.count += 1
        self.visitor.page.get_by_role("button", name="Menu").click()
        return self

    def unfold(self, place: int) -> "Hand":
        self.count += 1
        self.visitor.page.locator("details.govuk-details > summary").nth(place).click()
        return self


def post(visitor, address: str, **data) -> int:
    """Try by hand what no button offers; the answer's status. A redirect is not followed."""
    token = visitor.page.locator("input[name=csrf_token]").first.input_value()
    answer = visitor.page.request.post(
        visitor.site.address + address, form={"csrf_token": token} | data, max_redirects=0
    )
    return answer.status


def counts(site, model, **facts) -> int:
    with site.app.app_context():
        return db.session.query(model).filter_by(**facts).count()


def test_62_letters_take_two_people_and_at_most_45_clicks(story, site, round_key):
    grace = Hand(story.be("decision_maker").go("/office"))
    propose_all(grace)
    the_proposer_cannot_approve(site, grace.visitor, round_key)
    tom = Hand(story.be("second_decision_maker"))
    tom.visitor.page.set_viewport_size(PHONE)
    tom.visitor.go("/office")
    approve_and_send(tom, story, site)
    publish(tom)
    assert grace.count + tom.count <= MOST_CLICKS, (grace.count, tom.count)


def propose_all(grace: Hand) -> None:
    """From the ranking as far as the money reaches; one amount and two reasons are changed on the way."""
    grace.press("Decisions", exact=True).press(TITLE).press("Propose decisions together")
    says(grace.visitor, f"{OFFERS} offers of £680,000.00 in all, {FEEDBACK} not to fund")
    page = grace.visitor.page
    boxes = page.locator("textarea")
    for place in range(OFFERS + FEEDBACK):  # the panel of this round has left no words: a secretary pasted them in
        boxes.nth(place).fill(f"The panel read bid {place + 1} and agreed on this.")
    first, second = (boxes.nth(place).get_attribute("id") for place in (0, 1))
    grace.write(f"#{first}", "The strongest bid: known on the estate and ready to begin.")
    grace.write(f"#{second}", "A careful plan with the school beside it.")
    amount = page.locator("input[name^=amount-]").first.get_attribute("id")
    grace.write(f"#{amount}", "20,000.01").press("Propose these decisions")
    says(grace.visitor, "There is a problem", "These offers add up to £680,000.01.", "Take off £0.01.")
    assert page.input_value(f"#{first}").startswith("The strongest bid")
    grace.write(f"#{amount}", "19,000").press("Propose these decisions")
    says(grace.visitor, "62 decisions wait for another decision maker.")


def the_proposer_cannot_approve(site, grace, round_key: int) -> None:
    """At no address: one decision, many ticked, all letters, or sending one back."""
    with site.app.app_context():
        key = db.session.query(Decision).order_by(Decision.id.desc()).first().id
    grace.go(f"/office/decisions/{key}")
    says(grace, "You proposed this decision. Another decision maker must approve it.")
    assert not grace.page.get_by_role("button", name="Approve").count()
    assert post(grace, f"/office/decisions/{key}/approve") == 403
    assert post(grace, f"/office/decisions/{key}/send-back", why="Changed my mind") == 403
    assert post(grace, f"/office/rounds/{round_key}/decisions/waiting", decision=str(key)) == 302
    assert post(grace, f"/office/rounds/{round_key}/letters/send") == 302
    grace.go(f"/office/rounds/{round_key}/letters")
    says(grace, "There is nothing that you may approve.")
    assert counts(site, LetterBatchItem) == 0
    with site.app.app_context():
        assert db.session.get(Decision, key).approved_by_id is None


def approve_and_send(tom: Hand, story: Story, site) -> None:
    tom.tap_menu().press("Decisions", exact=True).press(TITLE).press("Read and approve what waits").press(
        "Read all letters and send them"
    )
    says(tom.visitor, f"{OFFERS} offers of £679,000.00 and {FEEDBACK} feedback letters can go out.")
    tom.press("Read all letters")
    for place in (7, 30, 61):  # three at random
        tom.unfold(place)
    says(tom.visitor, "62 letters as they would go out now.", "known on the estate and ready to begin")
    tom.press("Letters", exact=True).press("Approve and send 62 letters")
    says(tom.visitor, "62 still to send. You can leave this page")
    assert story.run_job("send_letters") == "62 letters"
    tom.visitor.page.get_by_text("Done: 62 sent, 0 failed.").wait_for()
    tom.visitor.check()
    letters = counts(site, Letter, kind="award"), counts(site, Letter, kind="unsuccessful")
    assert letters >= (OFFERS, FEEDBACK)
    tom.count += 1
    tom.visitor.follow("#batch tbody a").check()
    says(tom.visitor, "Fingerprint of the PDF")
    tom.visitor.page.go_back()
    tom.count += 1


def publish(tom: Hand) -> None:
    """Register and open data with one press, and the notice for the log."""
    tom.press("Decision notice of the round")
    says(tom.visitor, f"To offer {OFFERS} grants of £679,000.00 in all, not to fund {FEEDBACK} bids.", "Approved")
    tom.visitor.page.go_back()
    tom.count += 1
    tom.press("Publish register and open data")
    says(tom.visitor, "Published: the register and its open data are checked and kept as a new edition.", "Edition 1")
    tom.visitor.go("/register/editions")
    assert re.search(r"\b[0-9a-f]{64}\b", tom.visitor.words)


def test_a_changed_account_is_checked_by_two_others_and_holds_payments_meanwhile(story, site):
    """Three people, each in a browser; whoever did one part is refused the next at its very address."""
    amina = story.be("lead").go("/grants")
    amina.follow("main a[href*='/grants/']")
    story.keep("grant", amina.check())
    amina.press("Give us the account to pay to")
    says(amina, "If you enter another one we check it afresh and pay nothing until that is done.")
    amina.fill("Name on the account", "New account of the charity").fill("Sort code", "20-45-99")
    amina.fill("Account number", "70009911").press("Save the account")
    says(amina, "We are checking", "Account ending 9911")
    award = story.kept["grant"].rpartition("/")[2]
    with site.app.app_context():
        detail = db.session.query(BankDetail).filter_by(award_id=int(award), replaced_at=None).one().id
    for part in ("check", "confirm"):
        assert post(amina, f"/office/bank/{detail}/{part}", note="I am sure that it is ours") in (403, 404)

    fatima = story.be("finance").go(f"/office/awards/{award}")
    says(fatima, "No payment is made until two people have verified it.")
    assert post(fatima, f"/office/bank/{detail}/confirm") in (403, 409)
    fatima.fill("Note of the call back", "Amina Clarke, on the number of the charity register.")
    fatima.press("I called back and it is right")
    says(fatima, "A third person must confirm.")
    assert post(fatima, f"/office/bank/{detail}/confirm") == 403
    with site.app.app_context():
        assert db.session.get(BankDetail, detail).confirmed_at is None

    joe = story.be("grant_manager").go(f"/office/awards/{award}").press("Confirm the account")
    says(joe, "Confirmed. Payments can go to this account.")
    with site.app.app_context():
        row = db.session.get(BankDetail, detail)
        assert len({row.entered_by_id, row.checked_by_id, row.confirmed_by_id}) == 3
        assert row.confirmed_at == clock.now()
