"""For administrators and heads of fund: what will be erased, what a hold keeps, and erasing one person who asks."""

from flask import flash, redirect, render_template, url_for

from fund import erasing, people_data, retention
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import Problem
from fund.forms_people import ReasonForm
from fund.people import load_person
from fund.retention import load_held, load_hold
from fund.tables import Organisation
from fund.views.administrator import administration_sections

blueprint = audience_blueprint("keeping_office", __name__, "staff")
blueprint.context_processor(administration_sections)


@blueprint.route("/office/keeping")
@needs("see_keeping")
def index():
    moment, person = now(), signed_in()
    holds, erasures = retention.standing_holds(), retention.last_erasures()
    things = retention.load_all_held([each.about for each in (*holds, *erasures)])

    def seen(each) -> bool:
        """Bids and organisations as far as its reader answers for them; people are shown to administrators."""
        thing = things.get(each.about)
        return may(person, "hold", thing) if thing is not None else may(person, "manage_people")

    def words(each) -> str:
        return words_for(things[each.about]) if each.about in things else each.about.replace("person-", "Person ")

    due = [each for each in retention.due_by(moment + retention.AHEAD) if may(person, "hold", each.bid)]
    return render_template(
        "administrator/keeping.html",
        due=[(each, retention.days_left(each, moment)) for each in due],
        holds=[(each, words(each)) for each in holds if seen(each)],
        erasures=[(each, words(each)) for each in erasures if seen(each)],
        may_erase_people=may(person, "manage_people"),
    )


def words_for(thing) -> str:
    """What a page calls a bid or an organisation."""
    return thing.name if isinstance(thing, Organisation) else thing.reference


@blueprint.route("/office/keeping/<word:about_id>/hold", methods=["GET", "POST"])
@needs("hold", about=load_held)
def hold(about):
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            retention.place_hold(about, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The hold stands. Nothing of it is erased until somebody lifts it.", "success")
            return redirect(url_for(".index"))
    return render_template("administrator/hold.html", form=form, words=words_for(about), hold=None)


@blueprint.route("/office/holds/<key:hold_id>/lift", methods=["GET", "POST"])
@needs("lift_hold", hold=load_hold)
def lift(hold):
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            retention.lift_hold(hold, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            flash("The hold is lifted. What is due goes in the next night.", "success")
            return redirect(url_for(".index"))
    return render_template("administrator/hold.html", form=form, words=words_for(load_held(hold.about)), hold=hold)


@blueprint.route("/office/people/<key:person_id>/erase", methods=["GET", "POST"])
@needs("manage_people", person=load_person)
def erase(person):
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            people_data.erase_person(person, form.reason.data, by=signed_in(), now=now())
        except Problem as problem:
            db.session.rollback()
            form.refuse(problem)
        else:
            db.session.commit()
            erasing.remove_files()
            flash("Erased. What had to stay is named on the page of what is kept.", "success")
            return redirect(url_for("administrator.person", person_id=person.id))
    about = people_data.all_about(person, now=now())
    return render_template(
        "administrator/erase.html",
        person=person,
        form=form,
        goes=[each for each in about if each.goes],
        stays=[each for each in about if not each.goes],
        is_me=person.id == signed_in().id,
        erased=erasing.is_erased(person.reference),
    )
