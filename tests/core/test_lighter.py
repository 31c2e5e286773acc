"""Style sheets and scripts leave squeezed where the browser takes that, and whole where it does not; pages never."""

import gzip
from pathlib import Path

import pytest

from wsgi import ROOT

FILES = ["vendor/govuk-frontend/govuk-frontend.min.css", "fund.css", "js/autosave.js", "favicon.svg"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_arrives_squeezed_and_is_the_same_file(client, name):
    plain = Path(ROOT, "static", name).read_bytes()
    answer = client.get(f"/static/{name}?v=1", headers={"Accept-Encoding": "gzip, br"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    assert len(answer.data) < len(plain) * 0.75
    assert gzip.decompress(answer.data) == plain


@pytest.mark.parametrize("accepts", ["", "br", "gzip;q=0"])
def test_who_cannot_unpack_it_gets_it_whole(client, accepts):
    with client.get("/static/fund.css", headers={"Accept-Encoding": accepts}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert answer.data == Path(ROOT, "static/fund.css").read_bytes()


def test_a_page_with_a_secret_in_it_is_not_squeezed(client):
    assert "Content-Encoding" not in client.get("/sign-in", headers={"Accept-Encoding": "gzip"}).headers


def test_a_file_that_is_not_there_is_not_found(client):
    assert client.get("/static/nothing.css", headers={"Accept-Encoding": "gzip"}).status_code == 404


def test_an_unchanged_file_is_not_sent_again(client):
    with client.get("/static/fund.css") as first:
        unchanged = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"}
    with client.get("/static/fund.css", headers=unchanged) as again:
        assert again.status_code == 304
