"""What members of a panel had to do with grants that organisations had before: asked of whoever keeps such grants.

This package knows no award. Packages further down give what they know through `past_awards`; here it is put into words.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from applications.tables import Application
from fund.hooks import Hook
from fund.tables import Organisation, Person, Round

MOST_NAMED = 2  # grants that a sentence names; how many more there were is said


@dataclass(frozen=True)
class PastAward:
    """A grant that an organisation had. `words` say which and when; `parts` say what people had to do with it, by their key."""

    organisation_id: int
    on: date
    reference: str
    words: str
    parts: dict[int, str] = field(default_factory=dict)


past_awards = Hook()  # function(round, people, organisations) -> iterable of PastAward, none of this round


@dataclass(frozen=True)
class Past:
    """The earlier grants of the organisations of a round, the latest first, by organisation."""

    awards: dict[int, list[PastAward]]

    def known_of(self, organisation: Organisation) -> str:
        """A sentence to follow another: which grants this organisation had. Empty without any."""
        found = [each.words for each in self.awards.get(organisation.id, ())]
        return f". Earlier awards: {_some(found)}" if found else ""

    def part_of(self, person: Person, bid: Application, written: Iterable[str]) -> str:
        """What somebody had to do with earlier grants of a bid's organisation, and with bids of it that became none."""
        awards = self.awards.get(bid.organisation_id, ())
        said = [f"{each.parts[person.id]} {each.words}" for each in awards if person.id in each.parts]
        awarded = {each.reference for each in awards}
        bids = [reference for reference in written if reference != bid.reference and reference not in awarded]
        if bids:
            said.append(f"Worked on {', '.join(bids)} of this organisation")
        return _some(said)


def past_of(round: Round, people: Sequence[Person], organisations: Sequence[Organisation]) -> Past:
    """What every package knows of earlier grants of these organisations."""
    found: dict[int, list[PastAward]] = defaultdict(list)
    every = (each for answer in past_awards.ask(round, people, organisations) for each in answer)
    for each in sorted(every, key=lambda award: award.on, reverse=True):
        found[each.organisation_id].append(each)
    return Past(dict(found))


def _some(words: list[str]) -> str:
    more = len(words) - MOST_NAMED
    return "; ".join([*words[:MOST_NAMED], *([f"and {more} more"] if more > 0 else [])])
