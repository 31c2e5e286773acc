"""Who sits at the screen: each blueprint serves one audience, and each audience has its own short navigation."""

from dataclasses import dataclass

from flask import Blueprint, Flask, current_app, g, request, url_for

from .permissions import may, signed_in

AUDIENCES = ("public", "applicant", "assessor", "staff", "grantee", "evaluator")


@dataclass(frozen=True)
class Item:
    text: str
    endpoint: str
    audiences: tuple[str, ...]
    rule: str | None
    order: int


@dataclass(frozen=True)
class Link:
    text: str
    href: str
    is_current: bool


ITEMS: list[Item] = []


def audience_blueprint(name: str, import_name: str, audience: str, **options) -> Blueprint:
    """A blueprint for one audience: one of AUDIENCES."""
    if audience not in AUDIENCES:
        raise ValueError(f"no audience is called {audience}")
    blueprint = Blueprint(name, import_name, **options)
    blueprint.audience = audience
    return blueprint


def add_item(text: str, endpoint: str, *audiences: str, rule: str | None = None, order: int = 50) -> None:
    """Add one item to the navigation of these audiences; with a `rule`, only for people who may."""
    item = Item(text, endpoint, audiences, rule, order)
    if item not in ITEMS:
        ITEMS.append(item)


def serve_as(name: str) -> None:
    """Serve this request with the navigation of another audience, where one address has readers of two kinds."""
    if name not in AUDIENCES:
        raise ValueError(f"no audience is called {name}")
    g.audience = name


def audience() -> str:
    if "audience" in g:
        return g.audience
    blueprint = current_app.blueprints.get(request.blueprint or "")
    return getattr(blueprint, "audience", "public")


class Navigation:
    """The links of this request's audience. Nothing is asked until a page draws them."""

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __iter__(self):
        here, person = audience(), signed_in()
        if here == "public" and person is not None and "accounts.work" in current_app.view_functions:
            yield Link("Your work", url_for("accounts.work"), False)
        for item in sorted(ITEMS, key=lambda item: item.order):
            if item.endpoint not in current_app.view_functions:
                continue  # another app of the same process, as tests make
            if here in item.audiences and (item.rule is None or (person is not None and may(person, item.rule))):
                yield Link(item.text, url_for(item.endpoint), request.endpoint == item.endpoint)


def init_app(app: Flask) -> None:
    app.context_processor(lambda: {"navigation": Navigation()})
