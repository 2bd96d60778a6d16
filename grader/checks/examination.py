"""Runs the checks of a job with pytest: collected once, each on the worker, events as they end."""

import functools
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.checks import fixtures
from grader.checks.example import parameter_names, render
from grader.checks.messages import Broken, Decided, Event, Job, Noticed, Opened, Started, Work
from grader.checks.outcome import Outcome, decide
from grader.checks.plugin import CheckPlugin, body_of, exercise_of, is_check, reference_module
from grader.checks.remote import RemoteTarget
from grader.course import file_of_checks
from grader.model import Status, Suite
from grader.sandbox import Sandbox

Send = Callable[[Event], None]


def examine(job: Job, sandbox: Sandbox, send: Send) -> None:
    """Run every check of the job on the submission."""
    target = RemoteTarget(sandbox, job.files, job.helpers, job.limits)
    try:
        code = pytest.main(_arguments(job), plugins=[fixtures, Examination(job, target, send)])
        if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
            send(Broken(f"pytest could not run the checks of {job.root} ({code.name})."))
    finally:
        target.close()


def _arguments(job: Job) -> list[str]:
    """Everything explicit: no configuration, plugin or conftest of the folders around is read."""
    suites = dict.fromkeys((suite, work.exercise) for work in job.work for suite, _ in work.checks)
    files = [str(file_of_checks(Path(job.root), exercise, suite)) for suite, exercise in suites]
    return [
        *("-c", "/dev/null", "--rootdir", job.root, "--noconftest"),
        "--continue-on-collection-errors",
        *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler"),
        *("--import-mode=importlib", "--capture=no"),
        *files,
    ]


class Examination(CheckPlugin):
    """The plugin that asks the worker instead of the reference."""

    def __init__(self, job: Job, target: RemoteTarget, send: Send) -> None:
        super().__init__()
        self._job = job
        self._target = target
        self._send = send
        self._wanted = {
            (suite, work.exercise, name): work for work in job.work for suite, name in work.checks
        }
        self._announced: set[str] = set()

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what the job names."""
        items[:] = [item for item in items if is_check(item) and self._key(item) in self._wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Checks that cannot be imported are the course's fault; the others still run."""
        if report.failed:
            words = report.longreprtext.strip().splitlines()
            said = words[-1].removeprefix("E").strip() if words else "no reason given"
            self._send(Noticed(f"{report.nodeid} cannot be imported: {said}"))

    def run(self, item: pytest.Function) -> None:
        """Run one check on the submission and say how it ended."""
        suite, exercise, name = key = self._key(item)
        self._send(Started(exercise, suite, name))
        self._open(self._wanted[key])
        outcome = self._examine(item)
        self._send(Decided(exercise, suite, name, outcome.status, outcome.message, outcome.example))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> object:
        """A check that could not even be set up is our fault."""
        report = yield
        if call.when == "setup" and call.excinfo is not None and isinstance(item, pytest.Function):
            suite, exercise, name = self._key(item)
            text = "This check could not be set up (a mistake in the grader, not in your code)."
            self._send(Decided(exercise, suite, name, Status.VOID, text, None))
        return report

    def _examine(self, item: pytest.Function) -> Outcome:
        error = self._error_of(item, self._target)
        trace = self.session.trace
        return decide(
            error,
            trace,
            fails_on_reference=lambda: self._error_of(item, self.reference(item)) is not None,
            example=lambda: render(trace, functools.partial(_names, exercise_of(item))),
        )

    def _error_of(self, item: pytest.Function, target: object) -> BaseException | None:
        self.session.begin_check(item.name, target)  # type: ignore[arg-type]
        try:
            body_of(item)()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None

    def _open(self, work: Work) -> None:
        opened: Opened = self._target.open(work.exercise, work.functions)
        if work.exercise not in self._announced:
            self._announced.add(work.exercise)
            self._send(opened)

    def _key(self, item: pytest.Item) -> tuple[Suite, str, str]:
        assert isinstance(item, pytest.Function)
        suite = Suite.PUBLIC if item.path.parent.name == "public" else Suite.HIDDEN
        return suite, exercise_of(item), item.originalname


def _names(exercise: str, function: str) -> tuple[str, ...]:
    return parameter_names(reference_module(exercise), function)
