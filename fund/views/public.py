"""Pages for somebody who has never heard of the fund: what it is, the open rounds, and one round in plain words."""

from flask import abort, render_template

from fund.caps import caps_of
from fund.core.charts import progress_bar
from fund.core.clock import now, speak_until
from fund.core.money import short_pounds
from fund.core.navigation import audience_blueprint
from fund.core.permissions import may, public, signed_in
from fund.hooks import asked_by_priority
from fund.ledger import pot_of
from fund.rounds import load_round, priorities_of, public_rounds, stage_of
from fund.strategies.legal_form import legal_forms
from fund.strategies.loader import national
from fund.tables import Round, RoundPriority
from fund.tables.rounds import SCORE_VISIBILITY

blueprint = audience_blueprint("public", __name__, "public")

ELSEWHERE = [
    ("The National Lottery Community Fund", "https://www.tnlcommunityfund.org.uk/", "small grants all year for community groups"),
    ("NAVCA", "https://www.navca.org.uk/", "finds the support body for voluntary groups near you"),
]  # fmt: skip


def in_stages(moment) -> dict[str, list[Round]]:
    """The public rounds by stage: open, coming, closed (with finished)."""
    found: dict[str, list[Round]] = {"open": [], "coming": [], "closed": []}
    for round in public_rounds(moment):
        key = stage_of(round, moment).key
        found[key if key in found else "closed"].append(round)
    return found


@blueprint.get("/")
@public
def home():
    """What this is, what is open, and what came of it."""
    moment = now()
    return render_template("public/home.html", stages=in_stages(moment), moment=moment, speak_until=speak_until)


@blueprint.get("/rounds")
@public
def rounds():
    """Every round that the public may see."""
    moment = now()
    return render_template("public/rounds.html", stages=in_stages(moment), moment=moment, speak_until=speak_until)


@blueprint.get("/rounds/<key:round_id>")
@public
def round(round_id: int):
    """One round. While it is prepared only its own staff see the page, as a preview."""
    moment, this = now(), load_round(round_id)
    if this is None or not (this.is_public() or (signed_in() and may(signed_in(), "see_round", this))):
        abort(404)
    stage = stage_of(this, moment)
    pot = pot_of(this)
    others = public_rounds(moment) if stage.key in ("closed", "finished") else []
    return render_template(
        "public/round.html", round=this, partnership=this.fund.partnership, stage=stage, moment=moment, pot=pot,
        left=speak_until(this.closes_at, moment), caps=caps_of(this)[::-1], strands=strands(this, pot, is_over=stage.key in ("closed", "finished")),
        others=[each for each in others if each.is_open(moment)], elsewhere=ELSEWHERE, visibility=SCORE_VISIBILITY,
        labels={form.key: form.label for form in legal_forms()},
    )  # fmt: skip


def strands(round: Round, pot, *, is_over: bool = False) -> list[tuple[str | None, list[dict]]]:
    """The priorities as cards, grouped by strand in the strategy's order."""
    answers = asked_by_priority.ask(round)
    asked = {code: pence for answer in answers for code, pence in answer.items()}
    grouped: dict[str | None, list[dict]] = {}
    for each in priorities_of(round):
        card = priority_card(each, asked.get(each.priority.code, 0) if answers else None, pot, is_over=is_over)
        grouped.setdefault(each.priority.strand, []).append(card)
    return list(grouped.items())


def priority_card(each: RoundPriority, asked_pence: int | None, pot, *, is_over: bool = False) -> dict:
    """What a card says: the title, who it is for, which kind of prevention, and the money asked so far."""
    levels = {level.key: level for level in national().prevention_levels.levels}
    card = {
        "code": each.priority.code,
        "title": each.priority.title,
        "who": each.guidance or each.priority.target_group.get("words", ""),
        "levels": [levels[key].our_words for key in each.priority.levels if key in levels],
        "bar": None,
        "asked": "",
    }
    if asked_pence is not None and pot is not None:
        sofar = "" if is_over else " so far"
        card["asked"] = f"{short_pounds(asked_pence)} asked for{sofar}"
        told = f"{short_pounds(asked_pence)} of a pot of {short_pounds(pot.total_pence)} for all priorities."
        name = f"Money asked for{sofar}, priority {each.priority.code}"
        card["bar"] = progress_bar(name, told, asked_pence, pot.total_pence)
    return card
