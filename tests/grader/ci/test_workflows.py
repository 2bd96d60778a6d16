"""The files for CI, step by step as plain shell; what only a runner has is stood in for."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.report.html import template_folder
from grader.sandbox.remedies import PROFILE
from tests.grader.ci.conftest import Machine
from tests.grader.conftest import RIGHT, WRONG, Command, write
from tests.grader.verify.course import Made
from tests.grader.verify.course import write as write_provable

TOKEN = "token-of-teachers"
PLANTED = dict.fromkeys(
    ("grader.py", "venv.py", "pip.py", "git.py", "sitecustomize.py"), "raise SystemExit('planted')"
)


@pytest.fixture(scope="module")
def provable(grader: Command, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course that is proven in a moment, with its stubs."""
    demands = "[tool.grader.verify]\nmistakes_each = 3\nalternatives_each = 1\nseeds = 2\n"
    root = tmp_path_factory.mktemp("provable") / "course"
    write_provable(root, {"steps": Made()}, f"{demands}inner_seeds = 0\nexamples = 10\n")
    assert grader("stubs", "--course", root).code == 0
    return root


@pytest.fixture(scope="module")
def course(small_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course in a repository of its own."""
    copy = tmp_path_factory.mktemp("teachers") / "their course"
    return repository(Path(shutil.copytree(small_course, copy)))


def _text(name: str) -> str:
    return (template_folder() / "ci" / name).read_text("utf-8")


def repository(folder: Path) -> Path:
    for arguments in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All of it"]):
        user = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *user, *arguments], cwd=folder, check=True)
    return folder


@dataclass
class Ran:
    """A job.

    Attributes:
        said: by its steps, in order.
        failed: names of the steps that failed.
    """

    said: str = ""
    failed: list[str] = field(default_factory=list)


def job(machine: Machine, name: str, workspace: Path, **variables: str | Path) -> Ran:
    """Run the steps of a GitHub workflow; one that fails ends all but those that always run."""
    workflow = yaml.safe_load(_text(name))
    (steps,) = (each["steps"] for each in workflow["jobs"].values())
    places = {"RUNNER_TEMP": machine.home / "tmp", "GITHUB_WORKSPACE": workspace}
    places["RUNNER_TEMP"].mkdir(exist_ok=True)
    ran = Ran()
    for step in steps:
        if "run" not in step or (ran.failed and step.get("if") != "always()"):
            continue
        given = {**workflow["env"], **_filled(step.get("env", {})), **places, **variables}
        done = machine.run(step["run"], workspace, **given)
        ran.said += done.stdout + done.stderr
        if done.returncode:
            ran.failed.append(step["name"])
    return ran


def _filled(env: dict[str, str]) -> dict[str, str]:
    return {name: re.sub(r"\$\{\{ secrets\.\w+ \}\}", TOKEN, value) for name, value in env.items()}


@pytest.mark.parametrize("name", ["github-course.yml", "github-student.yml", "github-class.yml"])
def test_bubblewrap_gets_the_profile_that_doctor_names(machine: Machine, name: str) -> None:
    text = _text(name)
    assert f"echo '{PROFILE}' | sudo tee /etc/apparmor.d/bwrap" in text
    assert "sudo apparmor_parser -r /etc/apparmor.d/bwrap" in text
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


def test_the_course_is_proven(machine: Machine, provable: Path, tmp_path: Path) -> None:
    workspace = Path(shutil.copytree(provable, tmp_path / "workspace"))
    ran = job(machine, "github-course.yml", workspace)
    assert ran.failed == []
    assert "The exam is proven" in ran.said
    assert "install -q proven-grader" in machine.log
    (workspace / "exercises/steps.py").write_text("")
    assert job(machine, "github-course.yml", workspace).failed == ["Verify"]


def test_a_push_is_graded_with_checks_that_it_never_sees(
    machine: Machine, course: Path, tmp_path: Path
) -> None:
    workspace = repository(write(tmp_path / "workspace", {**WRONG, **PLANTED}))
    before = sorted(path.relative_to(workspace) for path in workspace.rglob("*"))
    summary = tmp_path / "summary.md"
    ran = job(machine, "github-student.yml", workspace, COURSE=course, GITHUB_STEP_SUMMARY=summary)
    assert ran.failed == ["Grade"]  # points are missing
    report = json.loads((machine.home / "tmp/report/report.json").read_bytes())
    assert (report["earned"], report["possible"]) == (2.0, 4.0)
    assert "::error" in ran.said
    assert summary.read_text()
    assert "planted" not in ran.said
    assert TOKEN not in ran.said
    assert sorted(path.relative_to(workspace) for path in workspace.rglob("*")) == before
    assert [path.name for path in (machine.home / "tmp").iterdir()] == ["report"]


def test_the_token_is_sent_and_kept_nowhere(machine: Machine, course: Path, tmp_path: Path) -> None:
    real = shutil.which("git")
    machine.has("git", f'#!/bin/sh\nprintf "%s\\n" "$@" >> "$ASKED"\nexec {real} "$@"\n')
    workspace = repository(write(tmp_path / "workspace", {**RIGHT}))
    ran = job(machine, "github-student.yml", workspace, COURSE=course)
    assert ran.failed == []
    (sent,) = re.findall(r"Authorization: Basic (\S+)", machine.log)
    assert (
        subprocess.run(
            ["base64", "-d"], input=sent, text=True, capture_output=True, check=True
        ).stdout
        == f"x-access-token:{TOKEN}"
    )
    kept = [path for path in machine.home.rglob("*") if path.is_file() and path.name != "log"]
    assert not [path for path in kept if sent.encode() in path.read_bytes()]


def test_where_the_course_cannot_be_fetched_nothing_is_graded(
    machine: Machine, tmp_path: Path
) -> None:
    workspace = repository(write(tmp_path / "workspace", {**RIGHT}))
    ran = job(machine, "github-student.yml", workspace, COURSE=tmp_path / "nowhere")
    assert ran.failed == ["Fetch the course"]
    assert not (machine.home / "tmp/report").exists()


def test_a_class_is_graded_from_the_course(machine: Machine, course: Path, tmp_path: Path) -> None:
    alice = repository(write(tmp_path / "alice", {**RIGHT}))
    bob = repository(write(tmp_path / "bob", {**WRONG, **PLANTED}))
    students = f"carl {tmp_path / 'nowhere'}\nalice {alice}\nbob {bob}"  # no newline at the end
    (course / "students.txt").write_text(students)
    ran = job(machine, "github-class.yml", course)
    assert ran.failed == []
    assert "::warning::carl has nothing to fetch" in ran.said
    out = machine.home / "tmp/class"
    assert [line.split(",")[:2] for line in (out / "grades.csv").read_text().splitlines()] == [
        ["student", "final"],
        ["alice", "4"],
        ["bob", "2"],
    ]
    assert (out / "class.html").exists()


def test_what_a_class_has_is_kept_even_where_somebody_has_no_grade() -> None:
    steps = yaml.safe_load(_text("github-class.yml"))["jobs"]["grade"]["steps"]
    fetched, kept = (each for each in steps if "cache" in each.get("uses", ""))
    assert (kept["uses"], kept["if"]) == ("actions/cache/save@v4", "always()")
    assert kept["with"]["path"] == fetched["with"]["path"]
    assert kept["with"]["key"].startswith(fetched["with"]["restore-keys"])


def gitlab(machine: Machine, name: str, folder: Path, **variables: str | Path) -> Any:
    """Run a job of GitLab in one shell, as its runners do, with a /tmp of its own."""
    text = _text("gitlab.yml")
    (machine.home / "tmp").mkdir(exist_ok=True)
    pipeline = yaml.safe_load(text.replace("/tmp/", f"{machine.home}/tmp/"))
    script = "\n".join(pipeline["default"]["before_script"] + pipeline[name]["script"])
    given = {**pipeline["variables"], "CI_PROJECT_DIR": folder, "COURSE_TOKEN": TOKEN}
    return machine.run(script, folder, **{**given, **variables})


def test_gitlab_proves_the_course_as_github_does(
    machine: Machine, provable: Path, tmp_path: Path
) -> None:
    last = yaml.safe_load(_text("github-course.yml"))["jobs"]["verify"]["steps"][-1]["run"]
    there = yaml.safe_load(_text("gitlab.yml"))["verify"]["script"]
    same = last.replace('"$RUNNER_TEMP/grader/bin/grader"', "/tmp/grader/bin/grader")
    assert there == same.splitlines()
    workspace = Path(shutil.copytree(provable, tmp_path / "workspace"))
    (workspace / "exercises/steps.py").write_text("")
    ran = gitlab(machine, "verify", workspace)
    assert ran.returncode == 1
    assert "steps.py is out of date. Run `grader stubs`." in ran.stdout


def test_gitlab_grades_a_push(machine: Machine, course: Path, tmp_path: Path) -> None:
    workspace = write(tmp_path / "workspace", {**WRONG, **PLANTED})
    ran = gitlab(machine, "grade", workspace, COURSE=course)
    assert ran.returncode == 1, ran.stderr
    assert "planted" not in ran.stdout + ran.stderr
    report = json.loads((workspace / "grader-report/report.json").read_bytes())
    assert report["earned"] == 2.0
    assert (workspace / "grader-report/junit.xml").exists()
    assert list((machine.home / "tmp").iterdir()) == [machine.home / "tmp/report"]
    made = {path.name for path in workspace.iterdir()} - {*WRONG, *PLANTED}
    assert made == {"grader-report"}


GH = """#!/bin/sh
test "$*" = "classroom clone student-repos --assignment-id 17" || exit 1
mkdir week1-submissions && cp -r "$STUDENTS/." week1-submissions
"""


def test_the_recipe_for_a_classroom(machine: Machine, course: Path, tmp_path: Path) -> None:
    text = _text("classroom.md")
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    machine.has("gh", GH)
    made = machine.run('python3 -m venv "$HOME/grader"', course)
    assert made.returncode == 0, made.stderr
    machine.has("grader", '#!/bin/sh\nexec "$HOME/grader/bin/grader" "$@"\n')
    students = tmp_path / "students"
    start, grade = blocks
    ran = machine.run(start, course)
    assert ran.returncode == 0, ran.stderr
    assert "COURSE_TOKEN" in (course / "starter/.github/workflows/grade.yml").read_text()
    alice = Path(shutil.copytree(course / "starter", students / "alice"))
    assert (alice / "syllabus.json").exists()
    repository(write(alice / "exercises", {**RIGHT}))
    (tmp_path / "grading").mkdir()
    given = {"ASSIGNMENT": "17", "COURSE": course, "STUDENTS": students}
    ran = machine.run(grade, tmp_path / "grading", **given)
    assert ran.returncode == 0, ran.stderr
    out = tmp_path / "grading/class"
    assert (out / "class.html").exists()
    assert json.loads((out / "alice/report.json").read_bytes())["earned"] == 4.0


def test_the_command_prints_each_file(grader: Command) -> None:
    help_of = grader("workflow", "--help").out
    for path in (template_folder() / "ci").glob("*.*"):
        assert path.stem in help_of
        assert grader("workflow", path.stem).out == path.read_text("utf-8")
    ran = grader("workflow", "jenkins")
    assert ran.code == 2
    assert "github-course" in ran.err
