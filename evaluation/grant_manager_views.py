"""The grant manager's pages: which returns wait, reading one, accepting it or sending it back, promises and stories."""

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select

from fund.core.clock import now, speak_day, today
from fund.core.database import db
from fund.core.money import plain_pounds
from fund.core.navigation import add_item, audience_blueprint
from fund.core.pages import as_csv, page_from, sort_from
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem, WrongMoment
from fund.rounds import seen_by
from fund.tables import Fund, Round

from .forms import MoreTimeForm, PromiseForm, SendBackForm, StoryForm
from .periods import STANDINGS, give_more_time, load_award, load_period
from .promises import BEFORE_DELIVERY, correct_target, load_promise, promises_of, set_baseline
from .returns import accept_return, send_back_return
from .returns_list import FILTERS, SORTS, filtered, periods_listed
from .sheet import Sheet, sheet_for
from .stories import publish_story, story_of, take_down_story
from .workflow import RETURN

blueprint = audience_blueprint("returns_office", __name__, "staff")
add_item("Returns", "returns_office.index", "staff", rule="read_returns_list", order=60)


@blueprint.route("/office/returns")
@needs("read_returns_list")
def index():
    day, reach = today(now()), seen_by(signed_in(), now=now())
    state = request.args.get("state", "todo")
    state = state if state in FILTERS else "todo"
    given = {name: request.args.get(name, "") for name in ("round", "priority", "q")}
    sort = sort_from(SORTS, "due")
    wanted = filtered(
        periods_listed(day, reach), day, state=state, round_id=given["round"], priority=given["priority"], words=given["q"]
    )  # fmt: skip
    wanted = sort.apply(wanted, "due_on", "reference")
    if request.args.get("format") == "csv":
        return as_csv("returns", EXPORTED, (_exported(row) for row in db.session.execute(wanted)))
    rounds = db.session.execute(select(Round.id, Round.title).join(Fund).where(reach).order_by(Round.title)).all()
    return render_template(
        "evaluation/office_returns.html", page=page_from(wanted), state=state, given=given, rounds=rounds,
        states=FILTERS, standings=STANDINGS, sort=f"-{sort.key}" if sort.descending else sort.key,
    )  # fmt: skip


EXPORTED = ("Award", "Group", "Round", "Return", "Due", "State", "Version", "People expected", "People reached", "Planned", "Spent", "Far from plan")  # fmt: skip


def _exported(row) -> tuple:
    return (
        row.reference, row.group, row.round, row.number, row.due_on.isoformat(), STANDINGS[row.standing].staff, row.version,
        row.people_expected, row.people_count, plain_pounds(row.profile_pence), plain_pounds(row.spent_pence),
        "yes" if row.is_flagged else "",
    )  # fmt: skip


@blueprint.route("/office/returns/<key:period_id>")
@needs("read_returns", period=load_period)
def show(period):
    return _page(_sheet(period, request.args.get("number")))


def _sheet(period, number: str | None = None) -> Sheet:
    wanted = int(number) if number and number.isascii() and number.isdigit() and len(number) < 6 else None
    sheet = sheet_for(period, wanted)
    if sheet is None:
        raise NotYours()
    return sheet


def _page(sheet: Sheet, back_form=None, story_form=None):
    award, row = sheet.period.award, sheet.shown
    is_latest = row is not None and row is sheet.versions[0]
    moves = {move.action for move in RETURN.moves_for(signed_in(), row)} if is_latest else set()
    story = story_of(row) if row is not None and row.status == "accepted" else None
    data = {"text": story.text if story else (row.story if row else "")}
    return render_template(
        "evaluation/office_return.html", sheet=sheet, period=sheet.period, award=award, moves=moves, story=story,
        back_form=back_form or SendBackForm(formdata=None), story_form=story_form or StoryForm(formdata=None, data=data),
        partnership=award.round.fund.partnership, standing=sheet.standing(today(now())), form=back_form or story_form,
    )  # fmt: skip


def _latest(period) -> Sheet:
    """The sheet with a latest version, for the buttons. Raises WrongMoment when nothing has been written."""
    sheet = _sheet(period)
    if sheet.shown is None:
        raise WrongMoment("Nothing has been sent for this period yet.")
    return sheet


@blueprint.route("/office/returns/<key:period_id>/accept", methods=["POST"])
@needs("run_returns", period=load_period)
def accept(period):
    accept_return(_latest(period).shown, by=signed_in(), now=now())
    db.session.commit()
    flash(f"Return {period.number} of {period.award.reference} is accepted. The group has been thanked.", "success")
    return redirect(url_for(".index"))


@blueprint.route("/office/returns/<key:period_id>/send-back", methods=["GET", "POST"])
@needs("run_returns", period=load_period)
def send_back(period):
    sheet, form = _latest(period), SendBackForm()
    if form.validate_on_submit():
        send_back_return(sheet.shown, form.why.data, by=signed_in(), now=now())
        db.session.commit()
        flash(
            f"Return {period.number} of {period.award.reference} is sent back. The group reads your sentence.",
            "success",
        )
        return redirect(url_for(".index"))
    return _page(sheet, back_form=form)


@blueprint.route("/office/returns/<key:period_id>/story", methods=["GET", "POST"])
@needs("run_returns", period=load_period)
def story(period):
    sheet, form = _latest(period), StoryForm()
    if "take_down" in request.form:
        take_down_story(sheet.shown, by=signed_in(), now=now())
        db.session.commit()
        flash("The story is no longer public.", "success")
        return redirect(url_for(".show", period_id=period.id))
    if form.validate_on_submit():
        try:
            publish_story(sheet.shown, form.text.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
            return _page(_sheet(load_period(period.id)), story_form=form)
        db.session.commit()
        flash("The story is public.", "success")
        return redirect(url_for(".show", period_id=period.id))
    return redirect(url_for(".show", period_id=period.id))


@blueprint.route("/office/returns/<key:period_id>/more-time", methods=["GET", "POST"])
@needs("run_returns", period=load_period)
def more_time(period):
    """A later day for one return, with the reason."""
    form = MoreTimeForm(data={"due_on": period.due_on})
    if form.validate_on_submit():
        try:
            give_more_time(period, form.due_on.data, form.why.data, by=signed_in(), now=now())
        except Problem as problem:
            form.refuse(problem)
        else:
            db.session.commit()
            flash(f"Return {period.number} is now due on {speak_day(period.due_on)}.", "success")
            return redirect(url_for(".show", period_id=period.id))
    award = period.award
    return render_template(
        "evaluation/more_time.html", form=form, period=period, award=award, partnership=award.round.fund.partnership
    )  # fmt: skip


@blueprint.route("/office/awards/<key:award_id>/promises")
@needs("read_returns", award=load_award)
def promises(award):
    """What the award promised: baselines and targets, with what can still be changed."""
    return render_template(
        "evaluation/promises.html", award=award, promises=promises_of(award), partnership=award.round.fund.partnership,
        before=award.application.status in BEFORE_DELIVERY,
    )  # fmt: skip


@blueprint.route("/office/promises/<key:promise_id>", methods=["GET", "POST"])
@needs("run_returns", promise=load_promise)
def promise(promise):
    form = PromiseForm(obj=promise)
    if form.validate_on_submit():
        try:
            set_baseline(promise, form.baseline.data, form.baseline_note.data, by=signed_in(), now=now())
            correct_target(promise, form.target.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            promise = load_promise(promise.id)
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The promise is changed.", "success")
            return redirect(url_for(".promises", award_id=promise.award_id))
    award = promise.award
    return render_template(
        "evaluation/promise.html", form=form, promise=promise, award=award, partnership=award.round.fund.partnership,
        before=award.application.status in BEFORE_DELIVERY,
    )  # fmt: skip
