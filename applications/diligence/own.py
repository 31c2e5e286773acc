"""The checks whose facts stand in the bid, the organisation's profile, its papers, its signals and the sanctions list."""

from collections.abc import Iterable
from typing import Any

from fund.caps import identifiers_of
from fund.core.clock import speak_day, speak_moment, today
from fund.core.money import pounds
from fund.identifiers import schemes
from fund.organisations import sharing
from fund.papers import kept_papers_for
from fund.policies import has_run_out
from fund.strategies.legal_form import legal_form
from fund.tables import CHECK_RESULTS, Identifier, Organisation

from ..forms import AskedQuestion, form_of
from ..question_types.people import signatories_missing
from ..sanctions.lists import warning_about
from ..signals.answering import Shown
from ..signals.hooks import people_named
from ..tables import Application
from ..tables.sanctions import LIST_SOURCES
from ..tables.signals import SIGNAL_ANSWERS
from .checks import Finding, check, worst
from .facts import Facts, apart, signals, values


@check(10, "identity", "Who they are", "Does the register hold the number, with this name and address? Is it active, and its filing up to date?")  # fmt: skip
def identity(facts: Facts) -> Finding:
    organisation = facts.application.organisation
    numbers = identifiers_of(organisation)
    if not legal_form(organisation.legal_form).registers and not numbers:
        return Finding(
            "clear", [f"No register holds this legal form. Signed up on {speak_day(organisation.created_at)}."]
        )
    if not numbers:
        return Finding("look", ["It has given no number of a register."])
    others = sharing(numbers, facts.ask(apart).numbers)
    found = [_number(each, others[each.id]) for each in numbers]
    return Finding(worst(*(state for state, _line in found)), [line for _state, line in found])


def _number(row: Identifier, others: list[Organisation]) -> tuple[str, str]:
    line = f"{schemes()[row.scheme].label} {row.number}: "
    if others:
        return "look", f"{line}also given by {', '.join(each.name for each in others)}"
    if row.check_result is None:
        return "unknown", f"{line}to be checked"
    who = row.checked_by.name if row.checked_by else "the register's service"
    line += f"{CHECK_RESULTS[row.check_result].lower()}, {speak_day(row.checked_at)}, by {who}. {row.check_evidence or ''}".rstrip()  # fmt: skip
    return "clear" if row.check_result == "confirmed" else "look", line


@check(20, "people", "Legal form and who signs", "Who may bind it? Are the signatories two people who are not related, and has nobody of the panel a tie to them?")  # fmt: skip
def people(facts: Facts) -> Finding:
    application = facts.application
    form, asked = legal_form(application.organisation.legal_form), form_of(application).by_key
    lines, state = [f"{form.label}."], "clear" if form.can_apply == "yes" else "look"
    if "signatories" in asked and signatories_missing(facts.ask(values).get("signatories")):
        lines.append("It does not name two different people who sign for the money.")
        state = "look"
    named = facts.ask(names)
    lines += [f"{name}: {role}" for name, role in named]
    return Finding(state if named else worst(state, "unknown"), lines if named else [*lines, "Nobody is named yet."])


def names(facts: Facts) -> list[tuple[str, str]]:
    """Who is named in the bid and after it, each with the role: the people whose names are compared with the list."""
    signatories = facts.ask(values).get("signatories") or []
    found = [(each["name"], f"signatory, {each['role']}" if each.get("role") else "signatory") for each in signatories if each["name"]]  # fmt: skip
    if sent := facts.ask(apart).sent:
        found.append((sent.declared_name, f"declared the bid to be true, {sent.declared_role}"))
    for rows in people_named.ask(frozenset({facts.application.id})):
        found += [(name, role) for _key, name, role in rows]
    return found


@check(
    30,
    "papers",
    "Policies and papers",
    "Are the policies in date for the whole time of the work, and are they its own?",
)
def papers(facts: Facts) -> Finding:
    now, organisation, ends = facts.now, facts.application.organisation, facts.application.ends_on
    kept, lines, states = facts.ask(apart).policies, [], ["clear"]
    sent = {each.get("kind") for each in facts.ask(values).get("documents") or []}
    for paper in kept_papers_for(organisation.legal_form):
        row, label = kept.get(paper.key), paper.label_for(organisation.legal_form)
        if row is None and paper.key in sent:
            lines.append(f"{label}: sent with the bid" + (", no last day is known" if paper.expires else ""))
            states.append("look" if paper.expires else "clear")
            continue
        if row is None:
            lines.append(f"{label}: neither sent with the bid nor in the folder of the organisation")
            states.append("unknown")
            continue
        until = f", until {speak_day(row.expires_on)}" if row.expires_on else ""
        lines.append(f"{label}: given {speak_day(row.added_at)}{until}")
        if has_run_out(row, today(now)):
            lines[-1] += ". It has run out"
            states.append("look")
        elif ends is not None and has_run_out(row, ends):
            lines[-1] += ". It runs out before the work ends"
            states.append("look")
    return Finding(worst(*states), lines or ["Nothing is asked of this legal form."])


ACCOUNTS = ("income", "reserves", "deficit", "surplus")
HALF = 2


@check(40, "accounts", "Accounts", "Income against the sum asked for; free reserves in months of costs; a deficit and how it is met; signed and filed in time.")  # fmt: skip
def accounts(facts: Facts) -> Finding:
    application = facts.application
    income, asked = application.organisation.annual_income_pence, application.requested_pence or 0
    lines = ["Income of the last year: not given" if income is None else f"Income of the last year: {pounds(income)}"]
    state = "unknown"
    if income is not None and asked * HALF > income:
        lines.append(f"It asks for {pounds(asked)}, more than half of a year's income.")
        state = "look"
    answered = list(_about_accounts(facts))
    for word in ACCOUNTS[1:3]:
        if not any(word in question.text.lower() for question, _value in answered):
            lines.append(f"{word.capitalize()}: the form does not ask. Look at the accounts.")
    lines += [f"{question.text} {question.type.show(question, value)}" for question, value in answered]
    return Finding(state, lines)


def _about_accounts(facts: Facts) -> Iterable[tuple[AskedQuestion, Any]]:
    """Questions an officer has added about the accounts, with their answers: plain ones, whose answer is words or figures."""
    answered = facts.ask(values)
    for question in form_of(facts.application).questions:
        plain = isinstance(answered.get(question.key), str | int)
        if plain and question.kind != "long_text" and any(word in question.text.lower() for word in ACCOUNTS):
            yield question, answered[question.key]


@check(50, "signals", "Signals", "What the bid has in common with bids of other organisations. Answer each one on the page of the bid.")  # fmt: skip
def in_common(facts: Facts) -> Finding:
    application = facts.application
    found = [each for each in facts.ask(signals) if each.signal.kind != "sanctions"]
    if not found:
        return Finding("clear", ["Nothing in common with a bid of another organisation was found."])
    open_ones = any(each.is_open for each in found)
    sides = {key for each in found for key in (each.signal.application_id, each.signal.other_id) if key}
    return Finding("look" if open_ones else "clear", [_signal(each, application) for each in found], frozenset(sides - {application.id}))  # fmt: skip


def _signal(shown: Shown, application: Application) -> str:
    signal = shown.signal
    other = signal.other if signal.application_id == application.id else signal.application
    line = f"{shown.kind.title}: {other.reference}, {other.organisation.name}. {signal.facts['says']}"
    if shown.answer is None:
        return f"{line} Not answered yet."
    return f"{line} {SIGNAL_ANSWERS[shown.answer.answer]}, {shown.answer.answered_by.name}, {speak_moment(shown.answer.answered_at)}: {shown.answer.reason}"  # fmt: skip


@check(60, "sanctions", "Sanctions list", "Is anybody of theirs on the list? A like name is only a reason to look.")
def sanctions(facts: Facts) -> Finding:
    application, now, current = facts.application, facts.now, facts.ask(apart).sanctions
    if current is None:
        return Finding("unknown", [warning_about(None, now)])
    compared = [application.organisation.name, *dict.fromkeys(name for name, _role in facts.ask(names))]
    lines = [f"Compared: {', '.join(compared)}", f"{LIST_SOURCES[current.source]}, of {speak_day(current.dated_on)}"]
    near = [each for each in facts.ask(signals) if each.signal.kind == "sanctions"]
    for each in near:
        lines.append(f"{'; '.join(each.lines_of(application))} is like {each.lines_of(None)[0]}")
        lines[-1] += f". {SIGNAL_ANSWERS[each.answer.answer]}: {each.answer.reason}" if each.answer else ". Not answered yet."  # fmt: skip
    if warning := warning_about(current, now):
        lines.append(warning)
    state = "look" if any(each.is_open for each in near) else "unknown" if warning else "clear"
    return Finding(state, lines if near else [*lines, "No name is near one of the list."])
