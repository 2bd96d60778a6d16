"""Submissions without the names of their students, for whoever must not know whose they look at.

Names of folders and of what was handed in become a code. What a student wrote into a file, or
called a file within, is left as it is: it is what is graded.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from grader.model import SourceFile, Submission
from grader.submission.names import escaped


def without_name(submission: Submission, names: Sequence[str], code: str) -> Submission:
    """The same submission, called by the code; so is a file that has the name of the student."""
    return replace(
        submission,
        name=code,
        files=tuple(_renamed(file, names, code) for file in submission.files),
        notes=tuple(hidden(note, names, code) for note in submission.notes),
    )


def hidden(text: str, names: Sequence[str], code: str) -> str:
    """The text with a code in the place of names, the longest first."""
    for name in sorted({*names, *map(escaped, names)} - {""}, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", code, text)
    return text


def _renamed(file: SourceFile, names: Sequence[str], code: str) -> SourceFile:
    path = PurePosixPath(file.name)
    if file.name in names or path.stem in names:
        return replace(file, name=str(path.with_name(f"{code}{path.suffix}")))
    return file
