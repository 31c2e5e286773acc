"""Where documents lie: a folder on disk or an S3-compatible store. Bytes go in and out under their own SHA-256.

What a document is called and who may have it is said by its row (`files`); a store knows nothing but bytes.
"""

import importlib.util
import os
import tempfile
import threading
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import structlog

from .problems import Problem
from .settings import Settings

log = structlog.get_logger(__name__)
CONNECT_SECONDS, ANSWER_SECONDS = 3, 15


class StoreAway(Problem):
    """The store cannot be reached, or takes nothing more: nothing was kept, and it may be tried again later."""

    status = 503

    def __init__(self, why: str):
        super().__init__(
            "We cannot reach our store of documents at the moment. Nothing is lost or half kept. Try again in a few minutes."
        )
        self.why = why


class Store(Protocol):
    """What `files` needs of a store. `fetch` raises FileNotFoundError for what was never kept; all raise StoreAway."""

    name: str

    def keep(self, digest: str, content: bytes) -> None: ...

    def fetch(self, digest: str) -> bytes: ...

    def has(self, digest: str) -> bool: ...

    def drop(self, digest: str) -> None: ...

    def check(self) -> None: ...


def place_of(digest: str) -> str:
    """The name under which these bytes lie, the same in every store."""
    return f"{digest[:2]}/{digest}"


class DiskStore:
    """A folder. A file appears under its name only when all of it is on the disk."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.name = f"the folder {folder}"

    def path(self, digest: str) -> Path:
        return self.folder / place_of(digest)

    def keep(self, digest: str, content: bytes) -> None:
        path = self.path(digest)
        try:
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                self._write(path, content)
        except OSError as error:
            raise _away(self, error) from None

    def _write(self, path: Path, content: bytes) -> None:
        draft = tempfile.NamedTemporaryFile(dir=path.parent, delete=False)  # noqa: SIM115 - it lives on under another name
        try:
            with draft:
                draft.write(content)
                draft.flush()
                os.fsync(draft.fileno())
            Path(draft.name).replace(path)
        except OSError:
            Path(draft.name).unlink(missing_ok=True)
            raise
        _keep_folder(path.parent)

    def fetch(self, digest: str) -> bytes:
        try:
            return self.path(digest).read_bytes()
        except FileNotFoundError:
            if self.folder.is_dir():
                raise
            raise StoreAway("the folder is not there") from None
        except OSError as error:
            raise _away(self, error) from None

    def has(self, digest: str) -> bool:
        return self.path(digest).exists()

    def drop(self, digest: str) -> None:
        try:
            self.path(digest).unlink(missing_ok=True)
        except OSError as error:
            raise _away(self, error) from None

    def check(self) -> None:
        """Nothing to reach: the folder is made with the first document."""


def _keep_folder(folder: Path) -> None:
    """Have the disk keep the folder's new entry as well: a file without its name is lost."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class S3Store:
    """A bucket of an S3-compatible store. One request keeps a document whole or not at all."""

    def __init__(self, settings: Settings):
        address = urlsplit(settings.storage_url)
        self.settings, self.bucket, self.prefix = settings, address.netloc, address.path.strip("/")
        self.name = f"the bucket {self.bucket}"
        self._making = threading.Lock()
        self._made: Any = None

    @property
    def client(self) -> Any:
        """Made when first used: the library takes a third of a second to load, and threads must not make it twice."""
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made

    def _make(self) -> Any:
        import boto3
        from botocore.config import Config

        settings, own = self.settings, bool(self.settings.storage_endpoint)
        named = bool(os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"))
        return boto3.session.Session().client(
            "s3",
            endpoint_url=settings.storage_endpoint or None,
            aws_access_key_id=settings.storage_access_key or None,
            aws_secret_access_key=settings.storage_secret_key or None,
            region_name=None if named or not own else "us-east-1",  # stores of one's own have no regions
            config=Config(
                connect_timeout=CONNECT_SECONDS, read_timeout=ANSWER_SECONDS, retries={"total_max_attempts": 2},
                s3={"addressing_style": "path"} if own else None,
                # Newer checksums are not known to every store that speaks S3; the SHA-256 is checked here anyway.
                request_checksum_calculation="when_required", response_checksum_validation="when_required",
            ),
        )  # fmt: skip

    def _key(self, digest: str) -> str:
        return f"{self.prefix}/{place_of(digest)}" if self.prefix else place_of(digest)

    def keep(self, digest: str, content: bytes) -> None:
        self._ask("put_object", Key=self._key(digest), Body=content, ContentType="application/octet-stream")

    def fetch(self, digest: str) -> bytes:
        return self._ask("get_object", Key=self._key(digest))

    def has(self, digest: str) -> bool:
        try:
            self._ask("head_object", Key=self._key(digest))
        except FileNotFoundError:
            return False
        return True

    def drop(self, digest: str) -> None:
        self._ask("delete_object", Key=self._key(digest))

    def check(self) -> None:
        """Ask for the bucket itself. Raises StoreAway."""
        try:
            self._ask("head_bucket")
        except FileNotFoundError:
            raise StoreAway("there is no bucket of that name") from None

    def _ask(self, act: str, **facts: Any) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

        try:
            answer = getattr(self.client, act)(Bucket=self.bucket, **facts)
            return answer["Body"].read() if act == "get_object" else b""
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in ("NoSuchKey", "404", "NotFound"):
                raise FileNotFoundError(facts.get("Key", self.bucket)) from None
            raise _away(self, error, code) from None
        except (BotoCoreError, HTTPClientError, OSError) as error:
            raise _away(self, error) from None


def _away(store: Store, error: Exception, code: str = "") -> StoreAway:
    why = code or getattr(error, "strerror", None) or type(error).__name__
    log.error("store_away", store=type(store).__name__, error=why)
    return StoreAway(why)


def disk_store(settings: Settings, instance: str | Path) -> DiskStore:
    return DiskStore(Path(settings.storage_path or Path(instance, "documents")))


def store_for(settings: Settings, instance: str | Path) -> Store:
    """The store that the settings name."""
    return S3Store(settings) if settings.storage_url else disk_store(settings, instance)


def check_settings(settings: Settings) -> None:
    """Raises ValueError with a sentence when the store that the settings name cannot be one. It is not asked for anything."""
    if not settings.storage_url:
        return
    address = urlsplit(settings.storage_url)
    if address.scheme != "s3" or not address.netloc:
        raise ValueError("FUND_STORAGE_URL must be like s3://bucket/prefix, or empty to keep documents in a folder")
    if bool(settings.storage_access_key) != bool(settings.storage_secret_key):
        raise ValueError("Set both FUND_STORAGE_ACCESS_KEY and FUND_STORAGE_SECRET_KEY, or neither")
    if importlib.util.find_spec("boto3") is None:
        raise ValueError(
            "FUND_STORAGE_URL names an S3 store, but the library for it is not installed. "
            'Install it with: pip install "boto3==1.44.8" (the extra s3 in setup.cfg)'
        )
