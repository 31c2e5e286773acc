"""Style sheets, scripts and pictures go out packed: a first visit on a phone is then a fifth of the bytes.

Pages themselves do not: a page repeats what somebody typed beside a secret token, and the packed length would tell of it.
"""

import gzip

from flask import Flask, Response, request

PACKED = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
LEAST = 500  # bytes; less is not worth it
_kept: dict[tuple[str, str], bytes] = {}


def init_app(app: Flask) -> None:
    """Have every answer of the static endpoint packed where the browser takes it."""
    app.after_request(pack)


def pack(response: Response) -> Response:
    """The same file packed, kept in the process under its name and ETag."""
    if request.endpoint != "static" or response.status_code != 200 or response.mimetype not in PACKED:
        return response
    response.vary.add("Accept-Encoding")
    if request.method != "GET" or "gzip" not in request.accept_encodings or (response.content_length or 0) < LEAST:
        return response
    etag, _ = response.get_etag()
    name = (request.path, etag or "")
    opened, response.direct_passthrough = response.response, False
    if name not in _kept:
        _kept[name] = gzip.compress(response.get_data(), 9, mtime=0)
    if hasattr(opened, "close"):
        opened.close()
    response.set_data(_kept[name])
    response.content_encoding = "gzip"
    if etag:
        response.set_etag(etag, weak=True)  # the same file, not the same bytes
    return response
