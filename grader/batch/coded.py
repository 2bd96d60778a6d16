"""Codes in the place of students' names."""

from collections.abc import Sequence
from dataclasses import replace

from grader.batch.entries import Entry
from grader.gradebook.codes import make_codes
from grader.gradebook.store import Gradebook


def without_names(
    gradebook: Gradebook, entries: Sequence[Entry], *, keep: bool = True
) -> list[Entry]:
    """The same entries, of which only the gradebook knows whose they are, if it is to keep it."""
    codes = make_codes(gradebook, [entry.student for entry in entries], keep=keep)
    coded = [replace(entry, code=codes[entry.student]) for entry in entries]
    return sorted(coded, key=lambda entry: entry.code)  # an order of names would give them away
