"""Numbers as readers see them: whole ones without decimals, percentages with their sign, units in words."""

from fund.core.money import short_pounds

from .indicators import is_percentage


def number(value: float | int | str | None, decimals: int = 1) -> str:
    """ "1,250", "61.5"; a text (a hidden small number) as it is; "not known" for None."""
    if value is None:
        return "not known"
    if isinstance(value, str):
        return value
    rounded = round(float(value), decimals)
    return f"{rounded:,.0f}" if rounded.is_integer() else f"{rounded:,.{decimals}f}"


def number_words(value: float | int | str | None, unit: str) -> str:
    """ "60 %", "42 people"; units that are explanations are cut at their first comma or bracket."""
    if value is None or isinstance(value, str):
        return number(value)
    if is_percentage(unit):
        return f"{number(value)} %"
    return f"{number(value)} {short_unit(unit)}".strip()


def whole_pounds(pence: int) -> str:
    """ "£331": pounds without pence, half up, for headlines only."""
    return short_pounds((pence + 50) // 100 * 100)


def short_unit(unit: str) -> str:
    for mark in ("(", ";", ","):
        unit = unit.split(mark)[0]
    return unit.strip()


def share_of(part: float | None, whole: float | None) -> int | None:
    """The part as whole per cent of the whole, half up; None when there is no whole."""
    if part is None or not whole:
        return None
    return int(100 * part / whole + 0.5)
