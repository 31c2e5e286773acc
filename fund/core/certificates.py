"""The installation's signing certificate: read from its PKCS#12 file once, and what it signs.

No network at all: no timestamp server, no lists of revoked certificates. The moment of a signature is the one given.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from asn1crypto.cms import CertificateSet, ContentInfo, SignerInfo
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.sign.signers import SimpleSigner
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from .clock import speak_day
from .problems import Problem

KEYS = (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)


@dataclass(frozen=True)
class SigningCertificate:
    """A certificate and its key. `sha256` is the certificate's fingerprint, 64 hexadecimal digits; the moments are UTC."""

    subject: str
    sha256: str
    begins_at: datetime
    ends_at: datetime
    _signer: SimpleSigner = field(repr=False)

    def refuse_when_over(self, now: datetime) -> None:
        """Raises Problem before its first and after its last moment."""
        if now >= self.ends_at:
            raise Problem(f"The certificate that letters are signed with ended on {speak_day(self.ends_at)}. Nothing was sent. Ask your administrator to put a new one in place.")  # fmt: skip
        if now < self.begins_at:
            raise Problem(f"The certificate that letters are signed with begins on {speak_day(self.begins_at)}. Nothing was sent. Ask your administrator to look at it.")  # fmt: skip

    def sign(self, sha256: str, *, now: datetime) -> bytes:
        """A PAdES signature (CMS in DER) of a file with this SHA-256. Raises Problem when the certificate is over."""
        self.refuse_when_over(now)
        signed = self._signer.async_sign(bytes.fromhex(sha256), "sha256", use_pades=True)
        return asyncio.run(signed).dump()


def read_certificate(file: Path, password: str) -> SigningCertificate:
    """The certificate of a PKCS#12 file. Raises ValueError with a sentence that names neither key nor password."""
    try:
        content = file.read_bytes()
    except OSError as refusal:
        raise ValueError(f"signing_certificate: {file} cannot be read ({refusal.strerror}).") from None
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(content, password.encode() or None)
    except ValueError:
        raise ValueError(f"signing_certificate: {file} does not open. Either signing_password is wrong, or it is not a PKCS#12 file.") from None  # fmt: skip
    if key is None or certificate is None:
        raise ValueError(f"signing_certificate: {file} must hold a certificate and its private key.")
    if not isinstance(key, KEYS):
        raise ValueError(f"signing_certificate: the key in {file} is neither RSA nor elliptic curve.")
    if not _may_sign(certificate):
        raise ValueError(f"signing_certificate: the certificate in {file} is not for signing (key usage).")
    signer = SimpleSigner.load_pkcs12_data(content, other_certs=(), passphrase=password.encode() or None)
    return SigningCertificate(
        _subject(certificate), certificate.fingerprint(SHA256()).hex(), certificate.not_valid_before_utc,
        certificate.not_valid_after_utc, signer,
    )  # fmt: skip


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _subject(certificate: x509.Certificate) -> str:
    """The name that people know it by: the common name, else the organisation, else everything."""
    for wanted in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        if named := certificate.subject.get_attributes_for_oid(wanted):
            return str(named[0].value)
    return certificate.subject.rfc4514_string()


@dataclass(frozen=True)
class Signed:
    """Who signed, and whether the signature is true for what it was compared with. `signature` is the CMS without padding."""

    subject: str
    sha256: str
    holds: bool
    signature: bytes


def look_at(signature: bytes, covered_sha256: bytes) -> Signed | None:
    """Whose signature this CMS is and whether it holds for a file of this SHA-256; None for what is no signature.

    Whether the certificate is one of ours is for the caller to say: nobody is asked whether it can be trusted.
    """
    try:
        whole = ContentInfo.load(signature)
        signed = whole["content"]
        signer = signed["signer_infos"][0]
        certificate = _certificate_of(signer, signed["certificates"])
        intact, valid = validate_sig_integrity(signer, certificate, "data", covered_sha256)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, UnsupportedAlgorithm):
        return None  # asn1crypto answers hostile bytes with any of these
    known = x509.load_der_x509_certificate(certificate.dump())
    return Signed(_subject(known), known.fingerprint(SHA256()).hex(), intact and valid, whole.dump())


def _certificate_of(signer: SignerInfo, certificates: CertificateSet) -> Certificate:
    """Raises ValueError when the signature does not carry it."""
    named = signer["sid"].chosen
    for each in certificates:
        if (each.chosen.issuer, each.chosen.serial_number) == (named["issuer"], named["serial_number"].native):
            return each.chosen
    raise ValueError("the certificate is not there")
