"""Every page of an applicant is under 100 kB on a first visit, and a bid can be printed.

Counted is what goes over the line when nothing is kept yet: the page itself, every style sheet and script it names, the
scripts those import, and its pictures, as the server sends them to a browser that takes packed files. Left out are the
headers and the icon of the browser's tab. 1 kB is 1,000 bytes.
"""

import gzip
import re
from urllib.parse import urljoin

import pytest

from applications import voices
from applications.forms import form_of
from applications.submission import submit_application
from fund.core import clock
from tests.applications.test_documents import put
from tests.factories import applications as make_bid
from tests.factories import fund as make
from tests.factories import sounds
from tests.factories import uploads as make_file
from tests.kept import kept

MOST = 100_000
_NAMED = re.compile(r'<link rel="stylesheet" href="([^"]+)"|<script[^>]* src="([^"]+)"|<img[^>]* src="([^"]+)"')
_IMPORTED = re.compile(r'\bimport\s+(?:[^"\';]*?from\s*)?["\'](\.[^"\']+)["\']')


def fetched(client, address: str) -> tuple[int, str]:
    """How many bytes came, and the text of it."""
    answer = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200, address
    content = answer.get_data()
    packed = answer.headers.get("Content-Encoding") == "gzip"
    answer.close()
    return len(content), (gzip.decompress(content) if packed else content).decode("utf-8", "replace")


def weight(client, address: str) -> int:
    """Bytes of the page with everything it needs."""
    whole, page = fetched(client, address)
    waiting, seen = [next(filter(None, found)).replace("&amp;", "&") for found in _NAMED.findall(page)], set()
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        size, text = fetched(client, part)
        whole += size
        if ".js" in part:
            waiting += [urljoin(part, name) for name in _IMPORTED.findall(text)]
    return whole


@pytest.fixture
@kept
def spoken(lead):
    round = make_bid.allow_voice(make_bid.open_round(), "Q2")
    draft = make_bid.complete_draft(lead, round)
    voices.add_note(draft, form_of(draft).by_key["Q2"], sounds.webm(), "a.webm", by=lead, now=clock.now())
    for number in range(10):
        put(draft, lead, f"{number}.pdf", content=make_file.pdf(lambda pdf, extra=number: [pdf.add_blank_page() for _ in range(extra)]))  # fmt: skip
    return draft


def test_every_page_of_applying_is_under_100_kilobytes(as_, spoken, lead):
    client, here = as_(lead), f"/applications/{spoken.id}"
    pages = [
        f"/rounds/{spoken.round_id}", f"/rounds/{spoken.round_id}/easy-read", f"/rounds/{spoken.round_id}/can-you-apply",
        f"/rounds/{spoken.round_id}/questions", f"/rounds/{spoken.round_id}/apply", "/applications", here, f"{here}/check", f"{here}/print",
        f"{here}/pack", f"{here}/colleagues", f"{here}/changes",
        *(f"{here}/questions/{question.key}" for question in form_of(spoken).questions),
    ]  # fmt: skip
    pages.remove(f"{here}/changes")
    heavy = {page: size for page in pages if (size := weight(client, page)) >= MOST}
    submit_application(spoken, "Ada", "Chair", by=lead, now=clock.now())
    heavy |= {page: size for page in (here, f"{here}/receipt", f"{here}/check") if (size := weight(client, page)) >= MOST}  # fmt: skip
    assert heavy == {}


def test_the_count_sees_what_it_should(as_, spoken, lead):
    """The measure finds scripts that scripts import and fails a page that is too heavy."""
    client = as_(lead)
    plain, _ = fetched(client, f"/applications/{spoken.id}/questions/title")
    assert weight(client, f"/applications/{spoken.id}/questions/title") > plain + 20_000


def test_static_files_go_out_packed_and_pages_do_not(client):
    style = re.search(r'href="(/static/fund\.css[^"]+)"', client.get("/").text)[1]
    plain = client.get(style)
    packed = client.get(style, headers={"Accept-Encoding": "gzip, br"})
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "immutable" in packed.headers["Cache-Control"]
    again = client.get(style, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip"}).headers
    for answer in (plain, packed, again):
        answer.close()


def test_a_bid_is_printed_whole_for_its_people_only(as_, spoken, lead):
    page = as_(lead).get(f"/applications/{spoken.id}/print").text
    for words in ("Draft", "Not sent yet", "Evening club", make_bid.WORDS, "£4,860", "0.pdf", "Voice note “a.webm”, 2 seconds"):  # fmt: skip
        assert words in page, words
    assert as_(make.person("Stranger")).get(f"/applications/{spoken.id}/print").status_code == 404
    submit_application(spoken, "Ada Lead", "Chair", by=lead, now=clock.now())
    sent = as_(lead).get(f"/applications/{spoken.id}/print").text
    assert "Declared by Ada Lead, Chair. Fingerprint (SHA-256)" in sent
    assert "Not sent yet" not in sent
