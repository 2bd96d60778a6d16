"""Places where an order does not matter: of a - b in a norm, of what two-way functions get."""

from collections.abc import Iterator

import libcst as cst
import libcst.matchers as m

_NAME = m.Name("abs") | m.Name("norm") | m.Name("square")
_CALL = m.Call(func=_NAME | m.Attribute(attr=_NAME), args=[m.Arg()])
_SQUARE = m.BinaryOperation(operator=m.Power(), right=m.Integer("2"))
_SIZE = _CALL | _SQUARE
_EITHER_WAY = m.BinaryOperation(operator=m.Multiply()) | m.BinaryOperation(
    left=_SIZE,
    operator=m.Add(),  # of lists, a + b is another list than b + a
    right=_SIZE,
)


def even_places(function: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """The expressions whose sign does not matter: -x is as exact as x, so not a bit changes."""
    for node in m.findall(function, _SIZE):
        if isinstance(node, cst.Call):
            yield node.args[0].value
        elif isinstance(node, cst.BinaryOperation):
            yield node.left


def is_difference(node: cst.CSTNode) -> bool:
    """Whether it is a - b."""
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Subtract)


def two_way_functions(module: cst.Module) -> set[str]:
    """The functions of a and b that read the same with a and b exchanged.

    a * b has the same bits as b * a, and so has the size of a - b as that of b - a.
    """
    functions = (each for each in module.body if isinstance(each, cst.FunctionDef))
    return {each.name.value for each in functions if _is_two_way(each)}


def _is_two_way(function: cst.FunctionDef) -> bool:
    if not m.matches(function.params, m.Parameters(params=[m.Param(), m.Param()])):
        return False
    a, b = (parameter.name.value for parameter in function.params.params)
    return _sorted(function, {}) == _sorted(function, {a: b, b: a})


def _sorted(function: cst.FunctionDef, names: dict[str, str]) -> str:
    body = function.body.visit(_Sorting(function, names))
    assert isinstance(body, cst.BaseSuite)
    return cst.Module([]).code_for_node(body)


class _Sorting(m.MatcherDecoratableTransformer):
    """Gives names other names, and puts in order what may stand in any."""

    def __init__(self, function: cst.FunctionDef, names: dict[str, str]) -> None:
        super().__init__()
        self._names = names
        self._even = set(even_places(function))

    @m.leave(m.Name())
    def rename(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        """Exchange the names."""
        name = original_node.value
        return updated_node.with_changes(value=self._names.get(name, name))

    @m.leave(m.BinaryOperation())
    def sort(
        self, original_node: cst.BinaryOperation, updated_node: cst.BinaryOperation
    ) -> cst.BinaryOperation:
        """Put both sides in order where either order will do."""
        even = original_node in self._even and is_difference(original_node)
        if not even and not m.matches(original_node, _EITHER_WAY):
            return updated_node
        left, right = sorted(
            (updated_node.left, updated_node.right), key=cst.Module([]).code_for_node
        )
        return updated_node.with_changes(left=left, right=right)
