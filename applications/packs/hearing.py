"""What somebody wrote into the boxes of one question, read with the question's own form. No word goes missing here:
whatever cannot be kept is named in a sentence, with the text."""

from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import Form, SelectMultipleField

from fund.core.problems import Problem

from ..forms import AskedQuestion
from .boxes import fields_of, label_of, row_form, shape_of
from .cells import choices_of, heard, is_ticked, said, same

NO_CODE = -1  # a line of a table: only its first row carries the code


@dataclass
class Heard:
    """`value` is what would be kept (None: nothing); `sentences` say what was not understood; `typed` is all of the text."""

    value: Any = None
    sentences: list[str] = field(default_factory=list)
    typed: str = ""


def hear(question: AskedQuestion, rows: list[list[Any]]) -> Heard:
    """Read the rows of a question's table: each is [part, cell, cell, ...] without the code itself."""
    answer = {"line": _line, "ticks": _ticks, "fields": _fields, "rows": _rows}[shape_of(question) or "line"](question, rows)  # fmt: skip
    if answer.value is not None:
        try:
            answer.value = question.type.guard(question, answer.value)
        except Problem as problem:
            answer.value = None
            answer.sentences.append(_stop(problem.sentence))
    return answer


def _line(question: AskedQuestion, rows: list[list[Any]]) -> Heard:
    texts = [text for text in ("\n".join(cell for cell in row[1:] if cell.strip()).strip() for row in rows) if text]
    answer = Heard(typed="\n\n".join(texts))
    if len({same(text) for text in texts}) > 1:
        answer.sentences.append("This answer is in the pack twice, with different words. Keep one of them.")
    elif texts:
        _through_form(question, {fields_of(question)[0].name: texts[0]}, answer)
    return answer


def _ticks(question: AskedQuestion, rows: list[list[Any]]) -> Heard:
    control = fields_of(question)[0]
    keys = {same(words): key for key, words in choices_of(control)}
    chosen, answer, typed = [], Heard(), []
    for _part, mark, *rest in ([*row, "", ""] for row in rows):
        words = " ".join(each for each in rest if each)
        key, ticked = keys.get(same(words)), is_ticked(mark)
        if ticked is False and key is not None:
            continue
        if ticked is False and not words:
            continue
        typed.append(f"{mark.strip()} {words}".strip())
        if ticked and key is not None:
            chosen.append(key)
        elif ticked is None:
            answer.sentences.append(f"“{mark.strip()}” beside “{words}” is not a tick. Write an X to choose it.")
        else:
            answer.sentences.append(f"“{words}” is not one of the choices.")
    answer.typed = "\n".join(typed)
    chosen = list(dict.fromkeys(chosen))
    if len(chosen) > 1 and not isinstance(control, SelectMultipleField):
        answer.sentences.append(f"You ticked {len(chosen)}. Choose one.")
    elif chosen:
        form = question.form_class(MultiDict([(control.name, key) for key in chosen]), meta={"csrf": False})
        answer.value = question.type.read(form)
    return answer


def _fields(question: AskedQuestion, rows: list[list[Any]]) -> Heard:
    boxes = fields_of(question)
    names, texts = [each.name for each in boxes], {}
    answer, typed = Heard(), []
    for part, label, *cells in ([*row, "", ""] for row in rows):
        text = "\n".join(cell for cell in cells if cell.strip()).strip()
        if extra := _beyond(label, label_of(boxes[part - 1]) if part and 1 <= part <= len(boxes) else ""):
            typed.append(extra)
            answer.sentences.append(f"“{_short(extra)}” is beside the box, not in it.")
        if not text:
            continue
        typed.append(text)
        name = names[part - 1] if part and 1 <= part <= len(names) else None
        if name is None or same(texts.get(name, text)) != same(text):
            answer.sentences.append(f"We do not know which box “{text}” belongs to.")
        else:
            texts[name] = text
    answer.typed = "\n".join(typed)
    if texts:
        _through_form(question, texts, answer)
    return answer


def _beyond(cell: str, printed: str) -> str:
    """What somebody wrote into a cell of printed words; the whole cell when the printed words are gone."""
    words, ours = " ".join(cell.split()), " ".join(printed.split())
    return "" if same(words) == same(ours) else words.replace(ours, "", 1).strip() if ours else words


def _through_form(question: AskedQuestion, texts: dict[str, str], answer: Heard) -> None:
    """Read texts by field name through the page's form; fields that it refuses are left out and said."""
    data, blank = MultiDict(), question.form_class(formdata=None, meta={"csrf": False})
    wrong = {}
    for name, text in texts.items():
        pairs, sentence = heard(blank[name], text)
        data.update(MultiDict(pairs))
        if sentence:
            wrong[name] = sentence
    form = question.form_class(data, meta={"csrf": False})
    form.validate()
    many = len([each for each in form if each.name in texts]) > 1 or shape_of(question) == "fields"
    _take(form, texts, wrong, answer, (lambda each: f"{each.label.text} ") if many else (lambda each: ""))
    answer.value = question.type.read(form)
    if answer.value is not None:
        kept = {each.name: said(each) for each in fields_of(question, answer.value)}
        for name in texts:
            if (was := said(form[name])) and same(kept.get(name, "")) != same(was):
                answer.sentences.append(f"{form[name].label.text} “{_short(was)}” is not kept.")


def _take(form: Form, texts: dict[str, str], wrong: dict[str, str], answer: Heard, before) -> None:
    for name, text in texts.items():
        control = form[name]
        sentence = wrong.get(name) or next((each for each in control.errors if isinstance(each, str)), None)
        if sentence:
            answer.sentences.append(f"{before(control)}“{_short(text)}”: {_stop(sentence)}")
            control.data = None


def _rows(question: AskedQuestion, rows: list[list[Any]]) -> Heard:
    kind, answer, found, typed = row_form(question), Heard(), [], []
    blank = kind()
    labels = [same(each.label.text) for each in blank]
    lines = [row[1:] for row in rows if [same(cell) for cell in row[1:] if cell] != labels]
    for number, cells in enumerate(([cell.strip() for cell in line] for line in lines), 1):
        if not any(cells):
            continue
        typed.append(" | ".join(cell for cell in cells if cell))
        value = _row(question, blank, number, cells, answer)
        if value is not None:
            found.append(value)
    answer.typed, answer.value = "\n".join(typed), found or None
    return answer


def _row(question: AskedQuestion, blank: Form, number: int, cells: list[str], answer: Heard) -> Any:
    """One line as it is kept, or None with a sentence. What the line cannot hold is said beside it."""
    place = f"{question.type.noun_title} {number}"
    kind, names = type(blank), [each.name for each in blank]
    texts = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
    for extra in filter(None, cells[len(names) :]):
        answer.sentences.append(f"{place}: “{_short(extra)}” is outside the columns.")
    data, wrong = MultiDict(), {}
    for name, text in texts.items():
        pairs, sentence = heard(blank[name], text)
        data.update(MultiDict(pairs))
        if sentence:
            wrong[name] = sentence
    form = kind(data)
    form.validate()
    _take(form, texts, wrong, answer, lambda each: f"{place}, {each.label.text} ")
    value = question.type.read_row(form)
    try:
        value = None if value is None else question.type.guard_row(value)
    except Problem as problem:
        answer.sentences.append(f"{place}: {_stop(problem.sentence)}")
        return None
    if value is None:
        answer.sentences.append(f"{place} could not be read: “{_short(' | '.join(texts.values()))}”.")
        return None
    _say_what_changed(question, kind, form, value, place, answer)
    return value


def _say_what_changed(question, kind: type[Form], form: Form, value: Any, place: str, answer: Heard) -> None:
    """Whatever the line holds otherwise than it was heard is said: a type may put something else in its place."""
    for kept in kind(data=question.type.row_data(value)):
        was = form[kept.name]
        if was.data not in (None, "") and same(said(kept)) != same(said(was)):
            answer.sentences.append(f"{place}, {kept.label.text} “{_short(said(was))}” is not kept.")


def _short(text: str, most: int = 200) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[:most]} …"


def _stop(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."
