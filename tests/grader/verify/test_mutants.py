"""Which mutants a reference has, and which changes are none."""

import ast
import textwrap

import pytest

from grader.verify.functions import reaching, written_functions
from grader.verify.mutants import Mutant, mutants_of

OTHERS = """
def apart(u, v):
    return norm(u) * norm(v) * np.abs(u - v) / (abs(v) + abs(u))

def joined(u, v):
    return u + v
"""


def mutants(text: str, *functions: str) -> list[Mutant]:
    return mutants_of("it", textwrap.dedent(text), functions or ("f",))


def changes(line: str, before: str = "") -> set[str]:
    """What one line of a function may become."""
    text = (
        f"def f(a, b, x):\n{textwrap.indent(before, '    ')}    {line}\n    return a, x\n{OTHERS}"
    )
    found = [each for each in mutants(text) if each.old.strip() == line]
    return {each.new.strip() for each in found}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a = b + x", {"a = b - x", "a = b", "a = x", "pass"}),
        ("a = b - x", {"a = b + x", "a = b", "a = x - b", "pass"}),
        ("a = (b - x) * 2", {"a = (b + x) * 2", "a = b * 2", "a = (x - b) * 2", "a = (b - x) / 2",
                             "a = (b - x)", "a = 2", "a = (b - x) * 3", "a = (b - x) * 1", "pass"}),
        ("a = abs(b - x)", {"a = abs(b + x)", "a = abs(b)", "a = b - x", "pass"}),
        ("a = (b - x) ** 2", {"a = (b + x) ** 2", "a = b ** 2", "a = (b - x) * 2", "a = (b - x)",
                              "a = 2 ** (b - x)", "a = (b - x) ** 3", "a = (b - x) ** 1", "pass"}),
        ("a = b @ x.T", {"a = b * x.T", "a = x.T @ b", "a = b @ x", "pass"}),
        ("a = -b", {"a = b", "pass"}),
        ("a = 0.5", {"a = 1.5", "a = 1.0", "pass"}),
        ("a = True", {"a = False", "pass"}),
        ('a = "W"', {'a = "W_"', "pass"}),
        ('a = b["W"]', {"pass"}),
        ("a = f'W{b}'", {"pass"}),
        ("a = b < x", {"a = b <= x", "a = b > x", "pass"}),
        ("a = b and x", {"a = b or x", "a = b", "a = x", "pass"}),
        ("a = b if x else 0", {"a = b if True else 0", "a = b if False else 0", "a = b if x else 1",
                               "a = b if x else (-1)", "pass"}),
        ("a = g(b, x)", {"a = g(x, b)", "pass"}),
        ("a = max(b, x)", {"pass"}),  # both ways the same
        ("a = apart(b, x)", {"pass"}),
        ("a = joined(b, x)", {"a = joined(x, b)", "pass"}),
        ("a = float(b)", {"pass"}),  # a number of numpy's is as good
        ("a = np.sum(b)", {"a = b", "a = np.mean(b)", "pass"}),
        ("a = b.copy()", {"a = b", "pass"}),
        ("a = b.any(axis=0, keepdims=True)", {
            "a = b.all(axis=0, keepdims=True)", "a = b.any(keepdims=True)",
            "a = b.any(axis=1, keepdims=True)", "a = b.any(axis=0)",
            "a = b.any(axis=0, keepdims=False)", "pass"}),
        ("a = b, x", {"a = x, b", "pass"}),
        ("a = b in (1, x)", {"a = b not in (1, x)", "a = b in (2, x)", "a = b in (0, x)", "pass"}),
        ("a += b", {"a -= b", "a = b", "pass"}),
        ("a[0] = b", {"a[1] = b", "a[-1] = b", "pass"}),
        ("a.append(b)", {"b", "pass"}),
        ("c = b", set()),  # without it there is no c
        ("assert a > 0, 'a'", set()),
    ],
)  # fmt: skip
def test_a_line_becomes_what_it_may_be_mistaken_for(line: str, expected: set[str]) -> None:
    assert changes(line) == expected


def test_loops_conditions_and_early_returns() -> None:
    text = """
        def f(a):
            while a > 3:
                a = a // 2
                break
            if not a:
                return 0
            return a
    """
    found = {(each.old.strip(), each.new.strip()) for each in mutants(text)}
    assert ("while a > 3:", "while False:") in found
    assert ("while a > 3:", "while True:") not in found
    assert {("break", "pass"), ("break", "continue")} <= found
    assert {("if not a:", "if a:"), ("if not a:", "if True:"), ("if not a:", "if False:")} <= found
    assert ("return 0", "pass") in found
    assert ("return a", "pass") not in found


def test_defaults_count_and_what_only_people_read_does_not() -> None:
    text = '''
        def f(a: "A[1]" = 2) -> "B[1]":
            """Add 1."""
            if a:
                raise ValueError("1" + a)
            return a
    '''
    found = list(mutants(text))
    assert {each.kind for each in found} == {"constant", "condition"}
    assert {each.old.strip() for each in found} == {'def f(a: "A[1]" = 2) -> "B[1]":', "if a:"}


def test_only_what_students_write_is_changed() -> None:
    text = """
        ONE = 1

        def given(a):
            return a + _given(a)

        def _given(a):
            return a + 1

        def _helper(a):
            return a - 1

        def f(a):
            return given(_helper(a))
    """
    assert {each.function for each in mutants(text)} == {"_helper", "f"}
    assert written_functions(textwrap.dedent(text), ("f",)) == {"f", "_helper"}
    assert reaching(textwrap.dedent(text), "_helper") == {"f", "_helper"}
    assert reaching(textwrap.dedent(text), "_given") == {"f", "_given", "given"}


def test_duplicates_and_dead_code_do_not_count() -> None:
    text = """
        def f(a):
            a = a * 2
            return a
            return a + 1
    """
    found = [each.new.strip() for each in mutants(text)]
    # A dropped operand leaves `a = a`, which is the dropped statement again; nothing of `a + 1`.
    assert found == ["pass", "pass", "a = a / 2", "a = 2", "a = a * 3", "a = a * 1"]


def test_a_mutant_says_where_it_is_and_is_a_whole_file() -> None:
    text = '"""It."""\n\nimport numpy\n\n\n# On f.\ndef f(a):\n    # Twice.\n    return a + a\n'
    text += "\n\nLAST = 1\n"
    first, *_, last = mutants(text)
    assert first.source == text.replace("a + a", "a - a")
    assert (first.function, first.line, first.kind) == ("f", 3, "operator")
    assert first.name == "f:3 operator: return a + a -> return a - a"
    assert last.old == "    return a + a\n"
    for each in (first, last):
        ast.parse(each.source)


def test_names_tell_mutants_apart() -> None:
    found = mutants("def f(a):\n    return [a - 1, a - 1]\n")
    names = [each.name for each in found]
    assert len(set(names)) == len(names) == len(found)
    again = mutants("def f(a):\n    return (a + 1) + (a + 1)\n")
    assert len({each.name for each in again}) == len(again)
