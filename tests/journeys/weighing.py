"""What a page weighs and whether axe finds fault with it, for a browser that runs no scripts and so cannot ask axe itself."""

import re

from tests.checks.axe import Axe, Parts
from tests.checks.html import BadPage, check_page

MOST_BYTES = 100_000


class Scales:
    """Counts the bytes that reach a browser, step by step: the page, and the style sheets and scripts it had not fetched before."""

    def __init__(self, page):
        self.asked: list = []
        self.heaviest = (0, "")
        page.on("requestfinished", lambda request: self.asked.append(request))

    def weigh(self, where: str) -> int:
        """Bytes of body since the step before. Raises BadPage when they are more than a page may have."""
        asked, self.asked[:] = list(self.asked), []
        bytes_ = sum(each.sizes()["responseBodySize"] for each in asked)
        if bytes_ >= MOST_BYTES:
            raise BadPage(f"{where} weighs {bytes_:,} bytes")
        self.heaviest = max(self.heaviest, (bytes_, where))
        return bytes_


class Reader:
    """Reads a page's HTML with axe in a browser of its own, where scripts run: the page's own are taken out before."""

    def __init__(self, browser, size: dict[str, int]):
        self.context = browser.new_context(viewport=size, locale="en-GB", bypass_csp=True)
        self.page = self.context.new_page()
        self.axe = Axe()

    def read(self, html: str, address: str) -> None:
        """Raises BadPage with what axe says. A page built as one before is not read again."""
        html = re.sub(r"<script\b.*?</script>", "", html, flags=re.DOTALL)
        parts = Parts.of(html)
        if self.axe.knows(parts):
            return
        check_page(html, address, csrf=True)
        self.page.route(address, lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
        self.page.goto(address)
        found = self.axe.faults(self.page)
        self.page.unroute(address)
        if found:
            raise BadPage(f"{address}:\n  " + "\n  ".join(found))
        self.axe.remember(parts)

    def close(self) -> None:
        self.context.close()
