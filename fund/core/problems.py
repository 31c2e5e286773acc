"""Refusals: what a person is told when an act cannot be done, and which kind of answer that is."""


class Problem(Exception):
    """An act was refused. `sentence` is shown as it stands; `field` names the form field it belongs beside, if any."""

    status = 400

    def __init__(self, sentence: str, field: str | None = None):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Forbidden(Problem):
    """The wrong person: signed in, but this is not theirs to do."""

    status = 403


class NotYours(Problem):
    """Somebody else's thing, which must look exactly like no thing at all."""

    status = 404

    def __init__(self, sentence: str = "We cannot find that page."):
        super().__init__(sentence)


class WrongMoment(Problem):
    """The right person at the wrong moment: the thing has moved on, or is not there yet."""

    status = 409


class Stale(WrongMoment):
    """Somebody else changed the same thing meanwhile. `theirs` is what is stored now, `yours` what was sent."""

    def __init__(self, sentence: str, field: str | None = None, theirs=None, yours=None):
        super().__init__(sentence, field)
        self.theirs = theirs
        self.yours = yours


class TooMany(Problem):
    """Asked too often; it may be tried again later."""

    status = 429
