"""The doors of this package: its tables, its pages and its commands, given to the app."""

from flask import Flask

from fund.core.navigation import add_item
from fund.hooks import when_cloned, when_created
from fund.landing import add_start
from fund.sessions import IDLE_LIMITED
from fund.views import round_sections

from . import (  # noqa: F401
    assignments,
    conflicts,
    criteria,
    demonstration,
    demonstration_evening,
    demonstration_line,
    evidence,
    keeping,
    moderation,
    permissions,
    scores,
    tables,
)
from .pack import commands as pack_commands
from .pack import keeping as pack_keeping  # noqa: F401
from .pack import rights  # noqa: F401
from .views import (  # noqa: F401
    assessing,
    calibrating,
    cards,
    chairing,
    draws,
    evening,
    invitations,
    learned,
    meeting,
    office,
    packs,
    portfolio,
    public,
    ranking,
    register,
    score_packs,
    sharing,
    viewing,
    wishing,
)


def init_app(app: Flask) -> None:
    """Add this package's addresses and commands to the app."""
    when_created(criteria.use_standard_criteria)
    when_cloned(criteria.clone_criteria)
    for blueprint in (public.blueprint, assessing.blueprint, chairing.blueprint, office.blueprint):
        app.register_blueprint(blueprint)
    add_item("My bids", "assessing.index", "assessor", order=10)
    add_item("Meetings", "panel.meeting_list", "assessor", order=12)
    add_item("Evidence cards", "scoring_public.cards", "assessor", "staff", order=80)
    round_sections.add("Criteria", "scoring_office.criteria", rule="design_criteria", order=32)
    round_sections.add("Panel", "scoring_office.panel", rule="run_panel", order=50, covers=("/office/seats",))
    round_sections.add("Who reads what", "scoring_office.sharing", rule="run_panel", order=52)
    round_sections.add("Calibration bid", "scoring_office.calibration", rule="set_calibration", order=51)
    round_sections.add(
        "Conflicts", "scoring_office.register", rule="see_conflicts", order=54, covers=("/office/conflicts",)
    )
    round_sections.add("Ranked list", "scoring_office.ranking", rule="see_ranking", order=56)
    round_sections.add("Portfolio", "scoring_office.portfolio", rule="see_ranking", order=57)
    round_sections.add("Ties", "scoring_office.draw", rule="see_ranking", order=58)
    round_sections.add("Decision pack", "scoring_office.decision_pack", rule="find_pack", order=59)
    round_sections.add("What we learned", "scoring_office.write_learned", rule="run_panel", order=72)
    app.cli.add_command(pack_commands.decision_pack)
    add_start(20, permissions.leads_a_panel, "/panel")
    add_start(21, permissions.holds_a_seat, "/assessing")
    if permissions.holds_a_seat not in IDLE_LIMITED:
        IDLE_LIMITED.append(permissions.holds_a_seat)
