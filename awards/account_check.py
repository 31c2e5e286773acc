"""Whether a sort code and an account number look like a pair: the banks' own arithmetic, as a hint and never a refusal.

The table of weights that comes with uk-mod-check is old and not every sort code is in it, so a pair that does not fit may
be right and one that fits may be wrong. What counts is the call back and the statement.
"""

import structlog
import uk_mod_check

UNUSUAL = "This sort code and account number look unusual together. Check every digit against a statement or the card."
log = structlog.get_logger(__name__)


def is_unusual(sort_code: str, account_number: str) -> bool:
    """Whether the pair (six and eight digits) does not fit the arithmetic of its bank; False where the bank is not known."""
    try:
        return not uk_mod_check.validate(int(sort_code), int(account_number)).result
    except Exception as error:  # a hint must never stop anybody from giving an account
        log.warning("account_check_failed", error=type(error).__name__)
        return False
