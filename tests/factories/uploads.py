"""Files as people upload them: good ones, and those that must be refused."""

import io
import zipfile

import pikepdf
from PIL import Image

MAIN = {
    "docx": ("word/document.xml", "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"),
}
XML = '<?xml version="1.0"?><w>Our policy</w>'


def package(*parts: tuple[str, str | bytes], **options) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts:
            zipped.writestr(name, content)
    return out.getvalue()


def office(kind: str = "docx", *more: tuple[str, str | bytes], main: str | bytes = XML) -> bytes:
    part, content_type = MAIN[kind]
    types = f'<Types><Override PartName="/{part}" ContentType="{content_type}"/></Types>'
    return package(("[Content_Types].xml", types), (part, main), *more)


def open_document(kind: str = "text", *more: tuple[str, str | bytes]) -> bytes:
    return package(("mimetype", f"application/vnd.oasis.opendocument.{kind}"), ("content.xml", XML), *more)


def pdf(change=None, **options) -> bytes:
    document = pikepdf.new()
    document.add_blank_page()
    if change:
        change(document)
    out = io.BytesIO()
    document.save(out, **options)
    return out.getvalue()


def photo(kind: str = "JPEG", size: tuple[int, int] = (40, 30), *, located: bool = False) -> bytes:
    image = Image.new("RGB", size, "teal")
    exif = Image.Exif()
    if located:
        exif.get_ifd(0x8825).update({1: "N", 2: (54.0, 46.0, 3.0)})
        exif[0x010F] = "A camera"
        exif[0x0112] = 6  # lies on its side
    out = io.BytesIO()
    image.save(out, kind, exif=exif)
    return out.getvalue()
