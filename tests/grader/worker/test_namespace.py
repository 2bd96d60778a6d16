"""What of a submission runs, for which exercise, and what it sees when it imports."""

from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from grader.worker.namespace import Opened, Program

HELPERS = {
    "init_utils": "import numpy as np\nLOADED = []\ndef sigmoid(z):\n    return 1/(1+np.exp(-z))\n"
    "def load():\n    raise SystemExit('no data')\n",
    "testCases": "def gradient_check_test_case():\n    return 1, 2\n",
}


def program(files: dict[str, str | list[str]]) -> Program:
    return Program(
        [
            {
                "name": name,
                "cells": [dedent(c) for c in ([text] if isinstance(text, str) else text)],
            }
            for name, text in files.items()
        ],
        HELPERS,
    )


def opened(files: dict[str, str | list[str]], *functions: str, exercise: str = "ex") -> Opened:
    return program(files).open(exercise, functions or ("f",))


def call(text: str | list[str], *args: Any, name: str = "ex.py") -> Any:
    found = opened({name: text})
    assert not found.missing, (found.missing, found.notes)
    return found.functions["f"](*args)


# --- what is taken


def test_a_function_brings_what_it_needs() -> None:
    text = """
        import numpy as np
        from functools import partial
        EPS = 1e-8
        SIZES = [1, 2]
        SIZES.append(3)
        half = 0.5
        half += 1
        settings = {}
        settings["a"] = 7
        double = lambda x: 2 * x
        class Box:
            width = half
        def helper(x): return double(x) + Box.width + settings["a"]
        triple = partial(np.multiply, 3)
        def f(x, eps=EPS):
            def inner():
                return helper(triple(x))
            return inner() + sum(i for i in SIZES) + eps * 0
        raise SystemExit
    """
    assert call(text, 2) == 2 * 6 + 1.5 + 7 + 3


def test_nothing_that_is_not_needed_runs() -> None:
    text = """
        import does_not_exist
        broken = undefined_name
        while True:
            pass
        def other(): return undefined_name
        def f(): return 1
        exit()
        if __name__ == "__main__":
            f = None
    """
    found = opened({"ex.py": text})
    assert found.functions["f"]() == 1
    assert found.notes == []


def test_the_last_definition_wins() -> None:
    assert call(["def f(): return 1", "def g(): return f()", "def f(): return 2"]) == 2
    wrapped = """
        def f(x): return x + 1
        g = f
        def f(x): return g(x) * 10
    """
    assert call(wrapped, 1) == 20


@pytest.mark.parametrize(
    "text",
    [
        "f = lambda x: x + 1",
        "import operator\nfrom functools import partial\nf = partial(operator.add, 1)",
        "def g(x): return x + 1\nf = g",
        "import numpy as np\nf = np.vectorize(lambda x: x + 1)",
        "if True:\n    def f(x): return x + 1\n    print(f(undefined))",
        "try:\n    from cupy import f\nexcept ImportError:\n    def f(x): return x + 1",
        "def g(x): return x + 1\nprint(g(1))\nf = g\nprint(f(1))",
        "f = None\ndef f(x): return x + 1\nprint(f(1))",
    ],
)
def test_every_way_of_binding_a_function_counts(text: str) -> None:
    assert call(text, 1) == 2


@pytest.mark.parametrize("text", ["async def f(): pass", "class f: pass", "f = 3", "import f"])
def test_what_is_no_function_is_missing(text: str) -> None:
    assert set(opened({"ex.py": text}).missing) == {"f"}


def test_a_global_that_a_function_rebinds_works() -> None:
    text = """
        count = 0
        def f():
            global count
            count += 1
            return count
    """
    found = opened({"ex.py": text})
    assert [found.functions["f"](), found.functions["f"]()] == [1, 2]


def test_every_opening_is_fresh() -> None:
    made = program({"ex.py": "seen = []\ndef f():\n    seen.append(1)\n    return len(seen)"})
    assert made.open("ex", ("f",)).functions["f"]() == 1
    assert made.open("ex", ("f",)).functions["f"]() == 1


def test_future_imports_hold_for_all_statements() -> None:
    text = "from __future__ import annotations\ndef f(x: Undefined): return x"
    assert call(text, 3) == 3


def test_immediate_needs_take_the_binding_above() -> None:
    text = """
        rate = 1
        def f(x=rate): return x, rate
        rate = 2
    """
    assert call(text) == (1, 2)


# --- a stale global must not mask a blank

BLANK = "def f(x, theta):\n    return J_plus + g(x)\ndef g(x):\n    return 0\n"


@pytest.mark.parametrize(
    "demo",
    [
        "J_plus = f(2, 4)",
        "x, J_plus = 2, 4\nprint(f(x, J_plus))",
        "x, J_plus = 2, 4\nJ = f(x, 4)\nprint('J', J)",
        "J_plus = g(2)\nprint(f(2, J_plus))",
        "J_plus = [f(i, i) for i in range(3)][0]",
        "for i in range(3):\n    J_plus = i",
        "from testCases import *\nJ_plus, y = gradient_check_test_case()",
        "import testCases\nJ_plus = testCases.gradient_check_test_case()[0]",
        "if __name__ == '__main__':\n    J_plus = 3",
        "a = f(1, 2)\nJ_plus = a",
        "J_plus = 3\nprint(f(1, 2))",
        "with open('x') as h:\n    J_plus = 3",
    ],
)
@pytest.mark.parametrize("name", ["ex.py", "ex.ipynb"])
def test_demo_code_does_not_fill_a_blank(demo: str, name: str) -> None:
    cells: str | list[str] = [BLANK, demo] if name == "ex.ipynb" else BLANK + demo
    found = opened({name: cells})
    with pytest.raises(NameError, match="J_plus"):
        found.functions["f"](1, 2)


def test_a_demo_of_another_cell_does_not_either() -> None:
    with pytest.raises(NameError, match="J_plus"):
        call([BLANK, "J_plus = 3", "print(f(2, J_plus))"], 1, 2, name="ex.ipynb")


def test_the_student_is_told_why() -> None:
    found = opened({"ex.ipynb": [BLANK, "x = 1\nJ_plus = f(1, 2)"]})
    (note,) = found.notes
    assert note.startswith("line 2 of ex.ipynb cell 2 gives `J_plus` a value, but it only tries")


@pytest.mark.parametrize(
    "cells",
    [
        ["rng = [3]\ndef f(): return rng[0]\nprint(f())"],
        ["rng = [3]", "def f(): return rng[0]", "print(f())"],
        ["RNG = [3]\nprint(RNG)", "def f(x=RNG): return RNG[0]", "f(RNG)"],
        [
            "import numpy as np\nnp.random.seed(1)\nrng = [3]\nprint('ready')",
            "def f(): return rng[0]",
        ],
        ["rng = 3\nprint(rng)", "def f(x=rng): return x"],
        ["def f(): return pick(0)", "pick = lambda i: 3\nprint(pick(1), f())"],
    ],
)
@pytest.mark.parametrize("name", ["ex.py", "ex.ipynb"])
def test_what_belongs_to_the_functions_is_taken(cells: list[str], name: str) -> None:
    assert call(cells if name == "ex.ipynb" else "\n".join(cells), name=name) == 3


# --- which file


def test_the_file_named_after_the_exercise_is_graded() -> None:
    files: dict[str, str | list[str]] = {
        "a.py": "def f(): return 'a'\ndef g(): return 'a'",
        "week 1/Gradient+Checking v2.ipynb": ["def f(): return 'loose'"],
        "z/gradient_checking.py": "def f(): return 'exact'",
    }
    found = opened(files, "f", "g", exercise="gradient_checking")
    assert found.file == "z/gradient_checking.py"
    assert found.files == {"f": "z/gradient_checking.py", "g": "a.py"}
    del files["z/gradient_checking.py"]
    assert opened(files, "f", "g", exercise="gradient_checking").functions["f"]() == "loose"
    del files["week 1/Gradient+Checking v2.ipynb"]
    assert opened(files, "f", "g", exercise="gradient_checking").functions["f"]() == "a"


def test_else_the_fullest_and_ties_by_path() -> None:
    one = "def f(): return 1"
    two = "def f(): return 2\ndef g(): return 2"
    assert opened({"a.py": one, "b.py": two}, "f", "g").file == "b.py"
    assert opened({"b.py": two, "a.py": two}, "f", "g").file == "a.py"
    assert opened({"a.py": "def h(): pass"}, "f").file is None


STUB = 'def f(x):\n    """Do."""\n    raise NotImplementedError("Write f here.")\n'
ANSWER = 'def f(x):\n    """Do."""\n    return x\n'


@pytest.mark.parametrize(
    ("blank", "answered"),
    [
        ("ex.ipynb", "ex.py"),
        ("ex.py", "ex.ipynb"),
        ("ex.py", "Copy of ex.ipynb"),
        ("ex.ipynb", "a/ex.py"),
    ],
)
def test_a_stub_gives_way_to_an_answer_in_a_file_of_the_same_exercise(
    answered: str, blank: str
) -> None:
    g = "\n\ndef g(): raise NotImplementedError\n"
    found = opened({blank: STUB + g, answered: ANSWER}, "f", "g")
    assert found.files == {"f": answered, "g": blank}
    assert found.functions["f"](1) == 1
    assert found.notes == []


def test_an_answer_that_does_not_parse_goes_before_a_stub() -> None:
    found = opened({"ex.ipynb": [STUB], "ex.py": ANSWER.replace("return x", "return (")})
    assert "line 3 of ex.py" in found.missing["f"]


def test_a_stub_does_not_give_way_to_a_namesake_of_another_exercise() -> None:
    found = opened({"ex.py": STUB, "other.py": ANSWER})
    assert found.files == {"f": "ex.py"}


def test_of_two_files_for_an_exercise_the_one_with_more_answers_is_graded() -> None:
    def text(answered: str) -> str:
        bodies = {
            name: "return 1" if name in answered else "raise NotImplementedError" for name in "fgh"
        }
        return "".join(f"def {name}(): {body}\n" for name, body in bodies.items())

    def chosen(in_notebook: str, in_module: str) -> Opened:
        return opened({"ex.ipynb": text(in_notebook), "ex.py": text(in_module)}, "f", "g", "h")

    assert chosen("fg", "h").file == "ex.ipynb"
    assert chosen("f", "gh").file == "ex.py"
    assert chosen("f", "gh").files == {"f": "ex.ipynb", "g": "ex.py", "h": "ex.py"}
    assert chosen("", "").file == "ex.ipynb"


def test_two_different_answers_are_told() -> None:
    files: dict[str, str | list[str]] = {"ex.ipynb": [ANSWER], "ex.py": ANSWER + "\n# the same\n"}
    assert opened(files).notes == []
    files["ex.py"] = ANSWER.replace("return x", "return 2 * x")
    assert opened(files).files == {"f": "ex.ipynb"}
    assert opened(files).notes == [
        "ex.py has f as well, and not the same; that of ex.ipynb is graded"
    ]
    long = ANSWER.replace("return x", "return " + "x + " * 2000 + "x")
    assert len(opened(files | {"ex.py": long}).notes) == 1
    assert opened({"a.py": ANSWER, "b.py": files["ex.py"]}).notes == []


def test_a_function_uses_its_own_file() -> None:
    files: dict[str, str | list[str]] = {
        "a.py": "def f(): return k()\ndef k(): return 'a'",
        "b.py": "def g(): return k()\ndef k(): return 'b'",
    }
    found = opened(files, "f", "g")
    assert (found.functions["f"](), found.functions["g"]()) == ("a", "b")


def test_a_file_named_as_a_helper_is_no_submission() -> None:
    found = opened({"init_utils.py": "def f(): return 1"})
    assert found.missing == {"f": "No file defines a function f."}


def test_a_broken_function_is_missing_and_says_where() -> None:
    files: dict[str, str | list[str]] = {
        "ex.ipynb": ["x = 1", "def f(x):\n    J =\n    return J\ndef g(): return 1"],
        "other.py": "def f(x): return 'another meaning'",
    }
    found = opened(files, "f", "g")
    assert found.missing == {"f": "line 2 of ex.ipynb cell 2 does not parse: invalid syntax"}
    assert found.functions["g"]() == 1
    assert found.report()["notes"] == []
    with pytest.raises(NotImplementedError, match="does not parse"):
        found.function("f")


def test_what_parses_and_does_not_compile_is_missing() -> None:
    found = opened({"ex.py": "def f():\n    pass\n    break\n"})
    assert found.missing["f"].startswith("line 3 of ex.py does not compile: 'break'")


def test_what_fails_while_it_is_loaded_is_missing() -> None:
    found = opened({"ex.py": "import sys\n@sys.exit\ndef f(): pass\ndef g(): return 1"}, "f", "g")
    assert found.missing["f"].startswith("line 2 of ex.py raised SystemExit while it was loaded")
    assert found.functions["g"]() == 1


# --- imports


def test_numpy_and_the_library_cannot_be_shadowed() -> None:
    files: dict[str, str | list[str]] = {
        "numpy.py": "def zeros(n): return 'fake'",
        "math.py": "pi = 3",
        "ex.py": "import numpy as np, math\nimport os.path\n"
        "def f(): return np, math.pi, os.path.sep",
    }
    module, pi, sep = opened(files).functions["f"]()
    assert (module, pi, sep) == (np, np.pi, "/")


def test_helpers_come_from_the_course() -> None:
    text = "from init_utils import *\nfrom init_utils import sigmoid as s\nimport init_utils\n"
    text += "def f(x): return sigmoid(x), s(x), init_utils.sigmoid(x)"
    assert call(text, 0.0) == (0.5, 0.5, 0.5)


def test_an_import_below_does_not_stand_for_the_students_own() -> None:
    for line in ("from init_utils import sigmoid", "from init_utils import *"):
        text = f"def sigmoid(z): return 'own'\n{line}\ndef g(): return sigmoid(1), unknown"
        found = opened({"ex.py": text}, "sigmoid", "g")
        assert found.functions["sigmoid"](1) == "own"


def test_other_files_are_importable_without_their_demos() -> None:
    files: dict[str, str | list[str]] = {
        "w/ex.py": "from layers import *\nfrom .more import k\nimport pack.deep as d\n"
        "from pack import deep\nimport pack.deep\nfrom . import more\n"
        "def f(): return h() + k + d.v + deep.v + pack.deep.v + more.k",
        "w/layers.py": "SIZE = 1\nprint(undefined)\ndef h(): return SIZE\nwhile True: pass",
        "layers.py": "def h(): return 1000",
        "w/more.py": "k = 10\nimport ex",
        "w/pack/deep.py": "v = 100",
    }
    assert opened(files).functions["f"]() == 1 + 10 + 300 + 10


def test_what_is_not_installed_is_inert() -> None:
    text = """
        import matplotlib.pyplot as plt
        import scipy.io, h5py
        from sklearn.datasets import make_moons
        from tqdm import tqdm
        import torch.nn as nn
        from numba import jit
        import tkinter.nonsense
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
        @jit(nopython=True)
        def g(x): return x
        @jit
        def f(x):
            with plt.style.context("a") as c:
                plt.rcParams["a"] = (c + 1) * 2 - c
                plt.figure()[0].show(x)
            for _ in make_moons(3): raise ValueError
            assert isinstance(Net(), Net)
            return [g(i) for i in tqdm([x])] + [plt.cm, scipy.io.loadmat(1), -plt, get_ipython()]
    """
    value, *rest = call(text, 3)
    assert value == 3
    assert {type(item).__name__ for item in rest} == {"StandIn"}


def test_a_function_of_a_library_that_is_not_here_is_missing() -> None:
    found = opened({"ex.py": "from scipy import special\nf = special.expit"})
    assert found.missing == {"f": "f needs scipy.special.expit, which is not installed here"}


def test_code_that_is_prepared_for_a_missing_library_sees_it_missing() -> None:
    text = """
        try:
            import cupy as xp
        except ImportError:
            import numpy as xp
        def f():
            try:
                import autograd.numpy
            except (ModuleNotFoundError, ValueError):
                return xp.zeros(2).tolist()
    """
    assert call(text) == [0, 0]


def test_a_name_that_numpy_lacks_is_an_error() -> None:
    with pytest.raises(ImportError, match="nonsense"):
        call("def f():\n    from numpy import nonsense")
