"""The office: what needs me now, the rounds of my partnerships, and one round from its first day to its last."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from sqlalchemy import case, func, or_, select
from wtforms.fields.choices import SelectChoice

from fund import hooks
from fund.core.clock import in_london, now, speak_moment
from fund.core.database import db
from fund.core.money import plain_pounds
from fund.core.navigation import audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Problem
from fund.pot_shown import kept_rounds, pot_shown
from fund.round_cloning import clone_round
from fund.round_history import history_of
from fund.round_life import missing_in
from fund.round_terms import terms_of
from fund.rounds import create_round, load_round, partnerships_for, priorities_of, seen_by, stage_of
from fund.strategies.legal_form import legal_forms
from fund.tables import Fund, Partnership, Pot, Round
from fund.views.links import link_to
from fund.views.pots_office import pot_figure
from fund.views.round_forms import CloneForm, EmptyForm, ReasonForm, StartForm
from fund.views.round_parts import PARTS, is_frozen
from fund.waiting import waiting_for
from fund.workflow import ROUND

blueprint = audience_blueprint("rounds_office", __name__, "staff")

STATES = [("", "Any"), ("draft", "Being prepared"), ("coming", "Not open yet"), ("open", "Open"), ("closed", "Closed to bids"),
          ("finished", "Finished"), ("cancelled", "Cancelled")]  # fmt: skip


@blueprint.get("/office")
@needs("use_office")
def home():
    """What needs me now, and the rounds that run."""
    person, moment = signed_in(), now()
    running = _rows(person).where(Round.status.in_(("draft", "published"))).order_by(Round.closes_at.desc()).limit(20)
    return render_template(
        "rounds/home.html", waiting=waiting_for(person, moment), stage_of=stage_of, moment=moment,
        rounds=db.session.execute(running).all(), partial=kept_rounds(),
    )  # fmt: skip


def _rows(person):
    """One row for each round that the person may see: what a list shows, and no more."""
    return (
        select(
            Round.id, Round.title, Round.status, Round.opens_at, Round.closes_at, Round.prefix,
            Partnership.short_name.label("partnership"), Partnership.slug, Pot.total_pence,
            (Pot.total_pence + Pot.over_pence - Pot.offered_pence - Pot.committed_pence - Pot.paid_pence + Pot.recovered_pence).label("room_pence"),
        )
        .join(Round.fund)
        .join(Partnership, Partnership.id == Fund.partnership_id)
        .outerjoin(Pot, Pot.round_id == Round.id)
        .where(seen_by(person, now=now()))
    )  # fmt: skip


def _stage_column(moment):
    """The stage as the database works it out, for filtering and sorting."""
    published = case((moment < Round.opens_at, "coming"), (moment < Round.closes_at, "open"), else_="closed")
    return case((Round.status == "published", published), else_=Round.status)


@blueprint.get("/office/rounds")
@needs("use_office")
def rounds():
    """Every round of the person's partnerships: sorted, filtered, page by page, or as CSV."""
    person, moment = signed_in(), now()
    words, state = request.args.get("q", "").strip()[:100], request.args.get("state", "")
    query = _rows(person)
    if words:
        like = f"%{words.replace('%', '').replace('_', '')}%"
        query = query.where(or_(Round.title.ilike(like), Round.prefix.ilike(like), Partnership.short_name.ilike(like)))
    if state in dict(STATES) and state:
        query = query.where(_stage_column(moment) == state)
    columns = {
        "title": func.lower(Round.title), "partnership": Partnership.short_name, "opens": Round.opens_at,
        "closes": Round.closes_at, "pot": Pot.total_pence, "state": _stage_column(moment),
    }  # fmt: skip
    sort = sort_from(columns, "-closes")
    query = sort.apply(query, Round.id)
    if request.args.get("format") == "csv":
        return _csv(db.session.execute(query), moment)
    page = page_from(query)
    filters = [
        {"name": "q", "label": "Title, reference or partnership", "value": words},
        {"name": "state", "label": "State", "value": state, "options": STATES},
    ]
    return render_template(
        "rounds/list.html", page=page, sort=request.args.get("sort", "-closes"), filters=filters, stage_of=stage_of,
        moment=moment, filtered=bool(words or state), partial=kept_rounds(),
    )  # fmt: skip


def _csv(rows, moment):
    partial = kept_rounds()
    headers = ("Round", "Partnership", "References", "State", "Opens", "Closes", "Pot (pounds)", "Room (pounds)")
    cells = (
        (row.title, row.partnership, row.prefix, stage_of(row, moment).text, speak_moment(row.opens_at),
         speak_moment(row.closes_at), plain_pounds(row.total_pence), "" if row.id in partial else plain_pounds(row.room_pence))
        for row in rows
    )  # fmt: skip
    return as_csv("rounds", headers, cells)


@blueprint.route("/office/rounds/new", methods=["GET", "POST"])
@needs("start_round")
def new():
    """Start a round of any partnership whose fund officer one is."""
    moment = now()
    partnerships = partnerships_for(signed_in(), "fund_officer", moment)
    form = StartForm(data={"partnership": partnerships[0].id if len(partnerships) == 1 else None})
    form.partnership.choices = [SelectChoice(each.id, each.short_name) for each in partnerships]
    if form.validate_on_submit():
        chosen = next(each for each in partnerships if each.id == form.partnership.data)
        try:
            round = create_round(chosen, by=signed_in(), now=moment, title=form.title.data)
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The round is started. Everything on the list below can be changed.", "success")
            return redirect(url_for(".show", round_id=round.id))
    return render_template("rounds/new.html", form=form)


@blueprint.get("/office/rounds/<key:round_id>")
@needs("see_round", round=load_round)
def show(round: Round):
    """The round at a glance, the list of what is to be set up, and the moves that its life allows."""
    moment, person = now(), signed_in()
    pot = pot_shown(round)
    counts = [figure for answer in hooks.round_counts.ask(round, moment) for figure in answer]
    return render_template(
        "rounds/show.html", round=round, stage=stage_of(round, moment), moment=moment, pot=pot, figure=pot_figure(pot),
        counts=counts, parts=PARTS, caps=terms_of(round), priorities=priorities_of(round), labels=_labels(),
        runs=may(person, "run_round", round), tasks=_tasks(round, moment) if round.status == "draft" else [],
        moves=_moves(person, round, moment), is_frozen=is_frozen,
    )  # fmt: skip


def _moves(person, round: Round, moment):
    """The moves to draw as buttons: taking back only before the round opens, finishing only after it has closed."""
    too_late, too_soon = moment >= round.opens_at, moment < round.closes_at
    hidden = {"unpublish"} if too_late else set()
    hidden |= {"finish"} if too_soon else set()
    return [step for step in ROUND.moves_for(person, round) if step.action not in hidden]


def _labels() -> dict[str, str]:
    return {form.key: form.label for form in legal_forms()}


def _tasks(round: Round, moment) -> list[dict[str, Any]]:
    """What is to be set up before the round can be published, with what is missing."""
    missing = dict(missing_in(round, moment))
    pages = [
        (part.key, part.title, url_for("round_parts.part", round_id=round.id, part=part.key)) for part in PARTS.values()
    ]
    pages += [
        ("pot", "Pot", url_for("pots_office.pot", round_id=round.id)),
        ("caps", "Caps by legal form", url_for("round_parts.caps", round_id=round.id)),
        ("priorities", "Priorities", url_for("round_parts.priorities", round_id=round.id)),
    ]
    tasks = [_task(text, href, missing.get(key) or _hint(key, round)) | ({"status": "To do", "colour": "blue"} if key in missing else {}) for key, text, href in pages]  # fmt: skip
    for need, text, endpoint in (
        ("form_ready", "Questions", "applications_office.form"),
        ("criteria_ready", "Criteria", "scoring_office.criteria"),
    ):
        href = link_to(endpoint, round_id=round.id)
        if href:
            problem = _refusal(need, round, moment)
            tasks.append(_task(text, href, problem) | ({"status": "To do", "colour": "blue"} if problem else {}))
    return tasks


def _task(text: str, href: str, hint: str = "") -> dict[str, Any]:
    return {"text": text, "href": href, "hint": hint, "status": "Ready"}


def _hint(part: str, round: Round) -> str:
    if part == "window":
        days = {"opens": round.opens_at, "closes": round.closes_at}
        odd = [f"It {word} on a {in_london(day):%A}." for word, day in days.items() if in_london(day).weekday() > 4]
        return " ".join(odd)
    return ""


def _refusal(need: str, round: Round, moment) -> str:
    check = ROUND.needs.get(need)
    if check is None:
        return ""
    try:
        check(round, by=signed_in(), now=moment)
    except Problem as problem:
        return problem.sentence
    return ""


@blueprint.route("/office/rounds/<key:round_id>/moves/<word:action>", methods=["GET", "POST"])
@needs("see_round", round=load_round)
def move(round: Round, action: str):
    """One step in the life of the round, asked for once more before it is taken."""
    step = next((row for row in ROUND.moves if row.action == action), None) or abort(404)
    form = ReasonForm() if step.needs_reason else EmptyForm()
    if form.validate_on_submit():
        reason = form.reason.data if step.needs_reason else None
        try:
            ROUND.move(round, action, by=signed_in(), now=now(), reason=reason)
        except Problem as problem:
            if problem.status == 403:
                raise
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"{step.label}: done.", "success")
            return redirect(url_for(".show", round_id=round.id))
    return render_template("rounds/move.html", round=round, step=step, form=form)


@blueprint.route("/office/rounds/<key:round_id>/clone", methods=["GET", "POST"])
@needs("run_round", round=load_round)
def clone(round: Round):
    """A new round like this one."""
    form = CloneForm(data={"title": f"{round.title} (copy)"})
    if form.validate_on_submit():
        copy = clone_round(round, by=signed_in(), now=now(), title=form.title.data)
        db.session.commit()
        flash("The new round is made. Look at each part: the dates have moved.", "success")
        return redirect(url_for(".show", round_id=copy.id))
    return render_template("rounds/clone.html", round=round, form=form)


@blueprint.get("/office/rounds/<key:round_id>/history")
@needs("see_round", round=load_round)
def history(round: Round):
    """Every change of the round, newest first."""
    return render_template("rounds/history.html", round=round, events=history_of(round))
