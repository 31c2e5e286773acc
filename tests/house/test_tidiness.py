"""What is committed holds no leavings: no machine's paths, no notes to self, no secrets, no lint."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {
    ".py",
    ".html",
    ".md",
    ".txt",
    ".yaml",
    ".toml",
    ".cfg",
    ".css",
    ".js",
    ".sh",
    ".json",
    ".ini",
    ".mako",
    ".lock",
}
# Written in two halves, so that this file does not find itself.
LEAVINGS = {
    "a path of somebody's machine": r"(?<![\w./-])/(?:work|root|home|Users|mnt)" + r"/\w",
    "a note to self": r"(?<![\w-])(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HACK)\b",
    "a debugger": r"\bbreak" + r"point\(\)|\bpdb\.set" + r"_trace",
    "a conflict": r"^(?:<<<" + r"<<<<|>>>" + r">>>>) ",
    "a private key": r"BEGIN (?:RSA |EC |OPENSSH )?PRIVATE" + r" KEY",
    "a registry's address": r"(?:pypi\.org|files\.pythonhosted|registry\.npm" + r"js)",
}


def files() -> list[Path]:
    skipped = {
        "schema",
        ".venv",
        ".git",
        ".make",
        "vendor",
        "instance",
        "__pycache__",
        ".mypy_cache",
        ".ruff_cache",
        ".hypothesis",
    }
    found = [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.relative_to(ROOT).parts)]
    return [path for path in found if path.suffix in OURS or path.name in ("Makefile", "run", "environment")]


@pytest.mark.parametrize("kind", LEAVINGS)
def test_nothing_is_left_lying(kind):
    lines = []
    for path in (each for each in files() if each != Path(__file__).resolve()):
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if re.search(LEAVINGS[kind], line):
                lines.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    assert not lines


def test_no_test_is_skipped():
    """A test that does not run proves nothing."""
    marks = re.compile(r"pytest\.(?:mark\.)?(?:skip|xfail|importor" + r"skip)")
    assert not [
        path.name
        for path in (ROOT / "tests").rglob("*.py")
        if marks.search(path.read_text()) and path.name != Path(__file__).name
    ]


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=["lint", "format"])
def test_the_code_is_lint_free(command):
    ran = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--quiet", "."], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout[:4000] + ran.stderr[:2000]


def test_both_lock_files_agree():
    """The tests run on the very libraries that serve the site."""
    pins = {
        name: set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / name).read_text(), re.MULTILINE))
        for name in ("requirements.lock", "requirements-test.lock")
    }
    assert pins["requirements.lock"] <= pins["requirements-test.lock"]
    assert all("--hash=sha256:" in (ROOT / name).read_text() for name in pins)


def test_every_library_in_setup_is_locked():
    wanted = re.findall(r"^    ([a-z0-9-]+)(?:\[[a-z]+\])?[=>]", (ROOT / "setup.cfg").read_text(), re.MULTILINE)
    locked = (ROOT / "requirements-test.lock").read_text()
    assert not [name for name in wanted if not re.search(rf"^{name}==", locked, re.MULTILINE)]
