"""The log: one JSON line for each event on standard error, with no line breaks inside and no local variables.

What people typed never gets in by way of a traceback, and nobody can forge a line.
"""

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog


def prepare() -> None:
    """Called once when the app is made."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _without_rows,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=_to_stderr,
        cache_logger_on_first_use=False,
    )


def _without_rows(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """PostgreSQL quotes the whole row that broke a rule; which rule it was is enough for the log."""
    if "exception" in event:
        event["exception"] = re.sub(r"^DETAIL:.*$", "DETAIL: (not logged)", event["exception"], flags=re.MULTILINE)
    return event


def _to_stderr(*_names):
    return structlog.PrintLogger(sys.stderr)
