"""Solutions that seed themselves, made from a reference."""

import textwrap

from grader.verify.different import with_inner_seed


def seeded(text: str, *functions: str) -> str | None:
    return with_inner_seed(textwrap.dedent(text), functions, 7)


def test_each_function_that_draws_gets_a_seed_after_its_docstring() -> None:
    text = '''
        import numpy as np

        def f(n):
            """Draw."""
            return np.random.randn(n) + _g(n)

        def _g(n):
            if n:
                return np.random.rand(n)

        def given(n):
            return np.random.rand(n)
    '''
    expected = (
        textwrap.dedent(text)
        .replace('    """Draw."""\n', '    """Draw."""\n    np.random.seed(7)\n')
        .replace("    if n:\n", "    np.random.seed(7)\n    if n:\n")
    )
    assert seeded(text, "f") == expected


def test_where_nothing_global_is_drawn_there_is_none() -> None:
    assert seeded("def f(n):\n    return n\n", "f") is None
    assert seeded("def f(rng):\n    return rng.random()\n", "f") is None
    assert seeded("def f():\n    return np.random.default_rng().random()\n", "f") is None
    assert seeded("def f(rng: np.random.Generator):\n    return rng.random()\n", "f") is None
