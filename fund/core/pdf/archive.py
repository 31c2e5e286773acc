"""What makes the file fit for an archive (PDF/A-3a): metadata, colour profile, true character maps, attached files."""

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String

PRODUCER = "Violence Prevention Fund"
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def write_metadata(pdf: pikepdf.Pdf, title: str, author: str, subject: str, language: str, moment: datetime) -> None:
    """The same facts in XMP and in the document information, where older readers look; the moment is UTC."""
    xmp = _XMP.format(
        title=escape(title),
        author=escape(author),
        subject=escape(subject),
        language=escape(language),
        producer=PRODUCER,
        moment=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
    )
    pdf.Root.Metadata = pdf.make_stream(xmp.encode(), Type=Name.Metadata, Subtype=Name.XML)
    facts = {"/Title": title, "/Author": author, "/Subject": subject, "/Producer": PRODUCER}
    date = String(pdf_date(moment))
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary({**{name: String(value) for name, value in facts.items()}, "/CreationDate": date, "/ModDate": date})
    )


def pdf_date(moment: datetime) -> str:
    """A UTC moment as PDF writes it."""
    return f"D:{moment:%Y%m%d%H%M%S}Z"


def write_colour_profile(pdf: pikepdf.Pdf) -> None:
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String("sRGB IEC61966-2.1"),
        DestOutputProfile=pdf.make_stream(_profile(), N=3),
    )
    pdf.Root.OutputIntents = Array([intent])


@cache
def _profile() -> bytes:
    return files("fund.core.pdf").joinpath("fonts", "sRGB.icc").read_bytes()


def mend_character_maps(pdf: pikepdf.Pdf) -> None:
    """ReportLab maps every unused place of a typeface to U+0000; both standards refuse that."""
    for page in pdf.pages:
        for font in page.Resources.get("/Font", Dictionary()).values():
            if "/ToUnicode" in font and not font.get("/Mended"):
                font.ToUnicode = pdf.make_stream(
                    _without_zeros(font.ToUnicode.read_bytes().decode("latin1")).encode("latin1")
                )
                font.Mended = True
    for page in pdf.pages:
        for font in page.Resources.get("/Font", Dictionary()).values():
            if "/Mended" in font:
                del font.Mended


def _without_zeros(text: str) -> str:
    block = re.search(r"\d+ beginbfchar\n(.*?)endbfchar\n*", text, re.S)
    if not block:
        return text
    lines = [line for line in block[1].strip().split("\n") if not line.endswith("<0000>")]
    chunks = (lines[start : start + 100] for start in range(0, len(lines), 100))
    body = "".join(f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar\n" for chunk in chunks)
    return text[: block.start()] + body + text[block.end() :]


def attach(pdf: pikepdf.Pdf, attachments: Sequence[Any], moment: datetime) -> None:
    """Puts files into the PDF, each with what it is to the letter (AFRelationship), as PDF/A-3 asks."""
    if not attachments:
        return
    names, all_files = Array(), Array()
    for attachment in sorted(attachments, key=lambda one: one.name):
        facts = Dictionary(Size=len(attachment.content), ModDate=String(pdf_date(moment)))
        stream = pdf.make_stream(
            attachment.content, Type=Name.EmbeddedFile, Subtype=Name("/" + attachment.media_type), Params=facts
        )
        name = String(attachment.name)
        spec = Dictionary(
            Type=Name.Filespec,
            F=name,
            UF=name,
            Desc=String(attachment.description),
            AFRelationship=Name.Data,
            EF=Dictionary(F=stream, UF=stream),
        )
        spec = pdf.make_indirect(spec)
        names.append(name)
        names.append(spec)
        all_files.append(spec)
    pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=names))
    pdf.Root.AF = all_files
