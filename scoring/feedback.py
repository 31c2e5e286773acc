"""What an applicant is told about the panel's view: agreed marks, the panel's reasons and its words. Nobody is named."""

from dataclasses import dataclass
from decimal import Decimal

from applications.tables import Application

from .criteria import criteria_of
from .moderation import agreed_scores_of, words_of
from .opinions import view_marks, views_about
from .quotes import quotes_about
from .totals import ONE, weighted_total, with_views


@dataclass(frozen=True)
class FeedbackLine:
    """One criterion: its title, its weight of 100, the agreed mark (None: does not apply), what that mark means, and why.

    `quotes` are the bid's own words that members held beside it.
    """

    title: str
    weight: int
    mark: int | None
    descriptor: str
    reason: str
    quotes: tuple[str, ...] = ()

    @property
    def why(self) -> str:
        """The reason, and after it the bid's own words that stand behind it."""
        said = " ".join(f"“{words}”" for words in self.quotes)
        return f"{self.reason} You wrote: {said}" if said else self.reason

    def __iter__(self):
        return iter((self.title, self.weight, self.mark, self.descriptor, self.reason))


@dataclass(frozen=True)
class FeedbackView:
    """What a young or lived-experience member thought: whose view by the kind of seat, never a name."""

    whose: str
    words: str
    reason: str


@dataclass(frozen=True)
class Feedback:
    """`views` count for `view_weight` of 100 in the total. `total` is out of 100, one decimal; None when the panel has agreed nothing."""

    criteria: list[FeedbackLine]
    strengths: str
    improvements: str
    total: Decimal | None
    views: tuple[FeedbackView, ...] = ()
    view_weight: int | None = None


def feedback_for(application: Application) -> Feedback:
    """The panel's feedback as far as it was agreed; four statements."""
    quotes, views, weight = quotes_about(application), views_about(application), application.round.view_weight
    criteria, agreed, words = criteria_of(application.round_id), agreed_scores_of(application), words_of(application)
    lines = []
    for each in criteria:
        row = agreed.get(each.id)
        if row is not None:
            means = "This did not apply to your bid." if row.mark is None else each.descriptors[row.mark]
            lines.append(
                FeedbackLine(
                    each.title,
                    each.weight,
                    row.mark,
                    means,
                    row.reason,
                    tuple(words for _, words in quotes.get(each.id, ())),
                )
            )
    marks = {each.code: agreed[each.id].mark for each in criteria if each.id in agreed}
    return Feedback(
        criteria=lines,
        strengths=(words and words.strengths) or "",
        improvements=(words and words.improvements) or "",
        total=with_views(weighted_total(marks, criteria), view_marks(views), weight, ONE) if lines else None,
        views=tuple(FeedbackView(each.whose, each.picture.words, each.reason) for each in views),
        view_weight=weight,
    )
