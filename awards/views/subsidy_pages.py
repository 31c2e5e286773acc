"""Minimal Financial Assistance: staff give the notice, the grantee confirms with what it had from others."""

from flask import render_template, url_for

from awards import offers, subsidies
from awards.forms import SubsidyForm
from awards.tables import Award
from awards.views.doing import done
from fund.core.clock import now
from fund.core.navigation import audience_blueprint
from fund.core.permissions import may, needs, signed_in
from fund.core.problems import WrongMoment

office = audience_blueprint("subsidies_office", __name__, "staff")
grantee = audience_blueprint("subsidies", __name__, "grantee")


@office.route("/office/awards/<key:award_id>/subsidy", methods=["GET"])
@needs("see_award", award=offers.load_award)
def show(award: Award):
    row = subsidies.subsidy_of(award)
    return render_template(
        "awards/subsidy_office.html", award=award, round=award.round, row=row, likely=subsidies.is_likely(award),
        total=subsidies.total(row) if row else 0, limit=subsidies.LIMIT_PENCE, since=subsidies.counted_from(now()),
        ours=subsidies.given_by_us(award, now()), gives=may(signed_in(), "manage_award", award) and award.application.status in subsidies.LIVE,
    )  # fmt: skip


@office.route("/office/awards/<key:award_id>/subsidy", methods=["POST"])
@needs("manage_award", award=offers.load_award)
def give(award: Award):
    act = lambda: subsidies.give_notice(award, by=signed_in(), now=now())  # noqa: E731
    return done(act, "The notice is sent. Payments wait for the confirmation.", url_for(".show", award_id=award.id))


@grantee.route("/grants/<key:award_id>/subsidy", methods=["GET", "POST"])
@needs("enter_bank", award=offers.load_award)
def confirm(award: Award):
    """The recipient's written confirmation."""
    row, form = subsidies.subsidy_of(award), SubsidyForm()
    if row is None:
        raise WrongMoment("There is no notice for this grant.")
    answer = form.validate_on_submit() and done(
        lambda: subsidies.declare(row, award, form.others.data, by=signed_in(), now=now()),
        "Thank you. We have sent you our confirmation.",
        url_for(".confirm", award_id=award.id),
        form,
    )
    return answer or render_template(
        "awards/subsidy.html", award=award, row=row, form=form, limit=subsidies.LIMIT_PENCE, total=subsidies.total(row),
        since=subsidies.counted_from(now()), partnership=award.round.fund.partnership,
    )  # fmt: skip
