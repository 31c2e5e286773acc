"""A letter that uses every block, and readers that get the words back out of a PDF and of a page, as people do."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import html5lib
import page
import pikepdf
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Drawing, String

from fund.core.pdf import blocks
from fund.core.pdf.document import Attachment, Document
from fund.core.pdf.runs import Bold, Italic, Link

MOMENT = datetime(2024, 7, 3, 9, 30, tzinfo=UTC)
LETTERHEAD = blocks.Letterhead("Durham Police and Crime Commissioner", ["Aykley Heads", "Durham DH1 5TS"], "#5b2c83")
OFFER = "https://fund.example/offers/1?a=b&c=d"


def document(*parts: blocks.Block, **facts) -> Document:
    """A document with a title heading and these blocks."""
    given = {"letterhead": LETTERHEAD, "reference": "VPF-2024-0042", **facts}
    return Document("Award letter", [blocks.Heading(1, "Award letter"), *parts], MOMENT, **given)


def every_block() -> Document:
    """Each kind of block at least once, over several pages."""
    rows = [
        [f"Ward {number}", f"{number * 37:,}", "Recorded violence " + "and more " * (number % 20)]
        for number in range(60)
    ]
    return document(
        blocks.Paragraph("Jo Smith\nRiverside Youth & Community <Ltd>\nDurham"),
        blocks.Paragraph(
            [
                "Dear Jo, ",
                Bold("we are pleased"),
                ". ",
                Italic("Read"),
                " ",
                Link("how to accept it online " * 6, OFFER),
                ".",
            ]
        ),
        blocks.KeyValue([("Amount", "£18,250.00"), ("Delivery", ["1 August 2024 to ", Bold("31 March 2025")])]),
        blocks.Heading(2, "What we ask of you"),
        blocks.NumberedList(
            [
                "Spend it as you said. " * 12,
                blocks.Item("If plans change:", [blocks.BulletList(["tell us", "wait"])]),
                "Report.",
            ]
        ),
        blocks.NumberedList(["carried", "on"], start=3, letters=True),
        blocks.Heading(2, "When we pay"),
        blocks.Table(
            ["Instalment", "First do", "Amount"],
            [["First", ["Sign and read ", Link("this page", OFFER)], "£9,125.00"], ["Second", "", "£9,125.00"]],
            caption="Payments",
            numeric=[2],
            row_headers=True,
            total=["Total", "", "£18,250.00"],
        ),
        blocks.Heading(3, "Your targets"),
        blocks.BarChart(
            [blocks.Bar("Sessions held", 96, "96"), blocks.Bar("Volunteers & more", 12, "12")], "Targets by March"
        ),
        blocks.Figure(chart(), "Sessions by quarter: 3, 5 and 8"),
        blocks.QrCode(
            "https://fund.example/verify", "QR code of the page that checks this letter", "Scan it to check."
        ),
        blocks.KeepTogether(
            [blocks.Paragraph("Yours sincerely"), blocks.SignatureBlock("Joy Allen", "Commissioner", "Signed")]
        ),
        blocks.PageBreak(),
        blocks.Table(["Ward", "Figure", "What it counts"], rows, numeric=[1], widths=[2, 1, 4]),
        blocks.Spacer(30),
        blocks.Paragraph("Siân Ŵyn, שלום עולם 12, محمد, 😀 and non‑breaking."),
        author="Durham PCC",
        subject="Offer of a grant",
        attachments=[Attachment("letter.json", b'{"amount": 1825000}', "application/json", "The letter's facts")],
    )


def chart() -> Drawing:
    drawing, bars = Drawing(300, 120), VerticalBarChart()
    bars.data, bars.x, bars.y, bars.width, bars.height = [[3, 5, 8]], 30, 20, 250, 90
    bars.categoryAxis.categoryNames = ["Spring", "Summer", "שלום"]
    drawing.add(bars)
    drawing.add(String(30, 112, "Sessions 😀", fontName="Times-Bold"))
    return drawing


def failures(data: bytes) -> list[str]:
    """What PDF/UA-1 and PDF/A-3a find wrong."""
    reports = [page.validate_pdf_bytes(data, profile=profile) for profile in ("ua1", "3a")]
    return [f"{failure.rule_id}: {failure.message}" for report in reports for failure in report.failures]


def words(text: str) -> str:
    return " ".join(text.split())


def elements(data: bytes) -> list[tuple[str, str]]:
    """The structure tree in reading order: (path of tags, words), as a screen reader meets it."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        marked = {page.obj.objgen: _marked_text(page) for page in pdf.pages}
        return list(_walk(pdf.Root.StructTreeRoot.K[0], "", marked))


def spoken(data: bytes) -> str:
    """The words of the structure tree; a figure speaks its alternative text."""
    return words("".join(text for _, text in elements(data)))


def _walk(node: pikepdf.Object, path: str, marked: dict) -> Iterator[tuple[str, str]]:
    path += str(node.S)
    if "/Alt" in node:
        yield path, f" {node.Alt} "
        return
    block = not path.endswith("/Link")
    if block:
        yield path, " "
    for kid in node.K:
        if kid.get("/Type") == "/MCR":
            yield path, marked[kid.Pg.objgen][int(kid.MCID)]
        elif kid.get("/Type") != "/OBJR":
            yield from _walk(kid, path, marked)
    if block:
        yield path, " "


def _marked_text(on: pikepdf.Page) -> dict[int, str]:
    """The words of each numbered piece of a page, by the fonts' character maps; ActualText wins over what is drawn."""
    found, stack, maps, font = {}, [], {name: _map(font) for name, font in on.Resources.Font.items()}, {}
    for operands, operator in pikepdf.parse_content_stream(on):
        name = str(operator)
        if name in ("BDC", "BMC"):
            facts = operands[1] if len(operands) > 1 else {}
            stack.append((int(facts["/MCID"]) if "/MCID" in facts else None, str(facts.get("/ActualText", ""))))
            if stack[-1][1] and stack[0][0] is not None:
                found[stack[0][0]] = found.get(stack[0][0], "") + stack[-1][1]
        elif name == "EMC":
            stack.pop()
        elif name == "Tf":
            font = maps[str(operands[0])]
        elif name == "Tj":
            assert stack, "everything drawn is content or artifact"
            if stack[0][0] is not None and not any(actual for _, actual in stack):
                found[stack[0][0]] = found.get(stack[0][0], "") + "".join(font[code] for code in bytes(operands[0]))
    return found


def _map(font: pikepdf.Object) -> dict[int, str]:
    lines = re.findall(r"<([0-9A-Fa-f]{2})> <([0-9A-Fa-f]{4,})>", font.ToUnicode.read_bytes().decode("latin1"))
    return {int(code, 16): bytes.fromhex(letter).decode("utf-16-be") for code, letter in lines}


def page_words(html: str) -> str:
    """The words of a page as a browser shows them, list markers too."""
    return words(_html_text(html5lib.parseFragment(str(html), namespaceHTMLElements=False)))


def _html_text(node) -> str:
    text, count = node.text or "", int(node.get("start", 1))
    for child in node:
        if child.tag == "li":
            number = "abcdefghij"[count - 1] if node.get("type") == "a" else count
            text += " • " if node.tag == "ul" else f" {number}. "
            count += 1
        inline = child.tag in ("a", "strong", "em")
        text += (_html_text(child) if inline else f" {_html_text(child)} ") + (child.tail or "")
    return text


def without_artifacts(data: bytes) -> bytes:
    """The PDF with only what belongs to its structure still drawn."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for each in pdf.pages:
            kept, hidden = [], 0
            for operands, operator in pikepdf.parse_content_stream(each):
                if hidden or (str(operator) in ("BDC", "BMC") and operands[0] == "/Artifact"):
                    hidden += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
                    # Fonts and colours set in between stay set afterwards.
                    if str(operator) not in ("Tf", "BT", "ET", "rg"):
                        continue
                kept.append((operands, operator))
            each.Contents = pdf.make_stream(pikepdf.unparse_content_stream(kept))
        pdf.save(out)
    return out.getvalue()
