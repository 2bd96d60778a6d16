"""Where two texts differ."""


def difference(old: str, new: str) -> tuple[int, list[str], list[str]]:
    """The first line that differs, from 0, and the lines of either text from there on that do."""
    a, b = old.splitlines(keepends=True), new.splitlines(keepends=True)
    start = _alike(a, b)
    end = _alike(a[start:][::-1], b[start:][::-1])
    return start, a[start : len(a) - end], b[start : len(b) - end]


def _alike(a: list[str], b: list[str]) -> int:
    """How many lines are the same before the first that differs."""
    same = [x == y for x, y in zip(a, b, strict=False)]
    return same.index(False) if False in same else len(same)
