"""What the page templates need from the app."""

from jinja2 import ChainableUndefined, ChoiceLoader, PackageLoader, PrefixLoader


def prepare_jinja(app) -> None:
    """Let templates find the GOV.UK components; those need undefined values to be chainable."""
    app.jinja_env.undefined = ChainableUndefined
    app.jinja_loader = ChoiceLoader(
        [app.jinja_loader, PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
