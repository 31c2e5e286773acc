"""What the database itself keeps about awards (rules 10, 11, 13): no offer without a decision of two people and within the cap,
no payment without a release by a second person, nothing into an award that has ended, and nobody who judged a bid decides on it.
"""

from fund.core.guards import Consequence, Guard, guard
from fund.tables.pot_guards import COLUMNS, differs_from_ledger, moves

AWARD_OF_ENTRY = "a.id = case when substr(new.about, 1, 6) = 'award-' then cast(substr(new.about, 7) as integer) end"


def with_a_stake(person: str, application: str) -> str:
    """SQL: this person was given the bid to score, declared a conflict with it, or belongs to its applicant."""
    seats = f"select s.id from seat s where s.person_id = {person}"
    return f"""(exists (select 1 from assignment g where g.application_id = {application} and g.seat_id in ({seats}))
        or exists (select 1 from conflict k where k.application_id = {application} and k.conflicted and k.seat_id in ({seats}))
        or exists (select 1 from collaborator w where w.application_id = {application} and w.person_id = {person} and w.removed_at is null)
        or exists (select 1 from membership m join application b on b.organisation_id = m.organisation_id
                   where b.id = {application} and m.person_id = {person} and m.left_at is null))"""


def bid_of(award: str) -> str:
    return f"(select z.application_id from award z where z.id = {award})"


def entries(kind: str) -> str:
    """SQL: what the entries of one kind about the new entry's award add up to, in pence."""
    return (
        f"coalesce((select sum(e.amount_pence) from ledger_entry e where e.about = new.about and e.kind = '{kind}'), 0)"
    )


DECIDED = f"""new.kind = 'offer' and exists (select 1 from award a where {AWARD_OF_ENTRY} and not exists (
    select 1 from decision d where d.id = a.decision_id and d.application_id = a.application_id and d.kind = 'offer'
    and d.approved_by_id is not null and not {with_a_stake("d.approved_by_id", "a.application_id")}
    and d.amount_pence + coalesce((select sum(v.new_pence - v.old_pence) from variation v
        where v.award_id = a.id and v.outcome = 'approved' and v.new_pence > v.old_pence), 0)
        >= new.amount_pence + {entries("offer")}))"""
WITHIN_CAP = f"""new.kind = 'offer' and exists (select 1 from award a join organisation o on o.id = a.organisation_id
    where {AWARD_OF_ENTRY} and a.offered_pence + a.committed_pence + a.paid_pence + new.amount_pence > (
        select max(c.most_pence) from cap c where c.round_id = a.round_id and (not c.needs_register or ({{has_form}}
            and exists (select 1 from identifier i where i.organisation_id = o.id and i.check_result = 'confirmed')))))"""
RELEASED = f"""new.kind = 'pay' and exists (select 1 from award a where {AWARD_OF_ENTRY}
    and new.amount_pence + {entries("pay")} > coalesce((select sum(p.amount_pence) from payment p
        join tranche t on t.id = p.tranche_id where t.award_id = a.id and p.released_by_id is not null), 0))"""
RECEIVED = f"""new.kind = 'recover' and exists (select 1 from award a where {AWARD_OF_ENTRY}
    and new.amount_pence + {entries("recover")} > coalesce((select sum(y.amount_pence) from recovery y
        where y.award_id = a.id and y.received_at is not null), 0))"""
RUNNING = f"""new.kind in ('offer', 'commit', 'pay')
    and exists (select 1 from award a where {AWARD_OF_ENTRY} and a.ended_at is not null)"""
# The approver's own limit, or the one for everybody; nothing where none is set, and nothing refuses nothing.
LIMIT = """(select l.most_pence from delegated_limit l join fund u on u.partnership_id = l.partnership_id
    join round r on r.fund_id = u.id join application z on z.round_id = r.id
    where z.id = new.application_id and l.ended_at is null and (l.person_id = new.approved_by_id or l.person_id is null)
    order by l.person_id is null limit 1)"""
SECOND = f"""new.approved_by_id is not null and (old.superseded_at is not null or old.approved_by_id is not null
    or new.amount_pence > {LIMIT} or {with_a_stake("new.approved_by_id", "new.application_id")} or {with_a_stake("new.proposed_by_id", "new.application_id")})"""
PAYABLE = f"""new.released_by_id is not null and (
    {with_a_stake("new.released_by_id", bid_of("(select t.award_id from tranche t where t.id = new.tranche_id)"))}
    or not exists (select 1 from tranche t join bank_detail b on b.award_id = t.award_id
        where t.id = new.tranche_id and b.id = new.bank_detail_id and b.confirmed_by_id is not null and b.replaced_at is null
        and t.cleared_at is not null and t.amount_pence = new.amount_pence))"""
STAKE_IN_BANK = f"""{with_a_stake("new.checked_by_id", bid_of("new.award_id"))}
    or {with_a_stake("new.confirmed_by_id", bid_of("new.award_id"))}"""

guard(
    Consequence("move_award", "ledger_entry", f"update award set {moves()} where id = cast(substr(new.about, 7) as integer)", "substr(new.about, 1, 6) = 'award-'"),
    Guard("guard_award_is_its_ledger", "award", f"update of {', '.join(COLUMNS)}", differs_from_ledger("e.about = 'award-' || new.id"), "The money of an award is moved by the ledger only."),
    Guard("guard_offer_is_decided", "ledger_entry", "insert", DECIDED, "Nothing is offered without a decision of two people for that amount."),
    Guard("guard_offer_within_cap", "ledger_entry", "insert", WITHIN_CAP, "That is more than the cap for this organisation."),
    Guard("guard_pay_is_released", "ledger_entry", "insert", RELEASED, "Nothing is paid that a second person has not released."),
    Guard("guard_recover_is_received", "ledger_entry", "insert", RECEIVED, "Nothing is booked as recovered before it has come back."),
    Guard("guard_award_is_running", "ledger_entry", "insert", RUNNING, "This award has ended. No money moves into it."),
    Guard("guard_decision_is_kept", "decision", "update of application_id, kind, amount_pence, cap_pence, reasons, conditions, direct_reason, proposed_by_id", "1 = 1", "A decision is never edited. A changed mind is a new decision."),
    Guard("guard_decision_second_person", "decision", "update of approved_by_id", SECOND, "Another person who did not judge this bid must approve, once, within their limit."),
    Guard("guard_variation_second_person", "variation", "update of outcome, decided_by_id, new_pence, old_pence, proposed_by_id", f"old.outcome is not null or {with_a_stake('new.decided_by_id', bid_of('new.award_id'))}", "Another person who did not judge this bid must decide on a change, once."),
    Guard("guard_bank_two_people", "bank_detail", "update of checked_by_id, confirmed_by_id", STAKE_IN_BANK, "Nobody who judged this bid verifies its account."),
    Guard("guard_bank_is_kept", "bank_detail", "update of award_id, secret, fingerprint, entered_by_id, checked_by_id, confirmed_by_id", "old.replaced_at is null and (old.confirmed_by_id is not null or (old.checked_by_id is not null and new.secret <> old.secret))", "Details that were checked are never changed. New details are a new entry."),
    Guard("guard_payment_release", "payment", "update of released_by_id", PAYABLE, "This payment cannot be released: its gate, amount or account is not right, or this person judged the bid."),
    Guard("guard_payment_is_kept", "payment", "update of tranche_id, bank_detail_id, run_id, amount_pence, prepared_by_id, released_by_id", "old.released_by_id is not null", "A released payment is never changed."),
    Guard("guard_payment_is_never_removed", "payment", "delete", "old.released_by_id is not null", "A released payment is never removed."),
)  # fmt: skip
