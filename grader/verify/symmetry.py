"""Places where the sign of a number does not matter: in a square, a norm, an absolute value."""

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

_NAME = m.Name("abs") | m.Name("norm") | m.Name("square")
_CALL = m.Call(func=_NAME | m.Attribute(attr=_NAME), args=[m.Arg()])
_SQUARE = m.BinaryOperation(operator=m.Power(), right=m.Integer("2"))


def even_places(function: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """The expressions that stand in such a place. -x is as exact as x, so not a bit changes."""
    for node in m.findall(function, _CALL | _SQUARE):
        if isinstance(node, cst.Call):
            yield node.args[0].value
        elif isinstance(node, cst.BinaryOperation):
            yield node.left


def is_difference(node: cst.CSTNode) -> bool:
    """Whether it is a - b."""
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Subtract)
