"""Who may import whom: packages in one direction, and inside a package views -> acts -> tables.

One test for each rule, which names every file that breaks it.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.house.sources import ORDER, ROOT, faults, modules, name_of, text, tree

MOST_LINES = 350


def rank(module: str) -> int | None:
    """Where a module stands in the order; None for what is not ours."""
    if module == "fund.core" or module.startswith("fund.core."):
        return 0
    top = module.partition(".")[0]
    return ORDER.index(top) if top in ORDER else None


@cache
def imports(path: Path) -> tuple[tuple[str, int], ...]:
    """Every module that a file imports, by its full name, with the line."""
    return tuple(_imports(path))


def _imports(path: Path):
    here = name_of(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            found = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            yield found, node.lineno
            yield from ((f"{found}.{alias.name}", node.lineno) for alias in node.names)


def test_imports_go_one_way():
    """fund.core <- fund <- applications <- scoring <- awards <- evaluation <- wsgi."""

    def rule(path):
        mine = rank(name_of(path))
        return [f"line {line}: {name}" for name, line in imports(path) if name == "wsgi" or (rank(name) or 0) > mine]

    assert not faults(modules(), rule)


def kind(module: str) -> str:
    """What kind of file a module is: view, form, act, permission or table."""
    parts = module.split(".")
    if parts[1:2] == ["tables"]:
        return "table"
    if "views" in parts or parts[-1] == "views" or parts[-1].endswith("_views"):
        return "view"
    return "act"


def test_inside_a_package_views_call_acts_and_acts_call_tables():
    def rule(path):
        me = name_of(path)
        if me.rpartition(".")[2].startswith("package"):
            return []  # the package's doors: knows everything inside
        allowed = {"view": {"view", "act", "table"}, "act": {"act", "table"}, "table": {"table"}}[kind(me)]
        inside = [(name, line) for name, line in imports(path) if name.startswith(me.partition(".")[0] + ".")]
        # A name may be a function: only what is a file is a module.
        files = [(name, line) for name, line in inside if is_file(name) and rank(name) > 0]
        return [f"line {line}: {name}" for name, line in files if kind(name) not in allowed]

    assert not faults([path for path in modules() if rank(name_of(path)) > 0], rule)


@cache
def is_file(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def test_only_views_speak_to_the_browser():
    """Acts never flash, redirect or read the request; those imports from Flask belong to views."""
    spoken = {"flash", "redirect", "request", "render_template", "session", "g"}

    def rule(path):
        if name_of(path) in ("fund.sessions",):  # it is about the cookie itself
            return []
        taken = {
            alias.name
            for node in ast.walk(tree(path))
            if isinstance(node, ast.ImportFrom) and node.module == "flask"
            for alias in node.names
        }
        return [f"takes {name} from Flask: that belongs in views" for name in sorted(taken & spoken)]

    assert not faults([path for path in modules() if kind(name_of(path)) != "view" and rank(name_of(path)) > 0], rule)


def test_a_module_says_what_it_is_for_and_stays_small():
    def rule(path):
        if text(path).strip() and not ast.get_docstring(tree(path)):
            yield "begins with no sentence"
        if (lines := len(text(path).splitlines())) > MOST_LINES:
            yield f"{lines} lines, {MOST_LINES} is the most"

    assert not faults(modules(), rule)


def test_a_fault_is_said_with_its_file_and_no_file_is_a_fault_too():
    first = modules()[0]
    assert faults([first], lambda path: ["line 1: wrong"]) == [f"{first.relative_to(ROOT)}: line 1: wrong"]
    with pytest.raises(AssertionError, match="no file to read"):
        faults([], lambda path: [])
