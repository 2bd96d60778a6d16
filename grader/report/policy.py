"""What a student may see of a report: the one place that holds anything back.

Everything that is written for a student is made of `seen(report, feedback)`, never of the report.
What is held back is decided by what a text is, not by its words: a message may say anything.
"""

from dataclasses import replace

from grader.model import CheckResult, Diagnosis, ExerciseResult, Feedback, Report, Status, Suite
from grader.report.words import place


def seen(report: Report, feedback: Feedback) -> Report:
    """Return the report as its student may see it; with `Feedback.FULL`, as it is.

    Public checks hold nothing back. One case is different: after a hidden check, student code can
    carry what it was called with into a public one, so a score is nothing but scores there too.
    """
    if feedback is Feedback.FULL or report.suite is Suite.PUBLIC:
        return report
    return replace(
        report,
        feedback=feedback,
        exercises=tuple(_exercise(exercise, feedback) for exercise in report.exercises),
        worked_run=None if feedback is Feedback.SCORE else report.worked_run,
    )


def _exercise(exercise: ExerciseResult, feedback: Feedback) -> ExerciseResult:
    if feedback is Feedback.HINT:
        return replace(exercise, checks=tuple(map(_hinted, exercise.checks)))
    return replace(exercise, checks=tuple(map(_scored, exercise.checks)), notes=(), formulas={})


def _scored(check: CheckResult) -> CheckResult:
    """Status, title and points; what is said of a check may quote student code."""
    return replace(
        check, message="", example=None, hint="", mistake=None, diagnosis=None, comparisons=()
    )


def _hinted(check: CheckResult) -> CheckResult:
    """Without expected values, and without figures that they follow from.

    Only a wrong answer is told with such: what a student's code raised knows none of them.
    """
    if check.suite is Suite.PUBLIC or check.status is not Status.FAILED:
        return check
    diagnosis = check.diagnosis and _without_values(check.diagnosis)
    return replace(check, message=_where(check), diagnosis=diagnosis, comparisons=())


def _without_values(diagnosis: Diagnosis) -> Diagnosis | None:
    kept = replace(diagnosis, likeness="") if diagnosis.reveals else diagnosis
    return kept if kept.mistakes or kept.likeness else None


def _where(check: CheckResult) -> str:
    """Which quantity is wrong, and where most, if its name is one: other names may hold values."""
    for each in check.comparisons:
        if each.worst is not None and each.name.isidentifier():
            most = f"; the worst element is {place(each)}" if each.shape else ""
            return f"{each.name} is not right{most}."
    return ""
