"""What to ask of a claim: how far the work is like what the card's studies tested, and what to ask where no card exists.

Prompts ask; they give no mark. Beside each stands what the bid itself says, so that nobody has to look for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from .bid import Answered


@dataclass(frozen=True)
class Prompt:
    """One thing to compare. `says` is the bid's own answer, short; empty when it has none."""

    about: str
    question: str
    says: str = ""


CLAIM = (
    ("Dose", "How often, how long, for how many weeks? Is it as much as the studies gave?", ("dates",)),
    ("Age", "Are the people as old as those in the studies?", ("beneficiaries",)),
    ("Setting", "Is it a place like theirs: school, street, custody, hospital, home?", ("places",)),
    ("Reach", "Will it reach those at most risk, and enough of them?", ("beneficiaries",)),
)
MECHANISM = {
    "Night-time economy": (
        "Which places, which hours, which nights?",
        "What changes in the place: who is there, who can see, who steps in, how people get home?",
        "Which figure of the police, ambulance or venues should move, and by when?",
    ),
    "Domestic abuse": (
        "Who is made safer, and how is the risk to them watched while the work goes on?",
        "Is work with who harms linked to support for who is harmed?",
        "Does it leave out what is known to raise the risk, such as couples' counselling or mediation?",
    ),
    "Work with adults": (
        "Which need is met that leads to violence: drink, drugs, housing, work, health, company?",
        "Why should this group change through it, and who has seen that happen?",
        "What would show after three months that it does not work?",
    ),
}
LONGEST = 110  # letters of the bid's own words beside a prompt


def claim_prompts(answers: Iterable[Answered]) -> list[Prompt]:
    """Dose, age, setting and reach, each with what the bid says."""
    wanted = {key for _, _, keys in CLAIM for key in keys}
    by_kind: dict[str, str] = {}
    for each in answers:
        if not wanted & {each.key, each.kind}:
            continue
        shown = each.shown.striptags() if hasattr(each.shown, "striptags") else str(each.shown)
        by_kind.setdefault(each.key, shown)
        by_kind.setdefault(each.kind, shown)
    return [
        Prompt(about, question, _short(next((by_kind[key] for key in keys if key in by_kind), "")))
        for about, question, keys in CLAIM
    ]


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else words[:LONGEST].rsplit(" ", 1)[0] + " …"
