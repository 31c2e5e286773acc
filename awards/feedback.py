"""What the panel said about a bid, in the form that a letter keeps: texts and numbers only."""

from typing import Any

from sqlalchemy import select

from applications.tables import Application
from fund.core.database import db
from scoring.tables import AgreedScore, Criterion, Moderation


def feedback_words(application: Application) -> dict[str, Any]:
    """{"criteria": [[title, mark words, reason]], "strengths", "improvements"} from the panel's agreed scores."""
    agreed = (
        select(Criterion, AgreedScore)
        .join(AgreedScore, AgreedScore.criterion_id == Criterion.id)
        .where(AgreedScore.application_id == application.id)
        .order_by(Criterion.position)
    )
    words = db.session.scalar(select(Moderation).where(Moderation.application_id == application.id))
    return {
        "criteria": [
            [criterion.title, "Not applicable" if score.not_applicable else f"{score.mark} of 5", score.reason]
            for criterion, score in db.session.execute(agreed)
        ],
        "strengths": (words and words.strengths) or "",
        "improvements": (words and words.improvements) or "",
    }
