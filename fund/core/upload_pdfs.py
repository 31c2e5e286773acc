"""A PDF may carry programs, forms that send, or other files. Ours to keep are those that only show pages."""

import io
import zipfile

import pikepdf

from .problems import Problem

_ACTIVE = {
    "/JS",
    "/JavaScript",
    "/Launch",
    "/EmbeddedFiles",
    "/EmbeddedFile",
    "/RichMedia",
    "/SubmitForm",
    "/ImportData",
    "/XFA",
}
MOST_OBJECTS = 200_000


def check_pdf(content: bytes, name: str) -> None:
    """Raises Problem for a PDF that asks for a password, is broken, active, or another kind of file at the same time.

    One that is locked only against changes opens for every reader: bank statements come like that.
    """
    if not content.startswith(b"%PDF-") or zipfile.is_zipfile(io.BytesIO(content)):
        raise Problem(f"“{name}” is not what its ending says. Print it to a new PDF and add that.", "files")
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            if len(document.pages) == 0 or len(document.objects) > MOST_OBJECTS:
                raise Problem(
                    f"“{name}” has no pages, or far too many parts. Print it to a new PDF and add that.", "files"
                )
            active = any(_is_active(each) for each in document.objects) or _is_active(document.trailer)
    except pikepdf.PasswordError:
        raise Problem(f"“{name}” is locked with a password. Save it without one and add it again.", "files") from None
    except (pikepdf.PdfError, ValueError, RuntimeError):
        raise Problem(f"“{name}” is damaged. Print it to a new PDF and add that.", "files") from None
    if active:
        raise Problem(f"“{name}” holds programs or other files. Print it to a new PDF and add that.", "files")


def _is_active(thing, depth: int = 0) -> bool:
    """Whether this object, or one written inside it, can do more than show; others it points to are looked at on their own."""
    if depth > 20:
        return True
    if isinstance(thing, pikepdf.Name):
        return str(thing) in _ACTIVE
    if isinstance(thing, pikepdf.Stream):
        return _is_active(thing.stream_dict, depth + 1)
    if isinstance(thing, pikepdf.Dictionary):
        return any(key in _ACTIVE or _is_inside(value, depth) for key, value in thing.items())
    if isinstance(thing, pikepdf.Array):
        return any(_is_inside(value, depth) for value in thing)
    return False


def _is_inside(value, depth: int) -> bool:
    return not getattr(value, "is_indirect", False) and _is_active(value, depth + 1)
