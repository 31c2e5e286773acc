"""Starting from one's own last bid: what was written once is not written again."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from fund.core import audit
from fund.core.database import db
from fund.core.problems import Problem, WrongMoment
from fund.tables import Person

from .answers import save_answer, values_of
from .applications import role_of
from .collaborators import check_may_answer
from .forms import form_of
from .tables import Answer, Application, Collaborator
from .workflow import OPEN_TO_APPLICANT

# Money and days belong to one round; documents come from the organisation's papers.
NOT_COPIED = frozenset({"money", "budget", "match", "dates", "milestones", "documents"})


def last_bid(application: Application, person: Person) -> Application | None:
    """The newest other bid of the same organisation that this person works on and that has answers; one statement."""
    wanted = (
        select(Application)
        .join(Collaborator, Collaborator.application_id == Application.id)
        .where(
            Application.organisation_id == application.organisation_id,
            Application.id != application.id,
            Collaborator.person_id == person.id,
            Collaborator.removed_at.is_(None),
            select(Answer.id).where(Answer.application_id == Application.id).exists(),
        )
        .options(joinedload(Application.form), joinedload(Application.round))
        .order_by(Application.id.desc())
        .limit(1)
    )
    return db.session.scalar(wanted)


def copy_answers(application: Application, source: Application, *, by: Person, now: datetime) -> int:
    """Copy answers to questions with the same key and kind that have no answer yet; answers how many.

    An answer that the new round cannot take, such as a place it does not have, is left out. Raises WrongMoment when the bid
    is not a draft, Problem when the source is not a bid of the same organisation that this person works on.
    """
    if application.status not in OPEN_TO_APPLICANT:
        raise WrongMoment("This bid has been sent. Take it back to change it.")
    check_may_answer(by, application, "text")  # a colleague for the money part does not fill in the rest
    same = source.organisation_id == application.organisation_id and source.id != application.id
    if not same or role_of(by, source) is None:
        raise Problem("Choose a bid of your own to copy from.")
    asked, kinds = form_of(application), {each.key: each.kind for each in form_of(source).questions}
    there, copied = values_of(application), 0
    for key, value in values_of(source).items():
        question = asked.question(key)
        if question is None or key in there or question.kind != kinds[key] or question.kind in NOT_COPIED:
            continue
        try:
            copied += save_answer(application, question, value, 0, by=by, now=now) > 0
        except Problem:  # the round does not take it, or somebody answered it this very moment: theirs stays
            continue
    audit.record("application.copy", application, by=by, now=now, source=source.id, answers=copied)
    return copied
