"""Which exercises a change of a submission can touch, so that a save is graded in a moment."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.checks.findings import Findings
from grader.course import Course
from grader.model import Exercise, SourceFile, Submission

Examine = Callable[[Course, Submission], Findings]


@dataclass
class Regrading:
    """Examines one version of a submission after another; of each, what differs from the last.

    Args:
        examine: examines all exercises of a course.
    """

    course: Course
    examine: Examine
    _last: tuple[Submission, Findings] | None = None

    def findings(self, submission: Submission) -> Findings:
        """What examining the whole submission would find."""
        if self._last is None:
            found = self.examine(self.course, submission)
        else:
            found = self._again(submission, *self._last)
        self._last = submission, found
        return found

    def _again(self, submission: Submission, before: Submission, known: Findings) -> Findings:
        names = touched(self.course, before, submission, known)
        if not names:
            return known
        decided = {key: each for key, each in known.decided.items() if key[0] not in names}
        opened = {name: each for name, each in known.opened.items() if name not in names}
        kept = Findings(known.isolation, decided, opened)
        return kept.then(self.examine(self.course.only(names), submission))


def touched(
    course: Course, before: Submission, after: Submission, known: Findings
) -> tuple[str, ...]:
    """The exercises whose grading can differ between two versions of a submission.

    Functions are found by name, whatever the file. So a file matters to an exercise if it says one
    of its names, was graded for it or is named after it; and to all, where another imports it.
    """
    old, new = ({file.name: file for file in each.files} for each in (before, after))
    changed = [name for name in old.keys() | new.keys() if old.get(name) != new.get(name)]
    texts = [_text(each[name]) for each in (old, new) for name in changed if name in each]
    every = [_text(file) for file in (*before.files, *after.files)]
    if any(_is_imported(PurePosixPath(name).stem, every) for name in changed):
        return tuple(exercise.name for exercise in course.exercises)

    def matters(exercise: Exercise) -> bool:
        opened = known.opened.get(exercise.name)
        named = any(PurePosixPath(name).stem == exercise.name for name in changed)
        said = re.compile(rf"\b(?:{'|'.join(map(re.escape, exercise.functions))})\b")
        graded = opened is not None and opened.file in changed
        return named or graded or any(said.search(text) for text in texts)

    return tuple(exercise.name for exercise in course.exercises if matters(exercise))


def _text(file: SourceFile) -> str:
    return "\n".join(file.cells)


def _is_imported(stem: str, texts: list[str]) -> bool:
    name = re.compile(rf"^.*\bimport.*\b{re.escape(stem)}\b|\b{re.escape(stem)}\b.*\bimport", re.M)
    return any(name.search(text) for text in texts)
