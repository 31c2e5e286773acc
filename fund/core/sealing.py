"""Sealing: facts that stand encrypted in the database, under keys derived from the installation's secret key.

Each purpose has a key of its own, so that what was sealed for one is nothing to another. A new secret key makes what was
sealed unreadable: docs/operations.md says what to do before changing it.
"""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def seal(content: bytes, purpose: str) -> bytes:
    """The content encrypted and signed (Fernet: AES-128-CBC with HMAC-SHA-256)."""
    return _box(purpose).encrypt(content)


def unseal(sealed: bytes, purpose: str) -> bytes:
    """What was sealed for this purpose. Raises cryptography.fernet.InvalidToken when it was altered or sealed under another key."""
    return _box(purpose).decrypt(sealed)


def fingerprint(content: bytes, purpose: str) -> str:
    """A keyed hash in hex: the same content has the same one, and without the key it cannot be tried out."""
    return hmac.new(_derived(purpose), content, hashlib.sha256).hexdigest()


def _derived(purpose: str) -> bytes:
    secret = current_app.config["SETTINGS"].secret_key.encode()
    info = b"violence-prevention-fund " + purpose.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(secret)


def _box(purpose: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_derived(purpose)))
