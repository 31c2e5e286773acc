"""The vendored styles carry nothing that belongs to gov.uk, and each partnership's colours are readable."""

import re

import pytest

from tests.look.gallery import PARTNERSHIPS, ROOT

VENDOR = ROOT / "static/vendor/govuk-frontend"
FUND = (ROOT / "static/fund.css").read_text()


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def colours(selector: str) -> dict[str, str]:
    """The custom properties of a partnership, over those of every page."""
    found: dict[str, str] = {}
    for block in (":root", selector):
        body = re.search(re.escape(block) + r" \{(.*?)\}", FUND, re.DOTALL)
        assert body, f"{block} has no colours"
        found |= dict(re.findall(r"(--fund-\w+): (#\w{6})", body[1]))
    return found


def test_vendored_style_sheet_carries_no_font_and_no_crest() -> None:
    css = (VENDOR / "govuk-frontend.min.css").read_text()
    assert '--govuk-frontend-version:"6.3.0"' in css
    for word in ("@font-face", "GDS Transport", "crest", "url(", "sourceMappingURL"):
        assert word not in css
    assert sorted(path.name for path in VENDOR.iterdir()) == [
        "LICENCE",
        "README.md",
        "govuk-frontend.min.css",
        "govuk-frontend.min.js",
    ]


@pytest.mark.parametrize("selector", [":root", *(f".partnership-{slug}" for slug in PARTNERSHIPS)])
def test_partnership_colours_are_readable(selector: str) -> None:
    own = colours(selector)
    assert contrast("#ffffff", own["--fund-colour"]) >= 7
    assert contrast("#ffffff", own["--fund-deep"]) >= 7
    assert contrast("#0b0c0c", own["--fund-tint"]) >= 7
    assert contrast("#1a65a6", own["--fund-tint"]) >= 4.5, "links on a tinted ground"
    assert contrast(own["--fund-accent"], "#ffffff") >= 3, "the agreed ring and the baseline"
    assert contrast(own["--fund-quiet"], own["--fund-tint"]) >= 4.5


def test_print_and_forced_colours_are_provided_for() -> None:
    assert "@media print" in FUND
    assert "@media (forced-colors: active)" in FUND
