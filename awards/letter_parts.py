"""The parts of a letter that are more than a sentence: summary, payments, returns, conditions, signatures, what the panel said.

Each takes the facts and answers blocks; an empty list where there is nothing to say, heading and all.
"""

from datetime import date
from typing import Any

from fund.core.clock import speak_day
from fund.core.money import pounds
from fund.core.pdf import blocks
from fund.core.pdf.runs import Bold, Link, Text

Facts = dict[str, Any]
Blocks = list[blocks.Block]


def day_of(text: str) -> str:
    """ "2026-06-01" as people say it."""
    return speak_day(date.fromisoformat(text))


def award_summary(facts: Facts) -> Blocks:
    rows = [
        ("Amount", [Bold(pounds(facts["amount_pence"]))]),
        ("Asked for", pounds(facts["asked_pence"])),
        ("Purpose", facts["purpose"]),
        *([("Priority", facts["priority"])] if facts["priority"] else []),
        ("Funding period", f"{day_of(facts['starts_on'])} to {day_of(facts['ends_on'])}"),
        *([] if facts["kind"] == "variation" else [("Accept by", facts["accept_by"])]),
    ]
    return [blocks.KeyValue(rows)]


def panel_strengths(facts: Facts) -> Blocks:
    return [blocks.Paragraph(["The panel said: ", facts["strengths"]])] if facts["strengths"] else []


def payments(facts: Facts) -> Blocks:
    rows = [[str(number), day_of(day), pounds(pence), _waits(gate)] for number, day, pence, gate in facts["tranches"]]
    table = blocks.Table(
        ["Payment", "Not before", "Amount", "Waits for"], rows, caption="Payments", widths=[1.3, 2, 2, 4], numeric=[2],
        row_headers=True, total=["All", "", pounds(facts["amount_pence"]), ""],
    )  # fmt: skip
    return [table]


def _waits(gate: str) -> str:
    return "The signed agreement" if gate == "agreement" else f"Our acceptance of return {gate.removeprefix('return-')}"


def returns(facts: Facts) -> Blocks:
    rows = [[str(number), f"{day_of(first)} to {day_of(last)}", day_of(due)] for number, first, last, due in facts["returns"]]  # fmt: skip
    return [blocks.Table(["Return", "About", "Send by"], rows, caption="Returns", widths=[1, 4, 2], row_headers=True)]


def conditions(facts: Facts) -> Blocks:
    return [blocks.NumberedList([_condition(*each) for each in facts["conditions"]])]


def _condition(_number: int, title: str, text: str, gate: bool) -> list:
    return [Bold(f"{title}. "), text, " We pay when this is done." if gate else ""]


def own_conditions(facts: Facts) -> Blocks:
    """The conditions of this award alone, with the numbers that they have among all."""
    own = [each for each in facts["conditions"] if each[0] in facts["own"]]
    return [blocks.NumberedList([text for _number, _title, text, _gate in own], start=own[0][0])] if own else []


def changes(facts: Facts) -> Blocks:
    """What differs from the letter before, old and new beside each other."""
    if not facts.get("changes"):
        return []
    return [blocks.Table(["What", "Before", "Now"], facts["changes"], caption="What is different", widths=[2, 3, 3], row_headers=True)]  # fmt: skip


def signatures(facts: Facts) -> Blocks:
    note = "Signed online: name, role and time are kept with this letter's fingerprint"
    return [
        blocks.KeepTogether([blocks.SignatureBlock(f"Signatory {place}", f"For {facts['organisation']}", note)])
        for place in range(1, facts["signatures"] + 1)
    ]


def panel_feedback(facts: Facts) -> Blocks:
    """Mark and reason for each criterion, what was strong, what would help."""
    said = facts["feedback"]
    table = blocks.Table(
        ["Criterion", "Mark", "What the panel said"], said["criteria"], caption="What the panel said", widths=[3, 1, 5],
        row_headers=True,
    )  # fmt: skip
    parts: Blocks = [table] if said["criteria"] else []
    for heading, words in (
        ("What was strong", said["strengths"]),
        ("What would make it stronger", said["improvements"]),
    ):
        if words:
            parts += [blocks.Heading(2, heading), blocks.Paragraph(words)]
    if said.get("views"):
        parts += [
            blocks.Heading(2, "What young and lived-experience members thought"),
            blocks.Paragraph(
                f"Would this make people safer where they live? Their view counts for {said['view_weight']} of 100."
            ),
            blocks.BulletList([f"{whose}: {words}. {reason}" for whose, words, reason in said["views"]]),
        ]
    return parts


def officer_note(facts: Facts) -> Blocks:
    """What the officer wrote, unless it only repeats the reasons of the checks."""
    known = {" ".join(why.split()) for _name, why in facts["failed"]} | {name for name, _why in facts["failed"]}
    lines = [line.strip() for line in facts["reason"].splitlines() if " ".join(line.split()) not in known | {""}]
    return [blocks.Paragraph("\n".join(lines))] if lines else []


def failed_checks(facts: Facts) -> Blocks:
    if not facts["failed"]:
        return []
    return [blocks.BulletList([[Bold(f"{name}. "), why] if why else name for name, why in facts["failed"]])]


def elsewhere(facts: Facts) -> Blocks:
    """Where else to ask, as the round says."""
    if not facts["elsewhere"]:
        return []
    places: list[Text] = [[Bold(name), f" ({where})" if where else "", f": {what}" if what else ""] for name, where, what in facts["elsewhere"]]  # fmt: skip
    return [blocks.Paragraph("Others may be able to help:"), blocks.BulletList(places)]


def money_summary(facts: Facts) -> Blocks:
    returned = [("Came back", pounds(facts["recovered_pence"]))] if facts["recovered_pence"] else []
    rows: list[tuple[Text, Text]] = [
        ("Award", [Bold(pounds(facts["amount_pence"]))]), ("Paid", pounds(facts["paid_pence"])), *returned,
        ("Funding period", f"{day_of(facts['starts_on'])} to {day_of(facts['ends_on'])}"),
    ]  # fmt: skip
    return [blocks.KeyValue(rows)]


def added_note(facts: Facts) -> Blocks:
    return [blocks.Paragraph(facts["added_note"])] if facts["added_note"] else []


def pay_back(facts: Facts) -> Blocks:
    """What to pay back and by when. Account details never stand in a letter: a forged one could name another account."""
    if not facts["pay_back_pence"]:
        return []
    return [
        blocks.Heading(2, "Money to pay back"),
        blocks.Paragraph(["Pay back ", Bold(pounds(facts["pay_back_pence"])), " by ", Bold(day_of(facts["pay_back_by"])), "."]),
        blocks.Paragraph(
            f"Write to {facts['partnership']['email']} before you pay. We tell you where to send the money, and you can ask "
            "us to spread it. We never change the account by email alone: call us if you are asked to pay somewhere else."
        ),
    ]  # fmt: skip


def how_to_check(facts: Facts) -> Blocks:
    address = f"{facts['site']}/verify"
    words: Text = [
        "Upload the PDF at ",
        Link(address, address),
        ". The page says whether it is genuine, replaced by a newer letter, or altered.",
    ]
    return [blocks.QrCode(address, "QR code that opens the page where this letter can be checked", words)]
