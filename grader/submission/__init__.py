"""Reads what a student handed in, as text; nothing of it is run, parsed, followed or written.

read       decides what a path is, and makes a `model.Submission` of it
folder     walks a folder below directory descriptors
archive    reads the members of a zip, in memory
text       decodes Python files
notebooks  asks a process that can be killed for the code cells of notebooks
notebook_process   that process; it alone imports nbformat
gathered   what has been read so far, what was left out, and the caps
names      which names are read and how they are shown
"""

from grader.submission.read import read_files, read_submission

__all__ = ["read_files", "read_submission"]
