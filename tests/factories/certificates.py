"""Signing certificates made on the spot, as PKCS#12 files: self-signed, for letters of tests only."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "the password of the certificate"
SUBJECT = "Durham Police and Crime Commissioner"


def certificate_file(
    folder: Path, *, ends: int = 2028, elliptic: bool = False, usage: bool | None = None, subject: str = SUBJECT
) -> Path:
    """A PKCS#12 file whose certificate begins in 2025 and ends on 1 January of `ends`; `usage` says whether it may sign."""
    key = ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(datetime(2025, 1, 1, tzinfo=UTC))
    made = made.not_valid_after(datetime(ends, 1, 1, tzinfo=UTC))
    if usage is not None:
        allowed = dict.fromkeys(("content_commitment", "data_encipherment", "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)  # fmt: skip
        made = made.add_extension(x509.KeyUsage(digital_signature=usage, key_encipherment=not usage, **allowed), True)
    protection = serialization.BestAvailableEncryption(PASSWORD.encode())
    file = folder / f"{made._serial_number}.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"letters", key, made.sign(key, hashes.SHA256()), None, protection))  # fmt: skip
    return file
