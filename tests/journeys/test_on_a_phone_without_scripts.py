"""A bid on a phone whose browser runs no scripts: every step works, nothing typed is lost."""

import pytest
from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db

from .short_bid import ask_for_five_thousand_pounds
from .story import Story, main, says
from .weighing import Reader, Scales

pytestmark = pytest.mark.journey
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def carol(visit):
    """The lead of the small group, whose bid is nearly finished: only the money is missing."""
    visitor = visit("group_lead", java_script_enabled=False)
    visitor.page.set_viewport_size(PHONE)
    return visitor


def test_a_bid_is_finished_and_sent(carol, site, visit, time):
    story = Story(visit, site, time)
    carol.go("/applications").press("Front Room")
    says(carol, "You are using the short form", "The money 0 of 2 answered Not started")
    carol.press("The money")
    a_penny_over_is_refused(carol)
    the_budget_grows_line_by_line(carol)
    carol.go("/applications").press("Front Room")
    says(carol, "The money £5,000 of £5,000, room left £0 Done")
    carol.press("Check your answers and send")
    says(carol, "Check your answers", "£5,000.00")
    carol.press("Continue to send it").fill("Your role in the organisation", "Chair")
    carol.choose("I may send this bid").press("Send the bid", exact=True)
    says(carol, "Bid sent", "£5,000.00")
    assert "£5,000.00" in story.mail(site.person("group_lead").email, "We have your bid")


def a_penny_over_is_refused(carol) -> None:
    carol.page.fill("#value", "5,000.01")
    carol.press("Save and continue")
    says(
        carol,
        "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. Take off £0.01 to carry on.",
    )
    assert carol.page.input_value("#value").replace(",", "") == "5000.01"
    carol.page.fill("#value", "5,000")
    carol.press("Save and continue")


def the_budget_grows_line_by_line(carol) -> None:
    """Adding and taking out a line are plain buttons; what the other lines hold stays."""
    for place, (heading, words, many, unit, cost) in enumerate(
        (("Sessional staff", "Worker", "160", "hour", "25.00"), ("Activities", "Meals", "40", "evening", "25.00"))
    ):
        if place:
            carol.press("Add another line")
        carol.page.select_option(f"#rows-{place}-heading", heading)
        for name, text in (("description", words), ("quantity", many), ("unit", unit), ("unit_cost", cost)):
            carol.page.fill(f"#rows-{place}-{name}", text)
    carol.press("Add another line").press("Remove line 3")
    assert carol.page.input_value("#rows-1-description") == "Meals"
    carol.press("Save and continue")
    assert not carol.page.url.partition("?")[0].endswith("/budget"), main(carol)


class PlainHands:
    """Fills boxes and presses buttons; after each press the page is weighed, measured and read with axe."""

    def __init__(self, visitor, reader: Reader):
        self.visitor, self.reader, self.scales = visitor, reader, Scales(visitor.page)
        self.steps = 0

    def write(self, selector: str, text: str) -> None:
        self.visitor.page.fill(selector, text)

    def tick(self, selector: str) -> None:
        self.visitor.page.locator(selector).first.check()

    def pick(self, selector: str, words: str) -> None:
        self.visitor.page.select_option(selector, words)

    def press(self, selector: str) -> None:
        with self.visitor.page.expect_navigation():
            self.visitor.page.locator(selector).first.click()
        self.look()

    def look(self) -> None:
        page = self.visitor.page
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= PHONE["width"], page.url
        self.scales.weigh(page.url)
        self.reader.read(page.content(), page.url)
        self.steps += 1


def test_a_group_nobody_has_heard_of_asks_for_5000_pounds(visit, site, browser):
    """Start, five eligibility questions, first sign-in, the group, every question, check, send, receipt: at 360 px, no script."""
    jo = visit(java_script_enabled=False)
    jo.page.set_viewport_size(PHONE)
    reader = Reader(browser, PHONE)
    hands = PlainHands(jo, reader)
    reference = ask_for_five_thousand_pounds(hands, site)
    reader.close()
    assert hands.steps > 30
    bytes_, where = hands.scales.heaviest
    print(f"{hands.steps} pages, the heaviest {bytes_:,} bytes: {where}")
    with site.app.app_context():
        sent = db.session.scalars(select(Application).where(Application.reference == reference)).one()
        assert (sent.status, sent.requested_pence, sent.track) == ("submitted", 500_000, "short")
