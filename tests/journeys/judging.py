"""Chapter 2: from an eligible bid to its place on the ranked list."""

from . import bid
from .story import Story, does_not_say, says

SEATS = {
    "assessor_wren": ("Member Wren", "assessor"), "assessor_rowan": ("Member Rowan", "assessor"),
    "assessor_linden": ("Member Linden", "assessor"), "assessor_hazel": ("Member Hazel", "lived_experience"),
    "chair": ("The chair", "chair"),
}  # fmt: skip
READERS = ("assessor_wren", "assessor_rowan", "assessor_hazel")
STRENGTHS = "Young people trust this club, and the schools name it."
IMPROVEMENTS = "Say more about what the police will do on Fridays."


def the_officer_gives_the_seats_of_the_panel(story: Story) -> None:
    sam = story.be("officer").go(f"/office{story.kept['round']}/panel")
    story.keep("panel", sam)
    for cast_as, (label, kind) in SEATS.items():
        sam.fill("Email address", story.site.person(cast_as).email).fill("Name on the panel", label)
        sam.page.select_option("#kind", kind)
        sam.press("Give the seat", exact=True)
        says(sam, f"{label} has a seat.")


def the_officer_shares_out_the_bids(story: Story) -> None:
    """Three readers by the plan, and Hazel by hand, because Linden may know the group."""
    sam = story.be("officer").press("Who reads what")
    says(sam, "Nothing is saved yet. The plan gives 3 readings.")
    sam.press("Save this plan")
    says(sam, "3 readings are given.")
    sam.page.get_by_label("Member", exact=True).select_option("Member Hazel")
    sam.press("Give this bid")
    says(sam, f"Member Hazel was given {story.kept['reference']}.")
    story.keep("sharing", sam)


def conflicts_are_declared_before_any_bid_opens(story: Story) -> None:
    for cast_as in READERS:
        reader = story.be(cast_as).go("/assessing")
        _in_this_round(reader, story).get_by_role("button", name="Declare conflicts").click()
        says(reader, "No bid opens before that.", story.kept["reference"])
        reader.press("Save my answers")
        says(reader, "Choose yes or no")
        reader.choose("No conflict").press("Save my answers")
        says(reader, "The bids without a conflict are open to you now.")
    linden = story.be("assessor_linden").go("/assessing")
    _in_this_round(linden, story).get_by_role("button", name="Declare conflicts").click()
    linden.choose("Yes, I have a conflict").press("Save my answers")
    says(linden, "There is a problem")
    linden.fill("If yes, what is it?", "My sister coaches there").press("Save my answers")
    says(linden, "closed to you because you declared a conflict")


def the_officer_starts_the_scoring(story: Story) -> None:
    sam = story.be("officer").go(story.kept["sharing"]).press("Start scoring 1 bid")
    says(sam, "Nothing has happened yet")
    sam.press("Start scoring 1 bid")
    says(sam, "Scoring of 1 bid has started")
    assert "bids to assess in" in story.mail(story.site.person("assessor_wren").email, "You have bids to assess")


def whoever_has_a_conflict_is_shut_out(story: Story) -> None:
    wren, linden = story.be("assessor_wren").go("/assessing"), story.be("assessor_linden").go("/assessing")
    wren.press(story.kept["reference"])
    story.keep("reading of assessor_wren", wren)
    assert not linden.page.get_by_role("link", name=story.kept["reference"]).count()
    does_not_say(linden, bid.WORDS["Q4"])


def each_assessor_scores_alone_with_reasons_and_seals(story: Story) -> None:
    """The last to score has seen nobody's marks before; a mark without a reason is refused and kept."""
    for place, cast_as in enumerate(READERS):
        mark, reason = bid.REASONS[cast_as]
        reader = story.be(cast_as).go("/assessing").press(story.kept["reference"])
        story.keep(f"reading of {cast_as}", reader)
        says(reader, bid.WORDS["Q4"], "Sports programmes")
        does_not_say(reader, "What the others gave", *(words for other, (_, words) in bid.REASONS.items()))
        sections = reader.page.locator("[data-criterion]")
        for number in range(sections.count()):
            section = sections.nth(number)
            section.locator(f"input[type=radio][value='{mark}']").check()
            if not (place == 0 and number == 0):
                section.locator("textarea").fill(reason)
        if place == 0:
            reader.press("I have finished this bid")
            says(reader, "There is a problem")
            assert sections.nth(1).locator("textarea").input_value() == reason
            sections.nth(0).locator("textarea").fill(reason)
        reader.press("I have finished this bid")
        says(reader, f"{story.kept['reference']} is finished")


def afterwards_the_others_can_be_read(story: Story) -> None:
    wren = story.be("assessor_wren").go(story.kept["reading of assessor_wren"])
    says(wren, "What the others gave", *(bid.REASONS[other][1] for other in READERS[1:]))


def the_chair_agrees_the_scores(story: Story) -> None:
    """4, 3 and 5 in every criterion: 80, 60 and 100, mean 80.00. The panel agrees on 4, in the words of its members."""
    imogen = story.be("chair").go("/panel").press("open round")
    imogen.press(story.kept["reference"])
    says(imogen, "Member Linden: recused, out of the room for this bid", "Mean of 3: 80.00")
    imogen.press("Record the agreed scores")
    says(imogen, "There is a problem")
    page = imogen.page
    for group in page.get_by_role("group", name="Agreed mark for").all():
        group.locator("input[type=radio][value='4']").check()
        group.locator("select").select_option(index=1)
    imogen.fill("Strengths, for the applicant", STRENGTHS).fill("What would make it better", IMPROVEMENTS)
    imogen.press("Record the agreed scores")
    says(imogen, f"{story.kept['reference']} is moderated.")


def the_bid_stands_on_the_ranked_list(story: Story) -> None:
    sam = story.be("officer").go(story.kept["panel"]).press("Decide", exact=True)
    row = " ".join(sam.page.get_by_role("row", name=story.kept["reference"]).inner_text().split())
    assert "£24,000.00 80.0 agreed" in row, row
    sam.press("Record this ranking")
    says(sam, "The ranking is recorded. Its fingerprint begins")


STEPS = (
    the_officer_gives_the_seats_of_the_panel, the_officer_shares_out_the_bids, conflicts_are_declared_before_any_bid_opens,
    the_officer_starts_the_scoring, whoever_has_a_conflict_is_shut_out, each_assessor_scores_alone_with_reasons_and_seals,
    afterwards_the_others_can_be_read, the_chair_agrees_the_scores, the_bid_stands_on_the_ranked_list,
)  # fmt: skip


def _in_this_round(reader, story: Story):
    """The part of "my bids" about the round of the story."""
    return reader.page.locator("section.my-round", has_text=story.kept["reference"])
