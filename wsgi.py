"""The one module that knows every package: settings, extensions, and each package's doors, put together into an app."""

import os
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

import applications.package
import awards.package
import evaluation.package
import fund.package
import scoring.package
from fund.core import commands, web
from fund.core.database import db
from fund.core.look import prepare_jinja
from fund.core.settings import read_settings

ROOT = Path(__file__).resolve().parent
PACKAGES = (fund.package, applications.package, scoring.package, awards.package, evaluation.package)


def create_app(instance: Path | None = None, **given) -> Flask:
    """The app of one installation. `instance` is its folder (FUND_INSTANCE, or instance/ beside this file);
    `given` overrides settings by name. Raises ValueError with a sentence when a setting is wrong."""
    instance = Path(instance or os.environ.get("FUND_INSTANCE") or ROOT / "instance").resolve()
    settings = read_settings(instance, **given)
    instance.mkdir(parents=True, exist_ok=True)
    app = Flask(
        "violence_prevention_fund",
        root_path=str(ROOT),
        instance_path=str(instance),
        template_folder="templates",
        static_folder="static",
    )
    app.config["SETTINGS"] = settings
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url or f"sqlite:///{instance / 'fund.sqlite'}"
    # Values stay out of error messages (they reach the log); a connection that died is found before it is used.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"hide_parameters": True, "pool_pre_ping": bool(settings.database_url)}
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    prepare_jinja(app)
    web.prepare(app)
    commands.init_app(app)
    for package in PACKAGES:
        package.init_app(app)
    return app
