"""What the database itself keeps about a pot: its sums are its ledger's, the ledger only grows, and its total takes two people."""

from fund.core.guards import Consequence, Guard, guard


def sum_of(column: str, adds: str, takes: tuple[str, ...], where: str) -> str:
    """SQL: what the entries found by `where` make of one of the columns offered, committed, paid, recovered."""
    taken = ", ".join(f"'{kind}'" for kind in takes) or "''"
    return (
        f"coalesce((select sum(case when e.kind = '{adds}' then e.amount_pence when e.kind in ({taken}) then -e.amount_pence "
        f"else 0 end) from ledger_entry e where {where}), 0)"
    )


# Each column with the kind of entry that adds to it and the kinds that take from it: fund.ledger.EFFECTS, in SQL.
COLUMNS = {
    "offered_pence": ("offer", ("lapse", "commit")),
    "committed_pence": ("commit", ("release", "pay")),
    "paid_pence": ("pay", ()),
    "recovered_pence": ("recover", ()),
}


def moves() -> str:
    """SQL: the columns after one new entry, for the SET of an update."""
    lines = []
    for column, (adds, takes) in COLUMNS.items():
        taken = ", ".join(f"'{kind}'" for kind in takes) or "''"
        step = f"case when new.kind = '{adds}' then new.amount_pence when new.kind in ({taken}) then -new.amount_pence else 0 end"
        lines.append(f"{column} = {column} + ({step})")
    return ", ".join(lines)


def differs_from_ledger(where: str) -> str:
    """SQL: whether a row's new sums are not what its entries add up to."""
    return " or ".join(
        f"new.{column} <> {sum_of(column, adds, takes, where)}" for column, (adds, takes) in COLUMNS.items()
    )


guard(
    Guard("guard_ledger_never_changes", "ledger_entry", "update of round_id, kind, amount_pence, about, at, by_id, once", "1 = 1", "A movement of money is never changed."),
    Guard("guard_ledger_never_shrinks", "ledger_entry", "delete", "1 = 1", "A movement of money is never removed."),
    Consequence(
        "move_pot", "ledger_entry", f"update pot set {moves()} where round_id = new.round_id", "new.kind <> 'pot'"
    ),
    Guard(
        "guard_pot_is_its_ledger", "pot", f"update of {', '.join(COLUMNS)}", differs_from_ledger("e.round_id = new.round_id"),
        "The pot is moved by its ledger only.",
    ),
    Guard(
        "guard_pot_takes_two", "pot", "update of total_pence, over_pence",
        """(new.over_pence <> old.over_pence
            or (new.total_pence <> old.total_pence and exists (select 1 from round r where r.id = new.round_id and r.status <> 'draft')))
        and not exists (
            select 1 from pot_change c where c.round_id = new.round_id and c.outcome = 'approved'
            and c.total_pence = new.total_pence and c.over_pence = new.over_pence
            and c.id = (select max(l.id) from pot_change l where l.round_id = new.round_id and l.outcome = 'approved'))""",
        "Two people must agree to a change of this pot.",
    ),
)  # fmt: skip
