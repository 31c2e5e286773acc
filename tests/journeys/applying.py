"""Chapter 1: from the public page of an open round to a bid that the officer finds eligible."""

from . import bid
from .story import Story, blank_pdf, code_in, main, says, type_day

APPLICANT = "stranger"  # Dev Malik: his company's number waits to be checked, and he has no bid yet


def somebody_new_finds_that_they_can_apply(story: Story) -> None:
    """Public pages, no sign-in: the round, all questions, how bids are scored, five questions, yes."""
    reader = story.be("")
    reader.go("/").press("open round")
    story.keep("round", reader)
    says(reader, "Up to £5,000 for groups that are not registered", "Up to £40,000 for registered organisations")
    reader.press("How we score").page.go_back()
    reader.press("Read all the questions first")
    says(reader, *("What is your project called?", "How much money do you ask for?"))
    reader.go(story.kept["round"]).press("Check if you can apply")
    reader.press("Continue")
    says(reader, "Choose yes or no")
    for number in range(1, 6):
        says(reader, f"Question {number} of 5")
        reader.page.get_by_label("Yes", exact=True).check()
        reader.press("Continue")
    says(reader, "You can apply")


def the_applicant_signs_in_with_a_code(story: Story) -> None:
    reader = story.be("")
    reader.press("Start your bid")
    address = story.site.person(APPLICANT).email
    reader.fill("Email address", address).press("Send me a code")
    says(reader, f"We sent a code to {address}")
    reader.fill("6-digit code", "000000").press("Sign in")
    says(reader, "code")
    code = code_in(story.mail(address, "Your sign-in code"))
    reader.fill("6-digit code", code).press("Sign in")
    says(reader, "Which organisation is this bid for?")


def the_applicant_starts_a_bid(story: Story) -> None:
    dev = story.be("")
    assert dev.page.get_by_label("Skerne Side Sports").is_checked()  # the only one that there is
    dev.press("Start the bid")
    says(dev, "0 of 8", "Your number is to be checked")
    story.keep("bid", dev)
    story.turned_out_to_be(APPLICANT)


def every_question_is_answered_through_its_page(story: Story) -> None:
    """In the order of the form, one page after the other; each is saved before the next is shown."""
    dev = story.be(APPLICANT)
    dev.press("Your project")
    dev.page.fill("#value", bid.TITLE)
    _on(dev)
    for key in ("Q1", "priority", "Q3", "level"):
        _answer(dev, key)
    for place in bid.PLACES:
        dev.page.get_by_label(place, exact=True).check()
    _on(dev)
    _answer(dev, "Q2")
    _answer(dev, "Q4")
    type_day(dev, "start", "1 6 2026")
    type_day(dev, "end", "31 5 2027")
    _on(dev)
    _milestones(dev)
    dev.page.select_option("#value", "sports-programmes")
    _on(dev)
    for key in ("Q5", "Q9", "Q6", "Q10", "Q11"):
        _answer(dev, key)
    _on(dev)  # risks can be left out
    _beneficiaries(dev)
    _answer(dev, "Q7")
    _answer(dev, "Q8")
    _outcomes(dev)


def a_penny_over_the_cap_is_refused_and_nothing_is_lost(story: Story) -> None:
    dev = story.be(APPLICANT)
    says(dev, "How much money do you ask for?")
    dev.page.fill("#value", "40,000.01")
    dev.press("Save and continue")
    says(
        dev,
        "You asked for £40,000.01. Registered organisations can ask for up to £40,000.00. Take off £0.01 to carry on.",
    )
    assert dev.page.input_value("#value").replace(",", "") == "40000.01"
    dev.go(story.kept["bid"])
    says(dev, "Take off £0.01 to carry on", "over by £0.01")
    dev.press("The money")  # leads to the answer that is too much, not to the next one
    assert dev.page.input_value("#value").replace(",", "") == "40000.01"
    dev.page.fill("#value", bid.ASKED)
    _on(dev)


def the_budget_adds_up_to_the_penny(story: Story) -> None:
    """The last line is missing at first: the page says by how much, keeps the others, and takes the line."""
    dev = story.be(APPLICANT)
    *most, last = bid.BUDGET
    for place, line in enumerate(most):
        _budget_line(dev, place, line)
        dev.press("Add another line")
    dev.press("Save and continue")
    says(dev, "£23,000.00", "£24,000.00")
    dev.press("Add another line")
    _budget_line(dev, len(most), last)
    _on(dev)
    _on(dev)  # money from elsewhere can be left out
    _answer(dev, "Q12")


def papers_are_added(story: Story) -> None:
    """A file that only calls itself a PDF is refused; a real one is kept and can be taken back out."""
    dev = story.be(APPLICANT)
    says(dev, "Which papers can you show us?")
    for content, answer in ((b"Our aims", "“articles.pdf”"), (blank_pdf(), "Take out")):
        dev.page.reload()  # a button pressed twice within a second counts once
        dev.page.get_by_label("What is it?").select_option("Governing document")
        file = {"name": "articles.pdf", "mimeType": "application/pdf", "buffer": content}
        dev.page.set_input_files("input[type=file]", file)
        dev.page.get_by_role("button", name="Add", exact=True).click()
        dev.page.get_by_text(answer).first.wait_for()
        dev.check()
    dev.press("Continue", exact=True)


def the_answers_are_checked_and_the_bid_is_sent(story: Story) -> None:
    """Check your answers, declare (without the tick it is refused), send; the reference and the fingerprint."""
    dev = story.be(APPLICANT)
    says(dev, "Check your answers", bid.TITLE, bid.WORDS["Q4"], "£24,000.00", "Sports programmes")
    dev.press("Continue to send it")
    dev.fill("Your role in the organisation", "Director").press("Send the bid", exact=True)
    says(dev, "Tick the box")
    assert dev.page.get_by_label("Your role in the organisation").input_value() == "Director"
    dev.choose("I may send this bid").press("Send the bid", exact=True)
    says(dev, "VPF-A26-")
    story.kept["reference"] = dev.page.locator("main").get_by_text("VPF-A26-").first.inner_text().split()[0]
    story.kept["sha256"] = next(word for word in main(dev).split() if len(word) == 64)
    story.keep("receipt", dev)


def the_receipt_is_mailed(story: Story) -> None:
    words = story.mail(story.site.person(APPLICANT).email, story.kept["reference"])
    assert story.kept["reference"] in words
    assert story.kept["sha256"] in words


def after_the_deadline_nothing_can_be_changed(story: Story) -> None:
    """Sunday 15 February 2026, 5pm: before it the bid could be taken back, from that second on it cannot."""
    story.later(days=12, hours=4, minutes=59)
    dev = story.be(APPLICANT).go(story.kept["bid"])
    story.time.move(minutes=1)
    dev.press("Take it back")
    says(dev, "closed")
    dev.go(f"{story.kept['bid']}/questions/asked")
    assert not dev.page.locator("main form [name=value]").count()
    story.be("").go(story.kept["round"])
    says(story.be(""), "You cannot apply to this round any more")


def the_officer_checks_the_company_number(story: Story) -> None:
    """Until a register confirms it, the bid holds the higher cap for now and could not be awarded."""
    sam = story.be("officer").go("/office/organisations")
    sam.fill("Name, town or number", "Skerne").press("Filter").press("Skerne Side Sports")
    says(sam, "Registers say: To be checked")
    sam.press("Record a check").choose("Confirmed").press("Record the check")
    says(sam, "There is a problem")
    sam.fill("How do you know?", "Companies House, seen today: same name, Darlington.").press("Record the check")
    says(sam, "Registers say: Confirmed")


def the_officer_screens_the_bid_and_finds_it_eligible(story: Story) -> None:
    sam = story.be("officer").go("/office")
    says(sam, "Check 4 bids")
    sam.press("Check 4 bids").press(story.kept["reference"])
    story.keep("office bid", sam)
    sam.press("Screening", exact=True)
    says(sam, "£24,000.00 is within £40,000.00", "A register confirms the number.")
    sam.press("Find eligible", exact=True)
    says(sam, "answer")  # nobody has answered the checks yet
    sam.press("Save the answers").press("Find eligible", exact=True)
    says(sam, "It is eligible.")
    says(story.be(APPLICANT).go(story.kept["bid"]), "Your bid can be funded by this round.")


STEPS = (
    somebody_new_finds_that_they_can_apply, the_applicant_signs_in_with_a_code, the_applicant_starts_a_bid,
    every_question_is_answered_through_its_page, a_penny_over_the_cap_is_refused_and_nothing_is_lost,
    the_budget_adds_up_to_the_penny, papers_are_added, the_answers_are_checked_and_the_bid_is_sent, the_receipt_is_mailed,
    after_the_deadline_nothing_can_be_changed, the_officer_checks_the_company_number,
    the_officer_screens_the_bid_and_finds_it_eligible,
)  # fmt: skip


def _on(dev) -> None:
    """Save, and see that the next page is another one: what was typed was taken."""
    before = dev.page.url
    dev.press("Save and continue")
    assert dev.page.url.partition("?")[0] != before.partition("?")[0], main(dev)


def _answer(dev, key: str) -> None:
    assert dev.page.url.partition("?")[0].endswith(f"/{key}"), f"{dev.page.url} is not {key}"
    if key in bid.CHOICES:
        dev.page.locator(f"input[name=value][value='{bid.CHOICES[key]}']").check()
    else:
        dev.page.fill("#value", bid.WORDS[key])
    _on(dev)


def _milestones(dev) -> None:
    for place, (text, day, evidence) in enumerate(bid.MILESTONES):
        if place:
            dev.press("Add another milestone")
        dev.page.fill(f"#rows-{place}-text", text)
        type_day(dev, f"rows-{place}-due_on", day)
        dev.page.fill(f"#rows-{place}-evidence", evidence)
    _on(dev)


def _beneficiaries(dev) -> None:
    dev.fill("How many people will take part?", "60").fill("How old are they?", "11-17").choose("Everyone")
    dev.fill("How many girls or women?", "25").fill("How many boys or men?", "35")
    _on(dev)


def _outcomes(dev) -> None:
    for place, (indicator, measure, baseline, target, unit) in enumerate(bid.OUTCOMES):
        if place:
            dev.press("Add another outcome")
        dev.page.select_option(f"#rows-{place}-indicator", indicator)
        for name, text in (("measure", measure), ("baseline", baseline), ("target", target), ("unit", unit)):
            dev.page.fill(f"#rows-{place}-{name}", text)
    _on(dev)


def _budget_line(dev, place: int, line: tuple[str, ...]) -> None:
    heading, *rest = line
    dev.page.select_option(f"#rows-{place}-heading", heading)
    for name, text in zip(("description", "quantity", "unit", "unit_cost"), rest, strict=True):
        dev.page.fill(f"#rows-{place}-{name}", text)
