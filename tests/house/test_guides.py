"""The guides keep their promises: links and pictures exist, commands and settings are real, pictures are small and all drawn by us."""

import re
from pathlib import Path

import pytest

from fund.core.settings import Settings
from tests.screenshots import ALBUM, MOST_BYTES, PICTURES

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
GUIDES = ("community-groups", "assessors", "commissioners", "evaluators", "the-public")
MAKE = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def targets(text: str):
    """Every address that a page links to or shows: Markdown links and pictures, without titles."""
    return re.findall(r"\]\(([^)\s]+)[^)]*\)", text)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as Git hosts make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_and_picture_leads_somewhere(page):
    for target in targets(page.read_text()):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        found = page if not path else (page.parent / path).resolve()
        assert found.is_relative_to(ROOT), f"{target} leads out of the repository"
        assert found.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(found), f"{target}: no such heading"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_make_target_that_is_named_exists(page):
    named = re.findall(r"(?:`|^    )make ([a-z]+)", page.read_text(), re.MULTILINE)
    assert set(named) <= MAKE


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_is_named_exists(page, app):
    for first, second in re.findall(r"flask --app wsgi ([a-z-]+)(?: ([a-z-]+))?", page.read_text()):
        assert first in app.cli.commands, first
        below = getattr(app.cli.commands[first], "commands", None)
        assert below is None or not second or second in below, f"{first} {second}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_setting_that_is_named_exists(page):
    known = {f"FUND_{name.upper()}" for name in Settings.__dataclass_fields__} | {"FUND_INSTANCE"}
    named = set(re.findall(r"\bFUND_[A-Z_]+\b", page.read_text()))
    assert named <= known


@pytest.mark.parametrize("audience", GUIDES)
def test_every_audience_has_a_guide_that_the_readme_leads_to(audience):
    guide = f"docs/for-{audience}.md"
    assert guide in targets((ROOT / "README.md").read_text())
    assert "pictures/" in (ROOT / guide).read_text()


def test_every_address_in_a_guide_exists(app):
    rules = {re.sub(r"<[^>]+>", "<>", rule.rule) for rule in app.url_map.iter_rules()} | {"/demo"}
    for audience in GUIDES:
        for address in re.findall(r"`(/[a-z/-]*)`", (ROOT / f"docs/for-{audience}.md").read_text()):
            assert address in rules, f"{audience}: {address}"


def test_every_picture_is_small_drawn_by_the_album_and_shown_with_words():
    """`make screenshots` draws them; a picture without words says nothing to who cannot see it."""
    shown = set()
    for page in PAGES:
        for words, path in re.findall(r"!\[([^\]]*)\]\(([^)]+)\)", page.read_text()):
            assert len(words) > 20, f"{path} in {page.name} has no words"
            shown.add(Path(path).stem)
    drawn = {picture.stem for picture in PICTURES.iterdir()}
    assert drawn == {picture.name for picture in ALBUM} == shown
    assert all(picture.stat().st_size <= MOST_BYTES for picture in PICTURES.iterdir())
    assert all(picture.read_bytes().startswith(b"\x89PNG") for picture in PICTURES.iterdir())
