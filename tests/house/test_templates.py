"""Templates: each is used, takes only what it needs, does no sums, and keeps to the content security policy."""

import re
from pathlib import Path

import pytest

from tests.house.test_directions import modules

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt", ".svg"))
each_template = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(FOLDER)))
TAG = re.compile(r"\{#.*?#\}", re.DOTALL)


def read(path: Path) -> str:
    """The template without its comments."""
    return TAG.sub("", path.read_text())


@each_template
def test_what_is_imported_is_used(path):
    source = read(path)
    for statement in re.findall(r"\{%-?\s*from\s+[^%]+?import\s+([^%]+?)-?%\}", source):
        for taken in statement.replace(" with context", "").replace(" without context", "").split(","):
            name = taken.split(" as ")[-1].strip()
            assert len(re.findall(rf"\b{name}\b", source)) > 1, f"imports {name} and does not use it"
    for name in re.findall(r"\{%-?\s*import\s+\S+\s+as\s+(\w+)", source):
        assert len(re.findall(rf"\b{name}\b", source)) > 1, f"imports {name} and does not use it"


def named() -> str:
    """Everything that may name a template: the code and the other templates."""
    return "\n".join([*(path.read_text() for path in modules()), *(read(path) for path in TEMPLATES)])


def test_every_template_is_rendered_or_included():
    everything, unused = named(), []
    for path in TEMPLATES:
        name = str(path.relative_to(FOLDER))
        by_number = name.startswith("errors/")
        by_key = name.startswith("emails/") and f'"{path.stem}"' in everything
        by_number = by_number or f'"{path.parent.relative_to(FOLDER)}/{{' in everything  # one of several, by its key
        if not (by_number or by_key or f'"{name}"' in everything or f"'{name}'" in everything):
            unused.append(name)
    assert not unused


def test_every_error_page_is_there():
    from fund.core.web import ERROR_PAGES

    assert {path.stem for path in (FOLDER / "errors").glob("*.html")} == {str(status) for status in ERROR_PAGES}


@each_template
def test_every_endpoint_it_names_exists(path, app):
    """`link_to` of an unknown endpoint draws nothing: a slip of the pen would take a button away without a word."""
    asked = re.findall(r"""\b(?:url_for|link_to)\(\s*["']([a-z_]+\.[a-z_]+)["']""", read(path))
    assert not [name for name in asked if name not in app.view_functions]


@each_template
def test_no_inline_style_script_or_handler(path):
    if path.suffix == ".txt":
        return
    source = read(path)
    assert not re.search(r"\sstyle\s*=", source)
    assert not re.search(r"<script(?![^>]*\bsrc=)", source)
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source)


@each_template
def test_no_sums_and_no_queries(path):
    """What is computed is computed by code that has tests; a template only shows it."""
    source = read(path)
    found = re.findall(
        r"\{[{%][^}%]*?(?:\w+_pence\s*[-+*/]|[-+*/]\s*\w+_pence|\.query\b|\bdb\.|session\.execute)[^}%]*?[%}]\}", source
    )
    assert not found


@each_template
def test_nothing_is_marked_safe(path):
    """Text that people typed is escaped; HTML made by code comes as Markup, so no template needs `|safe`."""
    assert not re.search(r"\|\s*safe\b|autoescape\s+false", read(path))


def test_subjects_of_mail_hold_no_names():
    """The first line travels in the clear: references only."""
    for path in TEMPLATES:
        if path.parent.name == "emails":
            first = read(path).strip().splitlines()[0]
            assert not re.search(
                r"\{\{[^}]*\b(name|email|person|lead)\b[^}]*\}\}",
                first.replace("round.name", "").replace("partnership.short_name", ""),
            ), path.name
