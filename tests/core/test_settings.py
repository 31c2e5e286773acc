"""Settings: the environment wins, wrong ones stop the start with a sentence, and nothing runs with a known key."""

import stat
import tomllib

import pytest

from fund.core.settings import Settings, read_settings, write_first_settings
from wsgi import create_app

KEY = "k" * 40


def test_defaults_are_for_production(tmp_path):
    settings = read_settings(tmp_path, {"SECRET_KEY": KEY})
    assert settings.is_production
    assert not settings.is_demonstration
    assert (settings.host, settings.port, settings.public_url) == ("127.0.0.1", 8000, "http://127.0.0.1:8000")


@pytest.mark.parametrize("key", ["", "short", "k" * 31])
def test_nothing_starts_without_a_key(tmp_path, monkeypatch, key):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    with pytest.raises(ValueError, match=r"Set SECRET_KEY to at least 32 random characters"):
        create_app(tmp_path, secret_key=key)


def test_the_environment_wins_over_the_file(tmp_path):
    (tmp_path / "settings.toml").write_text(f'secret_key = "{KEY}"\nport = 9000\nthreads = 3\nmail_tls = false\n')
    settings = read_settings(tmp_path, {"PORT": "9001", "FUND_MAIL_TLS": "yes", "FUND_SMALL_NUMBER": "10"})
    assert (settings.port, settings.threads, settings.mail_tls, settings.small_number) == (9001, 3, True, 10)
    assert settings.public_url == "http://127.0.0.1:9001"


def test_a_misspelt_setting_is_named(tmp_path):
    (tmp_path / "settings.toml").write_text('secrte_key = "x"\n')
    with pytest.raises(ValueError, match=r"settings\.toml names settings that do not exist: secrte_key"):
        read_settings(tmp_path, {})


@pytest.mark.parametrize(
    ("name", "value"), [("PORT", "eight"), ("FUND_THREADS", ""), ("FUND_SMALL_NUMBER", "5.5"), ("FUND_PROXIES", "-1")]
)
def test_a_number_that_is_none_is_named(tmp_path, name, value):
    with pytest.raises(ValueError, match="must be a whole number"):
        read_settings(tmp_path, {"SECRET_KEY": KEY, name: value})


def test_an_unknown_mode_is_refused(tmp_path):
    with pytest.raises(ValueError, match="FUND_ENV must be"):
        read_settings(tmp_path, {"SECRET_KEY": KEY, "FUND_ENV": "staging"})


def test_the_first_settings_have_a_key_of_their_own(tmp_path):
    """Two installations never share one, only the owner reads it, and a second start leaves it alone."""
    assert write_first_settings(tmp_path / "a", "demonstration")
    assert write_first_settings(tmp_path / "b", "demonstration")
    one, two = (tomllib.loads((tmp_path / name / "settings.toml").read_text()) for name in "ab")
    assert one["secret_key"] != two["secret_key"]
    assert read_settings(tmp_path / "a", {}).is_demonstration
    assert stat.S_IMODE((tmp_path / "a" / "settings.toml").stat().st_mode) == 0o600
    assert not write_first_settings(tmp_path / "a", "production")
    assert tomllib.loads((tmp_path / "a" / "settings.toml").read_text()) == one


def test_the_demonstration_is_not_in_production(tmp_path):
    """Neither its pages nor their links."""
    app = create_app(tmp_path, env="production", secret_key=KEY)
    answer = app.test_client().get("/demo", base_url="http://127.0.0.1:8000")
    assert answer.status_code == 404
    assert b"Change who you are" not in answer.data


def test_settings_never_show_their_secrets():
    """A settings object in a traceback or a log gives no key away."""
    shown = repr(Settings(secret_key=KEY, mail_password="hunter2", database_url="postgresql://u:hunter2@h/d"))
    assert KEY not in shown
    assert "hunter2" not in shown
