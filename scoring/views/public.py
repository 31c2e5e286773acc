"""What anybody may read: how a round's bids are judged, and what the evidence cards say."""

from flask import render_template, request

from applications.forms import asked_form, current_form
from fund.core import files
from fund.core.clock import now, today
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_word import as_word
from fund.core.permissions import may, public, signed_in
from fund.core.problems import NotYours

from .. import evidence
from ..card_versions import versions_of
from ..criteria import MARK_WORDS, criteria_of
from ..criteria_words import criteria_document, reads_words
from ..loading import load_card, load_round
from ..toolkits.reader import TOOLKIT_NAMES

blueprint = audience_blueprint("scoring_public", __name__, "public")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.route("/rounds/<key:round_id>/criteria")
@public
def criteria(round_id):
    """The criteria with the meaning of each mark, as a page, or with ?format=docx as a file to take away."""
    round = load_round(round_id)
    if round is None or not round.is_public():
        raise NotYours()
    form = current_form(round)
    asked = asked_form(form) if form else None
    if request.args.get("format") == "docx":
        document = criteria_document(round, criteria_of(round), asked)
        return files.send(as_word(document), f"how-we-score-{round.prefix}.docx", WORD)
    return render_template(
        "scoring/criteria_public.html", round=round, partnership=round.fund.partnership, criteria=criteria_of(round),
        words=MARK_WORDS, asked=asked, reads_words=reads_words,
    )  # fmt: skip


@blueprint.route("/evidence")
@public
def cards():
    asked, toolkit = request.args.get("q", "").strip().casefold(), request.args.get("toolkit", "")
    everything = evidence.strands()
    found = [
        each
        for each in everything
        if (not asked or asked in f"{each.name} {each.what_it_is or ''}".casefold())
        and (not toolkit or each.toolkit == toolkit)
    ]
    return render_template(
        "scoring/cards.html", cards=found, total=len(everything), asked=request.args.get("q", ""), toolkit=toolkit,
        toolkits=TOOLKIT_NAMES, confidence=evidence.confidence, flags=evidence.FLAG_WORDS,
    )  # fmt: skip


@blueprint.route("/evidence/<key:card_id>")
@public
def card(card_id):
    found = load_card(card_id)
    if found is None:
        raise NotYours()
    return render_template(
        "scoring/card.html", card=found, versions=versions_of(found), edits=may(signed_in(), "edit_cards", found), **card_context(found),
    )  # fmt: skip


def card_context(card) -> dict:
    """What the card component needs."""
    dots, words = evidence.confidence(card)
    return {
        "card_dots": dots, "card_words": words, "card_sources": evidence.sources(card),
        "card_toolkit": evidence.toolkit_name(card), "card_flag": evidence.FLAG_WORDS.get(card.flag or ""),
        "card_stale": evidence.is_stale(card, today(now())), "card_cost": evidence.COSTS.get(card.cost or 0, ""),
        "card_source_date": evidence.source_date(card),
    }  # fmt: skip
