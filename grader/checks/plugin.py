"""The pytest plugin: gives checks their `submission` and marks where examples begin.

Under bare pytest the checks run on the reference and must all pass; the examiner derives its own
plugin from this one, so both collect, seed and call alike.
"""

import copy
import functools
from collections.abc import Callable
from typing import Any

import pytest

from grader.checks import fixtures
from grader.checks.calls import Session, Target
from grader.checks.local import LocalTarget, reference_module
from grader.checks.profile import load_profile

# Before any check is imported: settings of a check derive from the profile of that moment.
load_profile()


class CheckPlugin:
    """Runs the checks on the reference.

    Attributes:
        session: carries the calls of all checks, one after another.
    """

    def __init__(self) -> None:
        self.session = Session()
        self._marked: set[object] = set()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the marks that decide points, and carry the session to the fixture."""
        config.stash[fixtures.SESSION] = self.session
        config.addinivalue_line("markers", "points(number): what the check is worth; default 1")
        config.addinivalue_line("markers", "bonus: the points stand outside the total")

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Let the session know where an example begins."""
        if is_check(item):
            self._mark_examples(item.obj)  # type: ignore[attr-defined]

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Run a check; other tests are none of our business."""
        if not is_check(pyfuncitem):
            return None
        try:
            self.run(pyfuncitem)
        finally:
            self.session.end_check()
        return True

    def run(self, item: pytest.Function) -> None:
        """Run one check on the reference; its exception is the test's."""
        self.session.begin_check(item.name, self.reference(item))
        body_of(item)()

    def reference(self, item: pytest.Function) -> Target:
        """The reference of the exercise that a check belongs to."""
        return LocalTarget(reference_module(exercise_of(item)))

    def example(self, body: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """Run the body of a check on one example that Hypothesis drew."""
        self.session.begin_example()
        return body(*args, **kwargs)

    def _mark_examples(self, check: Any) -> None:
        handle = getattr(check, "hypothesis", None)
        if handle is None or check in self._marked:  # the items of a parametrized check share it
            return
        self._marked.add(check)
        body = handle.inner_test

        # wraps() keeps source and signature, from which Hypothesis derives its seed.
        @functools.wraps(body)
        def example(*args: Any, **kwargs: Any) -> Any:
            return self.example(body, args, kwargs)

        handle.inner_test = example


def pytest_configure(config: pytest.Config) -> None:
    """Register the plugin, when pytest loads this module by name."""
    config.pluginmanager.register(fixtures)
    config.pluginmanager.register(CheckPlugin())


def is_check(item: pytest.Item) -> bool:
    """Whether a test takes a submission."""
    return isinstance(item, pytest.Function) and "submission" in item.fixturenames


def is_drawn(item: pytest.Function) -> bool:
    """Whether Hypothesis draws the examples of a check."""
    return hasattr(item.obj, "hypothesis")


def body_of(item: pytest.Function) -> Callable[[], object]:
    """The check with its fixtures, ready to be called."""
    return functools.partial(item.obj, **fixtures_of(item))


def fixtures_of(item: pytest.Function) -> dict[str, Any]:
    """What pytest passes to a check; its parameters are copied, for the check may change them."""
    names = item._fixtureinfo.argnames  # what pytest itself passes; there is no public way
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return {
        name: _copied(item.funcargs[name]) if name in parameters else item.funcargs[name]
        for name in names
    }


def _copied(value: Any) -> Any:
    try:
        return copy.deepcopy(value)
    except Exception:
        return value


def exercise_of(item: pytest.Function) -> str:
    """The exercise that a check belongs to: test_dropout.py is of dropout."""
    return item.path.stem.removeprefix("test_")
