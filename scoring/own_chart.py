"""One figure with its interval on a line around nothing: how one member's totals lie against the panel's."""

from markupsafe import Markup

from fund.core.svg import drawing, element, text

ROOM = 5  # the axis ends at the next multiple of so many points


def own_chart(value: float, low: float | None, high: float | None) -> Markup:
    """Points out of 100 against the panel, lower on the left; the bar is the 95 % interval."""
    ends = [abs(each) for each in (value, low, high) if each is not None]
    reach = ROOM * (1 + int(max(ends) // ROOM))

    def at(points: float) -> str:
        return f"{4 + 92 * (points + reach) / (2 * reach):.2f}%"

    parts = [element("line", x1="4%", y1=44, x2="96%", y2=44, class_="chart__axis")]
    for mark, words in ((-reach, f"{reach} lower"), (0, "the panel"), (reach, f"{reach} higher")):
        parts.append(element("line", x1=at(mark), y1=38, x2=at(mark), y2=50, class_="chart__axis"))
        anchor = "start" if mark < 0 else ("end" if mark > 0 else "middle")
        parts.append(text(words, "0" if mark < 0 else ("100%" if mark > 0 else at(mark)), 68, "tick", anchor))
    said = f"{value:+.1f} points"
    if low is not None and high is not None:
        parts.append(element("line", x1=at(low), y1=24, x2=at(high), y2=24, class_="chart__axis chart__reach"))
        said += f", between {low:+.1f} and {high:+.1f}"
    parts.append(element("circle", cx=at(value), cy=24, r=7, class_="chart__dot"))
    return drawing("Your totals against the panel's", said, "own-severity", 76, parts, "own")
