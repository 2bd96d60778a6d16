"""From findings to a report: points, which come from the course and never from what ran."""

from grader.checks.findings import Findings
from grader.course import Course
from grader.diagnosis.reconciling import reconcile
from grader.model import (
    SCHEMA,
    Check,
    CheckResult,
    Diagnosis,
    Exercise,
    ExerciseResult,
    Isolation,
    Panel,
    Report,
    Status,
    Submission,
    Suite,
)

_DID_NOT_RUN = "This check did not run (a mistake in the grader, not in your code)."


def make_report(
    course: Course,
    submission: Submission,
    suite: Suite,
    findings: Findings,
    worked_run: tuple[Panel, ...] | None = None,
) -> Report:
    """Put points and titles to what the examiners found; a worked run is shown beside them."""
    exercises = tuple(_exercise_result(exercise, findings) for exercise in course.exercises)
    return Report(
        schema=SCHEMA,
        submission=submission.name,
        course=course.title,
        course_version=course.version,
        suite=suite,
        files={file.name: file.sha256 for file in submission.files},
        isolation=findings.isolation or Isolation.NONE,
        earned=sum(exercise.earned for exercise in exercises),
        possible=sum(exercise.possible for exercise in exercises),
        bonus_earned=sum(
            check.earned for exercise in exercises for check in exercise.checks if check.bonus
        ),
        exercises=exercises,
        notes=submission.notes,
        worked_run=worked_run,
    )


def exit_code(report: Report) -> int:
    """0 for full marks, 1 where points are missing, 2 where a check is void."""
    statuses = [check.status for exercise in report.exercises for check in exercise.checks]
    if Status.VOID in statuses or not statuses:
        return 2
    return 0 if report.earned == report.possible else 1


def _exercise_result(exercise: Exercise, findings: Findings) -> ExerciseResult:
    diagnoses = reconcile(
        {
            (check.suite, check.name): (decided.status, decided.explanation)
            for check in exercise.checks
            if (decided := findings.decided.get((exercise.name, check.suite, check.name)))
        }
    )
    checks = tuple(
        _check_result(exercise.name, check, findings, diagnoses.get((check.suite, check.name)))
        for check in exercise.checks
    )
    opened = findings.opened.get(exercise.name)
    return ExerciseResult(
        name=exercise.name,
        title=exercise.title,
        file=opened.file if opened else None,
        earned=sum(check.earned for check in checks if not check.bonus),
        possible=sum(check.points for check in checks if not check.bonus),
        checks=checks,
        notes=opened.notes if opened else (),
        formulas=exercise.formulas,
    )


def _check_result(
    exercise: str, check: Check, findings: Findings, diagnosis: Diagnosis | None
) -> CheckResult:
    decided = findings.decided.get((exercise, check.suite, check.name))
    status = decided.status if decided else Status.VOID
    return CheckResult(
        name=check.name,
        title=check.title,
        functions=check.functions,
        points=check.points,
        bonus=check.bonus,
        earned=check.points if status is Status.PASSED else 0.0,
        status=status,
        message=decided.message if decided else _DID_NOT_RUN,
        example=decided.example if decided else None,
        hint=check.hint,
        suite=check.suite,
        mistake=next(iter(diagnosis.mistakes), None) if diagnosis else None,
        diagnosis=diagnosis,
        comparisons=decided.explanation.comparisons if decided else (),
    )
