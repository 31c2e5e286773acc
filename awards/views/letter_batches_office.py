"""For decision makers: all letters of a round that can go out now, read together, sent in one go, and watched on their way."""

import random

from flask import render_template, request, url_for

from awards import letter_batches, offers
from awards.letter_markdown import TemplateProblem
from awards.letter_words import document_of
from awards.tables import Decision, LetterBatch
from awards.tables.letters import LETTER_KINDS
from awards.views.doing import done
from fund.core import files
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_html import as_html
from fund.core.pdf.document import Document, draw
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import NotYours
from fund.pot_shown import pot_shown
from fund.rounds import load_round
from fund.tables import Round

blueprint = audience_blueprint("letter_batches_office", __name__, "staff")


@blueprint.route("/office/rounds/<key:round_id>/letters")
@needs("see_decisions", round=load_round)
def index(round: Round):
    """What can be sent, what it adds up to, and the batches before."""
    rows = letter_batches.ready_in(round)
    mine = [row for row in rows if row.proposed_by_id != signed_in().id]
    offered = sum(row.amount or 0 for row in rows)
    return render_template(
        "awards/letters_ready.html", round=round, rows=rows, offers=sum(row.kind == "offer" for row in rows), offered=offered,
        batches=letter_batches.batches_of(round), pot=pot_shown(round), may_send=may(signed_in(), "approve_decisions", round),
        mine=len(mine),
    )  # fmt: skip


@blueprint.route("/office/rounds/<key:round_id>/letters/preview")
@needs("see_decisions", round=load_round)
def preview(round: Round):
    """Every letter as it would go out now, on one page, or with ?some three of them; those that cannot be made stand first,
    with the reason."""
    good, wrong = [], []
    for decision in letter_batches.decisions_in(round, letter_batches.ready_in(round)):
        try:
            document = _planned(decision)
            good.append((decision, document))
        except TemplateProblem as problem:
            wrong.append((decision, problem.sentence))
    shown = _three_at_random(good) if "some" in request.args else good
    letters = [(decision, document.title, as_html(document, top_level=3)) for decision, document in shown]
    return render_template("awards/letters_preview.html", round=round, letters=letters, wrong=wrong, all=len(good))


def _three_at_random(good: list[tuple[Decision, Document]]) -> list[tuple[Decision, Document]]:
    """Three letters in their order; of each kind one at least, while there are places."""
    mixed = random.sample(good, len(good))
    first_of_kind = list({decision.kind: (decision, document) for decision, document in mixed}.values())
    chosen = [*first_of_kind, *(each for each in mixed if each not in first_of_kind)][:3]
    return [each for each in good if each in chosen]


def _planned(decision: Decision) -> Document:
    return document_of(offers.planned_letter(decision, now=now()))


def load_decision(key: int) -> Decision | None:
    return db.session.get(Decision, key)


@blueprint.route("/office/decisions/<key:decision_id>/letter/pdf")
@needs("see_decision", decision=load_decision)
def planned_pdf(decision: Decision):
    """The PDF that would be sent if this decision were approved now. It is not kept and does not verify."""
    if not decision.is_waiting or decision.kind not in letter_batches.WITH_LETTER:
        raise NotYours
    name = f"preview-{decision.application.reference}.pdf"
    return files.send(draw(_planned(decision)), name, "application/pdf", inline=True)


@blueprint.route("/office/rounds/<key:round_id>/letters/send", methods=["POST"])
@needs("approve_decisions", round=load_round)
def send(round: Round):
    started: list[LetterBatch] = []
    act = lambda: started.append(letter_batches.start_batch(round, by=signed_in(), now=now()))  # noqa: E731
    return done(act, "The letters are on their way. You can leave this page.", url_for(".latest", round_id=round.id))


@blueprint.route("/office/rounds/<key:round_id>/letters/latest")
@needs("see_decisions", round=load_round)
def latest(round: Round):
    """The batch that was started last, or the page of letters when there is none."""
    batches = letter_batches.batches_of(round)
    return show_batch(letter_batches.load_batch(batches[0][0].id)) if batches else index(round_id=round.id)


@blueprint.route("/office/letter-batches/<key:batch_id>")
@needs("see_decisions", batch=letter_batches.load_batch)
def show(batch: LetterBatch):
    return show_batch(batch)


def show_batch(batch: LetterBatch):
    return render_template(
        "awards/letter_batch.html", batch=batch, round=batch.round, counts=letter_batches.counts_of(batch), titles=LETTER_KINDS,
        items=letter_batches.items_of(batch), may_send=may(signed_in(), "approve_decisions", batch.round),
    )  # fmt: skip


@blueprint.route("/office/letter-batches/<key:batch_id>/retry", methods=["POST"])
@needs("approve_decisions", batch=letter_batches.load_batch)
def retry(batch: LetterBatch):
    act = lambda: letter_batches.retry_failed(batch, by=signed_in(), now=now())  # noqa: E731
    return done(act, "They are tried again.", url_for(".show", batch_id=batch.id))
