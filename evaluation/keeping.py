"""What of reporting goes with a bid: stories and notes. Figures, spending and targets stay: outcomes are counted for years."""

from fund.erasing import with_bid

from .tables import BudgetHeading, CaseStudy, Measurement, MonitoringReturn, Promise, SpendLine

COUNTED = "outcomes are counted under it"
with_bid(
    MonitoringReturn, variance_why=None, story=None, story_consent=False, worries=None, changes=None, decided_why=None,
    stays=("status",), stays_for="a word of our own",
)  # fmt: skip
with_bid(CaseStudy, rows=True)
with_bid(Measurement, note=None)
with_bid(Promise, baseline_note=None, stays=("measure", "unit"), stays_for=COUNTED)
with_bid(BudgetHeading, stays=("heading",), stays_for=COUNTED)
with_bid(SpendLine, stays=("heading",), stays_for=COUNTED)
