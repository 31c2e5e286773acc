"""The documents know what the code knows: every setting, every command, every address, every workflow."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from fund.core.settings import PLAIN_NAMES, Settings
from tests.house import generated

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
MAKE = re.findall(r"^([a-z]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
FROM_LIBRARIES = {"db", "routes", "run", "shell"}


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_is_explained(setting):
    assert f"`{setting}`" in OPERATIONS
    assert f"`{PLAIN_NAMES.get(setting, f'FUND_{setting.upper()}')}`" in OPERATIONS


def commands(group: click.Group, before: str = ""):
    for name, command in group.commands.items():
        if not before and name in FROM_LIBRARIES:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_command_is_explained(app):
    """In docs/operations.md as `flask --app wsgi <command>`, and by its own --help."""
    for name, command in commands(app.cli):
        assert f"flask --app wsgi {name}" in OPERATIONS, name
        assert (command.help or "").strip(), name
        for parameter in command.params:
            assert not isinstance(parameter, click.Option) or parameter.help, f"{name} {parameter.name}"


@pytest.mark.parametrize("target", MAKE)
def test_every_make_target_is_explained(target):
    assert f"`make {target}`" in OPERATIONS


@pytest.mark.parametrize("name", generated.PAGES)
def test_the_generated_pages_are_up_to_date(app, name):
    """`make docs` writes them."""
    with app.app_context():
        assert (ROOT / "docs" / name).read_text() == generated.PAGES[name](app), f"docs/{name} is old: run make docs"


def test_links_between_the_documents_lead_somewhere():

    lost = []
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target and not target.startswith("mailto:") and not (page.parent / target).exists():
                lost.append(f"{page.relative_to(ROOT)}: {target}")
    assert not lost


SECURITY = (ROOT / "docs" / "security.md").read_text()


def test_every_requirement_of_security_has_its_line():
    """Q01 to Q90, each once; "Q55 to Q58" names all between."""
    named: set[int] = set()
    for cell in re.findall(r"^\| (Q[^|]+)\|", SECURITY, re.MULTILINE):
        for part in cell.split(","):
            first, *last = [int(number) for number in re.findall(r"\d+", part)]
            named |= set(range(first, (last[0] if last else first) + 1))
    assert named == set(range(1, 91))


def test_every_test_that_security_names_is_there():
    """A file of tests, then the tests in it that the line names."""
    lost = []
    for line in SECURITY.splitlines():
        for path, tests in re.findall(r"`(tests/[\w/]+\.py)`((?:[:,] `test_\w+`)*)", line):
            there = (ROOT / path).read_text() if (ROOT / path).exists() else ""
            lost += [f"{path}: {name}" for name in re.findall(r"`(test_\w+)`", tests) if f"def {name}(" not in there]
            lost += [path] if not there else []
    assert not lost
