"""For grant managers and decision makers: changing an award, old and new side by side."""

from flask import render_template, url_for

from awards import offers, variations
from awards.forms import VariationForm
from awards.tables import Award, Variation
from awards.views.doing import done
from fund.core.clock import now
from fund.core.navigation import audience_blueprint
from fund.core.permissions import ask, needs, signed_in

blueprint = audience_blueprint("variations_office", __name__, "staff")


@blueprint.route("/office/awards/<key:award_id>/vary", methods=["GET", "POST"])
@needs("manage_award", award=offers.load_award)
def propose(award: Award):
    terms = offers.terms_of(award)
    form = VariationForm(data={"amount": terms.amount_pence, "purpose": terms.purpose})
    answer = form.validate_on_submit() and done(
        lambda: variations.propose_variation(
            award, form.amount.data, form.purpose.data, form.why.data, by=signed_in(), now=now()
        ),
        "The change waits for a second person.",
        url_for("awards_office.show", award_id=award.id),
        form,
    )
    return answer or render_template("awards/vary.html", form=form, award=award, round=award.round, terms=terms)


@blueprint.route("/office/variations/<key:variation_id>")
@needs("see_award", variation=variations.load_variation)
def show(variation: Variation):
    answer = ask(signed_in(), "decide_variation", variation)
    award = variation.award
    return render_template(
        "awards/variation.html", variation=variation, award=award, round=award.round, terms=offers.terms_of(award),
        may_decide=bool(answer), refusal=getattr(answer, "reason", None),
    )  # fmt: skip


@blueprint.route("/office/variations/<key:variation_id>/approve", methods=["POST"])
@needs("decide_variation", variation=variations.load_variation)
def approve(variation: Variation):
    act = lambda: variations.approve_variation(variation, by=signed_in(), now=now())  # noqa: E731
    return done(act, "Approved. The new letter is sent.", url_for("awards_office.show", award_id=variation.award_id))


@blueprint.route("/office/variations/<key:variation_id>/refuse", methods=["POST"])
@needs("decide_variation", variation=variations.load_variation)
def refuse(variation: Variation):
    act = lambda: variations.refuse_variation(variation, by=signed_in(), now=now())  # noqa: E731
    return done(act, "Refused. The award stays as it is.", url_for("awards_office.show", award_id=variation.award_id))
