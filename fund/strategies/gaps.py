"""Everything that a strategy does not say, gathered so that a page can say so in one place."""

from fund.strategies.gap import Gap
from fund.strategies.pack import StrategyPack


def gaps_of(pack: StrategyPack) -> list[tuple[str, Gap]]:
    """What is missing, by name, in the order of the page; a fact that is there is left out."""
    asked = [
        ("Title of the strategy", pack.strategy.title),
        ("Years it is for", pack.strategy.period),
        ("Its date", pack.strategy.date),
        ("Its status", pack.strategy.status),
        ("Local councils", pack.identity.local_authorities),
        ("Definition of serious violence", pack.definition.text),
        ("Who agreed the definition", pack.definition.agreed),
        ("Vision", pack.vision),
        ("Aim", pack.aim),
        ("Objectives", pack.objectives),
        ("Priorities with codes", pack.priorities),
        ("Outcomes", pack.outcomes),
        ("National success measures", pack.success_measures.national),
        ("Success measures in its own words", pack.success_measures.words),
        ("Evaluation", pack.evaluation),
        ("Whom the boards report to", pack.governance.reports_to),
        ("Principles", pack.governance.principles),
        ("How often progress is reported", pack.governance.reporting_rhythm),
        ("Bodies that hold the duty", pack.partners.duty_holders),
        ("Other partners", pack.partners.others),
        ("Commitments", pack.commitments),
        ("Years of the needs data", pack.needs.data_period),
        ("Source of the needs data", pack.needs.data_source),
        ("How often needs are looked at again", pack.needs.cycle),
        ("Needs figures", pack.needs.facts),
        ("Figures by place", pack.needs.table),
        ("A fund", pack.fund),
    ]
    found = [(name, fact) for name, fact in asked if isinstance(fact, Gap)]
    for name, fact in _of_priorities(pack):
        found.append((name, fact))
    if pack.fund and isinstance(pack.fund.meaning_of_registered, Gap):
        found.append(("What “registered” means", pack.fund.meaning_of_registered))
    return found


def _of_priorities(pack: StrategyPack) -> list[tuple[str, Gap]]:
    """The gaps that every priority shares, said once."""
    found = []
    for name, field in (
        ("Whom each priority is for", "target_group"),
        ("Which kind of prevention each priority is", "prevention_levels_suggested"),
        ("Strands of the priorities", "strand"),
    ):
        facts = [getattr(priority, field) for priority in pack.priorities]
        if facts and all(isinstance(fact, Gap) for fact in facts):
            found.append((name, facts[0]))
    return found
