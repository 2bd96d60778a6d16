"""`[tool.grader]`: every key is optional, and none is guessed."""

from pathlib import Path
from typing import Any

import pytest

from grader.errors import CourseError
from grader.model import Feedback, Limits
from grader.settings import Settings, read_settings

KNOWN = "callbacks, check_seconds, cpu_seconds, feedback, memory_mib, packages, wall_seconds"


def settings(root: Path, text: str | bytes) -> Settings:
    content = text if isinstance(text, bytes) else text.encode()
    (root / "pyproject.toml").write_bytes(content)
    return read_settings(root)


def refusal(root: Path, text: str | bytes) -> str:
    with pytest.raises(CourseError) as caught:
        settings(root, text)
    message = str(caught.value)
    assert message.startswith(str(root / "pyproject.toml"))
    assert message.endswith(".")
    assert caught.value.__cause__ is None
    return message.removeprefix(str(root / "pyproject.toml"))


@pytest.mark.parametrize("text", ["", "[tool.ruff]\n", "[tool.grader]\n", "[project]\nname = 'a'"])
def test_what_is_not_set_has_its_default(tmp_path: Path, text: str) -> None:
    assert read_settings(tmp_path) == Settings()
    assert settings(tmp_path, text) == Settings()


def test_the_defaults_are_those_of_the_readme() -> None:
    limits = Limits(cpu_seconds=2.0, wall_seconds=10.0, memory_bytes=1536 * 2**20, callbacks=10_000)
    assert Settings() == Settings(limits=limits, check_seconds=120.0, packages=("numpy",))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("cpu_seconds = 0.5", Settings(limits=Limits(cpu_seconds=0.5))),
        ("cpu_seconds = 3", Settings(limits=Limits(cpu_seconds=3.0))),
        ("wall_seconds = 30", Settings(limits=Limits(wall_seconds=30.0))),
        ("memory_mib = 512", Settings(limits=Limits(memory_bytes=512 * 2**20))),
        ("callbacks = 7", Settings(limits=Limits(callbacks=7))),
        ("check_seconds = 60", Settings(check_seconds=60.0)),
        ("packages = []", Settings()),
        ('feedback = "hint"', Settings(feedback=Feedback.HINT)),
        ('packages = ["scipy"]', Settings(packages=("numpy", "scipy"))),
        ('packages = ["scipy", "numpy"]', Settings(packages=("numpy", "scipy"))),
    ],
)
def test_each_key_sets_one_thing(tmp_path: Path, line: str, expected: Settings) -> None:
    result = settings(tmp_path, f"[tool.grader]\n{line}\n")
    assert result == expected
    assert type(result.limits.cpu_seconds) is float  # 3 and 3.0 are one course version


def test_an_unknown_key_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    assert refusal(tmp_path, "[tool.grader]\ncpu_secs = 3\n") == (
        f": [tool.grader] has the key 'cpu_secs', which grader does not know. Known keys: {KNOWN}."
    )


SECONDS = "a positive number."
COUNT = "a positive whole number."
FEEDBACK = 'one of "full", "hint", "score".'
PACKAGES = "a list of names as they are imported."


@pytest.mark.parametrize(
    ("key", "value", "shown", "kind"),
    [
        *[
            (key, value, shown, SECONDS)
            for key in ("cpu_seconds", "wall_seconds", "check_seconds")
            for value, shown in [
                ("0", 0),
                ("-1", -1),
                ("0.0", 0.0),
                ("nan", float("nan")),
                ("inf", float("inf")),
                ("true", True),
                ('"2"', "2"),
                ("[2]", [2]),
            ]
        ],
        *[
            (key, value, shown, COUNT)
            for key in ("memory_mib", "callbacks")
            for value, shown in [("0", 0), ("-5", -5), ("1.5", 1.5), ("true", True), ('"2"', "2")]
        ],
        ("feedback", '"hints"', "hints", FEEDBACK),
        ("feedback", "1", 1, FEEDBACK),
        ("feedback", '["hint"]', ["hint"], FEEDBACK),
        ("packages", '"numpy"', "numpy", PACKAGES),
        ("packages", "[1]", [1], PACKAGES),
        ("packages", '["numpy", ""]', ["numpy", ""], PACKAGES),
        ("packages", '["../secret"]', ["../secret"], PACKAGES),
        ("packages", '["numpy>=2"]', ["numpy>=2"], PACKAGES),
        ("packages", "{a = 1}", {"a": 1}, PACKAGES),
    ],
)
def test_a_value_of_the_wrong_kind(
    tmp_path: Path, key: str, value: str, shown: Any, kind: str
) -> None:
    assert refusal(tmp_path, f"[tool.grader]\n{key} = {value}\n") == (
        f": [tool.grader] {key} = {shown!r} must be {kind}"
    )


@pytest.mark.parametrize(
    ("text", "name"),
    [("tool = 3\n", "tool"), ("[tool]\ngrader = 3\n", "grader"), ("[[tool.grader]]\n", "grader")],
)
def test_a_table_that_is_none(tmp_path: Path, text: str, name: str) -> None:
    message = f": {name} must be a table. Write [tool.grader] above its keys."
    assert refusal(tmp_path, text) == message


@pytest.mark.parametrize("text", ["[tool.grader\n", "cpu_seconds = \n", "a = 1\na = 2\n"])
def test_a_file_that_is_no_toml(tmp_path: Path, text: str) -> None:
    message = refusal(tmp_path, text)
    assert message.startswith(" is no TOML file (")
    assert message.endswith("). Mend that line.")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    assert refusal(tmp_path, b"# caf\xe9\n") == " is not UTF-8 at byte 5. Save it as UTF-8."
    (tmp_path / "pyproject.toml").unlink()
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(CourseError, match=r"cannot be read: Is a directory\. Mend that first\.$"):
        read_settings(tmp_path)
