"""For grant managers and decision makers: changing an award, old and new side by side."""

from typing import Any

from flask import render_template, url_for

from awards import offers, variations, varying
from awards.forms import VariationForm
from awards.tables import Award, Variation
from awards.varying import Part
from awards.views.doing import done
from fund.core.clock import now
from fund.core.forms import MoneyField, Required, Text
from fund.core.navigation import audience_blueprint
from fund.core.permissions import ask, needs, signed_in

blueprint = audience_blueprint("variations_office", __name__, "staff")


@blueprint.route("/office/awards/<key:award_id>/vary", methods=["GET", "POST"])
@needs("manage_award", award=offers.load_award)
def propose(award: Award):
    terms = offers.terms_of(award)
    parts = varying.parts_of(award)
    form = _form_with(parts)(data=_now(terms, parts))
    answer = form.validate_on_submit() and done(
        lambda: variations.propose_variation(
            award,
            form.amount.data,
            form.purpose.data,
            form.why.data,
            by=signed_in(),
            now=now(),
            ends_on=form.ends_on.data,
            values=_typed(form, parts),
        ),
        "The change waits for a second person.",
        url_for("awards_office.show", award_id=award.id),
        form,
    )
    return answer or render_template(
        "awards/vary.html",
        form=form,
        award=award,
        round=award.round,
        terms=terms,
        parts=[form[f"{part.kind}_{part.key}"] for part in parts],
    )


def _form_with(parts: list[Part]) -> type[VariationForm]:
    """The form of this award: a box for each of its targets and budget lines."""
    boxes = {
        f"{part.kind}_{part.key}": MoneyField(part.label, validators=[Required("Enter an amount")])
        if part.kind == "budget"
        else Text(part.label, validators=[Required("Enter a number")])
        for part in parts
    }
    return type("VariationFormOfAward", (VariationForm,), boxes)


def _now(terms, parts: list[Part]) -> dict[str, Any]:
    first = {"amount": terms.amount_pence, "purpose": terms.purpose, "ends_on": terms.ends_on}
    return first | {f"{part.kind}_{part.key}": part.value for part in parts}


def _typed(form: VariationForm, parts: list[Part]) -> dict[str, Any]:
    return {f"{part.kind}-{part.key}": form[f"{part.kind}_{part.key}"].data for part in parts}


@blueprint.route("/office/variations/<key:variation_id>")
@needs("see_award", variation=variations.load_variation)
def show(variation: Variation):
    answer = ask(signed_in(), "decide_variation", variation)
    award = variation.award
    return render_template(
        "awards/variation.html", variation=variation, award=award, round=award.round, terms=offers.terms_of(award),
        rows=variations.side_by_side(variation), may_decide=bool(answer), refusal=getattr(answer, "reason", None),
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
