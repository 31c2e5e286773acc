"""The digital signature of letters: made once, when the letter is made, and kept; and what is said of one that is found.

An installation without `signing_certificate` sends letters that carry their fingerprint only. One with it never sends a
letter unsigned: when the certificate is over, nothing is sent.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import exists, select

from fund.core.certificates import Signed, SigningCertificate, look_at, read_certificate
from fund.core.clock import speak_day
from fund.core.database import db
from fund.core.pdf.document import Document, draw, draw_to_sign
from fund.core.pdf.signing import fill_place, signatures_in

from .tables import Letter

KEPT = "signing_certificate"


def prepare(app: Flask) -> None:
    """Read the certificate once. Raises ValueError with a sentence when it does not open: the start stops."""
    settings = app.config["SETTINGS"]
    file = Path(app.instance_path) / settings.signing_certificate
    app.extensions[KEPT] = read_certificate(file, settings.signing_password) if settings.signing_certificate else None


def certificate_in_use() -> SigningCertificate | None:
    return current_app.extensions.get(KEPT)


def why_not_signed(now: datetime) -> str:
    """Why no letter can be signed now, as half a sentence for staff; empty when letters are signed or need no signature."""
    certificate = certificate_in_use()
    if certificate is None or certificate.begins_at <= now < certificate.ends_at:
        return ""
    if now >= certificate.ends_at:
        return f"the signing certificate ended on {speak_day(certificate.ends_at)}"
    return f"the signing certificate begins on {speak_day(certificate.begins_at)}"


@dataclass(frozen=True)
class Made:
    """A letter's file, with its signature and the fingerprint of the certificate where letters are signed."""

    pdf: bytes
    signature: bytes | None = None
    signed_with: str | None = None


def make(document: Document, *, now: datetime) -> Made:
    """Draw, and sign where there is a certificate. Raises Problem when the certificate is over."""
    certificate = certificate_in_use()
    if certificate is None:
        return Made(draw(document))
    certificate.refuse_when_over(now)
    opened, mark, sha256 = draw_to_sign(_with_place(document))
    signature = certificate.sign(sha256, now=now)
    return Made(fill_place(opened, mark, signature), signature, certificate.sha256)


def make_again(document: Document, signature: bytes | None) -> bytes:
    """Drawn afresh, with the signature that was kept: the same bytes, whatever certificate is in use by now."""
    if signature is None:
        return draw(document)
    opened, mark, _sha256 = draw_to_sign(_with_place(document))
    return fill_place(opened, mark, signature)


def _with_place(document: Document) -> Document:
    return replace(document, to_be_signed=f"Digital signature of {document.author}")


@dataclass(frozen=True)
class Signature:
    """What is said of a signature: "holds", "longer" (it holds, but something was added to the file afterwards), "broken"
    (ours, but the file is not what was signed) or "other" (made with a certificate that is not ours)."""

    word: str
    subject: str


def signature_in(content: bytes) -> Signature | None:
    """The signature of a file that somebody sent: one of ours before any other; None when there is none."""
    found = [_said(each.whole, signed) for each in signatures_in(content) if (signed := look_at(each.signature, each.covered_sha256))]  # fmt: skip
    words = ("holds", "longer", "broken", "other")
    return min(found, key=lambda each: words.index(each.word)) if found else None


def _said(whole: bool, signed: Signed) -> Signature:
    """Only a signature that we made and kept holds: with a stolen key somebody else could make one that adds up."""
    if not is_ours(signed.sha256):
        return Signature("other", signed.subject)
    holds = signed.holds and _is_kept(signed)
    return Signature("broken" if not holds else "holds" if whole else "longer", signed.subject)


def _is_kept(signed: Signed) -> bool:
    kept = (Letter.signed_with == signed.sha256, Letter.signature == signed.signature)
    return bool(db.session.scalar(select(exists().where(*kept))))


def is_ours(certificate_sha256: str) -> bool:
    """Whether this certificate signs letters now or has signed one before."""
    now_used = certificate_in_use()
    if now_used is not None and now_used.sha256 == certificate_sha256:
        return True
    return bool(db.session.scalar(select(exists().where(Letter.signed_with == certificate_sha256))))
