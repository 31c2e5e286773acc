"""An officer asks a register from an organisation's page: it is away, then it answers, and the bid shows what follows.

The register is a server on this machine that speaks as the real ones do; nobody leaves the machine.
"""

import pytest

from tests.checks.registers import Registers, charity
from tests.fund.test_registers import use

from .story import says

pytestmark = pytest.mark.journey


def test_a_register_is_away_then_says_that_a_charity_was_removed(site, visit, monkeypatch):
    sam = visit("officer").go("/office/organisations?q=Lamplight").press("Lamplight Mentors")
    says(sam, "has no key for this register", "The organisation gave: Lamplight Mentors (the same)", "£186,400")
    with Registers() as registers:
        use(site.app, registers, monkeypatch)
        registers.say("9900201", b"<html>Maintenance</html>", 503)
        sam.go("/office/organisations?q=Lamplight").press("Lamplight Mentors").press("Ask the register now")
        says(sam, "The register is out of reach at the moment.", "Registers say: Confirmed", "Record a check")
        gone = charity(9900201, "LAMPLIGHT MENTORS", reg_status="RM", date_of_removal="2026-01-20T00:00:00")
        registers.say("9900201", gone)
        sam.press("Ask the register now")
        says(sam, "Registers say: Removed", "LAMPLIGHT MENTORS, removed on 20 January 2026.", "Sam Reed asked")
        sam.press("Record a check")
        says(sam, "What the register’s service said")
    sam.go("/office/organisations?q=Skerne").press("Skerne Side Sports").press("Record a check")
    says(sam, "The name on the register is SKERNE SIDE SPORTS AND LEISURE CIC.")
