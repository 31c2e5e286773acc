"""A return in a real browser over the demonstration's world: filled in, sent, read, accepted; then what came of it."""

import re


def test_a_return_from_the_list_to_the_public_page(visit):
    """Every page on the way is read by axe at both widths (tests/checks/visitor.py)."""
    manager = visit("grant_manager").go("/office/returns?state=due")
    manager.follow("#returns tbody a")
    period = re.search(r"/office/returns/(\d+)", manager.page.url)[1]
    manager.check().press("What was promised")

    group = visit("lead").go(f"/returns/{period}")
    planned = re.search(r"Planned for this period: £([\d,.]+)", group.words)[1].replace(",", "")
    group.fill("How many new people did you reach?", "7").fill("How much did you spend?", planned)
    assert "exactly as planned" in group.words
    group.press("Send", exact=True)
    assert "Your budget headings add up to £0.00" in group.words
    assert group.page.get_by_label("How many new people").input_value() == "7"
    headings = group.page.locator("input[name^='heading_']")
    headings.first.fill(planned)
    assert "That is what you spent" in group.words
    group.fill("What changed for someone?", "A girl of 15 has somebody to ring.").choose("This person (and, under 16")
    group.press("Send", exact=True)
    assert "is sent. Thank you." in group.words
    group.go(f"/returns/{period}")

    manager.go("/office").go("/office/returns?state=sent").go(f"/office/returns/{period}").press("Accept the return")
    assert "is accepted. The group has been thanked." in manager.words
    manager.go(f"/office/returns/{period}").press("Publish the story")
    assert "The story is public." in manager.words

    anybody = visit().go("/outcomes").press("Violence Prevention Fund: first round")
    assert "A girl of 15 has somebody to ring." in anybody.words
    for words in ("People reached", "Money spent", "How sure are we?"):
        assert words in anybody.words
    anybody.page.set_viewport_size({"width": 360, "height": 740})
    for address, table in (("/funded", "#funded"), ("/register", "#grants")):  # on a phone each grant is a card
        anybody.go(address)
        assert anybody.page.locator(table).evaluate("each => each.offsetWidth <= window.innerWidth")
        label = anybody.page.locator(f"{table} tbody td").nth(2)
        assert label.evaluate("each => getComputedStyle(each, '::before').content").startswith('"')


def test_the_demonstration_has_a_letter_about_a_withdrawal(visit):
    manager = visit("grant_manager").go("/office/awards?sort=reference")
    withdrawn = manager.page.locator("#awards tr, table tr").filter(has_text="Withdrawn").locator("a").first
    with manager.page.expect_navigation():
        withdrawn.click()
    manager.check().press("Letter about a withdrawal 1")
    assert "You withdrew from your grant" in manager.words


def test_a_letter_on_paper_has_its_sum_below_the_last_row_and_no_address_twice(visit):
    """A browser repeats the foot of a table on every sheet, and our pages print where their links lead."""
    lead = visit("lead").go("/grants").press("Marra to Marra")
    page = lead.page
    page.emulate_media(media="print")
    foot = page.locator(".fund-letter tfoot").first
    assert foot.evaluate("each => getComputedStyle(each).display") == "table-row-group"
    link = page.locator(".fund-letter a[href^='http']").first
    assert link.evaluate("each => getComputedStyle(each, '::after').content") == "none"


def test_staff_and_evaluators_pages_in_a_browser(visit):
    evaluator = visit("evaluator").go("/evaluation/rounds").press("Violence Prevention Fund: first round")
    assert "People reached by priority and prevention level" in evaluator.words
    key = re.search(r"/rounds/(\d+)", evaluator.page.url)[1]
    manager = visit("grant_manager")
    for address in (f"/office/rounds/{key}/outcomes", f"/office/rounds/{key}/forecast", "/office/returns?state=late",
                    "/office/returns?state=all", "/office/indicators"):  # fmt: skip
        manager.go(address)
    manager.go("/office/returns?state=sent_back")
    late = visit("grant_manager").go("/office/returns?state=late")
    late.follow("#returns tbody a").check().press("Give more time")


def test_a_return_is_filled_in_without_scripts(visit):
    manager = visit("grant_manager").go("/office/returns?state=due")
    period = re.search(r"/office/returns/(\d+)", manager.page.locator("#returns tbody a").first.get_attribute("href"))[
        1
    ]
    group = visit("lead", java_script_enabled=False)
    group.page.goto(f"{group.site.address}/returns/{period}")
    assert group.page.get_by_label("Why is it different from the plan?").is_visible()
    group.fill("How many new people did you reach?", "3").fill("How much did you spend?", "0")
    with group.page.expect_navigation():
        group.page.get_by_role("button", name="Send", exact=True).click()
    assert "more than 10% under. Say why" in group.words
    assert group.page.get_by_label("How many new people").input_value() == "3"
