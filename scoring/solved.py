"""What was solved lately: opening the same page again, or sorting it, must not take the solver's seconds again."""

import hashlib
import marshal
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

MOST = 64
_answers: OrderedDict[bytes, Any] = OrderedDict()
_turn = Lock()


def remembered(asked: Any, solve: Callable[[], Any]) -> Any:
    """The answer to what was asked: the one known, or what `solve` finds now. `asked` is everything that the answer hangs
    on, of Python's own values (no objects of ours); when one changes, it is another question. What `solve` raises is not kept.
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
    """A short stand-in for all that was asked. Writing values in Python's own form (without references, which would hang on
    who else holds them) takes a fifth of what writing their repr takes."""
    return hashlib.blake2b(marshal.dumps(asked, 2), digest_size=32).digest()
