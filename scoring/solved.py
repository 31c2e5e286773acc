"""What was solved lately: opening the same page again, or sorting it, must not take the solver's seconds again."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

MOST = 64
_answers: OrderedDict[bytes, Any] = OrderedDict()
_turn = Lock()


def remembered(asked: Any, solve: Callable[[], Any]) -> Any:
    """The answer to what was asked: the one known, or what `solve` finds now. `asked` is everything that the answer hangs
    on, of values whose repr says all of them; when one changes, it is another question. What `solve` raises is not kept.
    """
    if (answer := known(asked)) is not None:
        return answer
    answer = solve()
    with _turn:
        _answers[key_of(asked)] = answer
        while len(_answers) > MOST:
            _answers.popitem(last=False)
    return answer


def known(asked: Any) -> Any | None:
    """The answer to what was asked when it was found lately, else None."""
    key = key_of(asked)
    with _turn:
        if key not in _answers:
            return None
        _answers.move_to_end(key)
        return _answers[key]


def key_of(asked: Any) -> bytes:
    """A short stand-in for all that was asked."""
    return hashlib.sha256(repr(asked).encode()).digest()
