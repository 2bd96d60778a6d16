"""The command from outside: what it prints, writes and answers."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from grader.course import open_course
from tests.grader.conftest import RIGHT, Command, fingerprint, write

# what a run says, writes and answers


def test_full_marks(grader: Command, small_course: Path, right: Path, tmp_path: Path) -> None:
    ran = grader("run", right, "--course", small_course, "--out", tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert "4 of 4 points" in ran.out
    assert str(tmp_path / "report.html") in ran.out.replace("\n", "").replace(" ", "")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]


def test_missing_points(grader: Command, small_course: Path, wrong: Path, tmp_path: Path) -> None:
    ran = grader("run", wrong, "--course", small_course, "--out", tmp_path)
    assert (ran.code, ran.err) == (1, "")
    assert "2 of 4 points" in ran.out
    assert "Negative numbers become 0" in ran.out
    assert "Hint: Compare with 0." in ran.out


def test_a_void_check_is_no_grade(grader: Command, own_course: Path, right: Path) -> None:
    checks = own_course / "tests/hidden/test_softmax.py"
    checks.write_text(checks.read_text().replace("1.0", "2.0"))
    ran = grader("run", right, "--course", own_course, "--json", cwd=own_course)
    assert ran.code == 2
    assert ran.statuses == {
        "relu.negatives_vanish": "passed",
        "relu.the_slope_is_a_step": "passed",
        "softmax.shares_add_up_to_one": "void",
    }
    assert (ran.report["earned"], ran.report["possible"]) == (3.0, 4.0)
    told = grader("run", right, "--course", own_course, cwd=own_course)
    assert told.code == 2
    assert "1 check, by a mistake of ours" in told.out


def test_json_is_all_of_standard_output(
    grader: Command, small_course: Path, wrong: Path, tmp_path: Path
) -> None:
    ran = grader("run", wrong, "--course", small_course, "--out", tmp_path, "--json")
    assert (ran.code, ran.err) == (1, "")
    assert ran.out == (tmp_path / "report.json").read_text()
    assert json.loads(ran.out)["submission"] == "bob"


def test_a_report_names_the_course_and_the_very_files(
    grader: Command, small_course: Path, right: Path, tmp_path: Path
) -> None:
    ran = grader("run", right, "--course", small_course, "--out", tmp_path, "--json")
    course = open_course(small_course)
    hashes = {name: hashlib.sha256((right / name).read_bytes()).hexdigest() for name in RIGHT}
    assert (ran.report["course"], ran.report["course_version"]) == (course.title, course.version)
    assert ran.report["files"] == hashes
    assert [e["file"] for e in ran.report["exercises"]] == ["relu.py", "softmax.py"]
    page = (tmp_path / "report.html").read_text()
    assert all(part in page for part in [course.version, *hashes, *hashes.values()])


def test_a_submission_is_left_as_it_was(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "sub", RIGHT)
    before = fingerprint(folder)
    assert grader("run", folder, "--course", small_course, "--out", tmp_path).code == 0
    assert fingerprint(folder) == before


@pytest.mark.parametrize(
    ("cwd", "report"),
    [
        (".", "grader-report/sub"),
        ("beside", "beside/grader-report/sub"),
        ("sub", "grader-report/sub"),
        ("sub/deep", "grader-report/sub"),
    ],
)
def test_the_default_folder_is_never_inside_the_submission(
    grader: Command, small_course: Path, tmp_path: Path, cwd: str, report: str
) -> None:
    folder = write(tmp_path / "sub", RIGHT)
    (folder / "deep").mkdir()
    (tmp_path / "beside").mkdir()
    before = fingerprint(folder)
    ran = grader("run", folder, "--course", small_course, cwd=tmp_path / cwd)
    assert ran.code == 0
    assert fingerprint(folder) == before
    assert (tmp_path / report / "report.html").is_file()
    assert [str(p.parent.relative_to(tmp_path)) for p in tmp_path.rglob("report.json")] == [report]
    shown = ran.out.replace("\n", "").replace(" ", "")
    assert str(tmp_path / report / "report.html") in shown


def test_a_link_does_not_lead_the_report_into_the_submission(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    folder = write(tmp_path / "sub", RIGHT)
    (tmp_path / "grader-report").symlink_to(folder)
    ran = grader("run", "sub", "--course", small_course, cwd=tmp_path)
    assert (ran.code, ran.out) == (2, "")
    assert "lies inside the submission" in ran.err
    assert sorted(path.name for path in folder.iterdir()) == sorted(RIGHT)


@pytest.mark.parametrize(
    ("name", "absolute"),
    [("my answers", True), ("Übung 3 答え", False), ("it's; rm -rf [x]", True), ("-", False)],
)
def test_a_path_is_taken_as_it_is(
    grader: Command, small_course: Path, tmp_path: Path, name: str, absolute: bool
) -> None:
    folder = write(tmp_path / name, RIGHT)
    given = folder if absolute else name
    ran = grader("run", given, "--course", small_course, "--only", "relu", "--json", cwd=tmp_path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.report["submission"] == name
    assert (tmp_path / "grader-report" / name / "report.html").is_file()


def test_a_name_that_would_steer_a_terminal_is_escaped(
    grader: Command, small_course: Path, tmp_path: Path
) -> None:
    write(tmp_path / "al\x1b[2J", RIGHT)
    given = ("run", "al\x1b[2J", "--course", small_course, "--only", "softmax")
    ran = grader(*given, cwd=tmp_path)
    assert "\x1b" not in ran.out + ran.err
    assert f"{tmp_path}/grader-report/al\\x1b[2J/report.html" in ran.out


def test_the_nearest_course_is_graded_with_from_below_it(
    grader: Command, own_course: Path, right: Path
) -> None:
    ran = grader("run", right, "--out", own_course / "out", "--json", cwd=own_course / "tests")
    assert ran.code == 0
    assert ran.report["course"] == "Miniature"


@pytest.mark.parametrize(
    ("names", "graded"),
    [
        (["relu"], ["relu"]),
        (["softmax", "relu"], ["relu", "softmax"]),
        (["softmax", "softmax"], ["softmax"]),
    ],
)
def test_some_exercises_only(
    grader: Command,
    small_course: Path,
    right: Path,
    tmp_path: Path,
    names: list[str],
    graded: list[str],
) -> None:
    only = [word for name in names for word in ("--only", name)]
    ran = grader("run", right, "--course", small_course, "--json", *only, cwd=tmp_path)
    assert ran.code == 0
    assert [exercise["name"] for exercise in ran.report["exercises"]] == graded


@pytest.mark.parametrize(
    ("suite", "checks"),
    [
        ("public", ["zero"]),
        ("hidden", ["negatives_vanish", "the_slope_is_a_step"]),
        ("all", ["zero", "negatives_vanish", "the_slope_is_a_step"]),
    ],
)
def test_suites(
    grader: Command, small_course: Path, right: Path, tmp_path: Path, suite: str, checks: list[str]
) -> None:
    arguments = ("--course", small_course, "--suite", suite, "--only", "relu", "--json")
    ran = grader("run", right, *arguments, cwd=tmp_path)
    assert (ran.code, ran.report["suite"]) == (0, suite)
    assert list(ran.statuses) == [f"relu.{name}" for name in checks]


def test_a_course_inside_the_submission_counts_for_its_public_checks_only(
    grader: Command, own_course: Path, tmp_path: Path
) -> None:
    write(own_course, RIGHT)
    arguments = ("run", own_course, "--course", own_course, "--out", tmp_path / "out")
    ran = grader(*arguments, "--json")
    assert (ran.code, list(ran.statuses)) == (0, ["relu.zero"])
    assert "lies inside the submission; only its public checks run." in ran.err
    refused = grader(*arguments, "--suite", "hidden")
    assert refused.code == 2
    assert "Name the real course with --course DIR." in refused.err


def test_drawn_anew_the_report_is_the_same(
    grader: Command, small_course: Path, wrong: Path, tmp_path: Path
) -> None:
    arguments = ("run", wrong, "--course", small_course, "--json", "--out", tmp_path)
    assert grader(*arguments, "--live") == grader(*arguments)


# the other commands


COMMANDS = ["run", "batch", "export", "override", "diff", "erase", "list", "doctor", "stubs", "kit"]


@pytest.mark.parametrize(
    ("command", "option"), [(each, "-h") for each in COMMANDS] + [("run", "--help")]
)
def test_help_has_examples(grader: Command, command: str, option: str) -> None:
    ran = grader(command, option)
    assert (ran.code, ran.err) == (0, "")
    assert re.search(rf"^  grader {command}( |$)", ran.out, re.MULTILINE)


def test_help_lists_all_commands_in_full(grader: Command) -> None:
    ran = grader("--help")
    assert ran.code == 0
    assert all(f"grader {command}" in ran.out for command in COMMANDS)
    assert "..." not in ran.out.partition("Commands:")[2]


def test_help_states_the_default_folder(grader: Command) -> None:
    said = " ".join(grader("run", "--help").out.split())
    assert "Default: grader-report/NAME in the working folder" in said


def test_the_version(grader: Command) -> None:
    from grader import __version__

    assert grader("--version").out == f"grader {__version__}\n"


def test_list_names_every_exercise_and_function_in_full(
    grader: Command, small_course: Path
) -> None:
    ran = grader("list", "--course", small_course, COLUMNS="30")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "Miniature\n\n"
        "relu: Doubling, 2 checks, 3 points\n    relu\n    slope\n"
        "    reference: reference/relu.py\n    hidden checks: tests/hidden/test_relu.py\n"
        "    public checks: tests/public/test_relu.py\n\n"
        "softmax: Doubling, 1 check, 1 point\n    softmax\n"
        "    reference: reference/softmax.py\n    hidden checks: tests/hidden/test_softmax.py\n"
    )


def test_list_names_every_file_that_is_there(grader: Command, own_course: Path) -> None:
    write(own_course / "reference/mistakes", {"relu.toml": ""})
    grader("stubs", cwd=own_course)
    assert (
        "    reference: reference/relu.py\n    stub: exercises/relu.py\n"
        "    notebook: exercises/relu.ipynb\n    hidden checks: tests/hidden/test_relu.py\n"
        "    public checks: tests/public/test_relu.py\n"
        "    mistakes: reference/mistakes/relu.toml\n\n"
    ) in grader("list", cwd=own_course).out


def test_doctor_says_which_level_is_reached(grader: Command) -> None:
    ran = grader("doctor")
    assert ran.code in (0, 1)
    assert ran.err == ""
    levels = re.findall(r"\b(zygote|bwrap|landlock|none) +\S? *(?:works|does not)", ran.out)
    assert levels == ["zygote", "bwrap", "landlock", "none"]
    assert ran.out.splitlines()[-1].endswith(".")


def test_stubs_are_written_and_watched(grader: Command, own_course: Path) -> None:
    stub = own_course / "exercises/relu.py"
    missing = grader("stubs", "--check", cwd=own_course)
    assert missing.code == 1
    assert f"{stub} is out of date. Run `grader stubs`.\n" in missing.out
    assert not stub.exists()
    wrote = grader("stubs", cwd=own_course)
    assert (wrote.code, wrote.err) == (0, "")
    assert f"wrote {stub}\n" in wrote.out
    assert grader("stubs", "--check", cwd=own_course) == grader("stubs", cwd=own_course)
    left_over = stub.with_name("sigmoid.py")
    left_over.write_text(stub.read_text())
    ran = grader("stubs", "--check", cwd=own_course)
    assert (ran.code, ran.err) == (1, "")
    assert ran.out.startswith(f"{left_over} belongs to no exercise of the course. Delete it")
    graded = grader("run", own_course / "exercises", "--json", cwd=own_course)
    assert set(graded.statuses.values()) == {"not_started"}
