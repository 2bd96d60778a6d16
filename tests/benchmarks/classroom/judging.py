"""What came of a class, beside what had to: grades.csv, the gradebook and every report."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from grader.batch.table import BECAUSE
from grader.gradebook.store import Attempt, Gradebook
from tests.benchmarks.classroom.handed_in import HandedIn

Kept = dict[str, list[Attempt]]


def kept(out: Path) -> Kept:
    """Every attempt of the gradebook in a folder of reports, by student."""
    with closing(Gradebook(str(out / "gradebook.sqlite3"))) as book:
        return {student: book.attempts(student) for student in book.students()}


def judged(submissions: Sequence[HandedIn], out: Path) -> dict[str, list[str]]:
    """What is not as it has to be, by student; nobody has nothing, so all of them are there."""
    with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    attempts = kept(out)
    wrong = {
        each.student: list(_wrong(each, out, rows.get(each.student), attempts.get(each.student)))
        for each in submissions
    }
    strangers = (rows.keys() | attempts.keys()) - wrong.keys()
    return wrong | {name: ["nobody of this name handed anything in"] for name in strangers}


def _wrong(
    each: HandedIn, out: Path, row: dict[str, str] | None, attempts: list[Attempt] | None
) -> Iterator[str]:
    if row is None or attempts is None or len(attempts) != 1:
        yield f"{'no' if row is None else 'a'} line in grades.csv, attempts: {len(attempts or ())}"
        return
    report = out / each.student / "report.json"
    if each.trouble:
        yield from _not_refused(each, row, attempts[0], report)
    elif attempts[0].earned is None or not report.is_file():
        yield f"no grade: {attempts[0].trouble}"
    else:
        yield from _misgraded(each, row, attempts[0], json.loads(report.read_bytes()))


def _not_refused(
    each: HandedIn, row: dict[str, str], attempt: Attempt, report: Path
) -> Iterator[str]:
    """It must have no grade at all, and the reason everywhere."""
    if each.trouble not in row[BECAUSE] or each.trouble not in (attempt.trouble or ""):
        yield f"the reason should be {each.trouble!r}, and is {row[BECAUSE]!r}"
    if row["final"] or row["earned"] or attempt.earned is not None or report.exists():
        yield "it has a grade"


def _misgraded(
    each: HandedIn, row: dict[str, str], attempt: Attempt, report: dict[str, Any]
) -> Iterator[str]:
    checks = {
        f"{exercise['name']}.{check['name']}": check
        for exercise in report["exercises"]
        for check in exercise["checks"]
    }
    lost = {name: c["status"] for name, c in checks.items() if c["status"] != "passed"}
    if missing := each.lost - lost.keys():
        yield f"passed, and should not: {', '.join(sorted(missing))}"
    if unjust := lost.keys() - each.lost - each.perhaps:
        told = sorted(f"{name} ({lost[name]})" for name in unjust)
        yield f"not passed, and should: {', '.join(told)}"
    ends = {lost[name] for name in each.lost & lost.keys()}
    if each.ends and ends - each.ends:
        yield f"ended by {', '.join(sorted(ends))}, not by {', '.join(sorted(each.ends))}"
    if "void" in lost.values():
        yield "a check is void"
    earned = sum(c["points"] for n, c in checks.items() if n not in lost and not c["bonus"])
    if {earned, report["earned"], attempt.earned, float(row["final"])} != {earned}:
        yield f"points: {earned}, {report['earned']}, {attempt.earned} and {row['final']}"


def table(submissions: Sequence[HandedIn], wrong: dict[str, list[str]]) -> Iterator[str]:
    """Lines: how many of each kind are right, and what is not."""
    yield f"{'kind':10} {'count':>5} {'right':>5} {'wrong':>5}"
    for kind in dict.fromkeys(each.kind for each in submissions):
        names = [each.student for each in submissions if each.kind == kind]
        bad = sum(bool(wrong[name]) for name in names)
        yield f"{kind:10} {len(names):5} {len(names) - bad:5} {bad:5}"
    what = {each.student: each.what for each in submissions}
    for student, words in sorted(wrong.items()):
        for word in words:
            yield f"{student} ({what.get(student, '')}): {word}"
