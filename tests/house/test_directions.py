"""Who may import whom: packages in one direction, and inside a package views -> acts -> tables."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["fund.core", "fund", "applications", "scoring", "awards", "evaluation"]
MOST_LINES = 350


def modules() -> list[Path]:
    return [path for top in ORDER[1:] for path in sorted((ROOT / top).rglob("*.py"))]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def rank(module: str) -> int | None:
    """Where a module stands in the order; None for what is not ours."""
    if module == "fund.core" or module.startswith("fund.core."):
        return 0
    top = module.partition(".")[0]
    return ORDER.index(top) if top in ORDER else None


def imports(path: Path):
    """Every module that a file imports, by its full name, with the line."""
    here = name_of(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            found = ".".join([*base, *(node.module or "").split(".")]).strip(".")
            yield found, node.lineno
            yield from ((f"{found}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_go_one_way(path):
    """fund.core <- fund <- applications <- scoring <- awards <- evaluation <- wsgi."""
    mine = rank(name_of(path))
    wrong = [f"line {line}: {name}" for name, line in imports(path) if name == "wsgi" or (rank(name) or 0) > mine]
    assert not wrong


def kind(module: str) -> str:
    """What kind of file a module is: view, form, act, permission or table."""
    parts = module.split(".")
    if parts[1:2] == ["tables"]:
        return "table"
    if "views" in parts or parts[-1] == "views" or parts[-1].endswith("_views"):
        return "view"
    return "act"


@pytest.mark.parametrize("path", [path for path in modules() if rank(name_of(path)) > 0], ids=name_of)
def test_inside_a_package_views_call_acts_and_acts_call_tables(path):
    me = name_of(path)
    if me.rpartition(".")[2].startswith("package"):
        return  # the package's doors: knows everything inside
    allowed = {"view": {"view", "act", "table"}, "act": {"act", "table"}, "table": {"table"}}[kind(me)]
    inside = [(name, line) for name, line in imports(path) if name.startswith(me.partition(".")[0] + ".")]
    # A name may be a function: only what is a file is a module.
    files = [(name, line) for name, line in inside if is_file(name) and rank(name) > 0]
    assert not [f"line {line}: {name}" for name, line in files if kind(name) not in allowed]


def is_file(module: str) -> bool:
    path = ROOT.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


@pytest.mark.parametrize(
    "path", [path for path in modules() if kind(name_of(path)) != "view" and rank(name_of(path)) > 0], ids=name_of
)
def test_only_views_speak_to_the_browser(path):
    """Acts never flash, redirect or read the request; those imports from Flask belong to views."""
    spoken = {"flash", "redirect", "request", "render_template", "session", "g"}
    if name_of(path) in ("fund.sessions",):  # it is about the cookie itself
        return
    taken = {
        alias.name
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "flask"
        for alias in node.names
    }
    assert not taken & spoken, f"{name_of(path)} takes {sorted(taken & spoken)} from Flask: that belongs in views"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_a_module_says_what_it_is_for_and_stays_small(path):
    text = path.read_text()
    assert ast.get_docstring(ast.parse(text)) or not text.strip(), "begins with no sentence"
    assert len(text.splitlines()) <= MOST_LINES
