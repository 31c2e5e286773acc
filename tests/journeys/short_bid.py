"""The whole short bid of a group that nobody has heard of: from the public page to the receipt, by whatever hands.

`Hands` say how a box is filled or a button pressed; the tests bring hands without scripts and hands without a mouse.
"""

import re
from typing import Protocol

from sqlalchemy import select

from fund.core.database import db
from fund.core.outbox import OutboxMessage

from .story import main

EMAIL, NAME = "jo.bell@tannery-lane.example", "Jo Bell"
ORGANISATION = "Tannery Lane Residents"
TITLE = "Tannery Lane open evenings"
WORDS = {
    "Q2": "Boys fight at the bus station on Friday nights. The school and two shopkeepers asked us to do something about it.",
    "Q4": "We open the hall on Fridays from 6pm to 9pm. There is food, music and two adults whom the young people know.",
    "Q9": "Most fights are at the bus station on Friday nights. Our young people will be with us at that time.",
    "Q6": "The school tells us who needs us most. The neighbourhood police call in each month. The chapel lends us the hall.",
    "Q10": "Two adults are always there. Both have a new check from the police. Our chair knows whom to call.",
    "Q8": "We ask each young person at the start and at the end how safe they feel, and we count who comes back.",
}
BUDGET = (
    ("Sessional staff", "Youth worker", "160", "hour", "25.00"),
    ("Activities", "Meals", "40", "evening", "25.00"),
)
SIGNATORIES = (("Jo Bell", "Treasurer"), ("Sam Reed", "Chair"))


class Hands(Protocol):
    """How somebody does it: `visitor` is who, and each act works on one control of the page."""

    visitor: object

    def write(self, selector: str, text: str) -> None: ...
    def tick(self, selector: str) -> None: ...
    def pick(self, selector: str, words: str) -> None: ...
    def press(self, selector: str) -> None: ...


def ask_for_five_thousand_pounds(hands: Hands, site) -> str:
    """The whole way; returns the reference on the receipt."""
    find_out_that_the_group_can_apply(hands)
    sign_in_for_the_first_time(hands, site)
    bring_the_group_in(hands)
    start(hands)
    answer_every_question(hands)
    return check_and_send(hands)


def find_out_that_the_group_can_apply(hands: Hands) -> None:
    hands.visitor.go("/rounds")
    hands.press("main a[href^='/rounds/']")
    hands.press("main a.govuk-button--start")
    for number in range(1, 6):
        _says(hands, f"Question {number} of 5")
        hands.tick("input[name=answer][value=y]")
        hands.press("main form button")
    _says(hands, "You can apply")
    hands.press("main a.govuk-button--start")


def sign_in_for_the_first_time(hands: Hands, site) -> None:
    hands.write("#email", EMAIL)
    hands.press("main form button")
    hands.write("#code", _code(site))
    hands.press("main form button")
    hands.write("#name", NAME)
    hands.press("main form button")


def bring_the_group_in(hands: Hands) -> None:
    """The start page says that the group is not here yet; adding it leads back to starting the bid."""
    _says(hands, "First, tell us about your organisation")
    hands.press("main a.govuk-button")
    hands.write("#name", ORGANISATION)
    hands.tick("input[name=legal_form][value=unincorporated]")
    hands.write("#town", "Darlington")
    hands.write("#postcode", "DL1 5QN")
    hands.press("main form button")
    _says(hands, f"{ORGANISATION} is added")
    hands.press("main a.govuk-button[href$='/apply']")


def start(hands: Hands) -> None:
    if hands.visitor.page.locator("input[name=organisation]").count():
        hands.tick("input[name=organisation]")
        hands.press("main form button")
    _says(hands, "You are using the short form", "Check your answers and send")


def answer_every_question(hands: Hands) -> None:
    """In the order of the form; the penny over the cap is refused on the way."""
    page = hands.visitor.page
    page.goto(re.sub(r"[?#].*", "", page.url))
    hands.press("main .govuk-task-list a")
    for _ in range(30):
        here = re.search(r"/questions/([\w-]+)", page.url)
        if here is None:
            return
        ANSWERS.get(here[1], _words)(hands, here[1])
    raise AssertionError(f"The questions do not end: {page.url}")


def check_and_send(hands: Hands) -> str:
    _says(hands, "Check your answers", "£5,000.00", TITLE)
    hands.press("main a.govuk-button[href$='/send']")
    hands.write("#declared_role", "Treasurer")
    hands.tick("#agreed")
    hands.press("main form button")
    _says(hands, "Bid sent", "£5,000.00", ORGANISATION, "Fingerprint (SHA-256)")
    return hands.visitor.page.locator(".govuk-panel__body strong").inner_text()


def _title(hands: Hands, _key: str) -> None:
    hands.write("#value", TITLE)
    _on(hands)


def _words(hands: Hands, key: str) -> None:
    hands.write("#value", WORDS[key])
    _on(hands)


def _priority(hands: Hands, _key: str) -> None:
    hands.tick("input[name=value][value='1']")
    _on(hands)


def _places(hands: Hands, _key: str) -> None:
    hands.tick("input[name=value][value='Darlington: Bank Top']")
    _on(hands)


def _dates(hands: Hands, _key: str) -> None:
    for name, day in (("start", ("1", "6", "2026")), ("end", ("31", "5", "2027"))):
        for part, text in zip(("day", "month", "year"), day, strict=True):
            hands.write(f"#{name}-{part}", text)
    _on(hands)


def _beneficiaries(hands: Hands, _key: str) -> None:
    hands.write("#total", "30")
    hands.write("#age_band", "12-17")
    hands.tick("input[name=sex_focus][value=any]")
    _on(hands)


def _asked(hands: Hands, _key: str) -> None:
    hands.write("#value", "5,000.01")
    hands.press("main button[value=continue]")
    _says(
        hands,
        "You asked for £5,000.01. Groups that are not registered can ask for up to £5,000.00. Take off £0.01 to carry on.",
    )
    hands.write("#value", "5,000")
    _on(hands)


def _budget(hands: Hands, _key: str) -> None:
    for place, (heading, *rest) in enumerate(BUDGET):
        if place:
            hands.press("main button[name=add]")
        hands.pick(f"#rows-{place}-heading", heading)
        for name, text in zip(("description", "quantity", "unit", "unit_cost"), rest, strict=True):
            hands.write(f"#rows-{place}-{name}", text)
    _on(hands)


def _signatories(hands: Hands, _key: str) -> None:
    for place, (name, role) in enumerate(SIGNATORIES):
        hands.write(f"#rows-{place}-name", name)
        hands.write(f"#rows-{place}-role", role)
    _on(hands)


def _rules(hands: Hands, _key: str) -> None:
    hands.tick("input[name=value][value=yes]")
    _on(hands)


def _host(hands: Hands, _key: str) -> None:
    hands.tick("input[name=value][value=no]")
    _on(hands)


def _papers(hands: Hands, _key: str) -> None:
    """They can be left out; the page leads on."""
    hands.press("main button[value=continue]")


ANSWERS = {
    "title": _title, "priority": _priority, "places": _places, "dates": _dates, "beneficiaries": _beneficiaries, "asked": _asked, "budget": _budget,
    "rules": _rules, "signatories": _signatories, "has-host": _host, "documents": _papers,
}  # fmt: skip


def _on(hands: Hands) -> None:
    """Save, and see that the next page is another one: what was typed was taken."""
    before = hands.visitor.page.url
    hands.press("main button[value=continue]")
    after = hands.visitor.page.url
    assert after.partition("?")[0] != before.partition("?")[0], main(hands.visitor)


def _says(hands: Hands, *sentences: str) -> None:
    words = main(hands.visitor)
    for sentence in sentences:
        assert sentence in words, f"{hands.visitor.page.url} does not say “{sentence}” but:\n{words}"


def _code(site) -> str:
    with site.app.app_context():
        newest = select(OutboxMessage.body).where(OutboxMessage.recipient == EMAIL).order_by(OutboxMessage.id.desc())
        return re.search(r"\b\d{6}\b", db.session.scalars(newest).first())[0]
