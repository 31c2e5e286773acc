"""Which browser the journeys run in, and how it comes onto a machine that has none."""

import os
import shutil
import subprocess
import sys

# The shell draws the same pages without the windows around them, for half of the processor time: it is taken where it is there.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--disable-default-apps", "--disable-domain-reliability", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)  # fmt: skip
SORRY = (
    "No browser could be installed, and the journeys need one. Install Chromium (on Debian or Ubuntu: "
    "sudo apt-get install chromium), then run make test again."
)


def find() -> str | None:
    """The browser of the machine, or None."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright):
    """A headless Chromium that talks to nobody but this machine."""
    sandbox = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=find(), args=[*QUIET, *sandbox])


def works() -> bool:
    """Whether a browser starts and draws a page."""
    from playwright.sync_api import Error, sync_playwright

    try:
        with sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page()
            page.set_content("<p>hello</p>")
            said = page.inner_text("p")
            browser.close()
        return said == "hello"
    except Error:
        return False


def ways() -> list[list[str]]:
    """The commands that may bring a browser, best first."""
    playwright = [sys.executable, "-m", "playwright", "install"]
    found = []
    if may_install():
        found += [apt(SHELL), apt("chromium"), [*playwright, "--with-deps", "chromium"]]
    return [*found, [*playwright, "chromium"]]


def may_install() -> bool:
    """Whether this machine's own packages can be put on it."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt(package: str) -> list[str]:
    return ["sh", "-c", f"apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq {package}"]


def main() -> int:
    if works():
        if shutil.which(SHELL) is None and find() is not None and may_install():
            subprocess.call(apt(SHELL), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # quicker; not needed
        return 0
    for command in ways():
        print("Installing a browser:", " ".join(command), flush=True)
        if subprocess.call(command, stdout=subprocess.DEVNULL) == 0 and works():
            return 0
    print(SORRY, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
