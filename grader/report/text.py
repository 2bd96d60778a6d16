"""Text that a student's code may have written, made safe to look at.

A message can hold anything an exception can: escape sequences that repaint a terminal, overrides
that turn a line round, characters that cannot be seen. They are shown as escapes such as `\\x1b`.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace

from grader.model import CheckResult, Comment, Diagnosis, ExerciseResult, Panel, Report, Training

LINE = 300  # characters of a name, a title or a note
MESSAGE = 2_000  # characters of a message, a hint or an example
NOTES = 50  # notes of a report or of an exercise

# Joiners and variation selectors: authors need them in Persian, Hindi and emoji; students do not.
AUTHORS = "\u200c\u200d\ufe0e\ufe0f"

# Drawn as nothing although Unicode calls them letters, marks or symbols.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SELECTORS = (range(0x180B, 0x1810), range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))
_MARKS = 3  # accents on one letter; a hundred of them paint over the lines around


def printable(text: str, limit: int = MESSAGE, *, keep: str = "\n") -> str:
    """Return text of at most limit characters in which every character can be seen.

    Only the first characters are looked at, so the size of the text does not matter. What is
    printable already comes back unchanged.

    Args:
        text: anything, lone surrogates included.
        limit: the most characters of the answer.
        keep: characters that need no escape; without a newline the answer is one line.
    """
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text  # nearly all there is, and looking at each character takes its time
    tail = f" … (cut: {len(text):,} characters in all)" if "\n" in keep else "…"
    pieces = list(_pieces(text[: limit + 1], keep))
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    return "".join(_fitting(pieces, limit - len(tail))) + tail


def _pieces(text: str, keep: str) -> Iterator[str]:
    if "\n" in keep:
        text = text.replace("\r\n", "\n").replace("\t", "    ")
    marks = 0
    for character in text:
        marks = marks + 1 if unicodedata.combining(character) else 0
        visible = character in keep or (_is_visible(character) and marks <= _MARKS)
        yield character if visible else _escape(character)


def _is_visible(character: str) -> bool:
    if character.isascii():
        return character.isprintable()
    code = ord(character)
    hidden = character in _BLANK or any(code in selectors for selectors in _SELECTORS)
    return character.isprintable() and not hidden


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def _fitting(pieces: Iterable[str], room: int) -> Iterator[str]:
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            return
        yield piece


def cleaned(report: Report) -> Report:
    """Return the report with printable texts, plain floats and sorted files.

    Cleaning a clean report changes nothing, so whoever shows a report may call it.
    """
    return replace(
        report,
        submission=_line(report.submission),
        course=_authored_line(report.course),
        course_version=_line(report.course_version),
        files=_files(report.files),
        earned=_number(report.earned),
        possible=_number(report.possible),
        bonus_earned=_number(report.bonus_earned),
        exercises=tuple(_exercise(exercise) for exercise in report.exercises),
        notes=_notes(report.notes),
        worked_run=None if report.worked_run is None else tuple(map(_panel, report.worked_run)),
        comments=tuple(map(clean_comment, report.comments)),
    )


def _exercise(exercise: ExerciseResult) -> ExerciseResult:
    return replace(
        exercise,
        name=_line(exercise.name),
        title=_authored_line(exercise.title),
        file=None if exercise.file is None else _line(exercise.file),
        earned=_number(exercise.earned),
        possible=_number(exercise.possible),
        checks=tuple(_check(check) for check in exercise.checks),
        notes=_notes(exercise.notes),
        formulas={_line(name): lines for name, lines in exercise.formulas.items()},
    )


def _check(check: CheckResult) -> CheckResult:
    return replace(
        check,
        name=_line(check.name),
        title=_authored_line(check.title),
        functions=tuple(_line(function) for function in check.functions),
        points=_number(check.points),
        earned=_number(check.earned),
        message=printable(check.message),
        example=None if check.example is None else printable(check.example),
        hint=printable(check.hint, keep="\n" + AUTHORS),
        mistake=None if check.mistake is None else _line(check.mistake),
        diagnosis=None if check.diagnosis is None else _diagnosis(check.diagnosis),
        comparisons=tuple(replace(each, name=_line(each.name)) for each in check.comparisons),
    )


def _diagnosis(diagnosis: Diagnosis) -> Diagnosis:
    return replace(
        diagnosis,
        mistakes=tuple(map(_line, diagnosis.mistakes)),
        tells=tuple(printable(told, keep="\n" + AUTHORS) for told in diagnosis.tells),
        likeness=_line(diagnosis.likeness, MESSAGE),
    )


def clean_comment(comment: Comment) -> Comment:
    """Return the comment with printable texts."""
    return Comment(
        printable(comment.text, keep="\n" + AUTHORS),
        _authored_line(comment.author),
        _line(comment.exercise),
    )


def _panel(panel: Panel) -> Panel:
    return replace(
        panel,
        title=_authored_line(panel.title),
        text=printable(panel.text, keep="\n" + AUTHORS),
        trainings=tuple(map(_training, panel.trainings)),
    )


def _training(training: Training) -> Training:
    label, sentence = _authored_line(training.label), _line(training.sentence, MESSAGE)
    return replace(training, label=label, sentence=sentence)


def _files(files: dict[str, str]) -> dict[str, str]:
    """Sorted by name; two names that look the same once printable are told apart by a number."""
    shown: dict[str, str] = {}
    for name in sorted(files):
        line = _line(name)
        count = 2
        while line in shown:
            line = f"{_line(name)[: LINE - 12]} ({count})"
            count += 1
        shown[line] = _line(files[name])
    return dict(sorted(shown.items()))


def _notes(notes: tuple[str, ...]) -> tuple[str, ...]:
    lines = tuple(_line(note, MESSAGE) for note in notes)
    if len(lines) <= NOTES:
        return lines
    return (*lines[: NOTES - 1], f"{len(lines) - NOTES + 1:,} more notes are left out.")


def _line(text: str, limit: int = LINE) -> str:
    return printable(text, limit, keep="")


def _authored_line(text: str) -> str:
    return printable(text, keep=AUTHORS)


def _number(points: float) -> float:
    return float(points) + 0.0  # 3 and 3.0, and the two zeros, are written the same
