"""The fixture that a check asks for."""

import pytest

from grader.checks.calls import Session
from grader.kit import Submission

SESSION = pytest.StashKey[Session]()


@pytest.fixture(scope="session")
def submission(pytestconfig: pytest.Config) -> Submission:
    """The student's functions; under bare pytest those of the reference."""
    return Submission(pytestconfig.stash[SESSION])
