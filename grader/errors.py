"""Everything that `grader` raises on purpose.

    GraderError            the run cannot go on; one sentence for a person, exit code 2
    ├── CourseError        the course is not laid out as it must be
    ├── SubmissionError    the submission cannot be read
    ├── SandboxError       no isolation could be had, or it broke: our fault
    ├── OutputError        the report cannot be written where it was asked for
    └── GradebookError     the gradebook cannot be opened, read or written

What goes wrong in a student's function is no GraderError: it is an outcome of a check
(`grader.kit.verdicts`), and it becomes a status in `grader.checks.outcome`.
"""


class GraderError(Exception):
    """The run cannot go on. The message names the file and the way out, in one sentence."""


class CourseError(GraderError):
    """The course misses a file or a file of it misses a part."""


class SubmissionError(GraderError):
    """The submission is missing, empty, unreadable or too large."""


class SandboxError(GraderError):
    """The sandbox could not be started, or a worker could not be made."""


class OutputError(GraderError):
    """The report cannot be written where it was asked for."""


class GradebookError(GraderError):
    """The gradebook cannot be opened, read or written."""
