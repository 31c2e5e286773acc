"""The two tracks of a form: a short one for small sums and the full one. Which a bid uses follows from its cap and its sum.

A group whose cap is no more than the round's limit for the short form always uses the short one. Everybody else uses the
full one until they ask for no more than the limit. Changing track hides answers, it never deletes them.
"""

from fund.core.money import pounds

from .caps import cap_of
from .tables import Application


def track_for(application: Application, requested_pence: int | None) -> str:
    """The track for this much: "short" or "full"."""
    limit = application.form.short_up_to_pence
    if limit is None:
        return "full"
    if requested_pence is not None and requested_pence <= limit:
        return "short"
    return "short" if cap_of(application.round, application.organisation).most_pence <= limit else "full"


def set_track(application: Application) -> None:
    """Write the track that the bid's sum and its organisation's cap call for. A bid that was sent keeps its track."""
    if application.submitted_at is None:
        application.track = track_for(application, application.requested_pence)


def track_sentence(application: Application, cap_pence: int) -> str:
    """For the applicant: which form this is, and why. Empty when the round has one form for all."""
    limit = application.form.short_up_to_pence
    if limit is None:
        return ""
    if application.track == "full":
        return f"You are using the full form. If you ask for {pounds(limit)} or less, the short form is enough."
    if cap_pence <= limit:
        return f"You are using the short form, because groups like yours can ask for up to {pounds(cap_pence)}."
    return f"You are using the short form, because you ask for {pounds(limit)} or less."


def switched_sentence(track: str) -> str:
    """What to say when the sum that was just saved changes the track."""
    if track == "short":
        return "For this much money the short form is enough. We ask you fewer questions. Everything you wrote is kept."
    return "For this much money we need the full form, so there are more questions. Everything you wrote is kept."
