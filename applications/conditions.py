"""Conditions: which question waits for an earlier answer or is for some legal forms only. They are data that officers write.

A condition is {"question": key, verb: value} for an earlier answer, {"legal_forms": [keys]} for the kind of organisation, or
both, and then both must hold. What is not answered yet calls for nothing, whatever the verb.
"""

from typing import Any

from fund.core.money import pounds
from fund.core.problems import Problem
from fund.strategies.legal_form import legal_form_keys, legal_forms

VERBS = {
    "is": "is",
    "is_not": "is not",
    "contains": "contains",
    "contains_not": "does not contain",
    "over": "is more than",
    "up_to": "is at most",
}
# Which verbs make sense for which kind of answer.
CHOICES = frozenset({"radios", "priority", "level", "strand"})
LISTS = frozenset({"checkboxes", "places"})
TEXTS = frozenset({"text", "long_text", "postcode"})
FIGURES = frozenset({"number", "money", "amount"})
VERBS_FOR = {
    **dict.fromkeys((*CHOICES, "yes_no"), ("is", "is_not")),
    **dict.fromkeys((*LISTS, *TEXTS), ("contains", "contains_not")),
    **dict.fromkeys(FIGURES, ("is", "is_not", "over", "up_to")),
}


def verb_of(condition: dict[str, Any]) -> str | None:
    return next((verb for verb in VERBS if verb in condition), None)


def holds(condition: dict[str, Any] | None, values: dict[str, Any]) -> bool:
    """Whether the answers given so far call for the question."""
    if not condition or "question" not in condition:
        return True
    given, verb = values.get(condition["question"]), verb_of(condition)
    if given is None or verb is None:
        return False
    wanted = condition[verb]
    if verb in ("is", "is_not"):
        return (given in wanted if isinstance(wanted, list) else given == wanted) == (verb == "is")
    if verb in ("contains", "contains_not"):
        return _contains(given, wanted) == (verb == "contains")
    return (given > wanted) == (verb == "over") if isinstance(given, int) else False


def _contains(given: Any, wanted: Any) -> bool:
    if isinstance(given, str):
        return str(wanted).casefold() in given.casefold()
    return isinstance(given, list) and any(each in given for each in (wanted if isinstance(wanted, list) else [wanted]))


def fits(condition: dict[str, Any] | None, legal_form: str) -> bool:
    """Whether organisations of this legal form are asked at all."""
    forms = (condition or {}).get("legal_forms")
    return not forms or legal_form in forms


def speak(condition: dict[str, Any] | None, asked) -> str:
    """The condition as a sentence for people; `asked` is the whole form. Empty when everybody is asked."""
    parts = []
    if forms := (condition or {}).get("legal_forms"):
        labels = [each.label for each in legal_forms() if each.key in forms]
        parts.append(f"Only for: {', '.join(labels)}.")
    target = asked.by_key.get((condition or {}).get("question"))
    if target is not None:
        verb = verb_of(condition) or "is"
        parts.append(f"Only if the answer to “{target.text}” {VERBS[verb]} {speak_value(target, condition[verb])}.")
    return " ".join(parts)


def speak_value(question, value: Any) -> str:
    """A wanted answer in words."""
    if isinstance(value, list):
        return " or ".join(speak_value(question, each) for each in value)
    if question.kind == "yes_no":
        return "“Yes”" if value else "“No”"
    if question.kind in ("money", "amount"):
        return pounds(value)
    choices = question.settings.get("choices")
    label = next((row[1] for row in choices if row[0] == value), value) if isinstance(choices, list) else value
    return f"“{label}”"


def check_condition(condition: dict[str, Any] | None, question, every: list, *, two_tracks: bool) -> None:
    """Raises Problem when a question cannot wait for this; `every` is the whole form, in order."""
    if not condition:
        return
    if set(condition.get("legal_forms") or []) - legal_form_keys():
        raise Problem("Choose legal forms from the list", "legal_forms")
    if "question" not in condition:
        return
    target = next((each for each in every if each.key == condition["question"]), None)
    if target is None:
        raise Problem("Choose a question of this form", "when_question")
    if target.key == question.key:
        raise Problem("A question cannot wait for its own answer. Choose an earlier one.", "when_question")
    if _waits_for(target, question.key, every):
        raise Problem(f"“{target.text}” waits for this question already. Two questions cannot wait for each other.", "when_question")  # fmt: skip
    if every.index(target) > every.index(question):
        raise Problem(f"“{target.text}” comes later in the form. Choose a question that comes before this one.", "when_question")  # fmt: skip
    verb = verb_of(condition)
    if verb not in VERBS_FOR.get(target.kind, ()):
        raise Problem(f"“{target.text}” cannot be compared like that. Choose another way.", "when_verb")
    _check_value(target, condition[verb])
    if two_tracks and question.track in ("both", "short") and target.track == "full":
        raise Problem(f"“{target.text}” is not in the short form, so the short form could never ask this. Ask both in the same form.", "when_question")  # fmt: skip


def _check_value(target, wanted: Any) -> None:
    choices = target.settings.get("choices")
    if target.kind in CHOICES | LISTS and isinstance(choices, list):
        given = wanted if isinstance(wanted, list) else [wanted]
        if not given or any(each not in [row[0] for row in choices] for each in given):
            raise Problem(f"Choose answers that “{target.text}” has", "when_value")
    if wanted in (None, "", []):
        raise Problem("Enter the answer to look for", "when_value")


def _waits_for(question, key: str, every: list) -> bool:
    """Whether this question waits for the one with the key, directly or through others."""
    by_key, seen = {each.key: each for each in every}, set()
    while question is not None and question.key not in seen:
        seen.add(question.key)
        waits_for = (question.show_when or {}).get("question")
        if waits_for == key:
            return True
        question = by_key.get(waits_for)
    return False


def check_order(questions: list) -> None:
    """Raises Problem when a question of this order waits for one that is not before it."""
    seen: set[str] = set()
    for each in questions:
        wanted = (each.show_when or {}).get("question")
        if wanted and wanted not in seen:
            target = next((other.text for other in questions if other.key == wanted), wanted)
            raise Problem(f"“{each.text}” waits for the answer to “{target}”, so it has to come after it.")
        seen.add(each.key)
