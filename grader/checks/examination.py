"""The live half of an examiner: runs checks with pytest and Hypothesis, each on the worker."""

import functools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.checks import fixtures
from grader.checks.bank import CheckBank, known_beforehand
from grader.checks.example import render
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
    broken_down,
)
from grader.checks.observing import FirstFailure, Observed, Observing
from grader.checks.outcome import Outcome, decide, decided
from grader.checks.plugin import CheckPlugin, exercise_of, is_check, is_drawn
from grader.checks.prefetch import Prefetcher, Wanted
from grader.checks.remote import RemoteTarget, Strikes
from grader.checks.smallest import Found
from grader.checks.wire import Conversation
from grader.contents import is_kit
from grader.course import file_of_checks
from grader.diagnosis.explaining import explain
from grader.kit.verdicts import Mismatch
from grader.model import Status, Suite
from grader.sandbox import Sandbox

Send = Callable[[Event], None]


def examine(setup: Setup, job: Job, sandbox: Sandbox, send: Send) -> None:
    """Run every check of the job on the submission."""
    root = Path(setup.root)

    def talk() -> Conversation:
        return Conversation(sandbox, job.files, job.helpers, setup.limits, setup.packages)

    conversation = talk()
    target = RemoteTarget(conversation, Strikes(job.struck, send))
    try:
        send(Ready(sandbox.isolation))
        arguments = pytest_arguments(root, _files(root, job))
        plugin = Examination(root, job, target, send, talk)
        code = pytest.main(arguments, plugins=[fixtures, plugin])
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
    """The plugin that asks the worker instead of the reference.

    Args:
        fetching: begins a conversation with another worker.
    """

    def __init__(
        self,
        root: Path,
        job: Job,
        target: RemoteTarget,
        send: Send,
        fetching: Callable[[], Conversation],
    ) -> None:
        super().__init__()
        self._root, self._is_kit = root, is_kit(root)
        self._target = target
        self._send = send
        self._fetching = fetching
        self._wanted = {
            (suite, work.exercise, name): work for work in job.work for suite, name in work.checks
        }
        self._announced: set[str] = set()
        self._observing = Observing(self.session)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Keep what the job names."""
        items[:] = [item for item in items if is_check(item) and self._key(item) in self._wanted]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Checks that cannot be imported are the course's fault; the others still run."""
        if report.failed:
            words = report.longreprtext.strip().splitlines()
            said = words[-1].removeprefix("E").strip() if words else "no reason given"
            self._send(Noticed(f"{report.nodeid} cannot be imported: {said}"))

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
        self._target.begin(work.exercise, work.functions)
        try:
            outcome = self._examine(item)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # not to be decided would be void, by what was answered
            self._send(Noticed(f"{item.nodeid} could not be decided: {error!r}"))
            outcome = Outcome(Status.FAILED, broken_down(type(error).__name__), repeats=False)
        self._announce(work)
        self._send(decided((exercise, suite, name), outcome))

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run one example."""
        self._observing.example(functools.partial(body, *args, **kwargs))

    def _examine(self, item: pytest.Function) -> Outcome:
        reference = None if self._is_kit else self.reference(item)
        on_reference = functools.cache(lambda: self._observing.observe(item, reference))
        found, observed = self._observing.observe(item, self._target)
        bank: CheckBank | None = None
        if found.error is None and observed.used < observed.ran and not self._is_kit:
            found = replace(found, error=_evaded(observed, on_reference()[1]))
        elif _failed(item, found, observed) and on_reference()[0].error is None:
            others = self._observing.with_simple(item, reference, on_reference()[1])
            bank = None if self._is_kit else self._recorded(item)
            dependent = bank is not None and not known_beforehand(bank)
            unknown = on_reference()[1].passed if dependent else ()
            with self._target.searching():
                found = self._observing.smallest(
                    item, self._target, found, observed.failed_on, others, unknown
                )
        outcome = decide(
            found.error,
            found.trace,
            # Without a reference: what fails before it has called anything fails on all answers.
            fails_on_reference=lambda: (
                not found.trace if self._is_kit else on_reference()[0].error is not None
            ),
            example=lambda: render(
                found.trace,
                functools.partial(names_of_parameters, self._root, exercise_of(item)),
                found.drawn,
            ),
        )
        if bank is None or not (outcome.repeats and found.repeats):
            return outcome
        return self._explained(item, bank, found, outcome)

    def _recorded(self, item: pytest.Function) -> CheckBank | None:
        """The calls of a check that make up a bank, as far as they are no matter of answers."""
        try:
            calls = self._observing.recorded(item, self.reference(item))
        except (Exception, FirstFailure):  # then there is no more to say than that it failed
            return None
        return CheckBank(item.originalname or item.name, item.name, calls=calls)

    def _explained(
        self, item: pytest.Function, bank: CheckBank, found: Found, outcome: Outcome
    ) -> Outcome:
        """Add what there is to say of a failure, by the answers that a replay would fetch."""
        _, exercise, _ = key = self._key(item)
        prefetcher = Prefetcher(
            self._fetching(), [Wanted(exercise, self._wanted[key].functions, bank)]
        )
        prefetcher.start()
        try:
            fetched = prefetcher.next()
        finally:
            prefetcher.stop()
        if fetched.transcript is None:
            return outcome
        compared = outcome.explanation.comparisons
        explanation = explain(self._root, exercise, bank, fetched, found.ran, compared, self._send)
        return replace(outcome, explanation=explanation)

    def _announce(self, work: Work) -> None:
        loaded = self._target.loaded
        if loaded is not None and work.exercise not in self._announced:
            self._announced.add(work.exercise)
            self._send(Opened(work.exercise, loaded.file, loaded.notes))

    def _key(self, item: pytest.Item) -> tuple[Suite, str, str]:
        assert isinstance(item, pytest.Function)
        suite = Suite.PUBLIC if item.path.parent.name == "public" else Suite.HIDDEN
        return suite, exercise_of(item), item.originalname


def _failed(item: pytest.Function, found: Found, observed: Observed) -> bool:
    """Whether an example failed; other errors are Hypothesis's own."""
    return observed.failed is not None if is_drawn(item) else isinstance(found.error, Exception)


def _evaded(observed: Observed, on_reference: Observed) -> Mismatch | None:
    """Fail answers of which a check could use less than half as many as of the reference's.

    A check that assumes something of an answer lets a submission choose where it is judged.
    """
    ran, used = observed.ran, observed.used
    if 2 * used * on_reference.ran >= on_reference.used * ran:
        return None
    return Mismatch(f"This check could use only {used} of {ran} answers, so it proves nothing.")
