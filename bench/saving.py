"""What saving an answer costs: `python -m bench.saving [--times 40]`, in hellos, on the demonstration's form of
some thirty questions and on one of 200.

An answer is opened, saved by the page itself (JSON) and saved by the button (a plain post), each time with other words, in
turn with a one-line page of a bare Flask app under the same server. At most 15 hellos each, and the same on either form.
"""

import argparse
import re
import shutil
import statistics
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from sqlalchemy import text

from bench.__main__ import fetch
from bench.measured import Measured, World, served_hello
from bench.pages import Page, of_draft
from fund.core.database import db

PAGE = Page("applicant", "A question", "lead", of_draft("/applications/{id}/questions/Q1"))
MOST = 15
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


def bring_to(questions: int) -> int:
    """Copy one question of the draft's form until it asks at least so many. How many there are then."""
    form = "(select form_id from application where id = (select max(application_id) from collaborator c join person p on p.id = c.person_id join application a on a.id = c.application_id where p.cast_as = 'lead' and a.status = 'draft'))"
    columns = [each.name for each in db.metadata.tables["question"].c if each.name not in ("id", "key", "position")]
    count = f"select count(*) from question where form_id = {form}"
    there = db.session.execute(text(count)).scalar_one()
    for number in range(there, questions):
        db.session.execute(
            text(
                f"insert into question ({', '.join(columns)}, key, position) select {', '.join(columns)}, :key, position + 100 "
                f"from question where form_id = {form} and key = 'Q1'"
            ),
            {"key": f"more{number}"},
        )
    db.session.commit()
    return db.session.execute(text(count)).scalar_one()


def saved(connection: HTTPConnection, path: str, cookie: str, given: dict[str, str], by_itself: bool) -> float:
    """Seconds until the answer to a save is there. Raises SystemExit when it was not taken."""
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
    headers |= {"Accept": "application/json"} if by_itself else {}
    began = time.perf_counter()
    connection.request("POST", path, body=urlencode(given), headers=headers)
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - began
    if answer.status != (200 if by_itself else 302):
        raise SystemExit(f"Saving at {path} answered {answer.status}")
    return took


def in_turn(
    port: int, hello: int, path: str, cookie: str, times: int, by_itself: bool
) -> tuple[list[float], list[float]]:
    ours, bare = HTTPConnection("127.0.0.1", port), HTTPConnection("127.0.0.1", hello)
    saves, hellos = [], []
    for number in range(times + 5):
        ours.request("GET", path, headers={"Cookie": cookie})
        answer = ours.getresponse()
        page = answer.read().decode()
        cookie = (answer.getheader("Set-Cookie") or cookie).partition(";")[0]  # the forms' secret lies in the session
        ours_only = page.partition('id="answer-form"')[2].partition("</form>")[0]
        given = dict(HIDDEN.findall(ours_only)) | {"go": "return", "value": f"Words of save {number} {by_itself}"}
        took, floor = saved(ours, path, cookie, given, by_itself), fetch(bare, "/", "")[0]
        if number >= 5:
            saves.append(took)
            hellos.append(floor)
    return saves, hellos


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.saving")
    parser.add_argument("--times", type=int, default=40)
    asked = parser.parse_args()
    over = []
    print("| questions | how | hellos | at most | ms |\n|---:|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="fund-bench-") as folder, served_hello() as hello:
        world = World(Path(folder, "world"))
        for questions in (0, 200):
            copy = Path(folder, f"with-{questions}")
            shutil.copytree(world.folder, copy)
            site = Measured(copy, 100)
            with site.app.app_context():
                there = bring_to(questions)
            path, cookie = site.path(PAGE), site.cookie(PAGE.cast)
            with site.served() as port:
                for how, by_itself in (("by itself", True), ("by the button", False)):
                    saves, hellos = in_turn(port, hello, path, cookie, asked.times, by_itself)
                    ratio = statistics.median(saves) / statistics.median(hellos)
                    print(
                        f"| {there} | {how} | {ratio:.1f} | {MOST} | {statistics.median(saves) * 1000:.1f} |",
                        flush=True,
                    )
                    if ratio > MOST:
                        over.append(f"{there} {how}")
    print(f"\nOver their budget: {', '.join(over) or 'none'}.")


if __name__ == "__main__":
    main()
