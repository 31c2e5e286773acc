"""Officers write letters in their own words: nothing unknown, nothing missing, nothing blank, every version kept (rule 12)."""

import io
import time as clock_of_machine

import pypdf
import pytest

from awards import letter_templates, letters
from awards.letter_fields import FIELDS
from awards.letter_markdown import TemplateProblem
from awards.letter_templates import example_facts, preview, save_template
from awards.letter_words import TITLES, document_of, standard_words
from awards.tables import Letter, LetterTemplate
from fund.core import clock
from fund.core.pdf.as_html import as_html
from fund.core.pdf.document import draw, plain_text
from fund.core.problems import Problem, Stale
from tests.core.pdf.pdf_helpers import failures
from tests.factories import awards as given
from tests.factories import fund as make
from tests.kept import kept

KINDS = list(TITLES)
END = "\n\n{{ panel_feedback }}\n\n{{ how_to_check }}\n"
HOSTILE = {
    "markup": "<b>bold</b> & <img src=/etc/passwd> **stars** [link](javascript:alert(1)) {{ amount }} {% raw %}",
    "long": "x" * 3000,
    "right to left": "\u202egnp.exe שלום עולם (ארגון) مرحبا 123",
    "emoji": "Kids 🎉👩🏽‍🚒 club 𝔣𝔞𝔫𝔠𝔶 ﬁne ŵŷ",
    "control": "a\x00b\x07c\x1bd\u2028e\ud800f",
}


def words_of(document) -> str:
    return plain_text(document)


@pytest.fixture
@kept
def officer(round):
    return make.staff("fund_officer", round)


@pytest.mark.parametrize("kind", KINDS)
def test_the_standard_words_of_every_kind_make_a_letter_that_passes_both_standards(kind):
    assert failures(draw(document_of(example_facts(kind)))) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_in_the_pdf_what_its_page_says(kind):
    document = document_of(example_facts(kind))
    pages = pypdf.PdfReader(io.BytesIO(draw(document))).pages
    drawn = "".join("".join(page.extract_text().split()) for page in pages)
    for line in words_of(document).splitlines():
        if not line.startswith("QR code"):  # the words that stand for a picture are not drawn
            assert all(word in drawn for word in line.split()), line


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_the_same_bytes_at_another_time_and_place(kind, time, monkeypatch):
    first = draw(document_of(example_facts(kind)))
    time.move(days=500)
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    clock_of_machine.tzset()
    try:
        assert draw(document_of(example_facts(kind))) == first
    finally:
        monkeypatch.undo()
        clock_of_machine.tzset()


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_who_to_complain_to_and_how_to_check_it(kind):
    words = words_of(document_of(example_facts(kind)))
    assert "complaints within 20 working days" in words
    assert "/verify" in words


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_can_be_used(kind):
    """Each by itself, in a letter with all that it must have."""
    for field in FIELDS[kind].values():
        words = standard_words(kind) + f"\n{{{{ {field.name} }}}}\n"
        assert words_of(preview(kind, words, example_facts(kind)))


def hostile_facts(kind: str, words: str) -> dict:
    """The example with these words wherever a person can have typed something."""

    def spoil(value, key=""):
        if isinstance(value, dict):
            return {name: spoil(each, name) for name, each in value.items()}
        if isinstance(value, list):
            return [spoil(each, key) for each in value]
        typed = isinstance(value, str) and key not in KEPT
        return f"{value} {words}" if typed else value

    return spoil(example_facts(kind))


KEPT = {"kind", "made_at", "site", "starts_on", "ends_on", "tranches", "returns", "pay_back_by", "withdrawn_on"}


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_words_in_every_field_draw_a_readable_letter(kind):
    for name, hostile in HOSTILE.items():
        document = document_of(hostile_facts(kind, hostile))
        assert failures(draw(document)) == [], name
        words, html = words_of(document), str(as_html(document))
        assert example_facts(kind)["organisation"] in words, name
        assert "\x00" not in html
        assert "<img" not in html
        assert "javascript:" not in html.replace("(javascript:alert(1))", "")
        if name == "markup":
            assert "<b>bold</b> & <img src=/etc/passwd> **stars**" in words
            assert "{{ amount }} {% raw %}" in words


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("Dear {{ nobody }},", "Line 1: This letter has no field “nobody”"),
        ("Dear {{ Recipient }},", "Did you mean “recipient”"),
        ("Dear {{ recipient }},\n\n{{ amount }}", "Line 3: This letter has no field “amount”"),
        ("Dear {{ recipient", "Line 1: Write a field in two pairs"),
        ("Dear }} you", "two pairs of curly brackets"),
        ("Dear {{ recipient\n}}", "on one line"),
        ("Dear {{ }},", "no name between"),
        ("{{ recipient.__class__ }}", "two pairs of curly brackets"),
        ("{{ recipient.name }}", "no field “recipient.name”"),
        ("{{ 7 * 7 }}", "no field “7 * 7”"),
        ("See {{ panel_feedback }} here", "in a paragraph of its own"),
        ("- {{ panel_feedback }}", "in a paragraph of its own"),
        ("# Big", "Begin headings with ##"),
        ("### Too deep", "only below one with ##"),
        ("[here](/relative)", "begins with https://"),
        ("- a\n  - b\n    - c\n      - d\n        - e", "Make it flatter"),
        ("- - a", "begins with words"),
        ("x" * 30_001, "Shorten the letter"),
    ],
)
def test_words_that_cannot_be_a_letter_are_refused_with_their_line(wrong, sentence):
    with pytest.raises(TemplateProblem, match="(?s).*") as refused:
        preview("unsuccessful", wrong + "\n\n{{ reasons }}" + END, example_facts("unsuccessful"))
    assert sentence in refused.value.sentence


def test_a_letter_without_what_its_kind_must_have_is_refused():
    with pytest.raises(TemplateProblem, match="must have the fields .*“award_summary”"):
        preview("award", "Dear {{ recipient }}, here is {{ amount }}.", example_facts("award"))


def test_a_field_with_nothing_to_say_is_an_error_never_a_blank():
    facts = example_facts("unsuccessful") | {"project": "\u200b "}
    with pytest.raises(TemplateProblem, match="Line 1: .*would be a blank"):
        preview("unsuccessful", "About {{ project }}\n\n{{ reasons }}" + END, facts)


def test_html_pictures_and_code_stay_the_letters_they_are_typed_with():
    words = (
        "Dear <script>x</script> ![a](https://a.example/x.png) `code` &amp; [here](javascript:alert(1))\n\n> quote\n\n{{ reasons }}"
        + END
    )
    document = preview("unsuccessful", words, example_facts("unsuccessful"))
    assert "<script>x</script>" in words_of(document)
    assert "&amp;" in words_of(document)
    assert "<script" not in str(as_html(document))
    assert "<img" not in str(as_html(document))


def test_bold_italic_links_lists_and_line_breaks_are_drawn():
    words = "**{{ organisation }}** and *you*\\\nnext line, see [our page](https://fund.example.org)\n\n1. one\n   - deeper\n2. two\n\n{{ reasons }}" + END  # fmt: skip
    html = str(as_html(preview("unsuccessful", words, example_facts("unsuccessful"))))
    for part in (
        "<strong>Marra Mentors</strong>",
        "<em>you</em>",
        "<br>",
        'href="https://fund.example.org"',
        "<li>deeper</li>",
    ):
        assert part in html, part


def test_saved_words_are_used_by_the_next_letter_and_the_sent_one_stays(round, officer):
    partnership = round.fund.partnership
    first = given.bid(round)
    given.decided(first, "reject")
    sent = Letter.query.filter_by(application_id=first.id).one()
    save_template(partnership, "unsuccessful", "Ay up {{ recipient }},\n\n{{ reasons }}" + END, "Warmer", seen=0, by=officer, now=clock.now())  # fmt: skip
    second = given.bid(round)
    given.decided(second, "reject")
    newer = Letter.query.filter_by(application_id=second.id).one()
    assert "Ay up" in words_of(document_of(newer.facts))
    assert "Dear" in words_of(document_of(sent.facts))
    assert letters.draw_again(sent) == sent.pdf
    assert letters.draw_again(newer) == newer.pdf
    assert (sent.facts["template"]["number"], newer.facts["template"]["number"]) == (1, 2)
    assert sent.template_id != newer.template_id


def test_two_officers_saving_at_once_do_not_lose_each_others_words(round, officer):
    partnership, words = round.fund.partnership, "Hello {{ recipient }},\n\n{{ reasons }}" + END
    save_template(partnership, "unsuccessful", words, "First", seen=0, by=officer, now=clock.now())
    with pytest.raises(Stale):
        save_template(partnership, "unsuccessful", words + "More.", "Second", seen=0, by=officer, now=clock.now())
    assert LetterTemplate.query.count() == 1


def test_saving_needs_a_reason_and_a_change(round, officer):
    partnership = round.fund.partnership
    with pytest.raises(Problem, match="what you changed"):
        save_template(partnership, "closure", standard_words("closure") + "Bye.", " ", seen=0, by=officer, now=clock.now())  # fmt: skip
    with pytest.raises(Problem, match="Nothing is changed"):
        save_template(partnership, "closure", standard_words("closure"), "None", seen=0, by=officer, now=clock.now())


def test_a_partnership_that_changed_nothing_follows_the_standard_words(round, monkeypatch):
    given.decided(given.bid(round), "reject")
    newer = standard_words("unsuccessful").replace("We are sorry", "We are very sorry")
    monkeypatch.setattr(letter_templates, "standard_words", lambda kind: newer)
    bid = given.bid(round)
    given.decided(bid, "reject")
    assert "very sorry" in words_of(document_of(Letter.query.filter_by(application_id=bid.id).one().facts))


def test_an_officer_shows_draws_and_saves_new_words(round, officer, as_):
    bid = given.bid(round)
    given.decided(bid, "reject")
    address = f"/office/letters/{round.fund.partnership_id}/unsuccessful"
    client = as_(officer)
    assert "The standard words" in client.get("/office/letters").text
    page = client.get(address).text
    assert bid.reference in page
    letter = Letter.query.filter_by(application_id=bid.id).one()
    typed = {"words": "Good day {{ recipient }},\n\n{{ reasons }}" + END, "facts": str(letter.id), "version": "0"}
    shown = client.post(address, data=typed | {"press": "preview"}).text
    assert f"Good day {given.lead(bid).name}," in shown
    pdf = client.post(address, data=typed | {"press": "pdf"})
    assert (pdf.mimetype, pdf.data[:5]) == ("application/pdf", b"%PDF-")
    wrong = client.post(address, data=typed | {"press": "preview", "words": "{{ nothing }}"}).text
    assert "has no field “nothing”" in wrong
    client.post(address, data=typed | {"press": "save", "why": "Friendlier"})
    saved = LetterTemplate.query.filter_by(kind="unsuccessful").order_by(LetterTemplate.number.desc()).first()
    assert (saved.number, saved.why, saved.created_by_id) == (2, "Friendlier", officer.id)
    assert "Good day" in client.get(f"/office/letters/versions/{saved.id}").text
    assert "Dear {{ recipient }}" in client.get(f"{address}?from=1").text


def test_other_staff_read_the_words_and_strangers_do_not(round, as_):
    address = f"/office/letters/{round.fund.partnership_id}/award"
    finance = as_(make.staff("finance_officer", round))
    assert finance.get(address).status_code == 200
    typed = {"words": standard_words("award") + "More.", "facts": "0", "version": "0", "press": "save", "why": "x"}
    assert "Only fund officers" in finance.post(address, data=typed).text
    assert LetterTemplate.query.count() == 0
    for person in (make.person(), make.staff("fund_officer", make.round())):
        assert as_(person).get(address).status_code in (403, 404)
    assert finance.get(f"/office/letters/{round.fund.partnership_id}/nonsense").status_code == 404
