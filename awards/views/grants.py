"""For grantees: their grants, the offer and its letter, signing, declining, and the account to pay to."""

from flask import flash, render_template, url_for
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from applications.tables import Collaborator
from applications.workflow import APPLICATION, AWARDED
from awards import acceptance, bank, letters, offers, parties, payments, signed_copies, subsidies, tranches
from awards.account_check import UNUSUAL
from awards.forms import BankForm, DeclineForm, SignatoryForm, SignForm
from awards.letter_words import document_of
from awards.money import recoveries_of
from awards.schedule import last_day
from awards.tables import Award, Signatory
from awards.telling import please_sign
from awards.views.doing import done
from fund import hooks
from fund.core.clock import now, today
from fund.core.database import db
from fund.core.navigation import audience_blueprint
from fund.core.pdf.as_html import as_html
from fund.core.permissions import may, needs, signed_in
from fund.tables import Membership, Person
from fund.views.fresh import fresh_sign_in

blueprint = audience_blueprint("grants", __name__, "grantee")
REPORTS = ("accepted", "in_delivery")


def awards_of(person: Person) -> list[Award]:
    """The awards that somebody may see as a grantee, the latest first."""
    key = person.id
    writes = select(Collaborator.application_id).where(Collaborator.person_id == key, Collaborator.removed_at.is_(None))
    belongs = select(Membership.organisation_id).where(Membership.person_id == key, Membership.left_at.is_(None))
    signs = select(Signatory.award_id).where(Signatory.person_id == key)
    mine = or_(Award.application_id.in_(writes), Award.organisation_id.in_(belongs), Award.id.in_(signs))
    with_bid = joinedload(Award.application), joinedload(Award.organisation)
    return list(db.session.scalars(select(Award).where(mine).options(*with_bid).order_by(Award.id.desc())))


@blueprint.route("/grants")
@needs("my_grants")
def index():
    states = {state.key: state for state in APPLICATION.states}
    awards = awards_of(signed_in())
    due = next_returns([award.id for award in awards if award.application.status in REPORTS])
    return render_template("awards/grants.html", awards=awards, states=states, last_day=last_day, due=due)


def next_returns(awards: list[int]) -> dict[int, tuple[str, str, str]]:
    """By award: a sentence about the return that is next, its address and a colour."""
    answers = hooks.next_returns.ask(awards, today(now())) if awards else []
    return {key: said for answer in answers for key, said in answer.items()}


@blueprint.route("/grants/<key:award_id>")
@needs("my_grant", award=offers.load_award)
def show(award: Award):
    return _page(award, SignForm())


def _page(award: Award, form: SignForm):
    person, letter = signed_in(), letters.current_letter(award)
    application = award.application
    return render_template(
        "awards/grant.html", award=award, application=application, partnership=award.round.fund.partnership, form=form,
        letter=letter, letter_html=as_html(document_of(letter.facts), top_level=2) if letter else "", terms=offers.terms_of(award),
        state=APPLICATION.state(application.status), last_day=last_day(award.accept_by), places=_places(award),
        signs=may(person, "sign_offer", award), names=may(person, "name_signatories", award),
        needed=parties.signatures_needed(award.organisation), banks=may(person, "enter_bank", award), over=now() >= award.accept_by,
        detail=bank.current_detail(award), tranches=tranches.tranches_of(award), tranche_states={s.key: s for s in tranches.STATES},
        gate_words=tranches.gate_words, recoveries=recoveries_of(award), paid={each.tranche_id: each for each in payments.payments_of(award) if each.released_at},
        awarded=application.status in AWARDED, open_conditions=tranches.open_conditions(award), signed=_has_signed(person, award), only_signs=not parties.is_party(person, application),
        today=today(now()), due=next_returns([award.id]).get(award.id) if application.status in REPORTS else None, subsidy=subsidies.subsidy_of(award), hands_in=may(person, "send_signed_copy", award), copy=signed_copies.waiting_copy(award),
    )  # fmt: skip


def _places(award: Award) -> list[dict]:
    """Each place to sign: who is named, and their signature once it is there."""
    signed = {each.person_id: each for each in acceptance.acceptances_of(award)}
    named = {each.position: each for each in parties.signatories_of(award)}
    wanted = range(1, max(parties.signatures_needed(award.organisation), len(named)) + 1)
    return [
        {
            "position": place,
            "person": named[place].person if place in named else None,
            "signature": signed.get(named[place].person_id) if place in named else None,
        }
        for place in wanted
    ]


def _has_signed(person: Person, award: Award) -> bool:
    return any(each.person_id == person.id for each in acceptance.acceptances_of(award))


@blueprint.route("/grants/<key:award_id>/sign", methods=["POST"])
@needs("sign_offer", award=offers.load_award)
def sign(award: Award):
    form = SignForm()
    answer = form.validate_on_submit() and done(
        lambda: acceptance.sign_offer(
            award, name=form.name.data, role=form.role.data, terms_read=form.terms_read.data, by=signed_in(), now=now()
        ),
        "Thank you. Your signature is kept with the fingerprint of the letter.",
        url_for(".show", award_id=award.id),
        form,
    )
    return answer or _page(award, form)


@blueprint.route("/grants/<key:award_id>/decline", methods=["GET", "POST"])
@needs("sign_offer", award=offers.load_award)
def decline(award: Award):
    form = DeclineForm()
    answer = form.validate_on_submit() and done(
        lambda: offers.decline_offer(award, form.reason.data, by=signed_in(), now=now()),
        "You declined the offer. The money goes back to the fund.",
        url_for(".show", award_id=award.id),
        form,
    )
    return answer or render_template("awards/decline.html", form=form, award=award, terms=offers.terms_of(award))


@blueprint.route("/grants/<key:award_id>/signatories/<key:position>", methods=["GET", "POST"])
@needs("name_signatories", award=offers.load_award)
def signatory(award: Award, position: int):
    """The lead names who signs in one place."""
    there = next((each["person"] for each in _places(award) if each["position"] == position), None)
    form = SignatoryForm(data={"name": there and there.name, "email": there and there.email})

    def name() -> None:
        row = acceptance.name_signatory(award, position, form.name.data, form.email.data, by=signed_in(), now=now())
        please_sign(award, row.person, now=now())

    answer = form.validate_on_submit() and done(
        name, f"{form.name.data} is named to sign and has been told.", url_for(".show", award_id=award.id), form
    )
    return answer or render_template("awards/signatory.html", form=form, award=award, position=position)


@blueprint.route("/grants/<key:award_id>/bank", methods=["GET", "POST"])
@needs("enter_bank", award=offers.load_award)
@fresh_sign_in
def bank_details(award: Award):
    form = BankForm()

    def enter() -> None:
        kept = bank.enter_detail(
            award, account_name=form.account_name.data, sort_code=form.sort_code.data, account_number=form.account_number.data,
            by=signed_in(), now=now(),
        )  # fmt: skip
        if kept.is_unusual:
            flash(
                f"{UNUSUAL} If a digit is wrong, enter the account again. If all is right, you need do nothing.",
                "notice",
            )

    answer = form.validate_on_submit() and done(
        enter, "Thank you. We call you back before we pay anything.", url_for(".show", award_id=award.id), form
    )
    return answer or render_template(
        "awards/bank.html", form=form, award=award, detail=bank.current_detail(award), unusual=UNUSUAL
    )
