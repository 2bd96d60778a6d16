"""A file that Canvas's gradebook imports: "Student, ID, …, assignment", and points possible first.

Canvas finds a student by ID, else by SIS User ID, else by SIS Login ID; an assignment by the number
in parentheses, and one without is made anew.
"""

from collections.abc import Sequence

from grader.exports import roster
from grader.exports.cells import number, table, text
from grader.exports.roster import Person, Placed
from grader.gradebook.grade import Grade

COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")

_RULES = (  # a login may end in a number too, which can be the ID of another
    (roster.whole, roster.column("SIS Login ID")),
    (roster.whole, roster.column("SIS User ID")),
    (roster.number, roster.column("ID")),
    (roster.whole, roster.column("ID")),
    (roster.whole, roster.column("Student")),
)


def placed(grades: Sequence[Grade], people: Sequence[Person] | None) -> Placed:
    """Whose grade is whose; without a file of Canvas, as its archives name submissions."""
    if people is None:
        return Placed(tuple((_person(grade.student), grade) for grade in grades), ())
    students = [person for person in people if person["ID"].strip()]  # not its points possible
    return roster.place(grades, students, _RULES)


def to_csv(rows: Placed, assignment: str, possible: float) -> str:
    """Return the file; who has no grade has a blank, which changes nothing in Canvas."""
    head = [*COLUMNS, text(assignment)]
    first = ["Points Possible", *[""] * (len(COLUMNS) - 1), number(possible)]
    lines = [
        [*(text(person.get(name, "")) for name in COLUMNS), number(grade.final if grade else None)]
        for person, grade in rows.rows
    ]
    return table([head, first, *lines])


def _person(student: str) -> Person:
    number = roster.number(student)
    known = {"ID": number} if number else {"SIS Login ID": student}
    return {"Student": roster.without_number(student), **known}
