"""Statements that may be forgotten: those whose loss Python does not notice by itself."""

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

Dropped = tuple[cst.CSTNode, str, cst.CSTNode]  # the statement, kind, what stands there then


def statement_changes(function: cst.FunctionDef) -> Iterator[Dropped]:
    """Each statement of a function that can be dropped, and what stands there then.

    An assignment counts only where the name has a value without it, a return only where something
    comes after it.
    """
    bound = {parameter.name.value for parameter in function.params.params}
    lines = list(m.findall(function.body, m.SimpleStatementLine()))
    for line in lines:
        assert isinstance(line, cst.SimpleStatementLine)
        for statement in line.body:
            if _can_go(statement, bound, line is lines[-1]):
                yield statement, "statement dropped", cst.Pass()
            bound |= _names(statement)
        yield from _left_loops(line)


def _can_go(statement: cst.BaseSmallStatement, bound: set[str], last: bool) -> bool:
    if isinstance(statement, cst.Assign):
        names = _names(statement)
        return names <= bound if names else True  # x[i] = ... binds no name
    if isinstance(statement, cst.Return):
        return not last
    if isinstance(statement, cst.Expr):
        return not isinstance(statement.value, cst.SimpleString | cst.ConcatenatedString)
    return isinstance(statement, cst.AugAssign)


def _names(statement: cst.BaseSmallStatement) -> set[str]:
    if not isinstance(statement, cst.Assign | cst.AnnAssign):
        return set()
    given = [each.target for each in statement.targets] if isinstance(statement, cst.Assign) else []
    targets = given or [statement.target]  # type: ignore[union-attr]
    return {
        name.value for target in targets for name in _parts(target) if isinstance(name, cst.Name)
    }


def _parts(target: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
    if isinstance(target, cst.Tuple | cst.List):
        for element in target.elements:
            yield from _parts(element.value)
    else:
        yield target


def _left_loops(line: cst.SimpleStatementLine) -> Iterator[Dropped]:
    for statement in line.body:
        if isinstance(statement, cst.Break):
            yield statement, "statement dropped", cst.Pass()
            yield statement, "loop left otherwise", cst.Continue()
        if isinstance(statement, cst.Continue):
            yield statement, "statement dropped", cst.Pass()
            yield statement, "loop left otherwise", cst.Break()
