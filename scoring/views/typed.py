"""What was typed for one criterion, on an assessor's page or a chair's: fields named after the criterion's key."""

import re
from dataclasses import dataclass

from fund.core.forms import clean
from fund.core.problems import Problem

_UNKEEPABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
NOT_APPLICABLE = "na"


@dataclass(frozen=True)
class Typed:
    """`version` is the one the page was opened on; `problem` says what cannot be kept of this."""

    mark: int | None
    not_applicable: bool
    reason: str
    version: int | None
    problem: Problem | None = None


def typed_in(form, criterion_id: int | str) -> Typed:
    """Read mark-7, reason-7 and version-7. Raises nothing: what is wrong stands in `problem`, what was typed is kept."""
    mark, reason = form.get(f"mark-{criterion_id}", ""), clean(form.get(f"reason-{criterion_id}", ""))
    version, problem = form.get(f"version-{criterion_id}", ""), None
    if mark not in ("", NOT_APPLICABLE) and not re.fullmatch("[0-5]", mark, re.ASCII):
        problem = Problem("Choose a mark from 0 to 5", f"mark-{criterion_id}")
    if _UNKEEPABLE.search(reason):
        problem = Problem("Remove the characters that are not letters, numbers or signs", f"reason-{criterion_id}")
    return Typed(
        mark=int(mark) if re.fullmatch("[0-5]", mark, re.ASCII) else None,
        not_applicable=mark == NOT_APPLICABLE,
        reason=reason,
        version=int(version) if re.fullmatch(r"\d{1,9}", version, re.ASCII) else None,
        problem=problem,
    )
