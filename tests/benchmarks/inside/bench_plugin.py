"""pytest plugin of the plain run: the `submission` fixture, and nothing else."""

import os
from pathlib import Path
from typing import Any

import pytest
from bench_functions import Functions, functions_of, mark_examples


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marks of the checks."""
    config.addinivalue_line("markers", "points(number): what the check is worth")
    config.addinivalue_line("markers", "bonus: the points stand outside the total")


@pytest.fixture(scope="session")
def submission() -> Functions:
    """The functions of the folder that BENCH_SUBMISSION names."""
    return functions_of(Path(os.environ["BENCH_SUBMISSION"]))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Seed by check and example, as every other way does."""
    assert isinstance(item, pytest.Function)
    functions: Any = item.funcargs["submission"]
    mark_examples(item.obj, functions)
    functions.begin_check(item.name)
