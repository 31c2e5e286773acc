"""For the matrices: every address that the app has, filled with the keys of one bid and of all that hangs on it.

New pages are covered by themselves. An address that names a noun nobody has told us the key of fails the test, so that
whoever adds it says here which of its rows belong to the bid.
"""

from dataclasses import dataclass, field

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict

from applications.tables import ChangeRequest, Collaborator, DiligencePack, Document, PackUpload, Signal, VoiceNote
from awards.tables import (
    Award,
    BankDetail,
    Condition,
    Decision,
    Letter,
    LetterBatch,
    Payment,
    PaymentRun,
    Recovery,
    SignedCopy,
    Tranche,
    Variation,
)
from evaluation.tables import Promise, ReturnPeriod
from fund.core import withholding
from fund.core.database import db
from fund.tables import Identifier, LegalHold, Partnership, RoleGrant
from scoring.tables import Assignment, BidView, Conflict, DecisionPack, Meeting, Quote

OF_THE_BID = {
    "assignment_id": Assignment, "conflict_id": Conflict, "award_id": Award, "condition_id": Condition, "decision_id": Decision,
    "detail_id": BankDetail, "document_id": Document, "letter_id": Letter, "payment_id": Payment, "period_id": ReturnPeriod,
    "promise_id": Promise, "recovery_id": Recovery, "tranche_id": Tranche, "variation_id": Variation,
    "copy_id": SignedCopy, "view_id": BidView, "request_id": ChangeRequest, "upload_id": PackUpload,
    "note_id": VoiceNote, "signal_id": Signal, "kept_id": DiligencePack,
}  # fmt: skip
BESIDE_IT = {
    "batch_id": LetterBatch,
    "meeting_id": Meeting,
    "pack_id": DecisionPack,
    "partnership_id": Partnership,
    "collaborator_id": Collaborator,
    "identifier_id": Identifier,
    "grant_id": RoleGrant,
    "quote_id": Quote,
    "run_id": PaymentRun,
    "hold_id": LegalHold,
}
WORDS = {
    "action": ("close",), "cast": ("officer",), "key": ("title", "Q1"), "part": ("dates", "panel"), "slug": ("durham",),
    "table": ("outcomes", "awards", "areas"), "number": (1,), "position": (1,),
    "kind": ("docx", "award"), "filename": (), "token": ("none",), "message_id": (1,),
    # Rows of other people and other rounds' parts: no bid hangs on them.
    "card_id": (1,), "change_id": (1,), "number_id": (1,), "invitation_id": (1,), "policy_id": (1,), "scenario_id": (1,),
    "check_id": (1,), "section_id": (1,), "template_id": (1,), "edition_id": (1,),
}  # fmt: skip


@dataclass(frozen=True)
class Address:
    path: str
    methods: frozenset[str]
    about_the_bid: bool
    nouns: frozenset[str] = field(default_factory=frozenset)


class Heard(ImmutableMultiDict):
    """The query of an address, which notes each name that somebody looks for in it."""

    def get(self, key, *args, **kwargs):
        _looked_for.add(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key, *args, **kwargs):
        _looked_for.add(key)
        return super().getlist(key, *args, **kwargs)

    def __getitem__(self, key):
        _looked_for.add(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        _looked_for.add(key)
        return super().__contains__(key)


class Listening(Request):
    parameter_storage_class = Heard


_looked_for: set[str] = set()


def answers(client, path: str, variants: tuple[str, ...]):
    """(path, answer) of the plain address, then of each variant such as "?format=csv" whose name the page looks for. Where
    it looks for no such name the variant is the same page. Stops at what is no page."""
    _looked_for.clear()
    answer = client.get(path)
    yield path, answer
    looked_for = set(_looked_for)
    for variant in variants:
        if answer.status_code != 200:
            return
        if variant[1:].partition("=")[0] in looked_for:
            answer = client.get(path + variant)
            yield path + variant, answer


def addresses(app, bid, known: dict[str, int]) -> list[Address]:
    """Every address with every key filled in; `known` are keys of the round and its people."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static" or rule.rule.startswith(("/demo", "/sign-")):
            continue
        for values in _fillings(rule.arguments, bid, known):
            _, path = rule.build(values)
            about = bool({"application_id", "about_id", *OF_THE_BID} & rule.arguments)
            found.append(Address(path, frozenset(rule.methods), about, frozenset(rule.arguments)))
    return found


def _fillings(nouns, bid, known) -> list[dict]:
    fillings: list[dict] = [{}]
    for noun in sorted(nouns):
        fillings = [each | {noun: value} for each in fillings for value in _values(noun, bid, known)]
    return fillings


def _values(noun: str, bid, known):
    if noun == "application_id":
        return (bid.id,)
    if noun == "about_id":
        return (f"application-{bid.id}",)
    if noun in known:
        return (known[noun],)
    if noun in OF_THE_BID:
        rows = withholding.hanging_on(OF_THE_BID[noun], frozenset({bid.id}))
        return tuple(db.session.scalars(rows)) or (10**8,)
    if noun in BESIDE_IT:
        return tuple(db.session.scalars(db.select(BESIDE_IT[noun].id))) or (1,)
    if noun not in WORDS:
        raise AssertionError(f"Say in tests/scoring/matrix.py which rows of <{noun}> belong to a bid")
    return WORDS[noun]
