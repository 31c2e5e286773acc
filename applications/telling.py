"""Who is written to about a bid."""

from fund.tables import Person

from .collaborators import collaborators_of
from .reminders import WRITERS
from .tables import Application


def writers_of(application: Application) -> list[Person]:
    """Its lead and editors, the lead first."""
    return [person for row, person in collaborators_of(application) if row.role in WRITERS]
