"""The code as the tests about it read it: every file once, every tree grown once."""

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ORDER = ["fund.core", "fund", "applications", "scoring", "awards", "evaluation"]


@cache
def modules() -> tuple[Path, ...]:
    return tuple(path for top in ORDER[1:] for path in sorted((ROOT / top).rglob("*.py")))


@cache
def text(path: Path) -> str:
    return path.read_text()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path))


@cache
def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def faults(paths: Iterable[Path], rule: Callable[[Path], Iterable[str]]) -> list[str]:
    """What a rule says against these files, each sentence with its file. A rule that reads no file at all holds nothing."""
    read = tuple(paths)
    assert read, "there is no file to read"
    return [f"{path.relative_to(ROOT)}: {fault}" for path in read for fault in rule(path)]
