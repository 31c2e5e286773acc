"""Draws every picture of the guides anew: `make screenshots`. The same world, the same standing clock, the same pages each time.

Groups are shown on a phone, staff at a desk. Pictures are small PNG files with a palette, so that the guides load fast.
"""

import io
import re
import sys
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from fund.core import clock
from tests.browser import launch
from tests.checks.site import Template

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
MOMENT = datetime(2026, 2, 3, 12, 0, tzinfo=UTC)
MOST_BYTES = 150_000
PHONE, DESK = "phone", "desk"
SCREENS = {
    PHONE: {"viewport": {"width": 360, "height": 700}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True},
    DESK: {"viewport": {"width": 1280, "height": 820}, "device_scale_factor": 1},
}


@dataclass(frozen=True)
class Picture:
    """One picture: who looks, from which address, through which links and ticks, and which words stand at the top."""

    name: str
    cast: str | None
    screen: str
    start: str
    links: tuple[str, ...] = ()
    at: str = ""


ALBUM = (
    Picture("group-round", None, PHONE, "/", ("open round",), at="Violence Prevention Fund ·"),
    Picture("group-can-you-apply", None, PHONE, "/", ("Check if you can apply",)),
    Picture("group-task-list", "lead", PHONE, "/applications", ("Marra to Marra",), at="Marra to Marra"),
    Picture("group-question", "lead", PHONE, "/applications", ("Marra to Marra", "Working together"), at="Working together and"),
    Picture("group-budget", "lead", PHONE, "/applications", ("Marra to Marra", "The money"), at="Line 1"),
    Picture("group-grant", "lead", PHONE, "/grants", ("Marra to Marra",), at="What happens now"),
    Picture("group-return", "lead", PHONE, "/grants", ("All your returns", "(Start|Continue) return"), at="How many new people"),
    Picture("assessor-bids", "assessor_wren", DESK, "/assessing"),
    Picture("assessor-conflicts", "assessor_wren", DESK, "/assessing", ("Declare conflicts",)),
    Picture("assessor-desk", "assessor_wren", DESK, "/assessing", ("Declare conflicts", "tick No conflict", "Save my answers", "Go on with")),
    Picture("chair-table", "chair", DESK, "/panel", ("Moderation",)),
    Picture("chair-bid", "chair", DESK, "/panel", ("Moderation", "-0024")),
    Picture("office", "officer", DESK, "/office"),
    Picture("office-round", "officer", DESK, "/office/rounds", ("open round",)),
    Picture("office-screening", "officer", DESK, "/office", ("Check 3 bids", "-0003", "Screening")),
    Picture("office-ranking", "officer", DESK, "/office/rounds", ("round in scoring", "Decide", "Ranked list")),
    Picture("decisions", "decision_maker", DESK, "/office/decisions", ("round in scoring",)),
    Picture("payments", "finance", DESK, "/office/payments?stage=ready"),
    Picture("return-to-read", "grant_manager", DESK, "/office/returns?state=sent", ("return",)),
    Picture("office-outcomes", "officer", DESK, "/office/rounds", ("first round", "Outcomes")),
    Picture("evaluator-round", "evaluator", DESK, "/evaluation/rounds", ("first round",)),
    Picture("public-home", None, DESK, "/"),
    Picture("public-register", None, DESK, "/register"),
    Picture("public-outcomes", None, DESK, "/outcomes", ("first round",)),
    Picture("public-strategy", None, DESK, "/strategies/durham-darlington"),
)  # fmt: skip


def small(png: bytes) -> bytes:
    """The same picture with at most 128 colours. Raises ValueError when it is still too large for a guide."""
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    picture.quantize(colors=128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:
        raise ValueError(f"{out.tell()} bytes are too many")
    return out.getvalue()


def take(page: Page, address: str, picture: Picture) -> bytes:
    """Go where the picture is and take it."""
    page.goto(address + picture.start)
    for words in picture.links:
        if words.startswith("tick "):
            page.get_by_label(words.removeprefix("tick ")).first.check()
            continue
        found = [page.get_by_role(role, name=re.compile(words)) for role in ("link", "button")]
        page.locator(".fund-sections, main").locator(found[0].or_(found[1])).first.click(timeout=8000)
        page.wait_for_load_state()
    if picture.at:
        page.get_by_text(picture.at).first.evaluate("each => window.scrollTo(0, each.getBoundingClientRect().top - 24)")
    return page.screenshot(animations="disabled")


def main(wanted: list[str]) -> int:
    """Draw the named pictures, or all."""
    PICTURES.mkdir(exist_ok=True)
    album = [each for each in ALBUM if not wanted or each.name in wanted]
    with clock.stand_still(MOMENT), tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        template, browser = Template(Path(folder)), launch(playwright)
        with template.copy().served() as site:
            for picture in album:
                context = browser.new_context(**SCREENS[picture.screen], locale="en-GB", timezone_id="Europe/London")
                if picture.cast:
                    context.add_cookies([site.cookie(picture.cast)])
                (PICTURES / f"{picture.name}.png").write_bytes(small(take(context.new_page(), site.address, picture)))
                print(f"docs/pictures/{picture.name}.png")
                context.close()
        browser.close()
        template.drop()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
