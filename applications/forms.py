"""Forms as they are read: sections, questions and eligibility questions of one form, kept in the process once frozen."""

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from sqlalchemy import select

from fund.caps import caps_of
from fund.core.clock import speak_day
from fund.core.database import db
from fund.core.forms import BaseForm
from fund.core.money import short_pounds
from fund.tables import Round

from .conditions import fits, holds, speak
from .question_types import QuestionType, type_of
from .tables import EligibilityQuestion, Form, Question, Section

SPOKEN_KINDS = frozenset({"text", "long_text"})  # an officer may let these be answered by a voice note
MOST_KEPT = 64  # forms kept in the process; a form is some tens of kilobytes


@dataclass
class AskedQuestion:
    """One question as pages and checks use it. Nothing of it changes once the form is frozen."""

    id: int
    key: str
    kind: str
    text: str
    why: str | None
    help: str | None
    example: str | None
    word_limit: int | None
    required: bool
    settings: dict[str, Any]
    show_when: dict[str, Any] | None
    section_key: str
    section_title: str
    track: str = "both"
    short: dict[str, Any] | None = None

    @cached_property
    def form_class(self) -> type[BaseForm]:
        return self.type.form_class(self)

    @cached_property
    def type(self) -> QuestionType:
        return type_of(self)

    @property
    def may_be_spoken(self) -> bool:
        """Whether a voice note may stand in place of typed words."""
        return self.kind in SPOKEN_KINDS and bool(self.settings.get("voice"))

    def is_asked(self, values: dict[str, Any]) -> bool:
        """Whether earlier answers call for this question; `values` are those of questions that are asked themselves."""
        return holds(self.show_when, values)

    def is_for(self, legal_form: str | None, track: str) -> bool:
        """Whether this track asks organisations of this legal form (None: any) at all."""
        return self.track in ("both", track) and (legal_form is None or fits(self.show_when, legal_form))


@dataclass
class AskedSection:
    key: str
    title: str
    questions: list[AskedQuestion] = field(default_factory=list)


@dataclass
class AskedForm:
    """A whole form, in order."""

    id: int
    round_id: int
    number: int
    is_frozen: bool
    content_sha256: str | None
    elsewhere: list[dict[str, str]]
    sections: list[AskedSection]
    eligibility: list[dict[str, Any]]
    short_up_to_pence: int | None = None
    of_one_track: bool = False  # this is one track's view
    views: dict[tuple[str | None, str], "AskedForm"] = field(default_factory=dict, repr=False)

    @cached_property
    def questions(self) -> list[AskedQuestion]:
        return [question for section in self.sections for question in section.questions]

    @cached_property
    def by_key(self) -> dict[str, AskedQuestion]:
        return {question.key: question for question in self.questions}

    @cached_property
    def by_id(self) -> dict[int, AskedQuestion]:
        return {question.id: question for question in self.questions}

    def question(self, key: str) -> AskedQuestion | None:
        return self.by_key.get(key)

    @cached_property
    def spoken(self) -> frozenset[str]:
        """The questions that a voice note may answer."""
        return frozenset(each.key for each in self.questions if each.may_be_spoken)

    @cached_property
    def waits(self) -> bool:
        """Whether any question waits for an answer."""
        return any((each.show_when or {}).get("question") for each in self.questions)

    @cached_property
    def is_for_all(self) -> bool:
        """Whether everybody is asked the same."""
        return self.short_up_to_pence is None and not any((each.show_when or {}).get("legal_forms") for each in self.questions)  # fmt: skip

    def visible(self, values: dict[str, Any]) -> dict[str, Any]:
        """These answers without those of questions that the answers before them do not call for."""
        if not self.waits:
            return values
        kept: dict[str, Any] = {}
        for question in self.questions:
            if question.key in values and question.is_asked(kept):
                kept[question.key] = values[question.key]
        return kept

    def view_for(self, legal_form: str | None, track: str) -> "AskedForm":
        """The form as this track asks organisations of this legal form (None: any), in the short form's words where it has its own."""
        if (legal_form, track) not in self.views:
            self.views[legal_form, track] = self._view(legal_form, track)
        return self.views[legal_form, track]

    def _view(self, legal_form: str | None, track: str) -> "AskedForm":
        sections = []
        for section in self.sections:
            asked = [each for each in section.questions if each.is_for(legal_form, track)]
            if track == "short":
                asked = [replace(each, **(each.short or {})) for each in asked]
            if asked:
                sections.append(AskedSection(section.key, section.title, asked))
        return replace(self, sections=sections, of_one_track=True, views={})

    def who_is_asked(self, question: AskedQuestion) -> str:
        """For readers of the whole form: of whom it is asked and when, or nothing when everybody is asked."""
        words = {"full": "Only in the full form.", "short": "Only in the short form."}
        mixed = self.short_up_to_pence is not None and not self.of_one_track
        track = words.get(question.track, "") if mixed else ""
        return " ".join(filter(None, (track, speak(question.show_when, self))))

    def neighbours(
        self, key: str, values: dict[str, Any] | None = None
    ) -> tuple[AskedQuestion | None, AskedQuestion | None]:
        """The question before and the question after, of those that are asked."""
        row = [each for each in self.questions if each.key == key or values is None or each.is_asked(values)]
        place = next(at for at, each in enumerate(row) if each.key == key)
        return (row[place - 1] if place else None, row[place + 1] if place + 1 < len(row) else None)


_kept: OrderedDict[tuple[int, str], AskedForm] = OrderedDict()


def form_of(application) -> AskedForm:
    """The form that a bid answers: what its track asks its legal form. A frozen one is read once in the life of the process."""
    asked = asked_form(application.form)
    return asked if asked.is_for_all else asked.view_for(application.organisation.legal_form, application.track)


def asked_form(form: Form) -> AskedForm:
    """The form to read. The content hash in the key holds every question's own key, so no other form can answer to it."""
    if form.frozen_at is None or form.content_sha256 is None:
        return _read(form)
    key = (form.id, form.content_sha256)
    if key not in _kept:
        _kept[key] = _read(form)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return _kept[key]


def current_form(round: Round) -> Form | None:
    """The version that holds: the newest frozen one, else the one being written; None when the round has no form yet."""
    wanted = select(Form).where(Form.round_id == round.id)
    return db.session.scalar(wanted.order_by(Form.frozen_at.is_(None), Form.number.desc()).limit(1))


def newest_form(round: Round) -> Form | None:
    """The version with the highest number: a correction that is being written, else the one that holds."""
    return db.session.scalar(select(Form).where(Form.round_id == round.id).order_by(Form.number.desc()).limit(1))


def _read(form: Form) -> AskedForm:
    sections = {row.id: AskedSection(row.key, row.title) for row in sections_of(form)}
    titles = {key: (section.key, section.title) for key, section in sections.items()}
    for row in questions_of(form):
        section_key, section_title = titles[row.section_id]
        asked = AskedQuestion(
            row.id, row.key, row.kind, row.text, row.why, row.help, row.example, row.word_limit, row.required,
            row.settings, row.show_when, section_key, section_title, row.track, row.short,
        )  # fmt: skip
        sections[row.section_id].questions.append(asked)
    words = words_for(db.session.get_one(Round, form.round_id))
    eligibility = [
        {
            "key": row.key, "good": row.good, "ends": row.ends,
            **{name: _with_words(getattr(row, name), words) for name in ("text", "help", "otherwise")},
        }
        for row in eligibility_of(form)
    ]  # fmt: skip
    return AskedForm(
        form.id, form.round_id, form.number, form.frozen_at is not None, form.content_sha256, form.elsewhere,
        list(sections.values()), eligibility, form.short_up_to_pence,
    )  # fmt: skip


def words_for(round: Round) -> dict[str, str]:
    """The round's own words that the eligibility questions name in braces: {area}, {start}, {end}, {least}, {most}."""
    caps = [cap.most_pence for cap in caps_of(round)] or [0]
    return {
        "area": round.fund.partnership.short_name,
        "start": speak_day(round.delivery_start_on),
        "end": speak_day(round.delivery_end_on),
        "least": short_pounds(min(caps)),
        "most": short_pounds(max(caps)),
    }


def _with_words(text: str | None, words: dict[str, str]) -> str | None:
    for name, word in words.items():
        text = text and text.replace("{" + name + "}", word)
    return text


def sections_of(form: Form) -> list[Section]:
    return list(
        db.session.scalars(select(Section).where(Section.form_id == form.id).order_by(Section.position, Section.id))
    )


def questions_of(form: Form) -> list[Question]:
    """The questions in the order in which they are asked: by part, then by place."""
    wanted = select(Question).join(Section, Section.id == Question.section_id).where(Question.form_id == form.id)
    return list(db.session.scalars(wanted.order_by(Section.position, Section.id, Question.position, Question.id)))


def eligibility_of(form: Form) -> list[EligibilityQuestion]:
    wanted = (
        select(EligibilityQuestion).where(EligibilityQuestion.form_id == form.id).order_by(EligibilityQuestion.position)
    )
    return list(db.session.scalars(wanted))
