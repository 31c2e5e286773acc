"""The tables of delivery and outcomes, one module per noun."""

from .indicators import Indicator, Promise
from .returns import BudgetHeading, CaseStudy, Measurement, MonitoringReturn, ReturnPeriod, SpendLine

__all__ = [
    "BudgetHeading",
    "CaseStudy",
    "Indicator",
    "Measurement",
    "MonitoringReturn",
    "Promise",
    "ReturnPeriod",
    "SpendLine",
]
