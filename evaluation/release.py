"""What may be shown of a round's outcomes: tables in which small numbers are hidden, from which page, chart and CSV are made.

There is one set of tables for everybody outside the fund, so that the public page and the evaluators' page never hide
different cells of the same figures. Staff see the same tables with nothing hidden (threshold 0).
"""

from fund.core.figures import Figure

from .outcomes import Facts
from .release_groups import places, priorities_and_levels, quarters, strands
from .release_measures import counted, other_counts, rate, rate_by_quarter, rates
from .shown import Headline, Release


def release_of(facts: Facts, threshold: int) -> Release:
    """Everything that may be shown; counts of people below the threshold are hidden. 0 hides nothing."""
    priorities, levels, cross, reached = priorities_and_levels(facts, threshold)
    made = [
        priorities,
        levels,
        cross,
        strands(facts, threshold),
        places(facts, threshold),
        quarters(facts, threshold),
        counted(facts, threshold),
        rates(facts, threshold),
        rate_by_quarter(facts, threshold),
        other_counts(facts, threshold),
    ]
    return Release(_headline(facts, reached, threshold), {table.key: table for table in made if table is not None})


def _headline(facts: Facts, reached: Figure, threshold: int) -> Headline:
    spent = sum(award.spent_pence for award in facts.awards)
    top = facts.headline
    top_rate = rate(top, threshold) if top else None
    known = top is not None and not isinstance(top_rate, str)
    return Headline(
        reached=reached,
        promised=sum(award.promised for award in facts.awards),
        spent_pence=spent,
        awarded_pence=sum(award.amount_pence for award in facts.awards),
        pence_a_person=int(spent / reached + 0.5) if isinstance(reached, int) and reached else None,
        rate=top_rate,
        rate_measure=top.measure if top else "",
        response=int(100 * top.answered / top.asked + 0.5) if known and top.asked else None,
    )
