"""What `grader list` shows of a course."""

from rich.table import Table

from grader.checks.bank import bank_key, is_live, load_bank
from grader.course import Course
from grader.model import Exercise, Suite


def listing(course: Course) -> Table:
    """A table of the exercises, with the checks that cannot be replayed."""
    table = Table("exercise", "title", "checks", "points", "functions", title=course.title)
    for exercise in course.exercises:
        points = sum(check.points for check in exercise.checks if not check.bonus)
        bonus = sum(check.points for check in exercise.checks if check.bonus)
        live = _live(course, exercise)
        table.add_row(
            exercise.name,
            exercise.title,
            f"{len(exercise.checks)}" + (f", live: {', '.join(live)}" if live else ""),
            f"{points:g}" + (f" + {bonus:g} bonus" if bonus else ""),
            "\n".join(exercise.functions),
        )
    return table


def _live(course: Course, exercise: Exercise) -> list[str]:
    bank = load_bank(bank_key(course.root.resolve(), exercise.name, Suite.HIDDEN))
    return [check.name for check in exercise.checks if is_live(bank, check.name)]
