"""Stories that may be shown in public: told with consent, read and published by an officer, and taken down again."""

from datetime import datetime

from sqlalchemy import select

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .tables import CaseStudy, MonitoringReturn

MOST_WORDS = 200


def story_of(row: MonitoringReturn) -> CaseStudy | None:
    return db.session.scalar(select(CaseStudy).where(CaseStudy.return_id == row.id))


def publish_story(row: MonitoringReturn, text: str, *, by: Person, now: datetime) -> CaseStudy:
    """Publish the story of an accepted return, in words that identify nobody. Raises Problem without consent."""
    if row.status != "accepted":
        raise WrongMoment("Accept the return first. Then its story can be published.")
    if not row.story_consent:
        raise Problem("The group has not said that this person agreed. Ask them before you publish it.")
    if not text.strip():
        raise Problem("Enter the story as it should be read in public", "text")
    if len(text.split()) > MOST_WORDS:
        raise Problem(f"Shorten the story to {MOST_WORDS} words or fewer", "text")
    story = story_of(row) or CaseStudy(return_id=row.id)
    story.text, story.published_at, story.published_by_id = text.strip(), now, by.id
    db.session.add(story)
    db.session.flush()
    audit.record("story.publish", story, by=by, now=now)
    return story


def take_down_story(row: MonitoringReturn, *, by: Person, now: datetime) -> None:
    """Take a published story out of public view, as when somebody no longer agrees."""
    story = story_of(row)
    if story is None or story.published_at is None:
        return
    story.published_at = None
    audit.record("story.take_down", story, by=by, now=now)
