"""A bid on a phone whose browser runs no scripts: every step works, nothing typed is lost."""

import pytest

from .story import Story, main, says

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
