"""What a story carries from page to page: who sits at which browser, the moment, and the few addresses a person would keep.

Steps act through pages only. The clock moves by `story.later(...)`, and what the clock does by itself is done by running
the job of that name, as the scheduler would.
"""

import io
import re

import pikepdf

from fund.core import clock, jobs
from tests.checks.visitor import Visitor


class Story:
    """One round as its people live it. `kept` holds what somebody would have written down: addresses, a reference."""

    def __init__(self, visit, site, time):
        self.visit, self.site, self.time = visit, site, time
        self.kept: dict[str, str] = {}
        self._people: dict[str, Visitor] = {}

    def be(self, cast_as: str) -> Visitor:
        """This member of the cast, signed in, at a browser of their own."""
        if cast_as not in self._people:
            self._people[cast_as] = self.visit(cast_as or None)
        return self._people[cast_as]

    def turned_out_to_be(self, cast_as: str) -> None:
        """The public's browser has signed in as this person."""
        self._people[cast_as] = self._people.pop("")

    def later(self, **much: int) -> None:
        """Let time pass. Whoever was signed in long ago signs in anew."""
        self.time.move(**much)
        for cast_as, person in self._people.items():
            person.page.context.clear_cookies()
            if cast_as:
                person.page.context.add_cookies([self.site.cookie(cast_as)])

    def run_job(self, name: str) -> str:
        """What the scheduler would do at this moment; the sentence that the job leaves in its log."""
        with self.site.app.app_context():
            run = jobs.run_job(name, clock.now())
            assert not run.failed, run.result
            return run.result or ""

    def keep(self, name: str, visitor: Visitor) -> None:
        """Write down the address of the page that this person looks at."""
        self.kept[name] = visitor.page.url.removeprefix(self.site.address).partition("?")[0].partition("#")[0]

    def mail(self, recipient: str, about: str) -> str:
        """The newest mail to this address whose subject has these words, as the demonstration shows it."""
        reader = self.be("administrator").go(f"/demo/mail?to={recipient}")
        reader.press(about)
        return main(reader)


def main(visitor: Visitor) -> str:
    """What the page itself says, without its header and footer, in one line."""
    return " ".join(visitor.page.locator("main").inner_text().split())


def says(visitor: Visitor, *sentences: str) -> None:
    """Raises AssertionError with the whole page when a sentence is not on it."""
    words = main(visitor)
    for sentence in sentences:
        assert sentence in words, f"{visitor.page.url} does not say “{sentence}” but:\n{words}"


def does_not_say(visitor: Visitor, *sentences: str) -> None:
    words = main(visitor)
    for sentence in sentences:
        assert sentence not in words, f"{visitor.page.url} says “{sentence}”:\n{words}"


def code_in(words: str) -> str:
    """The six digits of a sign-in mail."""
    return re.search(r"\b\d{6}\b", words)[0]


def type_day(visitor: Visitor, name: str, day: str) -> None:
    """Fill the three boxes of a day written like 1 6 2026."""
    for part, text in zip(("day", "month", "year"), day.split(), strict=True):
        visitor.page.fill(f"#{name}-{part}", text)


def blank_pdf() -> bytes:
    """A real PDF of one empty page, to hand in as a paper."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out := io.BytesIO())
    return out.getvalue()
