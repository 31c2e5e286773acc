"""How the order came about: the ranked list as it stands, each recorded ranking, the scenarios that were tried, the draws."""

from sqlalchemy import select

from fund.core.database import db
from fund.core.money import pounds
from fund.core.pdf.blocks import Block, BulletList, Heading, Paragraph, Table
from fund.tables import Round

from ..funding import KINDS
from ..planning import AIMS, Bounds
from ..ranking import ranked_list
from ..tables import Draw, RankingRun, Scenario
from .names import Names
from .parts import add_part, iso, said


def ranking(round: Round, names: Names) -> list[dict]:
    return [
        {
            "position": row.position, "reference": row.reference, "organisation": row.organisation,
            "asked_pence": row.asked_pence, "total": None if row.total is None else str(row.total), "agreed": row.is_agreed,
            "adds_up_to": row.adds_up_to, "above": row.above_line, "stopped": row.stopped,
        }
        for row in ranked_list(round)
    ]  # fmt: skip


def ranking_in_words(facts: list[dict]) -> list[Block]:
    if not facts:
        return [Paragraph("No bid is ranked.")]
    rows = [
        [str(each["position"]), f"{each['reference']} {each['organisation']}", pounds(each["asked_pence"]), _total(each), pounds(each["adds_up_to"]), each["stopped"] or ("above" if each["above"] else "below")]
        for each in facts
    ]  # fmt: skip
    return [
        Table(["No", "Bid", "Asks", "Total", "Adds up to", "Line"], rows, "The ranked list, with the line where the pot ends", [1.2, 5.3, 2.7, 2.7, 3, 2.1], numeric=[2, 4])
    ]  # fmt: skip


def _total(row: dict) -> str:
    return "–" if row["total"] is None else f"{row['total']}{' agreed' if row['agreed'] else ''}"


def runs(round: Round, names: Names) -> list[dict]:
    rows = [
        {
            "made_at": iso(run.made_at), "by": names.of(run.made_by_id), "method": run.method, "sha256": run.inputs_sha256,
            "rows": [[row["position"], row["reference"], row["total"], row["above_line"]] for row in run.result],
        }
        for run in db.session.scalars(select(RankingRun).where(RankingRun.round_id == round.id))
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (each["made_at"], each["sha256"]))


def runs_in_words(facts: list[dict]) -> list[Block]:
    found: list[Block] = []
    for number, run in enumerate(facts, 1):
        found.append(Heading(3, f"Ranking {number}, recorded {said(run['made_at'])}"))
        found.append(Paragraph(f"By {run['by']}. {run['method'].capitalize()}. SHA-256 of what it was made from:\n{run['sha256']}"))  # fmt: skip
        rows = [
            [str(position), reference, total or "–", "above" if above else "below"]
            for position, reference, total, above in run["rows"]
        ]
        if rows:
            found.append(Table(["No", "Bid", "Total", "Line"], rows, widths=[1, 4, 2, 2]))
    return found or [Paragraph("No ranking was recorded.")]


def scenarios(round: Round, names: Names) -> list[dict]:
    """Each with its numbers to two decimals as text, so that no database's way with fractions shows."""
    found = []
    for row in db.session.scalars(select(Scenario).where(Scenario.round_id == round.id)):
        kept, result = Bounds.from_json(row.settings), row.result
        found.append(
            {
                "name": names.text(row.name), "made_at": iso(row.made_at), "by": names.of(row.made_by_id), "pot_pence": row.pot_pence,
                "aim": kept.aim,
                "floors": sorted([kind, which, count] for (kind, which), count in kept.floors.items()),
                "ceilings": sorted([kind, which, count] for (kind, which), count in kept.ceilings.items()),
                "locks": sorted([key, side, names.text(why)] for key, (side, why) in kept.locks.items()),
                "points": f"{result['points']:.2f}", "pence": result["pence"], "proven": bool(result["proven"]),
                "prices": sorted([kind, which, f"{price:.2f}"] for kind, which, price in result["prices"]),
                "awards": sorted(result["awards"].items()), "fragile": sorted(result["fragile"]),
            }
        )  # fmt: skip
    return sorted(found, key=lambda each: (each["made_at"], each["name"]))


def scenarios_in_words(facts: list[dict]) -> list[Block]:
    found: list[Block] = []
    for each in facts:
        found.append(Heading(3, f"“{each['name']}”"))
        found.append(Paragraph(f"Saved by {each['by']} on {said(each['made_at'])}. {AIMS.get(each['aim'], each['aim'])} under {pounds(each['pot_pence'])}: {each['points']} points, {len(each['awards'])} bids, {pounds(each['pence'])}. {'Proven: no better set exists.' if each['proven'] else 'Not proven.'}"))  # fmt: skip
        bounds = [f"{KINDS.get(kind, kind)} {which}: at least {count}" for kind, which, count in each["floors"]]
        bounds += [f"{KINDS.get(kind, kind)} {which}: at most {count}" for kind, which, count in each["ceilings"]]
        bounds += [f"{key} {side}: {why}" for key, side, why in each["locks"]]
        bounds += [f"The floor for {KINDS.get(kind, kind)} {which} costs {price} points" for kind, which, price in each["prices"]]  # fmt: skip
        if bounds:
            found.append(BulletList(bounds))
        if each["awards"]:
            rows = [[key, pounds(pence), "fragile" if key in each["fragile"] else ""] for key, pence in each["awards"]]
            found.append(Table(["Bid", "Amount", "Edge"], rows, widths=[4, 3, 2], numeric=[1]))
    return found or [Paragraph("No scenario was saved.")]


def draws(round: Round, names: Names) -> list[dict]:
    # The seed was published, and stands whole in the redacted copy too: figures like a telephone number are what a draw hangs on.
    rows = [
        {
            "seed": row.seed, "published_at": iso(row.published_at), "published_by": names.of(row.published_by_id),
            "floors": sorted(row.floors.items()), "held_at": iso(row.held_at), "held_by": row.held_by_id and names.of(row.held_by_id),
            "signed_at": iso(row.signed_at), "signed_by": row.signed_by_id and names.of(row.signed_by_id),
            "order": [[each["reference"], each["why"], each["number"]] for each in row.result or []],
        }
        for row in db.session.scalars(select(Draw).where(Draw.round_id == round.id))
    ]  # fmt: skip
    return sorted(rows, key=lambda each: (each["published_at"], each["seed"]))


def draws_in_words(facts: list[dict]) -> list[Block]:
    found: list[Block] = []
    for each in facts:
        found.append(Heading(3, f"Draw with the seed {each['seed']}"))
        steps = [f"Seed published by {each['published_by']} on {said(each['published_at'])}"]
        steps += [f"Priority {code}: at least {count}" for code, count in each["floors"]]
        steps.append(f"Held by {each['held_by']} on {said(each['held_at'])}" if each["held_at"] else "Not held yet")
        steps.append(f"Signed by {each['signed_by']} on {said(each['signed_at'])}" if each["signed_at"] else "Not signed: it does not count")  # fmt: skip
        found.append(BulletList(steps))
        if each["order"]:
            rows = [[str(place), reference, why, number[:16]] for place, (reference, why, number) in enumerate(each["order"], 1)]  # fmt: skip
            found.append(Table(["No", "Bid", "What decided", "Number begins"], rows, widths=[1, 3, 5, 3]))
    return found or [Paragraph("No draw was needed.")]


add_part(60, "ranking", "The ranked list", ranking, ranking_in_words)
add_part(70, "runs", "Recorded rankings", runs, runs_in_words)
add_part(80, "scenarios", "Scenarios", scenarios, scenarios_in_words)
add_part(90, "draws", "Draws", draws, draws_in_words)
