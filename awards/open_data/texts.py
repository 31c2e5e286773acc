"""What free text loses before it is published: e-mail addresses, telephone numbers and line breaks."""

import re

REMOVED = "[removed]"
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w£.,/-])(?:\+44|0)(?:[\s()-]*\d){9,11}(?![\w])")
_BREAKS = re.compile(r"\s+")


def fit_to_publish(text: str) -> str:
    """One line without addresses of people: reasons are written for the public, but people paste."""
    return _BREAKS.sub(" ", _PHONE.sub(REMOVED, _EMAIL.sub(REMOVED, text))).strip()
