"""What the needs assessment counted in each place, to be shown beside the question where the work happens.

The figures come as the public may see them: small counts are hidden (design rule 15) before they reach a page.
"""

from fund.needs import AreaNeeds, needs_for
from fund.tables import Round

from .forms import AskedQuestion


def needs_beside(round: Round, question: AskedQuestion) -> dict[str, AreaNeeds]:
    """The figures by name of the place, in one statement; nothing for every other question."""
    if question.kind != "places":
        return {}
    return {each.area: each for each in needs_for(round.fund.partnership_id)}
