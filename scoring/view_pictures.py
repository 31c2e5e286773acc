"""The four pictures of a view: a face and a bar of one to four blocks. Words stand beside them, so the drawing itself is silent."""

from markupsafe import Markup

from fund.core.svg import element

MOUTHS = {1: "M20 45 Q32 31 44 45", 2: "M20 43 Q32 37 44 43", 3: "M20 38 Q32 46 44 38", 4: "M18 36 Q32 54 46 36"}
EYES = ((23, 25), (41, 25))


def face(answer: int) -> Markup:
    """The picture of one answer, 1 to 4: told apart by the mouth and by how many blocks are filled, not by colour."""
    parts = [element("circle", cx=32, cy=32, r=27, class_="face__head")]
    parts += [element("circle", cx=x, cy=y, r=3.5, class_="face__eye") for x, y in EYES]
    parts.append(element("path", d=MOUTHS[answer], class_="face__mouth"))
    for number in range(4):
        filled = "face__block face__block--full" if number < answer else "face__block"
        parts.append(element("rect", x=4 + 14.5 * number, y=66, width=12, height=10, class_=filled))
    return element(
        "svg", *parts, viewBox="0 0 64 80", width=64, height=80, class_="face", aria_hidden="true", focusable="false"
    )
