"""Templates: each is used, takes only what it needs, does no sums, and keeps to the content security policy.

One test for each rule, which names every template that breaks it.
"""

import ast
import re
from functools import cache
from pathlib import Path

from tests.house.sources import ROOT, faults, modules, text, tree

FOLDER = ROOT / "templates"
TEMPLATES = sorted(path for path in FOLDER.rglob("*") if path.suffix in (".html", ".txt", ".svg"))
TAG = re.compile(r"\{#.*?#\}", re.DOTALL)


@cache
def read(path: Path) -> str:
    """The template without its comments."""
    return TAG.sub("", text(path))


def test_what_is_imported_is_used():
    def rule(path):
        source = read(path)
        taken = re.findall(r"\{%-?\s*import\s+\S+\s+as\s+(\w+)", source)
        for statement in re.findall(r"\{%-?\s*from\s+[^%]+?import\s+([^%]+?)-?%\}", source):
            names = statement.replace(" with context", "").replace(" without context", "").split(",")
            taken += [name.split(" as ")[-1].strip() for name in names]
        return [f"imports {name} and does not use it" for name in taken if len(re.findall(rf"\b{name}\b", source)) < 2]

    assert not faults(TEMPLATES, rule)


def named() -> str:
    """Everything that may name a template: the code and the other templates."""
    return "\n".join([*(text(path) for path in modules()), *(read(path) for path in TEMPLATES)])


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


def test_every_endpoint_it_names_exists(app):
    """`link_to` of an unknown endpoint draws nothing: a slip of the pen would take a button away without a word."""

    def rule(path):
        asked = re.findall(r"""\b(?:url_for|link_to)\(\s*["']([a-z_]+\.[a-z_]+)["']""", read(path))
        return [name for name in asked if name not in app.view_functions]

    assert not faults(TEMPLATES, rule)


def test_no_inline_style_script_or_handler():
    inline = (r"\sstyle\s*=", r"<script(?![^>]*\bsrc=)", r"\son[a-z]+\s*=\s*[\"']")

    def rule(path):
        return [match.group() for pattern in inline for match in re.finditer(pattern, read(path))]

    assert not faults([path for path in TEMPLATES if path.suffix != ".txt"], rule)


def test_no_sums_and_no_queries():
    """What is computed is computed by code that has tests; a template only shows it."""
    sums = r"\{[{%][^}%]*?(?:\w+_pence\s*[-+*/]|[-+*/]\s*\w+_pence|\.query\b|\bdb\.|session\.execute)[^}%]*?[%}]\}"
    assert not faults(TEMPLATES, lambda path: re.findall(sums, read(path)))


def test_nothing_is_marked_safe():
    """Text that people typed is escaped; HTML made by code comes as Markup, so no template needs `|safe`."""
    assert not faults(TEMPLATES, lambda path: re.findall(r"\|\s*safe\b|autoescape\s+false", read(path)))


def test_subjects_of_mail_hold_no_names():
    """The first line travels in the clear: references only."""
    for path in TEMPLATES:
        if path.parent.name == "emails":
            first = read(path).strip().splitlines()[0]
            assert not re.search(
                r"\{\{[^}]*\b(name|email|person|lead)\b[^}]*\}\}",
                first.replace("round.name", "").replace("partnership.short_name", ""),
            ), path.name


def _names_a_page(given: ast.expr) -> bool:
    return isinstance(given, ast.Constant) and isinstance(given.value, str) and given.value.endswith(".html")


def test_a_layout_takes_no_word_away_from_a_page():
    """What a layout sets, its blocks read too: a page given `words` would read the layout's `words` instead of its own."""
    given = {
        word.arg
        for path in modules()
        for each in ast.walk(tree(path))
        if isinstance(each, ast.Call) and any(_names_a_page(one) for one in each.args)
        for word in each.keywords
    }

    def rule(path):
        taken = set(re.findall(r"\{%-?\s*set\s+(\w+)", read(path)))
        return [f"sets {name}, which a page is given" for name in sorted(taken & given)]

    assert not faults([path for path in TEMPLATES if path.parent.name == "layouts"], rule)
