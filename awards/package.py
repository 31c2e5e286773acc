"""The doors of this package: its tables, its pages and its commands, given to the app."""

from flask import Flask

from . import jobs, mails, permissions, tables, workflow  # noqa: F401


def init_app(app: Flask) -> None:
    """Add this package's addresses and commands to the app."""
