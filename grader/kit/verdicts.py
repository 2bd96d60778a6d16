"""What can come out of a call or a comparison, as exceptions.

Mismatch and StudentError are failures that a smaller example may be looked for. Leave is not: a
call that ran into a limit must not be tried again in search of a smaller one, so it is no
`Exception` and passes through Hypothesis at once.
"""

from dataclasses import dataclass

from grader.model import Comparison


class Mismatch(AssertionError):
    """An answer is wrong. The text is for the student: one sentence, then details.

    Attributes:
        comparisons: the numbers behind it, for tables and pictures; entries and gradients stand
            on the page in the place of the details.
    """

    def __init__(self, text: str, comparisons: tuple[Comparison, ...] = ()) -> None:
        super().__init__(text)
        self.comparisons = comparisons


@dataclass(frozen=True, slots=True)
class Raised:
    """What is known of an exception in a student's function.

    Attributes:
        kind: name of the exception's class.
        file: where it was raised, as the student knows it; None outside of their files.
        code: the source line there, with what stands around it.
        above: how many lines of the code stand above that line.
    """

    kind: str
    message: str
    file: str | None = None
    line: int | None = None
    code: str | None = None
    above: int = 0


class StudentError(Exception):
    """A student's function raised."""

    def __init__(self, function: str, raised: Raised) -> None:
        super().__init__(f"{function} raised {raised.kind}")
        self.function = function
        self.raised = raised


class Leave(BaseException):
    """The check ends here, with this status: not started, or a limit was reached.

    Attributes:
        status: a value of `grader.model.Status`.
        message: for the student.
    """

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
