"""The parts of a round that an officer sets up, each on a page of its own: its words, times, caps, priorities and rules."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for

from fund.core.clock import now
from fund.core.database import db
from fund.core.money import pounds
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.core.problems import Problem, Stale
from fund.round_history import NAMES, say
from fund.round_terms import choose_priorities, set_caps, strategy_priorities, terms_of
from fund.rounds import AT_CLOSING, AT_PUBLICATION, AT_THE_END, change_round, load_round, priorities_of
from fund.tables import Round
from fund.views import round_forms as forms

blueprint = audience_blueprint("round_parts", __name__, "staff")


@dataclass(frozen=True)
class Part:
    """One page of setting up: its facts stand still from `frozen` on."""

    key: str
    title: str
    form: type[forms.PartForm]
    columns: tuple[str, ...]
    frozen: str
    lead: str = ""

    def rows(self, round: Round) -> list[tuple[str, str]]:
        return [(NAMES[name], say(name, getattr(round, name))) for name in self.columns]

    def is_frozen(self, round: Round) -> bool:
        return is_frozen(round, self.frozen)


def is_frozen(round: Round, since: str) -> bool:
    """Whether what stands still from then on does so now."""
    if round.status in ("finished", "cancelled"):
        return True
    if round.status == "draft" or since == AT_THE_END:
        return False
    return since == AT_PUBLICATION or round.is_closed(now())


PARTS = {
    part.key: part
    for part in (
        Part("words", "Title and summary", forms.WordsForm, forms.WordsForm.columns, AT_THE_END),
        Part("window", "Opening and closing", forms.WindowForm, ("opens_at", "closes_at", "decisions_by"), AT_CLOSING,
             "The round opens and closes by itself at these times, in London."),
        Part("delivery", "Delivery window", forms.DeliveryForm, forms.DeliveryForm.columns, AT_PUBLICATION,
             "Work that the round pays for must happen between these two days."),
        Part("limits", "Several bids from one organisation", forms.LimitsForm, forms.LimitsForm.columns, AT_PUBLICATION),
        Part("panel", "Panel rules", forms.PanelForm, forms.PanelForm.columns, AT_CLOSING,
             "These are fixed when the round closes, before anybody scores."),
        Part("awards", "Award rules", forms.AwardRulesForm, forms.AwardRulesForm.columns, AT_CLOSING),
    )
}  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/set-up/<word:part>", methods=["GET", "POST"])
@needs("run_round", round=load_round)
def part(round: Round, part: str):
    """One part of the round that is plain facts."""
    this = PARTS.get(part) or abort(404)
    form = this.form(data={**this.form.facts(round), "version": round.version})
    if form.validate_on_submit():
        reason = form.reason.data if "reason" in form else None
        return save(
            round, form, this.title,
            lambda: change_round(round, by=signed_in(), now=now(), seen=form.seen_version, reason=reason, **form.values()),
            lambda: page(round, this, form),
        )  # fmt: skip
    return page(round, this, form)


def page(round: Round, this: Part, form: forms.PartForm):
    template = "rounds/window.html" if this.key == "window" else "rounds/part.html"
    return render_template(template, round=round, part=this, form=form, now_there=this.rows(round))


def save(round: Round, form, title: str, act: Callable[[], Any], again: Callable[[], Any]):
    """Do the act and go back to the round; what it refuses stands beside its field, with nothing typed lost."""
    try:
        act()
    except Problem as problem:
        db.session.rollback()
        form.refuse(problem)
        if isinstance(problem, Stale):
            form.is_stale, form.version.data = True, str(round.version)
        return again()
    db.session.commit()
    flash(f"{title}: saved.", "success")
    return redirect(url_for("rounds_office.show", round_id=round.id))


@blueprint.route("/office/rounds/<key:round_id>/set-up/caps", methods=["GET", "POST"])
@needs("run_round", round=load_round)
def caps(round: Round):
    """Who may ask for how much."""
    form = forms.CapsForm(data={"version": round.version, "caps": [cap_facts(cap) for cap in terms_of(round)]})

    def again():
        return render_template("rounds/caps.html", round=round, form=form, now_there=cap_rows(round))

    if request.method == "POST" and "add" in request.form:
        if len(form.caps) < form.caps.max_entries:
            form.caps.append_entry()
        return again()
    if form.validate_on_submit():
        return save(
            round, form, "Caps",
            lambda: set_caps(round, form.terms(), by=signed_in(), now=now(), seen=form.seen_version), again,
        )  # fmt: skip
    return again()


def cap_rows(round: Round) -> list[tuple[str, str]]:
    return [(cap.plural, f"up to {pounds(cap.most_pence)}") for cap in terms_of(round)]


def cap_facts(cap) -> dict[str, Any]:
    return {name: getattr(cap, name) for name in ("key", "plural", "most_pence", "legal_forms", "needs_register")}


@blueprint.route("/office/rounds/<key:round_id>/set-up/priorities", methods=["GET", "POST"])
@needs("run_round", round=load_round)
def priorities(round: Round):
    """What the round funds, and for whom, in the officer's words."""
    offered = strategy_priorities(round)
    funded = priorities_of(round)
    chosen = {each.priority_id: each.guidance or "" for each in funded}
    there = [(each.priority.code, each.guidance or each.priority.title) for each in funded]
    form = forms.EmptyForm(data={"version": round.version})
    if request.method == "POST":
        chosen = {
            each.id: request.form.get(f"guidance-{each.id}", "").strip()[:500]
            for each in offered
            if request.form.get(f"fund-{each.id}")
        }

    def again():
        return render_template(
            "rounds/priorities.html", round=round, form=form, offered=offered, chosen=chosen, now_there=there
        )

    if form.validate_on_submit():
        return save(
            round, form, "Priorities",
            lambda: choose_priorities(round, dict(chosen), by=signed_in(), now=now(), seen=form.seen_version), again,
        )  # fmt: skip
    return again()
