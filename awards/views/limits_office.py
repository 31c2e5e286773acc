"""For heads of fund: who may decide on how much. Everybody on the staff may read it."""

from flask import render_template, url_for

from awards import limits
from awards.forms import LimitForm
from awards.views.doing import done
from fund.core.clock import now
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.permissions import may, needs, signed_in
from fund.tables import Partnership, Person

blueprint = audience_blueprint("limits_office", __name__, "staff")
EVERYBODY = 0


def load_partnership(key: int) -> Partnership | None:
    return db.session.get(Partnership, key)


@blueprint.route("/office/partnerships/<key:partnership_id>/limits", methods=["GET"])
@needs("see_decisions", partnership=load_partnership)
def show(partnership: Partnership):
    return _page(partnership, _form(partnership))


@blueprint.route("/office/partnerships/<key:partnership_id>/limits", methods=["POST"])
@needs("set_limits", partnership=load_partnership)
def save(partnership: Partnership):
    form = _form(partnership)
    answer = form.validate_on_submit() and done(
        lambda: limits.set_limit(
            partnership, db.session.get(Person, form.person.data) if form.person.data != EVERYBODY else None, form.amount.data,
            form.why.data, by=signed_in(), now=now(),
        ),
        "The limit is set. It holds from now on.",
        url_for(".show", partnership_id=partnership.id),
        form,
    )  # fmt: skip
    return answer or _page(partnership, form)


def _form(partnership: Partnership) -> LimitForm:
    form = LimitForm()
    people = [each for each in limits.decision_makers_of(partnership) if each.id != signed_in().id]
    form.person.choices = [(EVERYBODY, "Everybody who has no limit of their own"), *((each.id, each.name) for each in people)]  # fmt: skip
    return form


def _page(partnership: Partnership, form: LimitForm):
    return render_template(
        "awards/limits.html", partnership=partnership, form=form, current=limits.limits_of(partnership),
        earlier=limits.limits_of(partnership, ended=True), sets=may(signed_in(), "set_limits", partnership),
    )  # fmt: skip
