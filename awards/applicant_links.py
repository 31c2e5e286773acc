"""What awarding adds to the applicant's page of a bid: the way to the letter with the decision."""

from flask import url_for

from applications.tables import Application
from applications.workflow import DECIDED
from fund import hooks

from .letters import letters_of

# Letters of an award that runs are on the page of the grant.
WORDS = {
    "unsuccessful": "Read the letter: why, and what the panel said about your bid",
    "ineligible": "Read the letter: which rule your bid does not meet, and what you can do",
}
STATES = DECIDED | {"ineligible"}


@hooks.letters_about
def letters_to_read(application: Application) -> list[tuple[str, str]]:
    """The letters about a bid that stand for themselves, the latest first."""
    if application.status not in STATES:
        return []
    return [
        (WORDS[letter.kind], url_for("letters.show", letter_id=letter.id))
        for letter in letters_of(application)
        if letter.kind in WORDS and letter.replaced_by_id is None
    ]
