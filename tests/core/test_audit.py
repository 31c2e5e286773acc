"""The audit log shows every way of tampering with it: a line changed, taken out, cut off the end, or put in."""

import pytest
from sqlalchemy import text

from fund.core import audit, clock
from fund.core.database import db
from tests.factories import fund as make


@pytest.fixture
def lines(database):
    who = make.person()
    for number in range(5):
        audit.record("test.act", who, by=who, now=clock.now(), number=number, word="Zażółć")
    db.session.commit()
    return db.session.query(audit.AuditEvent).order_by(audit.AuditEvent.number).all()


def sql(statement: str, **values) -> None:
    db.session.execute(text(statement), values)
    db.session.commit()
    db.session.expire_all()


def test_an_untouched_log_is_whole(lines):
    assert audit.verify() is None
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))


@pytest.mark.parametrize("column", ["action", "actor", "subject_type"])
def test_a_changed_line_shows(lines, column):
    sql(f"update audit_event set {column} = 'changed' where number = 3")
    assert audit.verify() == "Line 3 of the audit log was changed after it was written."


def test_changed_details_show(lines):
    sql("update audit_event set details = '{}' where number = 2")
    assert audit.verify() == "Line 2 of the audit log was changed after it was written."


def test_a_changed_moment_shows(lines):
    lines[1].at = clock.now().replace(year=2020)
    db.session.commit()
    assert audit.verify() == "Line 2 of the audit log was changed after it was written."


def test_a_line_taken_out_shows(lines):
    sql("delete from audit_event where number = 3")
    assert audit.verify() == "Line 3 of the audit log is missing."


def test_the_last_line_cut_off_shows(lines):
    last = len(lines)
    sql("delete from audit_event where number = :last", last=last)
    assert audit.verify() == f"The audit log stops at line {last - 1}, but {last} lines were written."


def test_all_lines_cut_off_show(lines):
    sql("delete from audit_event")
    assert audit.verify() == f"The audit log stops at line 0, but {len(lines)} lines were written."


def test_a_line_rewritten_with_its_hash_breaks_the_next(lines):
    """Somebody who knows the recipe must rewrite every line after it as well, and then the head."""
    lines[2].details = {"number": 99}
    lines[2].hash = audit.hash_of(lines[2])
    db.session.commit()
    assert audit.verify() == "Line 4 of the audit log was changed after it was written."


def test_what_is_undone_leaves_no_line(lines):
    """The line belongs to the change: rolled back together."""
    audit.record("test.undone", make.person(), by=None, now=clock.now())
    db.session.rollback()
    assert audit.verify() is None
    assert not db.session.query(audit.AuditEvent).filter_by(action="test.undone").count()


def test_a_line_names_nobody(lines):
    """The actor is a reference, so that erasing a person leaves the log whole."""
    assert lines[0].actor.strip()
    assert "@" not in lines[0].actor
    assert "Person" not in lines[0].actor


def test_lines_about_one_row(lines):
    other = make.person()
    audit.record("test.other", other, by=None, now=clock.now())
    assert [line.action for line in audit.lines_about(other)] == ["test.other"]
    assert audit.lines_about(other)[0].actor == "clock"


def test_the_command_says_so_and_fails(app, lines):
    runner = app.test_cli_runner()
    assert runner.invoke(args=["check-audit"]).output.strip() == "The audit log is whole."
    sql("delete from audit_event where number = 2")
    broken = runner.invoke(args=["check-audit"])
    assert (broken.exit_code, broken.output.strip()) == (1, "Line 2 of the audit log is missing.")
