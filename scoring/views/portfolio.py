"""Where to draw the line: bounds tried, scenarios saved, compared and printed. Trying writes nothing."""

import re

from flask import flash, redirect, render_template, request, url_for

from fund.core.charts import ChartTable, stacked_bar
from fund.core.clock import now
from fund.core.database import db
from fund.core.forms import clean, unkeepable
from fund.core.money import pounds
from fund.core.permissions import may, needs, require, signed_in
from fund.core.problems import NotYours, Problem
from fund.ledger import pot_of
from fund.tables import Round

from .. import planning, shared_scenarios
from ..blind import is_blind
from ..forms import EmptyForm
from ..funding import KINDS, Fundable, fundable_bids, kinds_of
from ..loading import load_round
from ..panels import seat_in
from ..pictures import ranked_bars
from ..planning import AIMS, Bounds, Planned
from ..tables import Scenario
from .chairing import blueprint as panel_blueprint
from .office import blueprint, page

MOST_BIDS = 1000
MOST_BARS = 60  # a drawing of hundreds of bars is no picture any more; the table below has every bid


@blueprint.route("/office/rounds/<key:round_id>/portfolio", methods=["GET", "POST"])
@needs("see_ranking", round=load_round)
def portfolio(round: Round):
    scenarios, problems = planning.scenarios_of(round, signed_in()), []
    opened = _opened(scenarios)
    bounds = Bounds.from_json(opened.settings) if opened else Bounds()
    form = EmptyForm()
    if form.validate_on_submit():
        saving = request.form.get("do") == "save"
        if saving:
            require(signed_in(), "plan_portfolio", round)
        try:
            bounds = _typed()
            if saving:
                row = planning.save_scenario(round, _name(), bounds, by=signed_in(), now=now())
                db.session.commit()
                flash(f"“{row.name}” is saved.", "success")
                return redirect(url_for(".portfolio", round_id=round.id, scenario=row.id))
        except Problem as problem:
            db.session.rollback()
            problems = [problem]
    found = None
    if not problems or problems[0].field == "name":
        try:
            found = planning.plan(round, bounds, signed_in(), draws=form.is_submitted())
        except Problem as problem:
            problems.append(problem)
    return _page(round, bounds, found, problems, scenarios, opened, form)


def _opened(scenarios: list[Scenario]) -> Scenario | None:
    """The saved scenario that the address names."""
    asked = request.args.get("scenario", "")
    if not asked:
        return None
    opened = next((each for each in scenarios if str(each.id) == asked), None)
    if opened is None:
        raise NotYours()
    return opened


def _name() -> str:
    name = clean(request.form.get("name", ""))
    if len(name) > 80 or unkeepable(name):
        raise Problem("Shorten the name to 80 characters or fewer", "name")
    return name


def _typed() -> Bounds:
    """The bounds as they were typed. Raises Problem for what is no whole number."""
    floors, ceilings, locks = {}, {}, {}
    for name, text in list(request.form.items())[: 8 * MOST_BIDS]:
        what, _, rest = name.partition("-")
        if what in ("least", "most") and clean(text):
            kind, _, which = rest.partition("-")
            if kind not in KINDS or not re.fullmatch(r"\d{1,4}", clean(text), re.ASCII):
                raise Problem("Enter a whole number, like 2", name)
            if what == "most" or int(text):
                (floors if what == "least" else ceilings)[kind, which] = int(text)
        elif what == "lock" and text:
            why = clean(request.form.get(f"why-{rest}", ""))
            if unkeepable(why):
                raise Problem("Remove the characters that are not letters, numbers or signs", f"why-{rest}")
            locks[rest] = (text, why)
    return Bounds(request.form.get("aim", "points"), floors, ceilings, locks)


def _page(round: Round, bounds: Bounds, found: Planned | None, problems, scenarios, opened, form):
    if found:
        pot_pence, bids = found.pot_pence, found.bids
    else:
        pot = pot_of(round)
        pot_pence = pot.total_pence if pot else 0
        bids = fundable_bids(round, pot_pence, signed_in())
    wrong = {each.field: each.sentence for each in problems if each.field}
    sent = request.form if form.is_submitted() else {}
    return page(
        "scoring/portfolio.html", round, bounds=bounds, found=found, problems=problems, has_errors=bool(problems),
        scenarios=scenarios, opened=opened, form=form, aims=AIMS, names=KINDS, kinds=kinds_of(bids), bids=bids,
        chosen=kinds_of([each for each in bids if each.key in found.awards]) if found else {},
        main_kinds=[kind for kind in KINDS if kind != "ward"], ward_bounds=any(kind == "ward" for kind, _ in [*bounds.floors, *bounds.ceilings]),
        pot_pence=pot_pence, sent=sent, wrong=wrong, rows=_rows(bids, found, bounds, sent, wrong),
        figures=_figures(found) if found and bids else None,
        may_save=may(signed_in(), "plan_portfolio", round), printing=request.args.get("view") == "print",
    )  # fmt: skip


def _rows(bids: list[Fundable], found: Planned | None, bounds: Bounds, sent, wrong: dict[str, str]):
    """The table's rows as plain words, in the order of the template's names: there may be a thousand of them."""
    for each in bids:
        key, bid, between, said = each.key, each.bid, "", ""
        award = found.awards.get(key) if found else None
        state = found.state_of(key) if found else ""
        if found and found.is_drawn:
            between = f"{found.low[key]:.0f}–{found.high[key]:.0f}"
        if found and state == "fragile":
            said = f"{'now out' if award is None else 'now in'}, in {round(found.share[key] * 100)}% of draws"
        side, why = bounds.locks.get(key, ("", ""))
        if sent:
            side, why = sent.get(f"lock-{key}", ""), sent.get(f"why-{key}", "")
        yield (
            key, bid.title, pounds(bid.asked_pence), each.viable_pence and pounds(each.viable_pence), each.points, between,
            None if award is None else pounds(award), award != bid.asked_pence, state, said, side, why,
            wrong.get(f"lock-{key}"), wrong.get(f"why-{key}"),
        )  # fmt: skip


def _figures(found: Planned) -> dict:
    """The pot bar and the ranked bars, each with its table."""
    parts = [("Chosen", found.pence), ("Room", found.room_pence)]
    bar = stacked_bar("The pot", f"Of {pounds(found.pot_pence)}: chosen {pounds(found.pence)}, room {pounds(found.room_pence)}.", parts, show=pounds)  # fmt: skip
    near = near_the_line(found)
    rows = tuple(
        (f"{each.key} {each.bid.title}", float(each.points), found.low.get(each.key), found.high.get(each.key), found.state_of(each.key))
        for each in near
    )  # fmt: skip
    title = "Bids by points" if len(near) == len(found.bids) else f"The {len(near)} bids nearest to the line, by points"
    bars = ranked_bars(title, f"{len(found.awards)} of {len(found.bids)} bids are chosen, {len(found.fragile)} are fragile.", rows)  # fmt: skip
    interval = ("From", "To") if found.is_drawn else ()
    table = ChartTable.of(
        ("Bid", "Points", *interval, "State"),
        [(label, f"{points:.1f}", *(f"{each:.1f}" for each in between if each is not None), state) for label, points, *between, state in rows],
    )  # fmt: skip
    return {"pot": bar, "pot_table": ChartTable.of(("Part", "Amount"), parts, show=pounds), "bars": bars, "bars_title": title, "table": table}  # fmt: skip


def near_the_line(found: Planned, most: int = MOST_BARS) -> list[Fundable]:
    """The bids to draw, best first: all where they are few, else those around the last bid that is chosen."""
    places = [place for place, each in enumerate(found.bids) if each.key in found.awards]
    middle = places[-1] if places else 0
    first = max(0, min(middle - most // 2, len(found.bids) - most))
    return found.bids[first : first + most]


@blueprint.route("/office/rounds/<key:round_id>/portfolio/compare")
@needs("see_ranking", round=load_round)
def compare(round: Round):
    """The saved scenarios side by side: what each has, and the bids on which they differ."""
    shown = side_by_side(round, planning.scenarios_of(round, signed_in()), signed_in())
    return page("scoring/compare.html", round, may_save=may(signed_in(), "plan_portfolio", round), **shown)


def side_by_side(round: Round, scenarios: list[Scenario], reader) -> dict:
    """What the table of scenarios needs."""
    chosen = [set(each.result["awards"]) for each in scenarios]
    every = sorted(set().union(*chosen)) if chosen else []
    differ = [key for key in every if not all(key in each for each in chosen)]
    seat = seat_in(reader, round.id)
    blind = seat is not None and is_blind(seat, round)
    return {
        "scenarios": scenarios, "differ": differ, "shared": len(every) - len(differ), "names": KINDS, "aims": AIMS,
        "bounds": {each.id: Bounds.from_json(each.settings) for each in scenarios},
        "titles": {each.key: each.bid.title for each in fundable_bids(round, 0, reader)} if differ and not blind else {},
    }  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/portfolio/scenarios/<key:scenario_id>/share", methods=["POST"])
@needs("plan_portfolio", round=load_round)
def share_scenario(round: Round, scenario_id):
    """Let the panel see a scenario, or no longer."""
    row = next((each for each in planning.scenarios_of(round, signed_in()) if each.id == scenario_id), None)
    if row is None:
        raise NotYours()
    shared_scenarios.share(row, bool(request.form.get("share")), by=signed_in(), now=now())
    db.session.commit()
    flash(f"“{row.name}” is {'shared with the panel' if row.shared_at else 'not shared any more'}.", "success")
    return redirect(url_for(".compare", round_id=round.id))


@panel_blueprint.route("/panel/rounds/<key:round_id>/scenarios")
@needs("attend_meeting", round=load_round)
def panel_scenarios(round: Round):
    """The shared scenarios, for members of the panel."""
    shown = side_by_side(round, shared_scenarios.shared_with(round, signed_in()), signed_in())
    return render_template("scoring/scenarios_panel.html", round=round, partnership=round.fund.partnership, **shown)


@blueprint.route("/office/rounds/<key:round_id>/portfolio/scenarios/<key:scenario_id>/delete", methods=["POST"])
@needs("plan_portfolio", round=load_round)
def delete_scenario(round: Round, scenario_id):
    row = next((each for each in planning.scenarios_of(round, signed_in()) if each.id == scenario_id), None)
    if row is None:
        raise NotYours()
    name = row.name
    planning.delete_scenario(row, by=signed_in(), now=now())
    db.session.commit()
    flash(f"“{name}” is deleted.", "success")
    return redirect(url_for(".compare", round_id=round.id))
