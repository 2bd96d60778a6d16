"""The report as a person reads it in a terminal: the points, then what to mend first."""

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from grader.model import (
    CheckResult,
    ExerciseResult,
    Isolation,
    Panel,
    Report,
    Status,
    Suite,
)
from grader.report import story, words
from grader.report.text import cleaned

SHOWN = 8  # findings told at length; the page has them all
HINTS = 3  # findings that come with their hint
LINES = 7  # lines of a message
NOTES = 6

_COLOUR = {Status.PASSED: "green", Status.NOT_STARTED: "bright_black", Status.VOID: "cyan"}
_WRONG = "red"


def summary(report: Report) -> RenderableType:
    """Return what the terminal shows of a report, but for where the page is.

    A path is not wrapped, because people copy it; so whoever prints the summary prints it.
    Every string goes into a `Text`, so that no markup of a student is ever interpreted.
    """
    report = cleaned(report)
    return Group(
        _table(report),
        *_notes(report),
        *_findings(report),
        *_end(report),
    )


def brief(report: Report, before: Report) -> RenderableType:
    """Return what the terminal shows after a save: what became of the points, and what is next."""
    report = cleaned(report)
    change = report.earned - before.earned
    total = f"{words.amount(report.earned)} of {words.count(report.possible, 'point')}"
    if change:
        total += f" ({words.amount(abs(change))} {'more' if change > 0 else 'fewer'})"
    parts: list[RenderableType] = [Rule(style="bright_black"), Text(total, style="bold")]
    step = story.next_step(report)
    next_one = _first(report, step.anchor)
    parts += _finding(*next_one, with_hint=True) if next_one else [Text(step.text)]
    return Group(*parts)


def _first(report: Report, anchor: str) -> tuple[ExerciseResult, story.Finding] | None:
    """The finding that the next step is about."""
    for exercise in report.exercises:
        for group in story.groups(exercise):
            for finding in group.findings:
                if anchor in [f"{exercise.name}-{each.number}" for each in finding.checks]:
                    return exercise, finding
    return None


def _table(report: Report) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_footer=True)
    table.title = Text(report.course, style="bold")
    table.title_justify = "left"
    table.add_column(Text("Exercise"), Text("Total"), overflow="fold")
    every = story.checks(report)
    table.add_column(Text("Checks passed"), _passed(every), justify="right", no_wrap=True)
    total = _points(report.earned, report.possible)
    table.add_column(Text("Points"), total, justify="right", no_wrap=True)
    for exercise in report.exercises:
        points = _points(exercise.earned, exercise.possible)
        table.add_row(Text(exercise.title or exercise.name), _passed(exercise.checks), points)
    return table


def _passed(checks: Sequence[CheckResult]) -> Text:
    passed = sum(check.status is Status.PASSED for check in checks)
    return Text(f"{passed} of {len(checks)}")


def _points(earned: float, possible: float) -> Text:
    colour = "green" if earned >= possible else ""
    return Text(f"{words.amount(earned)} of {words.amount(possible)}", style=colour)


def _notes(report: Report) -> list[RenderableType]:
    notes = [*report.notes]
    for exercise in report.exercises:
        notes += [f"{exercise.name}: {note}" for note in exercise.notes]
    left = [Text(f"{len(notes) - NOTES} more notes: see the page.")] if len(notes) > NOTES else []
    return [*(Text(f"Note: {note}") for note in notes[:NOTES]), *left]


def _findings(report: Report) -> list[RenderableType]:
    found = [
        (exercise, finding)
        for exercise in story.begun_first(report)
        for group in story.groups(exercise)
        for finding in group.findings
    ]
    shown: list[RenderableType] = []
    for place, (exercise, finding) in enumerate(found[:SHOWN]):
        shown += _finding(exercise, finding, with_hint=place < HINTS)
    left = sum(len(finding.checks) for _, finding in found[SHOWN:])
    if left:
        shown += [Text(), Text(f"{words.count(left, 'more check')} not passed: see the page.")]
    return shown


def _finding(
    exercise: ExerciseResult, finding: story.Finding, *, with_hint: bool
) -> list[RenderableType]:
    check = finding.first
    colour = _COLOUR.get(check.status, _WRONG)
    head = Text(f"{words.MARK[check.status]} {words.STATUS[check.status]}", style=f"bold {colour}")
    head.append(f"  {exercise.name}: {_what(finding)}", style="bold not dim default")
    lines = [words.sentence(check), *words.details(check).splitlines()]
    if len(lines) > LINES:
        lines = [*lines[:LINES], "…"]
    parts: list[RenderableType] = [Text(), head, _indented("\n".join(lines))]
    parts += [_indented(told) for told in words.told(check.diagnosis)]
    if check.status is Status.VOID:
        parts.append(_indented(words.VOID))
    elif with_hint and check.hint:
        parts.append(_indented(f"Hint: {' '.join(check.hint.split())}", style="italic"))
    return parts


def _what(finding: story.Finding) -> str:
    others = len(finding.checks) - 1
    more = f" and {words.count(others, 'more check')}" if others else ""
    return words.title(finding.first) + more


def _indented(text: str, style: str = "") -> Padding:
    return Padding(Text(text, style=style), (0, 0, 0, 4))


def _end(report: Report) -> list[RenderableType]:
    total = f"{words.amount(report.earned)} of {words.count(report.possible, 'point')}"
    bonus = story.bonus_possible(report)
    if bonus:
        total += f", bonus {words.amount(report.bonus_earned)} of {words.amount(bonus)}"
    lines = [("Total", total), ("Next", story.next_step(report).text)]
    void = story.void(report)
    if void:
        lines.append(("Not counted", f"{words.count(len(void), 'check')}, by a mistake of ours"))
    if report.worked_run is not None:
        lines.append(("Worked run", _worked(report.worked_run)))
    if report.suite is not Suite.HIDDEN:
        lines.append(("Checks", words.SUITE[report.suite]))
    lines += [("Isolation", words.ISOLATION[report.isolation])]
    grid = Table.grid(padding=(0, 2))
    grid.add_column()
    grid.add_column(overflow="fold")
    for name, value in lines:
        warn = name == "Isolation" and report.isolation is Isolation.NONE
        grid.add_row(Text(name, style="bold"), Text(value, style="yellow" if warn else ""))
    return [Text(), grid]


def _worked(panels: Sequence[Panel]) -> str:
    trainings = [training for panel in panels for training in panel.trainings]
    ended = sum(training.costs != () for training in trainings)
    return f"{ended} of {words.count(len(trainings), 'training')} came to an end: see the page"
