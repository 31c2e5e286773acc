"""The officer stops sharing a scenario with the panel and shares it again; the chair sees just what is shared."""

import pytest

from .story import says

pytestmark = pytest.mark.journey

NAME = "Most points"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_scenario_is_shared_with_one_press_and_taken_back_with_another(visit, scripts):
    sam, imogen = visit("officer", java_script_enabled=scripts), visit("chair", java_script_enabled=scripts)
    imogen.go("/panel").follow("main a[href$='/scenarios']")
    shared = imogen.page.url.removeprefix(imogen.site.address)
    says(imogen, NAME)
    round = shared.split("/")[3]
    sam.go(f"/office/rounds/{round}/portfolio/compare")
    assert sam.page.get_by_role("button", name="Stop sharing").count() == 2, "the demonstration shares two"

    sam.press(f"Stop sharing “{NAME}”")
    says(sam, f"“{NAME}” is not shared any more")
    assert NAME not in imogen.go(shared).page.locator("table th").all_inner_texts()

    sam.press(f"Share with the panel “{NAME}”")
    says(sam, f"“{NAME}” is shared with the panel")
    assert NAME in imogen.go(shared).page.locator("table th").all_inner_texts()
