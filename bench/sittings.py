"""Seeded sittings at a question page with everything that goes wrong: `python -m bench.sittings [--sittings 1000]`.

In each sitting somebody types an answer in a real browser while the signal goes, the page is reloaded or left in the middle
of a save, the tab is closed, the sign-in ends, the button is pressed twice, one goes back and writes on, or the same person
writes on a second device. In the end it is saved, and what the database holds is compared with what was typed. No word is
typed twice in a sitting, so a word that is missing cannot hide behind another. Prints how many words were tried and how
many were lost. Two runs of the same seed type and break the same.
"""

import argparse
import asyncio
import json
import random
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path

from playwright.async_api import BrowserContext, Error, Page, TimeoutError, async_playwright
from sqlalchemy import text

from bench.measured import Measured, World
from fund.core.database import db
from tests.browser import QUIET, find

QUESTIONS = tuple(f"Q{number}" for number in range(1, 13))
SAVE = "Save and return to your bid"
ONE_PRESS = 1_100  # milliseconds; a press within a second of the one before is taken for a double click
WORDS = (
    "evening",
    "boxing",
    "mentor",
    "Peterlee",
    "young",
    "people",
    "walk",
    "home",
    "safer",
    "£40",
    "family’s",
    "Ŵyn",
)
DRAFT = (
    "select a.id from application a join collaborator c on c.application_id = a.id join person p on p.id = c.person_id "
    "where p.cast_as = 'lead' and a.status = 'draft' order by a.id limit 1"
)
ANSWER = "select a.value from answer a join question q on q.id = a.question_id where a.application_id = :bid and q.key = :key"


class NotDone(Exception):
    """The page is not where it should be."""


class Sitting:
    """One person, one question, one text. `page` changes when the tab is closed and opened again."""

    def __init__(self, context: BrowserContext, device: BrowserContext, address: str, cookie: dict[str, str], chance: random.Random):  # fmt: skip
        self.context, self.device, self.address, self.cookie, self.chance = context, device, address, cookie, chance
        self.page: Page | None = None
        self.met: Counter[str] = Counter()
        self.order: list[str] = []
        self.typed: list[str] = []

    async def open(self) -> None:
        if self.page is None:
            self.page = await self.context.new_page()
        for _ in range(20):
            try:
                await self.page.goto(self.address)
                await self.page.wait_for_selector("#value", timeout=5_000)
                return
            except Error as error:  # the page was on its way elsewhere: a person would ask again
                on_its_way = isinstance(error, TimeoutError) or any(
                    word in error.message for word in ("interrupted", "ERR_ABORTED")
                )
                if not on_its_way:
                    raise
        said = await self.page.locator("body").inner_text()
        raise NotDone(f"No question after {self.order} at {self.page.url}: {' '.join(said.split())}")

    async def sign_in(self) -> None:
        await self.context.add_cookies([self.cookie])

    async def type(self, words: list[str]) -> None:
        """At the end of the text, as a keyboard on a phone does: a word at a time."""
        await type_into(self.page, words)

    async def reload(self) -> None:
        await self.open()

    async def leave_in_the_middle_of_a_save(self) -> None:
        """The page has asked the server to save, and is left before it hears the answer."""
        try:
            async with self.page.expect_request(lambda asked: asked.method == "POST", timeout=3000):
                await self.type(self.more())
        except TimeoutError:  # a page that showed a conflict saves no more by itself
            self.met["no_save_to_leave"] += 1
        await self.open()

    async def go_back_and_write_on(self) -> None:
        await self.press()
        if "/questions/" not in self.page.url:
            await self.page.go_back()
            await self.page.wait_for_selector("#value")
            await self.type(self.more())
        else:
            await self.open()

    async def write_on_a_second_device(self) -> None:
        """Another browser of the same person, which has not heard of what this one keeps; its words are saved at once."""
        await self.device.add_cookies([self.cookie])
        page = await self.device.new_page()
        await page.goto(self.address)
        await type_into(page, self.more())
        async with page.expect_navigation():
            await page.get_by_role("button", name=SAVE).click()
        await self.join(page)
        await page.close()

    async def join(self, page: Page) -> None:
        """Where two texts are shown, save the two joined."""
        if await page.get_by_role("button", name="Save the joined text").count():
            self.met["both_texts"] += 1
            async with page.expect_navigation():
                await page.get_by_role("button", name="Save the joined text").click()

    async def close_the_tab(self) -> None:
        await self.page.close()
        self.page = None
        await self.open()

    async def lose_the_signal(self) -> None:
        await self.context.set_offline(True)
        await self.type(self.more())
        await self.page.wait_for_timeout(self.chance.choice((0, 300, 1800)))
        await self.context.set_offline(False)

    async def press_without_signal(self) -> None:
        """The signal goes and the button is pressed: the page says so and stays."""
        await self.context.set_offline(True)
        await self.page.get_by_role("button", name=SAVE).click()
        await self.page.wait_for_timeout(100)
        await self.context.set_offline(False)

    async def wait_for_the_autosave(self) -> None:
        await self.page.wait_for_timeout(1900)

    async def be_signed_out(self) -> None:
        """The sign-in ends; the button is pressed all the same; then one signs in and opens the question again."""
        await self.context.clear_cookies()
        await self.press()
        await self.sign_in()
        await self.open()

    async def press_twice(self) -> None:
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=SAVE).dblclick()
        await self.open()

    async def press(self) -> None:
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=SAVE).click()

    def more(self) -> list[str]:
        count = self.chance.randint(1, 4)
        words = [f"{self.chance.choice(WORDS)}{len(self.typed) + number}" for number in range(count)]
        self.typed += words
        return words

    async def run(self) -> list[str]:
        """What was typed. The text is as long as a short answer."""
        mishaps = (
            self.reload, self.close_the_tab, self.lose_the_signal, self.press_without_signal, self.wait_for_the_autosave,
            self.be_signed_out, self.press_twice, self.leave_in_the_middle_of_a_save, self.go_back_and_write_on,
            self.write_on_a_second_device,
        )  # fmt: skip
        await self.sign_in()
        await self.open()
        self.typed = [f"sitting{self.chance.randint(0, 10**9)}"]
        await self.page.locator("#value").fill(self.typed[0])
        for _ in range(self.chance.randint(2, 4)):
            await self.type(self.more())
            mishap = self.chance.choice(mishaps)
            self.met[mishap.__name__] += 1
            self.order.append(mishap.__name__)
            await mishap()
        await self.save()
        return self.typed

    async def save(self) -> None:
        await self.page.wait_for_timeout(ONE_PRESS)
        await self.press()
        await self.join(self.page)
        if self.page.url.partition("?")[0] == self.address:
            said = await self.page.locator("main").inner_text()
            raise NotDone(f"Not saved after {self.order}: {' '.join(said.split())}")
        await self.page.close()
        self.page = None


async def type_into(page: Page, words: list[str]) -> None:
    await page.locator("#value").press("Control+End")
    for word in words:
        await page.keyboard.insert_text(f" {word}")


async def sit(site: Measured, port: int, count: int, seed: int, at_once: int, minutes: int) -> None:
    name, _, value = site.cookie("lead").partition("=")
    here = f"http://127.0.0.1:{port}"
    cookie = {"name": name, "value": value, "url": here}
    with site.app.app_context():
        bid = db.session.execute(text(DRAFT)).scalar_one()
    waiting = asyncio.Queue()
    for number in range(count):
        waiting.put_nowait(number)
    tried, lost, done, met, broken, stopped = 0, 0, 0, Counter(), [], []
    began = time.monotonic()

    async def at_one_question(browser, key: str) -> None:
        """One browser and a second device for all sittings at this question: their style sheets are fetched once."""
        nonlocal tried, lost, done
        context, device = await new_context(browser), await new_context(browser)
        while not waiting.empty():
            if minutes and time.monotonic() - began > 60 * minutes:
                break
            number = waiting.get_nowait()
            address, chance = f"{here}/applications/{bid}/questions/{key}", random.Random(f"{seed}-{number}")
            sitting = Sitting(context, device, address, cookie, chance)
            try:
                typed = await sitting.run()
            except (Error, NotDone) as error:
                where = sitting.page.url if sitting.page else "no page"
                stopped.append(f"sitting {number} at {where} after {', '.join(sitting.order)}: {str(error)[:300]}")
                context, device = await new_context(browser), await new_context(browser)
                continue
            met.update(sitting.met)
            with site.app.app_context():
                kept = json.loads(db.session.execute(text(ANSWER), {"bid": bid, "key": key}).scalar_one())
            words = set(kept.split())
            missing = [word for word in typed if word not in words]
            tried, lost, done = tried + len(typed), lost + len(missing), done + 1
            # Two texts that were joined say some words twice; every other text is what was typed, in its order.
            if missing or (kept.split() != typed and not sitting.met["both_texts"]):
                broken.append((number, key, sitting.order, " ".join(typed), kept))
            if done % 50 == 0:
                print(f"  {done} sittings after {time.monotonic() - began:.0f} seconds, {lost} of {tried} words lost", flush=True)  # fmt: skip

    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=find(), args=["--no-sandbox", *QUIET])
        await asyncio.gather(*(at_one_question(browser, key) for key in QUESTIONS[:at_once]))
        await browser.close()
    said = {name: met.pop(name, 0) for name in ("both_texts", "no_save_to_leave")}
    print(
        f"{done} of {count} sittings, {met.total()} mishaps ({', '.join(f'{name} {n}' for name, n in sorted(met.items()))})"
    )
    print(f"{said['both_texts']} times two texts were shown and joined")
    print(f"{tried} words tried, {lost} lost; {len(broken)} texts differ from what was typed")
    for number, key, order, typed, kept in broken[:5]:
        print(f"  sitting {number} at {key}: {', '.join(order)}\n    typed: {typed!r}\n    kept:  {kept!r}")
    print(f"{len(stopped)} sittings did not come to their end, and are not counted")
    for each in stopped[:5]:
        print(f"  {each}")


async def new_context(browser) -> BrowserContext:
    context = await browser.new_context(viewport={"width": 360, "height": 740}, locale="en-GB")
    context.set_default_timeout(60_000)  # a busy machine is no mishap
    return context


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sittings")
    parser.add_argument("--sittings", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--at-once", type=int, default=8, help="how many sit at the same time, at most 12")
    parser.add_argument("--minutes", type=int, default=0, help="begin no more sittings after this long")
    asked = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fund-sittings-") as folder:
        world, copy = World(Path(folder, "world")), Path(folder, "copy")
        shutil.copytree(world.folder, copy)
        site = Measured(copy, 1)
        with site.served() as port:
            asyncio.run(sit(site, port, asked.sittings, asked.seed, asked.at_once, asked.minutes))
    print(f"{time.monotonic() - began:.0f} seconds")


if __name__ == "__main__":
    main()
