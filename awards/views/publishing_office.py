"""For staff: what the partnership publishes, whether the standard takes it, and what could be better."""

from flask import current_app, render_template, url_for

from awards import editions, publishing
from awards.forms import PrefixForm
from awards.open_data import giving, quality
from awards.register import public_awards
from awards.views.doing import done
from awards.views.limits_office import load_partnership
from fund.core.clock import now
from fund.core.navigation import audience_blueprint
from fund.core.permissions import may, needs, signed_in
from fund.tables import Partnership

blueprint = audience_blueprint("publishing_office", __name__, "staff")


@blueprint.route("/office/partnerships/<key:partnership_id>/publishing", methods=["GET"])
@needs("see_decisions", partnership=load_partnership)
def show(partnership: Partnership):
    return _page(partnership, PrefixForm(data={"prefix": partnership.giving_prefix or ""}))


@blueprint.route("/office/partnerships/<key:partnership_id>/publishing", methods=["POST"])
@needs("set_limits", partnership=load_partnership)
def save(partnership: Partnership):
    form = PrefixForm()
    answer = form.validate_on_submit() and done(
        lambda: publishing.set_prefix(partnership, form.prefix.data or "", by=signed_in(), now=now()),
        "Saved. The open data uses it from now on.",
        url_for(".show", partnership_id=partnership.id),
        form,
    )
    return answer or _page(partnership, form)


@blueprint.route("/office/partnerships/<key:partnership_id>/publish", methods=["POST"])
@needs("publish_register", partnership=load_partnership)
def publish(partnership: Partnership):
    """Register and open data with one press."""
    return done(
        lambda: editions.publish(partnership, _site(), by=signed_in(), now=now()),
        "Published: the register and its open data are checked and kept as a new edition.",
        url_for(".show", partnership_id=partnership.id),
    )


def _site() -> str:
    return current_app.config["SETTINGS"].public_url.rstrip("/")


def _page(partnership: Partnership, form: PrefixForm):
    awards = public_awards(partnership_id=partnership.id)
    package = {"grants": [giving.grant_of(award, _site()) for award in awards]}  # fmt: skip
    return render_template(
        "awards/publishing.html", partnership=partnership, form=form, count=len(awards),
        errors=giving.problems_of({"version": "1.4", **package}) if awards else [], findings=quality.findings(package),
        sets=may(signed_in(), "set_limits", partnership), editions=editions.editions(partnership, most=5),
        publishes=may(signed_in(), "publish_register", partnership), awards={award.reference: award for award in awards},
    )  # fmt: skip
