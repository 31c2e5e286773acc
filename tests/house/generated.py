"""The pages of docs/ that the code writes about itself. `make docs` writes them; a test holds that they are up to date."""

from pathlib import Path

from fund.core.commands import address_list
from fund.core.workflow import WORKFLOWS

DOCS = Path(__file__).resolve().parents[2] / "docs"


def addresses(app) -> str:
    """Every address, its methods and who may use it. What only the demonstration has is left out."""
    lines = [
        "# Addresses", "",
        "Every address, what may be sent to it and who may use it. Written by `make docs`; do not edit.", "",
        "| address | methods | who may use it |", "|---|---|---|",
    ]  # fmt: skip
    for row in address_list(app):
        if not row["endpoint"].startswith("demo"):
            address = row["address"].replace("<", "‹").replace(">", "›")
            lines.append(f"| `{address}` | {row['methods'].replace(',', ', ')} | {row['who'].replace('|', '/')} |")
    return "\n".join(lines) + "\n"


def workflows(_app) -> str:
    """Every life as a diagram and as its table."""
    parts = ["# Lives", "", "What each kind of thing can become, and by whom. Written by `make docs`; do not edit."]
    for life in sorted(WORKFLOWS.values(), key=lambda life: life.name):
        parts += ["", f"## {life.name}", "", "```mermaid", life.as_mermaid(), "```", ""]
        parts += ["| action | from | to | who | needs | tells |", "|---|---|---|---|---|---|"]
        for row in life.moves:
            cells = (
                row.action,
                ", ".join(row.sources),
                row.target,
                row.who,
                ", ".join(row.needs),
                ", ".join(row.tells),
            )
            parts.append("| " + " | ".join(cell.replace("_", " ") or "–" for cell in cells) + " |")
    return "\n".join(parts) + "\n"


PAGES = {"addresses.md": addresses, "workflows.md": workflows}


def main() -> None:
    import tempfile

    from wsgi import create_app

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Path(folder), env="test", secret_key="only for writing the documents down")
        with app.app_context():
            for name, write in PAGES.items():
                (DOCS / name).write_text(write(app))
                print(f"docs/{name}")


if __name__ == "__main__":
    main()
