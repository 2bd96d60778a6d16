"""What a job of GitHub Actions shows: annotations at the submitted files, and a summary.

A line that begins with "::" is a command to the runner, and a student's message could hold one.
So nothing of a student's stands at the beginning of a line here, and what is printed elsewhere
goes between `stop` and `go_on`.
"""

import html
import re
from collections.abc import Iterator

from grader.exports.told import remarks, told
from grader.model import CheckResult, ExerciseResult, Report, Status
from grader.report import words
from grader.report.text import cleaned

_LINE = re.compile(r" on line (\d+) of ")
_EMPTY = re.compile(r"\n[ \t]*(?=\n)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~@:])")


def annotations(report: Report) -> str:
    """Return a command for each check that did not pass; GitHub shows the first ten of a kind."""
    report = cleaned(report)
    found = [
        (exercise, check)
        for exercise in report.exercises
        for check in exercise.checks
        if check.status is not Status.PASSED
    ]
    found.sort(key=lambda each: -each[1].points)
    return "".join(f"{_annotation(exercise, check)}\n" for exercise, check in found)


def stop(token: str) -> str:
    """The command after which the runner takes no other, until `go_on` with the same token."""
    return f"::stop-commands::{token}\n"


def go_on(token: str) -> str:
    """The command that ends it."""
    return f"::{token}::\n"


def summary(report: Report) -> str:
    """Return the summary of a job, in Markdown."""
    return "\n".join(_summary(cleaned(report))) + "\n"


def _annotation(exercise: ExerciseResult, check: CheckResult) -> str:
    kind = "warning" if check.status is Status.VOID or check.bonus else "error"
    where = {"file": exercise.file.partition(" cell ")[0]} if exercise.file else {}
    line = _LINE.search(words.sentence(check))
    if where and line and check.status is Status.ERROR and where["file"].endswith(".py"):
        where["line"] = line[1]
    where["title"] = f"{exercise.name}: {words.title(check)}"
    shown = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in where.items())
    return f"::{kind} {shown}::{_escaped(told(check))}"


def _escaped(text: str, also: str = "") -> str:
    for character in "%\r\n" + also:
        text = text.replace(character, f"%{ord(character):02X}")
    return text


def _summary(report: Report) -> Iterator[str]:
    total = f"{words.amount(report.earned)} of {words.count(report.possible, 'point')}"
    bonus = f", bonus {words.amount(report.bonus_earned)}" if report.bonus_earned else ""
    yield f"## {_plain(report.course)}: {total}{bonus}\n"
    yield "| exercise | points | checks passed |\n|---|--:|--:|"
    for exercise in report.exercises:
        passed = sum(check.status is Status.PASSED for check in exercise.checks)
        points = f"{words.amount(exercise.earned)} of {words.amount(exercise.possible)}"
        yield f"| {_plain(exercise.title)} | {points} | {passed} of {len(exercise.checks)} |"
    yield ""
    for exercise in report.exercises:
        yield from _details(exercise)
    for remark in remarks(report):
        yield f"\n{_plain(remark)}"


def _details(exercise: ExerciseResult) -> Iterator[str]:
    missed = [check for check in exercise.checks if check.status is not Status.PASSED]
    if missed:
        many = words.count(len(missed), "check")
        title = html.escape(exercise.title)
        yield f"<details><summary>{title}: {many} to look at</summary>\n"
        for check in missed:
            head = f"{words.STATUS[check.status]}: {words.title(check)}"
            yield f"<p><b>{html.escape(head)}</b></p>\n<pre>{_lines(told(check))}</pre>\n"
        yield "</details>\n"


def _lines(text: str) -> str:
    """Escaped; an empty line would end the HTML and begin Markdown."""
    return _EMPTY.sub("\n&nbsp;", html.escape(text))


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", html.escape(text, quote=False))
