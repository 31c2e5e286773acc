"""The two stores keep the same promises: bytes come back as they were, once, and a store out of reach says so and keeps nothing."""

import json
import socket
import subprocess
import sys

import pytest
from moto.server import ThreadedMotoServer

from fund.core import clock, files, moving
from fund.core.problems import Problem
from fund.core.settings import Settings
from fund.core.stores import DiskStore, S3Store, StoreAway, check_settings, place_of
from tests.factories import fund as make
from tests.factories.scanner import use

KEY = "a key for tests that is long enough"
S3 = {"storage_url": "s3://papers/fund", "storage_access_key": "key", "storage_secret_key": "secret"}


@pytest.fixture(scope="module")
def object_store():
    """The address of an S3-compatible store on this machine."""
    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(object_store):
    """The settings of an empty bucket."""
    settings = Settings(secret_key=KEY, storage_endpoint=object_store, **S3)
    client = S3Store(settings).client
    client.create_bucket(Bucket="papers")
    yield settings
    for each in client.list_objects_v2(Bucket="papers").get("Contents", []):
        client.delete_object(Bucket="papers", Key=each["Key"])
    client.delete_bucket(Bucket="papers")


@pytest.fixture(params=["disk", "s3"])
def store(request, tmp_path):
    return DiskStore(tmp_path / "papers") if request.param == "disk" else S3Store(request.getfixturevalue("s3"))


@pytest.fixture(params=["disk", "s3"])
def stored(request, app, database, monkeypatch, tmp_path):
    """The app on each store; answers the store."""
    if request.param == "disk":
        use(app, monkeypatch, storage_path=str(tmp_path / "papers"))
    else:
        given = request.getfixturevalue("s3")
        use(app, monkeypatch, storage_endpoint=given.storage_endpoint, **S3)
    return files.the_store()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def put(words: bytes = b"words", name: str = "a.pdf"):
    return files.store(words, name, "application/pdf", by=make.person(), now=clock.now())


def test_what_is_kept_comes_back(store):
    digest = "ab" * 32
    assert not store.has(digest)
    store.keep(digest, b"words")
    store.keep(digest, b"words")
    assert store.has(digest)
    assert store.fetch(digest) == b"words"
    store.drop(digest)
    store.drop(digest)
    assert not store.has(digest)


def test_what_was_never_kept_is_not_there(store):
    store.keep("cd" * 32, b"another")
    with pytest.raises(FileNotFoundError):
        store.fetch("ab" * 32)


def test_the_same_bytes_are_kept_once_under_their_digest(stored):
    first, second = put(), put(name="../b.pdf")
    assert files.read(first) == files.read(second) == b"words"
    assert (first.sha256, second.name) == (second.sha256, "b.pdf")
    assert stored.has(first.sha256)


def test_bytes_altered_in_the_store_are_refused(stored):
    row = put(b"the true words")
    stored.drop(row.sha256)
    stored.keep(row.sha256, b"other words")
    with pytest.raises(ValueError, match="altered in the store"):
        files.read(row)


def test_an_s3_document_lies_under_the_prefix_and_says_nothing_of_itself(s3):
    store = S3Store(s3)
    store.keep("ab" * 32, b"words")
    (lying,) = store.client.list_objects_v2(Bucket="papers")["Contents"]
    assert lying["Key"] == f"fund/{place_of('ab' * 32)}"
    assert store.client.head_object(Bucket="papers", Key=lying["Key"])["ContentType"] == "application/octet-stream"


@pytest.mark.parametrize("act", ["keep", "fetch", "has", "drop", "check"])
def test_an_s3_store_that_does_not_answer_says_so(act):
    gone = S3Store(Settings(secret_key=KEY, storage_endpoint=f"http://127.0.0.1:{free_port()}", **S3))
    with pytest.raises(StoreAway, match="cannot reach our store") as away:
        getattr(gone, act)(*{"keep": ("ab" * 32, b"x"), "check": ()}.get(act, ("ab" * 32,)))
    assert away.value.status == 503


def test_a_bucket_that_is_not_there_is_said(object_store):
    with pytest.raises(StoreAway, match="cannot reach"):
        S3Store(
            Settings(secret_key=KEY, storage_endpoint=object_store, **{**S3, "storage_url": "s3://nowhere"})
        ).check()


def test_a_full_disk_keeps_nothing_and_says_so(tmp_path, monkeypatch):
    store = DiskStore(tmp_path)

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fund.core.stores.os.fsync", full)
    with pytest.raises(StoreAway):
        store.keep("ab" * 32, b"words")
    assert not [each for each in tmp_path.rglob("*") if each.is_file()]


def test_a_folder_that_is_gone_is_a_store_away_and_not_a_lost_document(tmp_path):
    with pytest.raises(StoreAway, match="cannot reach"):
        DiskStore(tmp_path / "unplugged").fetch("ab" * 32)


def test_a_page_answers_503_in_our_own_style_and_nothing_is_half_kept(app, as_, monkeypatch):
    import io

    from fund.tables import PolicyDocument
    from tests.factories import uploads as make_file

    lead = make.person("Ada Lead")
    group = make.organisation(lead)
    client, address = as_(lead), f"/organisations/{group.id}/papers"

    def send():
        data = {"kind": "safeguarding", "files": (io.BytesIO(make_file.pdf()), "rules.pdf")}
        return client.post(address, data=data, follow_redirects=True)

    assert send().status_code == 200
    paper = files.db.session.scalar(files.db.select(PolicyDocument))
    use(app, monkeypatch, storage_endpoint=f"http://127.0.0.1:{free_port()}", **S3)
    refused = send()
    assert refused.status_code == 503
    assert "We cannot reach our store of documents at the moment." in refused.text
    assert "Add or replace a paper" in refused.text, "the form is still there"
    assert [row.removed_at for row in files.db.session.scalars(files.db.select(PolicyDocument))] == [None]
    away = client.get(f"{address}/{paper.id}")
    assert away.status_code == 503
    assert "This does not work at the moment" in away.text
    assert client.get(address).status_code == 200, "pages that open no document work"


def test_documents_are_copied_from_one_store_to_the_other_and_back(app, database, monkeypatch, tmp_path, s3):
    use(app, monkeypatch, storage_path=str(tmp_path / "papers"))
    rows = [put(b"one"), put(b"one", "again.pdf"), put(b"two")]
    gone = put(b"three")
    here, there = files.the_store(), S3Store(s3)
    here.drop(gone.sha256)
    done = moving.copy_documents(here, there)
    assert (done.copied, done.there, done.missing) == (2, 0, [gone.sha256])
    again = moving.copy_documents(here, there)
    assert (again.copied, again.there) == (0, 2)
    back = DiskStore(tmp_path / "back")
    assert moving.copy_documents(there, back).copied == 2
    assert {back.fetch(row.sha256) for row in rows} == {b"one", b"two"}


def test_the_command_copies_and_says_what_is_missing(app, database, monkeypatch, tmp_path, s3):
    use(app, monkeypatch, storage_path=str(tmp_path / "papers"))
    row = put(b"one")
    run = app.test_cli_runner().invoke
    assert "Set FUND_STORAGE_URL" in run(args=["copy-documents", "s3"]).output
    use(app, monkeypatch, storage_path=str(tmp_path / "papers"), storage_endpoint=s3.storage_endpoint, **S3)
    asked = run(args=["copy-documents", "s3"])
    assert asked.exit_code == 0, asked.output
    assert "1 documents copied to the bucket papers" in asked.output
    assert files.read(row) == b"one", "the setting names the bucket by now"
    DiskStore(tmp_path / "papers").drop(row.sha256)
    assert "1 documents copied to the folder" in run(args=["copy-documents", "folder"]).output


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"storage_url": "https://papers"}, "like s3://bucket/prefix"),
        ({"storage_url": "s3://"}, "like s3://bucket/prefix"),
        ({"storage_url": "s3://papers", "storage_access_key": "key"}, "Set both"),
    ],
)
def test_wrong_settings_stop_the_start_with_a_sentence(given, words):
    with pytest.raises(ValueError, match=words):
        check_settings(Settings(secret_key=KEY, **given))


def test_a_missing_library_stops_the_start_with_a_sentence(monkeypatch):
    monkeypatch.setattr("fund.core.stores.importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="the library for it is not installed"):
        check_settings(Settings(secret_key=KEY, **S3))
    check_settings(Settings(secret_key=KEY))


def test_the_start_says_that_a_bucket_cannot_be_reached_and_goes_on(app, monkeypatch):
    from fund.core import commands

    use(app, monkeypatch, storage_endpoint=f"http://127.0.0.1:{free_port()}", **S3)
    said = []
    monkeypatch.setattr(commands.click, "echo", lambda words, err=False: said.append((words, err)))
    with app.app_context():
        commands._say_when_the_store_is_away()
    ((words, err),) = said
    assert words.startswith("Cannot reach the bucket papers: ")
    assert err


def test_without_the_setting_the_library_is_not_loaded():
    ask = "import json, sys; import wsgi; print(json.dumps([name for name in ('boto3', 'botocore') if name in sys.modules]))"
    run = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == []


def test_a_store_away_is_a_refusal_with_a_sentence():
    assert isinstance(StoreAway("x"), Problem)
