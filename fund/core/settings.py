"""Settings: one list of what an installation can decide, read from the environment or instance/settings.toml.

The environment wins over the file, the file over the default. Defaults are safe for production. A test holds that
docs/operations.md explains every one of them.
"""

import os
import secrets
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

PRODUCTION, DEMONSTRATION, TEST = "production", "demonstration", "test"


def _setting(default: Any, doc: str, *, secret: bool = False):
    return field(default=default, metadata={"doc": doc}, repr=not secret)


@dataclass(frozen=True)
class Settings:
    env: str = _setting(PRODUCTION, "production, demonstration (adds /demo, keeps mail instead of sending) or test")
    secret_key: str = _setting(
        "", "signs cookies and forms, encrypts bank details; at least 32 characters; no default", secret=True
    )
    database_url: str = _setting(
        "", "postgresql://… for PostgreSQL; empty for SQLite in the instance folder", secret=True
    )
    public_url: str = _setting("", "the address people type, used in mail and letters; empty: http://, host and port")
    trusted_hosts: str = _setting(
        "", "host names the site answers to, separated by commas; empty: the public_url's host"
    )
    proxies: int = _setting(0, "how many reverse proxies in front set X-Forwarded-For and -Proto")
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on")
    threads: int = _setting(8, "threads of the web server")
    mail_host: str = _setting("", "SMTP server; empty: mail stays in the outbox")
    mail_port: int = _setting(587, "SMTP port")
    mail_username: str = _setting("", "SMTP user name, if the server asks for one")
    mail_password: str = _setting("", "SMTP password", secret=True)
    mail_tls: bool = _setting(True, "use STARTTLS")
    mail_from: str = _setting("Violence Prevention Fund <no-reply@localhost>", "sender of every message")
    storage_path: str = _setting("", "folder for documents; empty: instance/documents")
    storage_url: str = _setting("", "s3://bucket/prefix keeps documents in an S3-compatible store instead of a folder")
    storage_endpoint: str = _setting("", "address of the S3-compatible store; empty: that of Amazon")
    storage_access_key: str = _setting("", "access key of the store; empty: what the machine's environment gives")
    storage_secret_key: str = _setting("", "secret key of the store", secret=True)
    clamd: str = _setting("", "virus scanner: host:port or the path of its socket; empty: files are not scanned")
    charity_commission_key: str = _setting("", "key of the Charity Commission's register; empty: by hand", secret=True)
    charity_commission_url: str = _setting(
        "https://api.charitycommission.gov.uk/register/api", "address of the Charity Commission's register"
    )
    companies_house_key: str = _setting("", "key of Companies House's register; empty: by hand", secret=True)
    companies_house_url: str = _setting(
        "https://api.company-information.service.gov.uk", "address of Companies House's register"
    )
    signing_certificate: str = _setting("", "PKCS#12 file that letters are signed with; empty: letters are not signed")
    signing_password: str = _setting("", "password of the signing certificate", secret=True)
    second_factor: bool = _setting(True, "staff also give a code from an authenticator app when they sign in")
    keep_unsuccessful_years: int = _setting(2, "years after a round's end that bids without an award are kept")
    keep_awarded_years: int = _setting(6, "years after an award has ended that it and its bid are kept")
    code_minutes: int = _setting(15, "minutes that a sign-in code lives")
    code_tries: int = _setting(5, "wrong tries before a sign-in code dies")
    codes_per_hour: int = _setting(10, "sign-in codes sent to one address in an hour")
    tries_per_address: int = _setting(10, "wrong codes for one e-mail address in five minutes before a pause")
    codes_per_source: int = _setting(60, "sign-in codes asked for from one network address in an hour")
    idle_minutes: int = _setting(30, "minutes without a page before staff and assessors are signed out")
    session_hours: int = _setting(12, "hours before anybody is signed out")
    upload_megabytes: int = _setting(10, "largest document that may be uploaded, in MB")
    documents_per_bid: int = _setting(30, "how many documents one bid may hold")
    small_number: int = _setting(5, "counts below this are not shown (small-number rule)")
    jobs: bool = _setting(True, "run the jobs process beside the web server (flask serve)")

    @property
    def is_production(self) -> bool:
        return self.env == PRODUCTION

    @property
    def is_demonstration(self) -> bool:
        return self.env == DEMONSTRATION


# The three names that every host already knows are read without the FUND_ prefix as well.
PLAIN_NAMES = {"database_url": "DATABASE_URL", "secret_key": "SECRET_KEY", "host": "HOST", "port": "PORT"}


def read_settings(instance: Path, environ=os.environ, **given) -> Settings:
    """The settings of the installation whose folder is `instance`. Raises ValueError with a sentence when one is wrong."""
    file = instance / "settings.toml"
    stored = tomllib.loads(file.read_text()) if file.exists() else {}
    if unknown := set(stored) - {f.name for f in fields(Settings)}:
        raise ValueError(f"{file.name} names settings that do not exist: {', '.join(sorted(unknown))}")
    values = dict(stored)
    for known in fields(Settings):
        for name in (PLAIN_NAMES.get(known.name), f"FUND_{known.name.upper()}"):
            if name and name in environ:
                values[known.name] = _read(known, environ[name])
    settings = Settings(**{**values, **given})
    if not settings.public_url:
        settings = replace(settings, public_url=f"http://{settings.host}:{settings.port}")
    return _checked(settings)


def _read(known, text: str) -> Any:
    if isinstance(known.default, bool):
        return text.strip().lower() in ("1", "true", "yes", "on")
    if isinstance(known.default, int):
        if not text.strip().isdecimal():
            raise ValueError(f"{known.name} must be a whole number, not {text!r}")
        return int(text)
    return text


def _checked(settings: Settings) -> Settings:
    if settings.env not in (PRODUCTION, DEMONSTRATION, TEST):
        raise ValueError("FUND_ENV must be production, demonstration or test")
    if len(settings.secret_key) < 32:
        raise ValueError(
            "Set SECRET_KEY to at least 32 random characters, in the environment or in instance/settings.toml. "
            'One way: python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return settings


def write_first_settings(instance: Path, env: str) -> bool:
    """Write instance/settings.toml with a fresh secret key, unless it is there. Returns whether it was written."""
    file = instance / "settings.toml"
    if file.exists():
        return False
    instance.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(
        "# Local settings; docs/operations.md explains each. The environment wins over this file.\n"
        f'env = "{env}"\nsecret_key = "{secrets.token_urlsafe(48)}"\n'
    )
    return True


def main() -> None:
    """`python -m fund.core.settings`: what `make run` does before anything else can start."""
    instance = Path(os.environ.get("FUND_INSTANCE") or Path(__file__).resolve().parents[2] / "instance")
    if write_first_settings(instance, os.environ.get("FUND_ENV", DEMONSTRATION)):
        print(f"Wrote {instance / 'settings.toml'} with a fresh secret key.")


if __name__ == "__main__":
    main()
