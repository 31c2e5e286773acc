"""Stored documents: bytes are what they were, and names people gave never become paths."""

import pytest
from flask import Flask

from fund.core import files

NAMES = {
    "report.pdf": "report.pdf",
    "../../etc/passwd": "passwd",
    r"..\..\windows\win.ini": "win.ini",
    "/etc/shadow": "shadow",
    "a\x00b.pdf": "a_b.pdf",
    "a\r\nSet-Cookie: x=1.pdf": "a__Set-Cookie_ x=1.pdf".replace("=", "_"),
    '"quoted".pdf': "_quoted_.pdf",
    "‮fdp.exe": "_fdp.exe",
    "=cmd|' /C calc'!A0.csv": "C calc__A0.csv",
    "": "document",
    "...": "document",
    "   ": "document",
    ".htaccess": "htaccess",
    "CON.txt": "_CON.txt",
    "lpt1": "_lpt1",
    "Ŵyn’s plan (final) & budget+1.docx": "Ŵyn_s plan (final) & budget+1.docx",
    "<script>.svg": "_script_.svg",
    "a/b/c": "c",
    "trailing. . .": "trailing",
    "na\u2028me.txt": "na_me.txt",
    "\ud800.txt": "_.txt",
}


@pytest.mark.parametrize(("given", "kept"), NAMES.items(), ids=lambda name: repr(name)[:20])
def test_names_are_cleaned(given, kept):
    assert files.safe_name(given) == kept


@pytest.mark.parametrize("given", ["x" * 300, "x" * 300 + ".pdf", "x." + "y" * 300, "." * 300 + "pdf", "ж" * 300])
def test_long_names_are_cut(given):
    kept = files.safe_name(given)
    assert 0 < len(kept) <= 120
    assert files.safe_name(kept) == kept


@pytest.mark.parametrize(
    ("media_type", "inline", "kind"),
    [
        ("text/html", True, "attachment"),
        ("image/svg+xml", True, "attachment"),
        ("application/pdf", False, "attachment"),
        ("application/pdf", True, "inline"),
    ],
)
def test_a_document_is_saved_not_run(media_type, inline, kind):
    with Flask("x").app_context():
        answer = files.send(b"<script>", "a\r\nb.html", media_type, inline=inline)
    assert answer.headers["Content-Disposition"].startswith(kind)
    assert "\n" not in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
