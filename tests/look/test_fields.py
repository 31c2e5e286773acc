"""Our fields are GOV.UK's, only quicker: the same elements, classes and relations as govuk-frontend-jinja draws."""

from html.parser import HTMLParser

import pytest

from tests.look.gallery import ROOT, Sample, create_gallery, sample_form

NAMES = [field.name for field in sample_form() if field.name != "version"]


class Shape(HTMLParser):
    """A page as the browser means it: elements with their attributes, and words without needless space."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.seen: list[object] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Revealing is the style sheet's task with us, the script's with them.
        kept = {name: value or "" for name, value in attrs if name not in ("data-module", "data-aria-controls")}
        if "class" in kept:
            kept["class"] = " ".join(sorted((kept["class"] or "").split()))
        self.seen.append((tag, tuple(sorted(kept.items()))))

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.seen.append(" ".join(data.split()))


APP = create_gallery()
THEIRS = (ROOT / "tests/look/templates/govuk_fields.html").read_text()


def drawn(source: str, form: Sample, name: str, options: str) -> list[object]:
    with APP.test_request_context("/"):
        page = APP.jinja_env.from_string(source + "{{ field(form[name]" + options + ") }}")
        return Shape(page.render(form=form, name=name)).seen


@pytest.mark.parametrize(
    "options", ["", ", heading=true, hint='Why', small=true, inline=true", ", conditional={'no': '<p>Why?</p>' | safe}"]
)
@pytest.mark.parametrize("wrong", [False, True], ids=["fresh", "refused"])
@pytest.mark.parametrize("name", NAMES)
def test_field_is_drawn_as_the_design_system_draws_it(name: str, wrong: bool, options: str) -> None:
    ours = '{% from "components/fields.html" import field %}'
    form = sample_form(wrong)
    form.group.render_kw = {"maxlength": 80, "data-live": True, "autocomplete": "organization", "class": "mine"}
    assert drawn(ours, form, name, options) == drawn(THEIRS, form, name, options)


def test_words_typed_stay_as_they_were_even_a_first_empty_line() -> None:
    """A browser drops the first line break after <textarea>, so one is always written."""
    form = sample_form()
    form.need.data = "\n\nTwo lines down </textarea><script>"
    with APP.test_request_context("/"):
        page = APP.jinja_env.from_string('{% from "components/fields.html" import field %}{{ field(form.need) }}')
        html = page.render(form=form)
    assert ">\n\n\nTwo lines down &lt;/textarea&gt;&lt;script&gt;</textarea>" in html
