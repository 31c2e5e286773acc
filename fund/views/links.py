"""Links to pages of packages further down, drawn only where those pages exist."""

from flask import current_app, url_for


def link_to(endpoint: str, **values) -> str:
    """The address of an endpoint, or nothing when no package has given it."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""
