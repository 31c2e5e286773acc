"""The same Document as part of a page, for those who would rather not open a PDF: the same words, in the page's look.

GOV.UK class names and no style attributes (the content security policy allows none). Page furniture is the page's own.
"""

import io
from collections.abc import Sequence
from functools import singledispatch

import segno
from markupsafe import Markup

from fund.core.pdf import blocks
from fund.core.pdf.document import Document
from fund.core.pdf.runs import Bold, Italic, Link, Run, Text, clean, plain, runs

_SIZES = {1: "l", 2: "m"}


def as_html(document: Document, top_level: int = 1) -> Markup:
    """The document's blocks as HTML; a level 1 heading becomes `<h top_level>`, for a page with an h1 of its own."""
    return _all(document.parts, top_level - 1)


def _all(parts: Sequence[blocks.Block], deeper: int) -> Markup:
    return Markup("\n").join(html for part in parts if (html := _html(part, deeper)))


def _words(text: Text) -> Markup:
    return Markup("").join(map(_run, runs(text)))


def _run(run: Run) -> Markup:
    words = Markup("<br>\n").join(clean(run.text).split("\n"))
    if isinstance(run, Bold):
        return Markup("<strong>{}</strong>").format(words)
    if isinstance(run, Italic):
        return Markup("<em>{}</em>").format(words)
    if isinstance(run, Link):
        return Markup('<a class="govuk-link" href="{}">{}</a>').format(run.address, words)
    return words


@singledispatch
def _html(block: blocks.Block, deeper: int) -> Markup:
    """The HTML of a block; blocks that only arrange paper (Spacer, PageBreak) have none."""
    return Markup("")


@_html.register
def _(block: blocks.Letterhead, deeper: int) -> Markup:
    lines = Markup("<br>\n").join(plain(line) for line in block.address)
    address = Markup('\n<p class="govuk-body">{}</p>').format(lines) if lines else ""
    return Markup('<p class="govuk-body"><strong>{}</strong></p>{}').format(plain(block.organisation), address)


@_html.register
def _(block: blocks.Heading, deeper: int) -> Markup:
    level = min(block.level + deeper, 6)
    return Markup('<h{0} class="govuk-heading-{1}">{2}</h{0}>').format(
        level, _SIZES.get(block.level, "s"), _words(block.text)
    )


@_html.register
def _(block: blocks.Paragraph, deeper: int) -> Markup:
    return Markup('<p class="govuk-body">{}</p>').format(_words(block.text))


@_html.register
def _(block: blocks.BulletList, deeper: int) -> Markup:
    return Markup('<ul class="govuk-list govuk-list--bullet">\n{}\n</ul>').format(_items(block.entries(), deeper))


@_html.register
def _(block: blocks.NumberedList, deeper: int) -> Markup:
    kind = Markup(' type="a"') if block.letters else ""
    start = Markup(' start="{}"').format(block.start) if block.start != 1 else ""
    return Markup('<ol class="govuk-list govuk-list--number"{}{}>\n{}\n</ol>').format(
        kind, start, _items(block.entries(), deeper)
    )


def _items(items: list[blocks.Item], deeper: int) -> Markup:
    return Markup("\n").join(
        Markup("<li>{}{}</li>").format(_words(item.text), _all(item.blocks, deeper)) for item in items
    )


@_html.register
def _(block: blocks.Table, deeper: int) -> Markup:
    caption = Markup('<caption class="govuk-table__caption govuk-table__caption--s">{}</caption>\n').format(
        plain(block.caption)
    )
    head = _row(block, block.headers, "col", len(block.headers))
    body = Markup("\n").join(_row(block, row, "row", int(block.row_headers)) for row in block.rows)
    total = (
        Markup('\n<tfoot class="govuk-table__foot">\n{}\n</tfoot>').format(_row(block, block.total, "row", 1))
        if block.total
        else ""
    )
    return Markup(
        '<table class="govuk-table">\n{}<thead class="govuk-table__head">\n{}\n</thead>\n'
        '<tbody class="govuk-table__body">\n{}\n</tbody>{}\n</table>'
    ).format(caption if block.caption else "", head, body, total)


def _row(table: blocks.Table, cells: Sequence[Text], scope: str, headers: int) -> Markup:
    made = Markup("")
    for index, cell in enumerate(cells):
        kind, numeric = (
            ("header", "govuk-table__header--numeric") if index < headers else ("cell", "govuk-table__cell--numeric")
        )
        names = f"govuk-table__{kind} {numeric}" if index in table.numeric else f"govuk-table__{kind}"
        form = '<th scope="{1}" class="{0}">{2}</th>' if index < headers else '<td class="{0}">{2}</td>'
        made += Markup(form).format(names, scope, _words(cell))
    return Markup('<tr class="govuk-table__row">{}</tr>').format(made)


@_html.register
def _(block: blocks.KeyValue, deeper: int) -> Markup:
    row = Markup(
        '<div class="govuk-summary-list__row"><dt class="govuk-summary-list__key">{}</dt>'
        '<dd class="govuk-summary-list__value">{}</dd></div>'
    )
    rows = Markup("\n").join(row.format(_words(key), _words(value)) for key, value in block.rows)
    return Markup('<dl class="govuk-summary-list">\n{}\n</dl>').format(rows)


@_html.register
def _(block: blocks.Figure, deeper: int) -> Markup:
    return Markup('<p class="govuk-body">{}</p>').format(plain(block.alt))


@_html.register
def _(block: blocks.BarChart, deeper: int) -> Markup:
    row = Markup(
        '<tr class="govuk-table__row"><th scope="row" class="govuk-table__header">{}</th>'
        '<td class="govuk-table__cell govuk-table__cell--numeric">{}</td></tr>'
    )
    rows = Markup("\n").join(row.format(plain(bar.label), plain(bar.words)) for bar in block.bars)
    return Markup(
        '<table class="govuk-table">\n<caption class="govuk-table__caption govuk-table__caption--s">{}</caption>\n'
        '<tbody class="govuk-table__body">\n{}\n</tbody>\n</table>'
    ).format(plain(block.alt), rows)


def qr_svg(text: str, alt: str) -> Markup:
    """A QR code as a picture in the page: no style and no script, so that the content security policy lets it stand."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", scale=3, xmldecl=False, svgns=False, svgclass=None, lineclass=None, nl=False, title=alt
    )
    return Markup(out.getvalue().decode()).replace("<svg", Markup('<svg role="img"'), 1)  # segno escapes the title


@_html.register
def _(block: blocks.QrCode, deeper: int) -> Markup:
    code = qr_svg(block.text, plain(block.alt))
    words = Markup('\n<p class="govuk-body">{}</p>').format(_words(block.words)) if plain(block.words) else ""
    return Markup("<div>{}</div>{}").format(code, words)


@_html.register
def _(block: blocks.SignatureBlock, deeper: int) -> Markup:
    note = Markup('<p class="govuk-body"><em>{}</em></p>\n').format(plain(block.note)) if block.note else ""
    role = Markup("<br>\n{}").format(plain(block.role)) if block.role else ""
    return Markup('{}<p class="govuk-body"><strong>{}</strong>{}</p>').format(note, plain(block.name), role)


@_html.register
def _(block: blocks.KeepTogether, deeper: int) -> Markup:
    return _all(block.blocks, deeper)
