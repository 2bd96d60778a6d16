"""Stubs: what students get of a reference, and what must not reach them."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from grader.errors import CourseError, OutputError
from grader.mistakes import Mistake
from grader.stubs import derive_stub, stale_stubs, write_stubs

HEADER = '# For authors: derived from reference/scale.py by "grader stubs"; make changes there.\n'

REFERENCE = '''\
"""Scaling

What the lecture says of it.
"""

from collections.abc import Callable

import numpy as np

__all__ = ["scale", "shift"]

LIMIT = 3  # shown
_SECRET = 4  # the answer

# how the answer is found
_TABLE = {"a": _SECRET}


def given(x: float) -> float:
    """Stay whole."""
    # as does this
    return _used(x)


def _used(x: float) -> float:
    return x * _FACTOR


_FACTOR = 2


# explains the answer
def _hidden(x: float) -> float:
    return x


class _Hidden:
    pass


# about scale
@given
@np.vectorize
def scale(
    x: float,  # (m,)
    factor: Callable[[float], float] = lambda y: {"é": y}["é"],
) -> dict[str, float]:  # what comes back
    # the trick
    """Scale é.

    More: of "this".
    """
    # the trick again

    y = _hidden(x)  # (m,)
    return {"y": y * _SECRET}
    # the end of the trick


def shift(x: float) -> float:  # noqa: ARG001 - the trick
    return x + 1


AFTER = scale
'''

STUB = (
    HEADER
    + '''\
"""Scaling

What the lecture says of it.
"""

from collections.abc import Callable

import numpy as np

__all__ = ["scale", "shift"]

LIMIT = 3  # shown


def given(x: float) -> float:
    """Stay whole."""
    # as does this
    return _used(x)


def _used(x: float) -> float:
    return x * _FACTOR


_FACTOR = 2


# about scale
@given
@np.vectorize
def scale(
    x: float,  # (m,)
    factor: Callable[[float], float] = lambda y: {"é": y}["é"],
) -> dict[str, float]:  # what comes back
    """Scale é.

    More: of "this".
    """
    raise NotImplementedError("Write scale here.")


def shift(x: float) -> float:
    raise NotImplementedError("Write shift here.")


AFTER = scale
'''
)


def module(*functions: str, names: str = "f") -> str:
    return "\n\n\n".join([f'"""Title."""\n\n__all__ = ["{names}"]', *functions]) + "\n"


def planted(old: str, new: str, function: str = "f", name: str = "slip") -> Mistake:
    return Mistake("scale", name, function, old, new, "So it is.", ("test_it",), planted=True)


def body_of(stub: str) -> str:
    return stub.split("\n\n\n", 1)[1]


def assert_formatted(text: str) -> None:
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--line-length=100", "-"]
    run = subprocess.run(command, input=text.encode(), capture_output=True, check=True)
    assert run.stdout.decode() == text


def test_a_stub_shows_all_but_the_answers() -> None:
    stub = derive_stub("scale", REFERENCE, [])
    assert stub == STUB
    for secret in ("trick", "_SECRET", "_hidden", "_Hidden", "explains", "_TABLE"):
        assert secret not in stub


def test_a_stub_is_formatted() -> None:
    pytest.importorskip("ruff")
    assert_formatted(REFERENCE)
    assert_formatted(derive_stub("scale", REFERENCE, []))


def test_a_stub_raises_where_an_answer_belongs() -> None:
    space: dict[str, object] = {}
    exec(derive_stub("scale", module("def f(x):\n    return x"), []), space)
    with pytest.raises(NotImplementedError, match="Write f here"):
        space["f"](1)  # type: ignore[operator]


@pytest.mark.parametrize(
    ("function", "shown"),
    [
        ("def f(x): return x", "def f(x):\n"),
        ('def f(x): """Doc."""; return x', 'def f(x):\n    """Doc."""\n'),
        ('def f(x): """Doc."""', 'def f(x):\n    """Doc."""\n'),
        ("async def f(x):\n    return x", "async def f(x):\n"),
        ("def f(x):\n    # secret\n    return x", "def f(x):\n"),
        ('def f(x):\n    "é"; y = 1\n    return y', 'def f(x):\n    "é"\n'),
        ("def f(\n    x,\n) -> {1: 2}[1]:\n    return x", "def f(\n    x,\n) -> {1: 2}[1]:\n"),
        ('def f(x):\n    r"""A\n\n# no comment\n"""\n    return x',
         'def f(x):\n    r"""A\n\n# no comment\n"""\n'),
        ('def f(x):  # (m,)\n    """D."""  # secret\n    return x',
         'def f(x):  # (m,)\n    """D."""\n'),
        ("def f(x):  # type: ignore[secret]\n    return x", "def f(x):\n"),
        ('def f(x):\n    f"""{x}"""\n    return x', "def f(x):\n"),
    ],
)  # fmt: skip
def test_layouts_of_an_answered_function(function: str, shown: str) -> None:
    stub = derive_stub("scale", module(function), [])
    assert body_of(stub) == shown + '    raise NotImplementedError("Write f here.")\n'


def test_a_long_name_is_wrapped_as_the_formatter_does() -> None:
    pytest.importorskip("ruff")
    for length in (40, 54, 55, 56, 80):
        name = "f" * length
        assert_formatted(derive_stub("scale", module(f"def {name}(x): ...", names=name), []))


def test_nothing_is_left_of_what_stood_between_dropped_parts() -> None:
    source = module(
        "def f(x):\n    return _g(x)",
        "_A = 1\nB = 2",
        "def _g(x):\n    return x",
        "C = 3",
        "# the end",
    )
    stub = derive_stub("scale", source, [])
    assert body_of(stub).split("\n", 2)[2] == "\n\nB = 2\n\n\nC = 3\n"


def test_planted_mistakes_are_made_and_their_function_keeps_its_body() -> None:
    function = '''\
def f(x):  # noqa: ARG001 - two slips
    """Stay.  # not a comment"""
    # secret: remember m

    m = len(x)  # secret

    # secret

    # secret
    text = """
    # not a comment

    """
    y = [
        # secret
        m,
    ]
    table = {1: 2,
             3: 4}  # fmt: skip
    return y, table, text, x * 4 / m  # secret'''
    stub = derive_stub(
        "scale",
        module(function, "def g(x):\n    return x * 4"),
        [
            planted("x * 4 / m", "x * 5  # secret", name="one"),
            planted("m = len(x)", "m = 2", name="two"),
            Mistake("scale", "three", "f", "table, text", "text, table", "No.", ("test_it",)),
        ],
    )
    assert (
        body_of(stub)
        == '''\
# Written already. Is it right? Find out, and correct what is not.
def f(x):
    """Stay.  # not a comment"""

    m = 2

    text = """
    # not a comment

    """
    y = [
        m,
    ]
    table = {1: 2,
             3: 4}  # fmt: skip
    return y, table, text, x * 5


def g(x):
    return x * 4
'''
    )
    pytest.importorskip("ruff")
    assert_formatted(stub)


def test_a_comment_at_the_top_of_a_planted_body_leaves_no_blank_line() -> None:
    stub = derive_stub(
        "scale",
        module("def f(x):\n    # secret\n\n    return x"),
        [planted("return x", "return 1")],
    )
    assert body_of(stub).endswith("correct what is not.\ndef f(x):\n    return 1\n")


def test_private_names_that_a_planted_body_needs_stay() -> None:
    source = module("def f(x):\n    return _g(x)", "def _g(x):\n    return x")
    assert "_g" not in derive_stub("scale", source, [])
    assert "def _g" in derive_stub("scale", source, [planted("return x", "return 1")])


@pytest.mark.parametrize(
    "line", ["from reference.other import g", "from .other import g", "import reference.other as g"]
)
def test_imports_of_other_references_do_not_reach_students(line: str) -> None:
    answered = f'__all__ = ["f"]\n{line}\n\n\ndef f(x):\n    return g(x)\n'
    assert line not in derive_stub("scale", answered, [])
    given = answered.replace('"f"', "")
    with pytest.raises(CourseError, match=r"reference/scale\.py, line 2, imports a reference"):
        derive_stub("scale", given + "\n\ndef h(x):\n    return g(x)\n", [])


@pytest.mark.parametrize(
    ("source", "mistakes", "words"),
    [
        ("def f(:\n", [], "reference/scale.py does not parse: invalid syntax, line 1"),
        ("x = 1\n", [], "reference/scale.py has no __all__"),
        ("__all__ = names()\n", [], "reference/scale.py: __all__ must be a plain list"),
        ('__all__ = ["f"]\n', [], 'reference/scale.py: __all__ lists "f", which is no function'),
        ('__all__ = ["f"]\nf = 1\n', [], '__all__ lists "f", which is no function'),
        (module("def f(x):\n    return x"), [planted("return x", "return (")],
         "reference/scale.py with slip planted does not parse"),
        (module("def f(x):\n    return x"), [planted("    return x", "return x")],
         "reference/scale.py with slip planted does not parse"),
        (module("def f(x):\n    return x"), [planted("return x", "return 1", "g")],
         "slip is planted in g, which __all__ of reference/scale.py does not list"),
        (module("def f(x):\n    return x"), [planted("return y", "return 1")],
         "reference/mistakes/scale.toml: the old text of slip does not occur"),
    ],
)  # fmt: skip
def test_a_reference_that_gives_no_stub_names_the_file(
    source: str, mistakes: list[Mistake], words: str
) -> None:
    with pytest.raises(CourseError) as caught:
        derive_stub("scale", source, mistakes)
    assert words in str(caught.value)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference/__init__.py").write_text('"""Course."""\n\n__all__ = ["scale", "a"]\n')
    (tmp_path / "reference/scale.py").write_text(REFERENCE)
    (tmp_path / "reference/a.py").write_text(module("def f(x):\n    return x"))
    (tmp_path / "exercises/helpers").mkdir(parents=True)
    (tmp_path / "exercises/helpers/init_utils.py").write_text("by = 'hand'\n")
    return tmp_path


def test_stubs_are_written_once(course: Path) -> None:
    names = ["scale.py", "scale.ipynb", "a.py", "a.ipynb"]
    wrote = [course / "exercises" / name for name in names]
    assert write_stubs(course) == wrote
    assert wrote[0].read_bytes() == STUB.encode()
    assert write_stubs(course) == []
    assert stale_stubs(course) == []


def test_missing_drifted_and_unlisted_files_are_stale(course: Path) -> None:
    write_stubs(course)
    folder = course / "exercises"
    (folder / "a.py").unlink()
    (folder / "scale.py").write_text(STUB.replace("LIMIT = 3", "LIMIT = 4"))
    notebook = (folder / "scale.ipynb").read_text()
    (folder / "scale.ipynb").write_text(notebook.replace("LIMIT = 3", "LIMIT = 4"))
    (folder / "old.py").write_text("")
    (folder / "old.ipynb").write_text("")
    (folder / "notes.md").write_text("")
    drifted = ["a.py", "old.ipynb", "old.py", "scale.ipynb", "scale.py"]
    assert stale_stubs(course) == [folder / name for name in drifted]
    assert write_stubs(course) == [folder / name for name in ("scale.py", "scale.ipynb", "a.py")]
    assert stale_stubs(course) == [folder / "old.ipynb", folder / "old.py"]


@pytest.mark.parametrize("name", ["a.py", "a.ipynb"])
def test_windows_newlines_are_drift(course: Path, name: str) -> None:
    write_stubs(course)
    path = course / "exercises" / name
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert stale_stubs(course) == [path]


def test_planted_mistakes_of_a_course_reach_its_stub(course: Path) -> None:
    (course / "reference/mistakes").mkdir()
    (course / "reference/mistakes/a.toml").write_text(
        '[[mistake]]\nname = "slip"\nfunction = "f"\nold = "return x"\nnew = "return 2 * x"\n'
        'tells = "Twice."\nfails = ["test_it"]\nplanted = true\n'
    )
    write_stubs(course)
    assert "    return 2 * x\n" in (course / "exercises/a.py").read_text()
    assert "    return 2 * x" in (course / "exercises/a.ipynb").read_text()


def test_a_listed_exercise_without_a_file_names_it_and_writes_nothing(course: Path) -> None:
    (course / "reference/a.py").unlink()
    with pytest.raises(CourseError, match=r'reference/a\.py is missing, but .* lists "a"\. Write'):
        write_stubs(course)
    assert not (course / "exercises/scale.py").exists()


def test_a_reference_in_another_encoding_is_named(course: Path) -> None:
    (course / "reference/a.py").write_bytes(b"# \xe9\n")
    with pytest.raises(CourseError, match=r"reference/a\.py cannot be read .*Save it as UTF-8"):
        stale_stubs(course)


def test_a_place_that_cannot_be_written_is_named(course: Path) -> None:
    (course / "exercises/a.py").mkdir()
    with pytest.raises(OutputError, match=r"exercises/a\.py cannot be written"):
        write_stubs(course)


def test_the_stubs_of_this_course_compile() -> None:
    root = Path(__file__).parents[2]
    for path in sorted((root / "reference").glob("[!_]*.py")):
        stub = derive_stub(path.stem, path.read_text("utf-8"), [])
        assert {"NotImplementedError"} <= {
            node.id for node in ast.walk(ast.parse(stub)) if isinstance(node, ast.Name)
        }
