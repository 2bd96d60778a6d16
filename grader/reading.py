"""Reads the Python files of a course as text and syntax tree; nothing is ever run."""

import ast
from pathlib import Path

from grader.errors import CourseError


def read_text(path: Path, way_out: str) -> str:
    """The text of a file.

    Args:
        way_out: what to do where the file is missing, one sentence.

    Raises:
        CourseError: the file is missing, cannot be read or is not UTF-8.
    """
    try:
        return path.read_text("utf-8")
    except (FileNotFoundError, NotADirectoryError):
        raise CourseError(f"{path} is missing. {way_out}") from None
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 at byte {error.start}. Save it as UTF-8.") from None
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}. Mend that first.") from None


def parse(path: Path, way_out: str) -> ast.Module:
    """The syntax tree of a file; raises as `read_text` does, and where it is no Python."""
    try:
        return ast.parse(read_text(path, way_out))
    except SyntaxError as error:
        raise CourseError(
            f"{path}, line {error.lineno}, does not parse: {error.msg}. Mend that line."
        ) from None
    except ValueError as error:  # null bytes, in Python 3.11.3 and before
        raise CourseError(f"{path} does not parse: {error}. Mend it.") from None


def title(tree: ast.Module, path: Path) -> str:
    """The first line of a module's docstring."""
    text = (ast.get_docstring(tree) or "").strip()
    if not text:
        raise CourseError(f"{path} has no docstring. Its first line is the title: write one.")
    return text.splitlines()[0].strip().removesuffix(".")


def listed(tree: ast.Module, path: Path) -> tuple[str, ...]:
    """The names in `__all__`, which must be a plain list, so that it can be read."""
    values = [value for node in tree.body if (value := _value_of_all(node)) is not None]
    names = _plain_names(values[0]) if len(values) == 1 else None
    if names is None:
        raise CourseError(
            f"{path} has no __all__ that is a plain list of names. "
            'Write one, as in __all__ = ["relu"].'
        )
    for name in names:
        if names.count(name) > 1:
            raise CourseError(f'{path}: __all__ lists "{name}" twice. Take one out.')
    return names


def _value_of_all(node: ast.stmt) -> ast.expr | None:
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        targets = [node.target]
    else:
        return None
    named = any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)
    return node.value if named else None


def _plain_names(value: ast.expr) -> tuple[str, ...] | None:
    if not isinstance(value, ast.List | ast.Tuple):
        return None
    names = [item.value for item in value.elts if isinstance(item, ast.Constant)]
    plain = [name for name in names if isinstance(name, str) and name.isidentifier()]
    return tuple(plain) if len(plain) == len(value.elts) else None
