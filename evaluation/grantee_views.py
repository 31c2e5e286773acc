"""The funded group's pages: its returns, and the five minutes of filling one in."""

from flask import flash, redirect, render_template, request, url_for

from fund.core.charts import progress_bar
from fund.core.clock import now, speak_day, today
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import needs, signed_in
from fund.core.problems import NotYours, Problem

from .forms import return_form
from .overview import overview_of
from .periods import load_award, load_period
from .returns import save_return, send_return
from .sheet import Sheet, sheet_for

blueprint = audience_blueprint("returns", __name__, "grantee")


@blueprint.route("/grants/<key:award_id>/returns")
@needs("report_for_award", award=load_award)
def show(award):
    """Every period of the award: when its return is due and where it stands."""
    return render_template(
        "evaluation/returns.html", award=award, partnership=award.round.fund.partnership, view=overview_of(award, today(now()))
    )  # fmt: skip


@blueprint.route("/returns/<key:period_id>", methods=["GET", "POST"])
@needs("report_for_award", period=load_period)
def fill(period):
    sheet = sheet_for(period)
    if not sheet.can_be_written and request.method == "GET":
        return _page("return_read", sheet)
    form = return_form(sheet)
    if form.validate_on_submit():
        try:
            row = save_return(
                period, form.report(sheet), by=signed_in(), now=now(), seen_version=form.seen_version
            )  # fmt: skip
            # What was typed is kept before the rules of sending are asked: a refusal loses nothing.
            with db.session.begin_nested():
                if "send" in request.form:
                    send_return(row, by=signed_in(), now=now())
        except Problem as problem:
            return _refused(form, sheet, problem)
        db.session.commit()
        flash(_said(sheet, sent="send" in request.form), "success")
        return redirect(url_for(".show", award_id=period.award_id))
    return _page("return", sheet, form=form)


def _refused(form, sheet: Sheet, problem: Problem):
    """The page again with the sentence beside its field. A draft that could not be sent is kept as typed."""
    kept = "send" in request.form and problem.status == 400
    if kept:
        db.session.commit()
        sheet = sheet_for(sheet.period)
        form.version.data = str(sheet.shown.version)
        form.version.raw_data = None
    else:
        db.session.rollback()
        sheet = sheet_for(load_period(sheet.period.id))
        if sheet.shown is not None and sheet.can_be_written:
            form.version.data, form.version.raw_data = str(sheet.shown.version), None
    form.refuse(problem)
    return _page("return", sheet, form=form, kept=kept), problem.status if problem.status != 400 else 200


def _said(sheet: Sheet, *, sent: bool) -> str:
    number = sheet.period.number
    if sent:
        return f"Return {number} is sent. Thank you. We write to you when it has been read."
    return f"Return {number} is saved. Come back and send it by {speak_day(sheet.period.due_on)}."


@blueprint.route("/returns/<key:period_id>/versions/<key:number>")
@needs("report_for_award", period=load_period)
def version(period, number):
    """An earlier version, as it was sent."""
    sheet = sheet_for(period, number)
    if sheet is None:
        raise NotYours()
    return _page("return_read", sheet)


def _page(template: str, sheet: Sheet, **context):
    award = sheet.period.award
    reached = sheet.people_before + ((sheet.shown.people_count if sheet.shown else 0) or 0)
    bar = progress_bar("People reached", "People reached so far of those promised", reached, sheet.people_promised)
    return render_template(
        f"evaluation/{template}.html", sheet=sheet, period=sheet.period, award=award, reached=reached, bar=bar,
        partnership=award.round.fund.partnership, standing=sheet.standing(today(now())), **context,
    )  # fmt: skip
