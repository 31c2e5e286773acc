"""Chapter 4: from the first return to what came of it, for the office and for everybody."""

import re

from fund.core.money import pounds

from . import bid
from .applying import APPLICANT
from .story import Story, does_not_say, main, says

MANAGER = "grant_manager"


def time_moves_on_and_the_grantee_is_reminded(story: Story) -> None:
    """Wednesday 2 September 2026: the first period has ended, its return is due on the 14th."""
    story.later(days=92)
    assert "reminder" in story.run_job("remind_of_returns")
    words = story.mail(story.site.person(APPLICANT).email, story.kept["reference"])
    assert "14 September 2026" in words


def an_underspend_of_10_01_per_cent_asks_why(story: Story) -> None:
    """Refused with the question beside its field; what was typed is kept as a draft."""
    dev = story.be(APPLICANT).go(story.kept["grant"]).press("See all your returns").press("Start return 1")
    story.keep("return", dev)
    planned = _pence(re.search(r"Planned for this period: (£[\d,.]+)", main(dev))[1])
    spent = planned - round(planned * 1001 / 10000)
    story.kept["spent"] = pounds(spent)
    dev.fill("How many new people did you reach?", "17").fill("How many sessions did you run?", "38")
    dev.fill("How much did you spend?", story.kept["spent"])
    for heading, pence in (("Sessional staff", spent - 250_000), ("Premises", 100_000), ("Equipment", 150_000)):
        dev.page.get_by_label(heading, exact=True).fill(pounds(pence))
    dev.page.get_by_label("People", exact=True).fill("17")
    dev.fill("What changed for someone?", bid.STORY)
    dev.press("Send", exact=True)
    says(dev, "There is a problem", "more than 10% under. Say why in a sentence or two.", "What you typed is saved.")
    assert dev.page.get_by_label("How many sessions did you run?").input_value() == "38"


def with_the_reason_it_is_sent(story: Story) -> None:
    dev = story.be(APPLICANT)
    dev.fill("Why is it different from the plan?", "The third coach began in July.").press("Send", exact=True)
    says(dev, "Return 1 is sent. Thank you.")


def the_grant_manager_sends_it_back(story: Story) -> None:
    joe = story.be(MANAGER).go("/office")
    joe.press("return").press(story.kept["reference"])
    story.keep("office return", joe)
    says(joe, "Far from plan", "The third coach began in July.", bid.STORY)
    joe.press("Send it back")
    says(joe, "Say what has to change")
    joe.fill("What has to change?", bid.SENT_BACK).press("Send it back")
    says(joe, "is sent back. The group reads your sentence.")
    assert bid.SENT_BACK in story.mail(story.site.person(APPLICANT).email, story.kept["reference"])


def version_two_is_sent_and_accepted(story: Story) -> None:
    """Both versions stay. The payment that waits for the return is freed by its acceptance, not before."""
    dev = story.be(APPLICANT).go(story.kept["return"])
    says(dev, bid.SENT_BACK, "Everything you sent is below.")
    dev.page.get_by_label("How many new people did you reach?").fill("19")
    dev.page.get_by_label("People", exact=True).fill("19")
    dev.press("Send", exact=True)
    says(dev, "Return 1 is sent. Thank you.")
    fatima = story.be("finance").go(story.kept["award"])
    does_not_say(fatima, "Return 1 accepted (done)")
    joe = story.be(MANAGER).go(story.kept["office return"])
    says(joe, "Version 1", "Version 2")
    joe.press("Accept the return")
    says(joe, "is accepted. The group has been thanked.")
    words = story.mail(story.site.person(APPLICANT).email, story.kept["reference"])
    assert "Your next payment of £6,000 is on its way." in words


def the_next_payment_is_free(story: Story) -> None:
    fatima = story.be("finance").go(story.kept["award"])
    says(fatima, "Return 1 accepted (done)")
    fatima.go("/office/payments").fill("Reference or organisation", story.kept["reference"]).press("Filter")
    fatima.press(f"Prepare {story.kept['reference']} payment 2")
    story.be("head_of_fund").go("/office/payments/release").choose("£6,000.00").press("Release what is ticked")
    says(story.be(APPLICANT).go(story.kept["return"]), "19")


def the_office_sees_what_came_of_it(story: Story) -> None:
    sam = story.be("officer").go(f"/office{story.kept['round']}/outcomes")
    says(sam, "People reached 19 of 60 promised", "1 award. 1 of 1 returns due are accepted.")
    says(sam, f"Money spent {_whole(story)} of £24,000 awarded")


def everybody_sees_what_came_of_it(story: Story) -> None:
    """Counts and money, never a name; the story is not public because nobody has agreed to it."""
    reader = story.be("").go("/outcomes")
    reader.press("open round")
    says(reader, "People reached 19 of 60 promised", f"Money spent {_whole(story)} of £24,000 awarded", "1 project,")
    does_not_say(reader, "Dev Malik", bid.STORY)
    reader.go("/funded").press("Filter")
    says(reader, bid.TITLE, "Skerne Side Sports", "£24,000")


STEPS = (
    time_moves_on_and_the_grantee_is_reminded, an_underspend_of_10_01_per_cent_asks_why, with_the_reason_it_is_sent,
    the_grant_manager_sends_it_back, version_two_is_sent_and_accepted, the_next_payment_is_free,
    the_office_sees_what_came_of_it, everybody_sees_what_came_of_it,
)  # fmt: skip


def _whole(story: Story) -> str:
    """What was spent, to the nearest pound, as the outcome pages show it."""
    return f"£{round(_pence(story.kept['spent']) / 100):,}"


def _pence(words: str) -> int:
    return int(re.sub(r"\D", "", words))
