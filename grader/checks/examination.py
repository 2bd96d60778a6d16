"""The live half of an examiner: runs checks with pytest and Hypothesis, each on the worker."""

import dataclasses
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.checks import fixtures
from grader.checks.calls import Target, Trace
from grader.checks.example import render
from grader.checks.keys import bank_key
from grader.checks.local import names_of_parameters
from grader.checks.messages import (
    Broken,
    Decided,
    Event,
    Job,
    Noticed,
    Opened,
    Ready,
    Setup,
    Started,
    Work,
)
from grader.checks.outcome import FLAKY, Outcome, decide
from grader.checks.plugin import CheckPlugin, body_of, exercise_of, is_check
from grader.checks.remote import RemoteTarget, Strikes
from grader.checks.shrinking import Shrinking
from grader.checks.transcript import Kept, Outcomes
from grader.checks.wire import Conversation
from grader.contents import is_kit
from grader.course import file_of_checks
from grader.kit.verdicts import Mismatch
from grader.model import Status, Suite
from grader.sandbox import Sandbox

Send = Callable[[Event], None]


def examine(setup: Setup, job: Job, sandbox: Sandbox, send: Send) -> None:
    """Run every check of the job on the submission."""
    root = Path(setup.root)
    conversation = Conversation(sandbox, job.files, job.helpers, setup.limits, setup.packages)
    target = RemoteTarget(conversation, Strikes(job.struck, send))
    try:
        send(Ready(sandbox.isolation))
        arguments = pytest_arguments(root, _files(root, job))
        code = pytest.main(arguments, plugins=[fixtures, Examination(root, job, target, send)])
        if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
            send(Broken(f"pytest could not run the checks of {root} (exit code {int(code)})."))
    finally:
        conversation.close()


def _files(root: Path, job: Job) -> list[Path]:
    suites = dict.fromkeys((suite, work.exercise) for work in job.work for suite, _ in work.checks)
    return [file_of_checks(root, exercise, suite) for suite, exercise in suites]


def pytest_arguments(root: Path, files: list[Path]) -> list[str]:
    """Everything explicit: no configuration, plugin or conftest of the folders around is read."""
    return [
        *("-c", "/dev/null", "--rootdir", str(root), "--noconftest"),
        "--continue-on-collection-errors",
        *("-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:faulthandler"),
        *("--import-mode=importlib", "--capture=no"),
        *map(str, files),
    ]


class Examination(CheckPlugin):
    """The plugin that asks the worker instead of the reference."""

    def __init__(self, root: Path, job: Job, target: RemoteTarget, send: Send) -> None:
        super().__init__()
        self._root, self._is_kit = root, is_kit(root)
        self._target = target
        self._send = send
        self._wanted = {
            (suite, work.exercise, name): work for work in job.work for suite, name in work.checks
        }
        self._failed = {
            (each.suite, each.exercise, each.item): each for each in job.failed if each.failed
        }
        self._announced: set[str] = set()
        # Where a replay came to a wrong answer, no limit was in the way: the deaths of other
        # checks must not keep this one from it.
        self._strikes, self._own_strikes = target.strikes, Strikes()
        self._strikes_of_search = Strikes()  # what a check fails of is decided by then
        self._shrinking = Shrinking()
        self._ran = self._used = 0  # examples of the check, and those that it did not reject
        self._trace: Trace = []  # of the example that decided the last check
        self._kept: dict[tuple[Suite, str], Outcomes] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what the job names."""
        items[:] = [item for item in items if is_check(item) and self._key(item) in self._wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Checks that cannot be imported are the course's fault; the others still run."""
        if report.failed:
            words = report.longreprtext.strip().splitlines()
            said = words[-1].removeprefix("E").strip() if words else "no reason given"
            self._send(Noticed(f"{report.nodeid} cannot be imported: {said}"))

    def pytest_sessionfinish(self) -> None:
        """Write the new outcomes."""
        for outcomes in self._kept.values():
            outcomes.save()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> object:
        """A check that could not even be set up is our fault."""
        report = yield
        if call.when == "setup" and call.excinfo is not None and is_check(item):
            suite, exercise, name = self._key(item)
            text = "This check could not be set up (a mistake in the grader, not in your code)."
            self._send(Decided(exercise, suite, name, Status.VOID, text, None))
        return report

    def run(self, item: pytest.Function) -> None:
        """Run one check on the submission and say how it ended."""
        suite, exercise, name = key = self._key(item)
        self._send(Started(exercise, suite, name))
        work = self._wanted[key]
        failed = (suite, exercise, item.name) in self._failed
        self._target.strikes = self._own_strikes if failed else self._strikes
        self._target.begin(work.exercise, work.functions)
        outcome = self._examine(item)
        self._announce(work)
        self._keep(item, outcome)
        self._send(Decided(exercise, suite, name, outcome.status, outcome.message, outcome.example))

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example, as long as the budget for shrinking lasts."""
        self._ran += 1
        result = self._shrinking.run(self.session, body, args, kwargs)
        self._used += 1
        return result

    def _examine(self, item: pytest.Function) -> Outcome:
        error = self._error_of(item, self._target)
        trace, limited = self.session.trace, self._shrinking.limited
        if error is None and self._used < self._ran:
            error = self._evaded(item)
        replayed = self._failed.get((*self._key(item)[:2], item.name))
        if error is None and replayed is not None:
            return Outcome(Status.FAILED, FLAKY, repeats=False)
        outcome = decide(
            error,
            trace,
            fails_on_reference=lambda: replayed is None and self._fails_on_reference(item, trace),
            example=lambda: render(
                trace, functools.partial(names_of_parameters, self._root, exercise_of(item))
            ),
        )
        self._trace = trace
        return dataclasses.replace(outcome, repeats=False) if limited else outcome

    def _fails_on_reference(self, item: pytest.Function, trace: Trace) -> bool:
        if self._is_kit:  # a check that fails before it has called anything fails on all answers
            return not trace
        return self._error_of(item, self.reference(item)) is not None

    def _evaded(self, item: pytest.Function) -> Mismatch | None:
        """Fail answers of which a check could use less than half as many as of the reference's.

        A check that assumes something of an answer lets a submission choose where it is judged.
        """
        if self._is_kit:
            return None  # it has no reference to compare with
        ran, used = self._ran, self._used
        self._error_of(item, self.reference(item))
        if 2 * used * self._ran >= self._used * ran:
            return None
        return Mismatch(f"This check could use only {used} of {ran} answers, so it proves nothing.")

    def _error_of(self, item: pytest.Function, target: Target) -> BaseException | None:
        self._ran = self._used = 0
        self.session.begin_check(item.name, target)
        self._shrinking = Shrinking(self._search)
        try:
            body_of(item)()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            if not self._shrinking.over or self._shrinking.found is None:
                return error
            smallest, self.session.trace = self._shrinking.found
            return smallest
        return None

    def _search(self) -> None:
        self._target.strikes = self._strikes_of_search

    def _keep(self, item: pytest.Function, outcome: Outcome) -> None:
        """Keep the outcome with the answers that led to it, if the same would again."""
        suite, exercise, _ = self._key(item)
        replayed = self._failed.get((suite, exercise, item.name))
        log = self._target.log
        if log is None or not (outcome.repeats and replayed and replayed.transcript):
            return
        outcomes = self._kept.get((suite, exercise))
        if outcomes is None:
            outcomes = Outcomes(bank_key(self._root, exercise, suite))
            self._kept[suite, exercise] = outcomes
        outcomes.keep(
            item.name,
            bytes.fromhex(replayed.transcript),
            Kept(
                outcome.status,
                "" if outcome.raised else outcome.message,
                outcome.example,
                outcome.raised,
                tuple(log),
                self._target.answers(),
                self._target.place_of(self._trace, outcome.raised[0]) if outcome.raised else 0,
            ),
        )

    def _announce(self, work: Work) -> None:
        loaded = self._target.loaded
        if loaded is not None and work.exercise not in self._announced:
            self._announced.add(work.exercise)
            self._send(Opened(work.exercise, loaded.file, loaded.notes))

    def _key(self, item: pytest.Item) -> tuple[Suite, str, str]:
        assert isinstance(item, pytest.Function)
        suite = Suite.PUBLIC if item.path.parent.name == "public" else Suite.HIDDEN
        return suite, exercise_of(item), item.originalname
