"""The gallery served to a test client and to a real browser."""

import logging
import threading
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from tests.look.gallery import create_gallery


@pytest.fixture(scope="session")
def gallery() -> FlaskClient:
    return create_gallery().test_client()


@pytest.fixture(scope="session")
def gallery_url() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, create_gallery(), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
