"""The words of every kind of letter: facts in, a Document out. The PDF and the page are both made from that one Document.

Nothing here asks the clock or the database: the same facts give the same Document on any day and any machine.
"""

import json
from datetime import date, datetime
from typing import Any

from fund.core.clock import speak_day
from fund.core.money import pounds
from fund.core.pdf import blocks
from fund.core.pdf.document import Attachment, Document
from fund.core.pdf.runs import Bold, Link

Facts = dict[str, Any]

TITLES = {
    "award": "Award letter",
    "variation": "Changed award letter",
    "unsuccessful": "The decision about your bid",
}


def document_of(facts: Facts) -> Document:
    """The letter that these facts make. Raises KeyError when a fact is missing: a letter never has a blank."""
    title = TITLES[facts["kind"]]
    body = {"award": _award, "variation": _award, "unsuccessful": _unsuccessful}[facts["kind"]](facts)
    partnership = facts["partnership"]
    return Document(
        title=title,
        blocks=[*_opening(facts, title), *body, *_closing(facts)],
        created_at=datetime.fromisoformat(facts["made_at"]),
        letterhead=blocks.Letterhead(partnership["name"], [partnership["funder"], *partnership["address"]]),
        reference=letter_reference(facts),
        author=partnership["funder"],
        subject=f"{title} {facts['reference']}",
        attachments=[_facts_as_file(facts)],
    )


def letter_reference(facts: Facts) -> str:
    """ "VPF-2024-0042, letter 1": at the foot of each page."""
    return f"{facts['reference']}, letter {facts['number']}"


def _facts_as_file(facts: Facts) -> Attachment:
    content = json.dumps(facts, sort_keys=True, ensure_ascii=False, indent=1).encode()
    return Attachment("facts.json", content, "application/json", "The facts of this letter, for machines")


def _opening(facts: Facts, title: str) -> list[blocks.Block]:
    to = [facts["contact"], facts["organisation"], *facts["address"]]
    return [
        blocks.Paragraph("\n".join(line for line in to if line)),
        blocks.Paragraph(f"{speak_day(datetime.fromisoformat(facts['made_at']))}\nReference {facts['reference']}"),
        blocks.Heading(1, f"{title}: {facts['project']}" if facts["project"] else title),
        blocks.Paragraph(f"Dear {facts['contact'] or facts['organisation']},"),
    ]


def _closing(facts: Facts) -> list[blocks.Block]:
    partnership = facts["partnership"]
    return [
        blocks.Heading(2, "If you are not happy with us"),
        blocks.Paragraph(
            f"Write to {partnership['email']} or call {partnership['phone']}. Give the reference {facts['reference']}. "
            "We answer complaints within 20 working days. Somebody who did not decide on your bid looks at your complaint."
        ),
        blocks.Heading(2, "How to know that this letter is ours"),
        blocks.QrCode(
            f"{facts['site']}/verify",
            "QR code that opens the page where this letter can be checked",
            [
                "Upload the PDF at ",
                Link(f"{facts['site']}/verify", f"{facts['site']}/verify"),
                ". The page says whether it is genuine, replaced by a newer letter, or altered.",
            ],
        ),
    ]


def _award(facts: Facts) -> list[blocks.Block]:
    varied = facts["kind"] == "variation"
    return [
        *(_changed(facts) if varied else _offered(facts)),
        blocks.KeyValue(
            [
                ("Amount", [Bold(pounds(facts["amount_pence"]))]),
                ("Asked for", pounds(facts["asked_pence"])),
                ("Purpose", facts["purpose"]),
                *([("Priority", facts["priority"])] if facts["priority"] else []),
                ("Funding period", f"{_day(facts['starts_on'])} to {_day(facts['ends_on'])}"),
                *([] if varied else [("Accept by", facts["accept_by"])]),
            ]
        ),
        blocks.Paragraph(facts["legal_power"]),
        blocks.Heading(2, "Why we fund it"),
        blocks.Paragraph(facts["reasons"]),
        *([blocks.Paragraph(["The panel said: ", facts["strengths"]])] if facts["strengths"] else []),
        *([] if varied else _how_to_accept(facts)),
        *_payments(facts),
        *_returns(facts),
        blocks.Heading(2, "Conditions"),
        blocks.NumberedList(
            [[Bold(f"{title}. "), text, _gate(gate)] for _number, title, text, gate in facts["conditions"]]
        ),
        *_signatures(facts),
    ]


def _gate(gate: bool) -> str:
    return " We pay when this is done." if gate else ""


def _offered(facts: Facts) -> list[blocks.Block]:
    amount = pounds(facts["amount_pence"])
    return [
        blocks.Paragraph(
            [
                "We are pleased to offer ",
                Bold(facts["organisation"]),
                f" a grant of {amount} from the {facts['fund']} ({facts['round']}). This letter is the agreement "
                "between us once you have accepted it.",
            ]
        )
    ]


def _changed(facts: Facts) -> list[blocks.Block]:
    return [
        blocks.Paragraph(
            f"We have changed the award that you accepted. This letter is version {facts['number']} and replaces the "
            "one before. What is not changed here stays as it was."
        ),
        blocks.Paragraph([Bold("What changed and why: "), facts["why"]]),
    ]


def _how_to_accept(facts: Facts) -> list[blocks.Block]:
    link = f"{facts['site']}/grants/{facts['award']}"
    who = (
        "One person who may sign for your organisation signs."
        if facts["signatures"] == 1
        else "Two different people of your group sign, each in their own sign-in, because the group is not a legal person. "
        "They sign personally."
    )
    return [
        blocks.Heading(2, "How to accept"),
        blocks.Paragraph(
            [
                "Sign in at ",
                Link(link, link),
                f" and accept by {facts['accept_by']}. {who} After that day the offer ends and the money goes back to "
                "the fund. You can also decline there; please say why.",
            ]
        ),
    ]


def _payments(facts: Facts) -> list[blocks.Block]:
    rows = [[str(number), _day(day), pounds(pence), _waits(gate)] for number, day, pence, gate in facts["tranches"]]
    return [
        blocks.Heading(2, "When we pay"),
        blocks.Table(
            ["Payment", "Not before", "Amount", "Waits for"], rows, caption="Payments", widths=[1.3, 2, 2, 4],
            numeric=[2], row_headers=True, total=["All", "", pounds(facts["amount_pence"]), ""],
        ),
        blocks.Paragraph("We pay by bank transfer after two of our staff have checked your bank details."),
    ]  # fmt: skip


def _waits(gate: str) -> str:
    return "The signed agreement" if gate == "agreement" else f"Our acceptance of return {gate.removeprefix('return-')}"


def _returns(facts: Facts) -> list[blocks.Block]:
    rows = [[str(number), f"{_day(first)} to {_day(last)}", _day(due)] for number, first, last, due in facts["returns"]]
    return [
        blocks.Heading(2, "When you report"),
        blocks.Table(
            ["Return", "About", "Send by"], rows, caption="Returns", widths=[1, 4, 2], row_headers=True
        ),
    ]  # fmt: skip


def _signatures(facts: Facts) -> list[blocks.Block]:
    if facts["kind"] == "variation":
        return [blocks.Paragraph(["Yours sincerely,"]), blocks.Paragraph(facts["partnership"]["funder"])]
    places = [
        blocks.SignatureBlock(f"Signatory {place}", f"For {facts['organisation']}", "Signed online: name, role and time are kept with this letter's fingerprint")
        for place in range(1, facts["signatures"] + 1)
    ]  # fmt: skip
    return [
        blocks.Heading(2, "Signatures"),
        blocks.Paragraph(f"For {facts['partnership']['funder']}: two decision makers approved this award."),
        *[blocks.KeepTogether([place]) for place in places],
    ]


def _unsuccessful(facts: Facts) -> list[blocks.Block]:
    feedback = facts["feedback"]
    criteria = [
        blocks.Table(
            ["Criterion", "Mark", "What the panel said"], feedback["criteria"], caption="What the panel said",
            widths=[3, 1, 5], row_headers=True,
        )
    ]  # fmt: skip
    return [
        blocks.Paragraph(
            f"Thank you for your bid to the {facts['fund']} ({facts['round']}). We are sorry that we cannot fund it this time."
        ),
        blocks.Heading(2, "Why"),
        blocks.Paragraph(facts["reasons"]),
        *(criteria if feedback["criteria"] else []),
        *(
            [blocks.Heading(2, "What was strong"), blocks.Paragraph(feedback["strengths"])]
            if feedback["strengths"]
            else []
        ),
        *(
            [blocks.Heading(2, "What would make it stronger"), blocks.Paragraph(feedback["improvements"])]
            if feedback["improvements"]
            else []
        ),
        blocks.Paragraph("You are welcome to apply again in a later round."),
    ]


def _day(text: str) -> str:
    return speak_day(date.fromisoformat(text))
