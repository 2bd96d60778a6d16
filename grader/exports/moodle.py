"""A grading worksheet that Moodle imports, with grades and feedback comments together.

Moodle finds a student by the number of the participant, which its archives have in the name of each
submission too. A worksheet that was filled in keeps everything else that stands in it.
"""

import html
from collections.abc import Mapping, Sequence

from grader.exports import roster
from grader.exports.cells import number, table, text
from grader.exports.roster import Person, Placed
from grader.gradebook.grade import Grade
from grader.report.words import amount, count

IDENTIFIER, GRADE, FEEDBACK = "Identifier", "Grade", "Feedback comments"
COLUMNS = (
    IDENTIFIER, "Full name", "Email address", "Status", GRADE, "Maximum Grade",
    "Grade can be changed", "Last modified (submission)", "Last modified (grade)", FEEDBACK,
)  # fmt: skip

_RULES = (  # a name of a user may end in a number too, which can be that of another participant
    (roster.whole, roster.column("Email address")),
    (roster.whole, roster.column("Username")),
    (roster.whole, roster.column("ID number")),
    (roster.whole, lambda person: person.get("Email address", "").partition("@")[0]),
    (roster.number, lambda person: person[IDENTIFIER].rpartition(" ")[2]),
    (roster.without_number, roster.column("Full name")),
)


def placed(grades: Sequence[Grade], people: Sequence[Person] | None) -> Placed:
    """Whose grade is whose; without a worksheet, as Moodle's archives name submissions."""
    if people is not None:
        return roster.place(grades, people, _RULES)
    known = [grade for grade in grades if roster.number(grade.student)]
    strangers = tuple(grade.student for grade in grades if grade not in known)
    return Placed(tuple((_person(grade.student), grade) for grade in known), strangers)


def to_csv(rows: Placed, comments: Mapping[str, Sequence[str]], possible: float) -> str:
    """Return the worksheet; who has no grade keeps what stands in it."""
    columns = tuple(rows.rows[0][0]) if rows.rows else COLUMNS
    if FEEDBACK not in columns:
        columns = (*columns, FEEDBACK)
    lines = []
    for person, grade in rows.rows:
        shown = {name: text(person.get(name, "")) for name in columns}
        if grade and grade.final is not None:
            shown[GRADE] = number(grade.final)
        if grade:
            shown["Maximum Grade"] = shown.get("Maximum Grade") or number(possible)
            feedback = _feedback(grade, comments.get(grade.student, ()))
            shown[FEEDBACK] = text(feedback) if feedback else shown[FEEDBACK]
        lines.append([shown[name] for name in columns])
    return table([columns, *lines])


def _person(student: str) -> Person:
    known = {
        IDENTIFIER: f"Participant {roster.number(student)}",
        "Full name": roster.without_number(student),
    }
    return {name: known.get(name, "") for name in COLUMNS}


def _feedback(grade: Grade, comments: Sequence[str]) -> str:
    """Comments as HTML, which Moodle takes this column for."""
    said = list(comments)
    if grade.penalty and not grade.override:
        said.append(f"Handed in late: {count(grade.penalty, 'point')} lost.")
    return "<br>".join(html.escape(line) for each in said for line in each.splitlines())


def maximum(people: Sequence[Person]) -> str:
    """The maximum that a worksheet names, as it is written there; nothing where it names none."""
    names = {person.get("Maximum Grade", person.get("Maximum grade", "")) for person in people}
    try:
        return amount(float(max(names, default="").replace(",", ".")))
    except ValueError:
        return ""
