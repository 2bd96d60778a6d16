"""class.html: a class on one page that needs nothing else; it works without its script too."""

import base64
import hashlib
import statistics as plain
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from grader.classpage.gather import STOPPED, Gathered, Marks
from grader.classpage.groups import Group, circles
from grader.classpage.statistics import (
    CheckNumbers,
    ExerciseNumbers,
    distribution,
    exercise_numbers,
)
from grader.gradebook.comments import Comment
from grader.model import Status
from grader.report.files import write_whole
from grader.report.html import render, template_folder
from grader.report.text import printable

FILE = "class.html"


@dataclass(frozen=True, slots=True)
class Stop:
    """Checks of an exercise in which a submission ran into a limit or died.

    Attributes:
        ends: how many checks ended in which way.
    """

    student: str
    exercise: str
    ends: tuple[tuple[Status, int], ...]


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A check that looks wrong, and the exercise that it belongs to."""

    exercise: str
    numbers: CheckNumbers


def write_class_page(folder: Path, gathered: Gathered, comments: Iterable[Comment] = ()) -> Path:
    """Write class.html beside the reports of a class.

    Raises:
        OutputError: it cannot be written.
    """
    path = folder / FILE
    write_whole(path, to_html(gathered, comments).encode())
    return path


def to_html(gathered: Gathered, comments: Iterable[Comment] = ()) -> str:
    """Return the page, complete in itself, with what was written on groups."""
    exercises, alike = exercise_numbers(gathered), circles(gathered.groups.shared())
    earned = [marks.earned for marks in gathered.marks]
    script = (template_folder() / "class.js").read_text("utf-8")
    return render(
        "class.html.j2",
        gathered=gathered,
        exercises=exercises,
        titles={each.name: each.title or each.name for each in gathered.exercises},
        earned=sorted(earned),
        middle=plain.median(earned) if earned else 0.0,
        mean=plain.fmean(earned) if earned else 0.0,
        full=sum(each == gathered.possible for each in earned),
        bins=distribution(earned, gathered.possible),
        doubtful=doubtful(exercises),
        stops=stops(gathered),
        mistakes=sorted(gathered.mistakes.values(), key=lambda each: -len(each.students)),
        explained=[circle for circle in alike if circle.is_explained],
        unexplained=[circle for circle in alike if not circle.is_explained],
        script=script,
        digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        **_words(gathered, list(comments)),
    )


def _words(gathered: Gathered, comments: list[Comment]) -> dict[str, Callable[..., object]]:
    """What the template says with numbers and names."""
    graded = {marks.student for marks in gathered.marks}
    return {
        "cell": cell,
        "first_line": lambda text: text.partition("\n")[0],
        "number": lambda value: f"{value:.2f}".replace("-", "\N{MINUS SIGN}"),
        "per_cent": per_cent,
        "on": lambda group: [each for each in comments if each.group in group.keys],
        "rivals": lambda group: rivals(gathered, group),
        "separates": separates,
        "shown": lambda name: printable(name, keep=""),
        "is_graded": graded.__contains__,
        "link": lambda student: f"{quote(student)}/report.html",
    }


def doubtful(exercises: Iterable[ExerciseNumbers]) -> list[Doubtful]:
    """The checks that look wrong, in the order of the course."""
    return [
        Doubtful(each.exercise.name, check)
        for each in exercises
        for check in each.checks
        if check.doubt
    ]


def stops(gathered: Gathered) -> list[Stop]:
    """Whatever ran into a limit or died, by student and exercise."""
    found = []
    for marks in gathered.marks:
        first = 0
        for exercise in gathered.exercises:
            statuses = marks.statuses[first : first + len(exercise.checks)]
            first += len(exercise.checks)
            ends = tuple((end, statuses.count(end)) for end in STOPPED if end in statuses)
            if ends:
                found.append(Stop(marks.student, exercise.name, ends))
    return found


def rivals(gathered: Gathered, group: Group) -> str:
    """Say how many others went wrong where a group did: few of many is what stands out."""
    behaviour = group.behaviour
    names = [(each.name, check.name) for each in gathered.exercises for check in each.checks]
    place = names.index((behaviour.exercise, behaviour.checks[0]))
    wrong = sum(marks.statuses[place] is Status.FAILED for marks in gathered.marks)
    if wrong == len(group.members):
        return "Nobody else has a wrong answer there."
    return f"{wrong} submissions have a wrong answer there, {len(group.members)} have this one."


def per_cent(part: float, whole: float) -> str:
    """Return "32 %", and neither 0 nor 100 % where it is only close to it."""
    if whole <= 0 or part <= 0:
        return "0 %"
    return f"{min(max(round(100 * part / whole), 1), 99 if part < whole else 100)} %"


def separates(discrimination: float | None) -> str:
    """The usual words for a discrimination (Ebel's), for people who never heard of it."""
    if discrimination is None:
        return ""
    limits = ((0.4, "strongly"), (0.3, "well"), (0.2, "a little"), (0.0, "hardly"))
    return next((word for low, word in limits if discrimination >= low), "the wrong way round")


def cell(marks: Marks, place: int, possible: float) -> str:
    """What colour the points of an exercise have in the table: a class of the style sheet."""
    points = marks.points[place]
    if points >= possible:
        return "all"
    return "some" if points > 0 else "none"
