"""What goes along with an evening of bids: the time to finish, and the sections of a bid that were opened."""

from flask import flash, jsonify, redirect, render_template, request, url_for

from fund.core.clock import now, speak_moment
from fund.core.database import db
from fund.core.money import pounds
from fund.core.pages import as_csv
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem
from fund.core.web import wants_json
from fund.tables import Round

from ..desk import STATES, MyBid, bids_by_round
from ..forms import EmptyForm
from ..loading import load_round
from ..my_list import PER_PAGE, my_list
from ..myself import about_myself
from ..opinions import gives_views
from ..own_chart import own_chart
from ..pace import wish_to_finish
from ..panels import seat_in
from ..papers import sheet_of
from ..reading import ALL, mark_as_read
from ..tables import Assignment
from ..tables.panels import SCORING_SEATS
from ..visibility import closed_to
from .assessing import blueprint, load_to_assess, save_page

HEADERS = ("Bid", "Title", "Organisation", "Asks", "Marks given", "State", "Finished")


@blueprint.route("/assessing/rounds/<key:round_id>/finish", methods=["POST"])
@needs("declare_conflicts", round=load_round)
def finish_by(round: Round):
    """When the member wants to be done; the pages say whether they are on time for it."""
    seat = seat_in(signed_in(), round.id)
    if seat is None or not EmptyForm().validate():
        raise NotYours()
    try:
        wish_to_finish(seat, request.form.get("finish", "")[:20], by=signed_in(), now=now())
    except Problem as problem:
        db.session.rollback()
        flash(f"{problem.sentence}.", "error")
    else:
        db.session.commit()
    return redirect(url_for(".index", _anchor=f"round-{round.id}"))


@blueprint.route("/assessing/rounds/<key:round_id>/bids")
@needs("declare_conflicts", round=load_round)
def my_bids(round: Round):
    """All bids of a round that one was given, to search, sort and take away."""
    mine = next((each for each in bids_by_round(signed_in()) if each.round.id == round.id), None)
    shown = my_list(mine.bids if mine else [], request.args)
    if request.args.get("format") == "csv":
        return as_csv(f"my-bids-{round.prefix}", HEADERS, (_line(each) for each in shown.found))
    return render_template(
        "scoring/my_list.html", round=round, partnership=round.fund.partnership, shown=shown, whole=len(mine.bids) if mine else 0,
        states=STATES, may_open=not (mine and mine.undeclared), per_page=PER_PAGE, closed=closed_to(signed_in()).get(round.id, 0),
    )  # fmt: skip


def _line(each: MyBid) -> tuple:
    finished = speak_moment(each.sealed_at) if each.sealed_at else ""
    return (each.reference, each.title, each.organisation, pounds(each.asked_pence), each.marks, STATES[each.state][0], finished)  # fmt: skip


@blueprint.route("/assessing/rounds/<key:round_id>/my-marks")
@needs("declare_conflicts", round=load_round)
def my_marks(round: Round):
    """How one's own totals lie against the panel's, when the round lets that be seen."""
    seat = seat_in(signed_in(), round.id)
    if seat is None or seat.kind not in SCORING_SEATS or gives_views(seat, round):
        raise NotYours()
    found = about_myself(seat, round, signed_in())
    own = found.severity
    chart = own_chart(own.value, own.low, own.high) if own else None
    rows = [("Against the panel, in points", f"{own.value:+.1f}"), ("Lowest (95%)", _known(own.low)), ("Highest (95%)", _known(own.high)), ("Bids", str(own.bids))] if own else []  # fmt: skip
    return render_template(
        "scoring/my_marks.html", round=round, partnership=round.fund.partnership, found=found, chart=chart, rows=rows,
        closed=closed_to(signed_in()).get(round.id, 0),
    )  # fmt: skip


def _known(points: float | None) -> str:
    return "not known" if points is None else f"{points:+.1f}"


@blueprint.route("/assessing/<key:assignment_id>/sections", methods=["POST"])
@needs("assess_bid", assignment=load_to_assess)
def read_sections(assignment: Assignment):
    """Sections that were opened: sent by the page's script, or by its buttons, which bring what was typed along."""
    sheet = sheet_of(assignment)
    if sheet.undeclared:
        raise NotYours()
    if not wants_json() and any(f"version-{each.id}" in request.form for each in sheet.criteria):
        for _field, sentence, _theirs in save_page(assignment, sheet):
            flash(sentence, "error")
    sections = request.form.getlist("read")[:100]
    mark_as_read(assignment, sections, by=signed_in(), now=now())
    db.session.commit()
    if wants_json():
        return jsonify(read=sections)
    one = sections[0] if len(sections) == 1 else ALL
    place = "your-scores" if one == ALL else f"section-{one}"
    return redirect(url_for(".assess", assignment_id=assignment.id, _anchor=place))
