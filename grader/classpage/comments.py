"""Brings what people wrote to the reports of all whom it concerns.

A comment on a group is kept by the group's key. The key depends on the wrong answers alone, so who
hands in the same wrong answers later has the comment too, and who has mended them no longer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from grader.classpage.gather import Gathered, read_report
from grader.gradebook import comments as kept
from grader.model import Comment
from grader.report.files import write_report
from grader.report.text import clean_comment

Reaching = dict[str, tuple[Comment, ...]]


def reaching(
    gathered: Gathered, written: Iterable[kept.Comment], codes: Mapping[str, str]
) -> Reaching:
    """The comments that reach each student, the oldest first.

    Args:
        codes: what stands for a student in a class that was graded without names.
    """
    found: dict[str, list[Comment]] = {}
    for each in written:
        group = gathered.groups.named(each.group) if each.group else None
        exercise = group.behaviour.exercise if group else ""
        comment = clean_comment(Comment(each.text, each.author, exercise))
        alone = [each.student, codes.get(each.student)] if each.student else []
        for student in group.members if group else filter(None, alone):
            found.setdefault(student, []).append(comment)
    return {student: tuple(comments) for student, comments in found.items()}


def deliver(folder: Path, gathered: Gathered, comments: Reaching) -> list[str]:
    """Write the reports anew whose comments have changed; returns whose they are.

    Raises:
        OutputError: a report cannot be written.
    """
    changed = []
    for marks in gathered.marks:
        own, wanted = folder / marks.student, comments.get(marks.student, ())
        report = read_report(own)
        if report is not None and report.comments != wanted:
            write_report(replace(report, comments=wanted), own)
            changed.append(marks.student)
    return changed
