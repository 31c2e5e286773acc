"""What the panel said about a bid, in the form that a letter keeps: texts only."""

from typing import Any

from applications.tables import Application
from scoring.feedback import feedback_for


def feedback_words(application: Application) -> dict[str, Any]:
    """{"criteria": [[title, mark in words, reason]], "strengths", "improvements"} from the panel's agreed scores."""
    said = feedback_for(application)
    return {
        "criteria": [
            [line.title, "Not applicable" if line.mark is None else f"{line.mark} of 5", line.why]
            for line in said.criteria
        ],
        "strengths": said.strengths,
        "improvements": said.improvements,
        **(
            {"views": [[each.whose, each.words, each.reason] for each in said.views], "view_weight": said.view_weight}
            if said.views
            else {}
        ),
    }
