"""What an expression may be mistaken for: other operators, constants, arguments, functions."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import libcst as cst

from grader.verify.parentheses import enclosed, fitted

Part = TypeVar("Part", cst.Arg, cst.BaseElement)
SWAPPED = "operands swapped"
EXCHANGED = "arguments swapped"

Change = tuple[str, cst.CSTNode]  # kind, and what stands in the place of the node

_OPERATORS: dict[type[cst.BaseBinaryOp], cst.BaseBinaryOp] = {
    cst.Add: cst.Subtract(),
    cst.Subtract: cst.Add(),
    cst.Multiply: cst.Divide(),
    cst.Divide: cst.Multiply(),
    cst.MatrixMultiply: cst.Multiply(),
    cst.Power: cst.Multiply(),
    cst.FloorDivide: cst.Divide(),
    cst.Modulo: cst.FloorDivide(),
}
_AUGMENTED: dict[type[cst.BaseAugOp], cst.BaseAugOp] = {
    cst.AddAssign: cst.SubtractAssign(),
    cst.SubtractAssign: cst.AddAssign(),
    cst.MultiplyAssign: cst.DivideAssign(),
    cst.DivideAssign: cst.MultiplyAssign(),
}
_COMPARISONS: dict[type[cst.BaseCompOp], tuple[cst.BaseCompOp, ...]] = {
    cst.LessThan: (cst.LessThanEqual(), cst.GreaterThan()),
    cst.LessThanEqual: (cst.LessThan(), cst.GreaterThan()),
    cst.GreaterThan: (cst.GreaterThanEqual(), cst.LessThan()),
    cst.GreaterThanEqual: (cst.GreaterThan(), cst.LessThan()),
    cst.Equal: (cst.NotEqual(),),
    cst.NotEqual: (cst.Equal(),),
    cst.In: (cst.NotIn(),),
    cst.NotIn: (cst.In(),),
    cst.Is: (cst.IsNot(),),
    cst.IsNot: (cst.Is(),),
}
_PAIRS = (
    *(("sum", "mean"), ("cumsum", "cumprod"), ("max", "min"), ("maximum", "minimum")),
    *(("argmax", "argmin"), ("any", "all"), ("zeros", "ones"), ("zeros_like", "ones_like")),
    *(("sqrt", "square"), ("log", "log1p"), ("exp", "expm1"), ("hstack", "vstack")),
    *(("randn", "rand"), ("random", "standard_normal")),
)
_FUNCTIONS = {name: other for a, b in _PAIRS for name, other in ((a, b), (b, a))}
_TWO_WAY = {"maximum", "minimum", "max", "min", "hypot", "logaddexp", "isclose", "allclose"}
_SAME = {"float", "int"}  # a numpy number is as right an answer as a plain one
_ASSUMES = {"strict"}  # says what its author knows, and changes nothing where that is so


def expression_changes(node: cst.CSTNode, parent: cst.CSTNode) -> Iterator[Change]:
    """The ways in which one expression can go wrong, its parts left as they are."""
    for type_, changes in _CHANGES:
        if isinstance(node, type_):
            yield from ((kind, fitted(new, node, parent)) for kind, new in changes(node, parent))


def _operator(node: cst.BinaryOperation, _: cst.CSTNode) -> Iterator[Change]:
    other = _OPERATORS.get(type(node.operator))
    if other is not None:
        yield "operator", node.with_changes(operator=other)
    if isinstance(node.operator, cst.Add | cst.Subtract | cst.Multiply | cst.Divide | cst.Power):
        yield "operand dropped", node.left
    if isinstance(node.operator, cst.Add | cst.Multiply):
        yield "operand dropped", node.right
    if isinstance(node.operator, cst.Subtract | cst.Divide | cst.MatrixMultiply | cst.Power):
        left, right = enclosed(node.right), enclosed(node.left)
        yield SWAPPED, node.with_changes(left=left, right=right)


def _sign(node: cst.UnaryOperation, _: cst.CSTNode) -> Iterator[Change]:
    if isinstance(node.operator, cst.Minus | cst.Not | cst.BitInvert):
        yield "sign", node.expression


def _augmented(node: cst.AugAssign, _: cst.CSTNode) -> Iterator[Change]:
    other = _AUGMENTED.get(type(node.operator))
    if other is not None:
        yield "operator", node.with_changes(operator=other)
    target = cst.AssignTarget(node.target)
    yield "operator", cst.Assign(targets=[target], value=node.value)


def _comparison(node: cst.ComparisonTarget, _: cst.CSTNode) -> Iterator[Change]:
    for other in _COMPARISONS.get(type(node.operator), ()):
        yield "comparison", node.with_changes(operator=other)


def _boolean(node: cst.BooleanOperation, _: cst.CSTNode) -> Iterator[Change]:
    other = cst.Or() if isinstance(node.operator, cst.And) else cst.And()
    yield "comparison", node.with_changes(operator=other)
    yield "operand dropped", node.left
    yield "operand dropped", node.right


def _condition(node: cst.BaseExpression, parent: cst.CSTNode) -> Iterator[Change]:
    branches = cst.If, cst.IfExp, cst.While, cst.CompIf
    if isinstance(parent, branches) and parent.test is node:
        for name in ("True", "False"):
            if not isinstance(parent, cst.While) or name == "False":  # or it would never end
                yield "condition", cst.Name(name)


def _integer(node: cst.Integer, parent: cst.CSTNode) -> Iterator[Change]:
    if _keyword(parent) != "axis":
        for value in (node.evaluated_value + 1, node.evaluated_value - 1):
            yield "constant", cst.parse_expression(str(value))


def _float(node: cst.Float, _: cst.CSTNode) -> Iterator[Change]:
    for value in dict.fromkeys((node.evaluated_value + 1, node.evaluated_value * 2)):
        if value != node.evaluated_value:
            yield "constant", cst.Float(repr(value))


def _text(node: cst.SimpleString, _: cst.CSTNode) -> Iterator[Change]:
    if isinstance(node.evaluated_value, str):
        yield "constant", cst.SimpleString(f"{node.value[:-1]}_{node.value[-1]}")


def _truth(node: cst.Name, parent: cst.CSTNode) -> Iterator[Change]:
    keyword = _keyword(parent)
    if node.value in ("True", "False") and keyword not in _ASSUMES:
        kind = keyword if keyword == "keepdims" else "constant"
        yield kind, cst.Name("False" if node.value == "True" else "True")


def _call(node: cst.Call, _: cst.CSTNode) -> Iterator[Change]:
    name = _called(node)
    if len(node.args) == 1 and not node.args[0].keyword and not node.args[0].star:
        if name not in _SAME:
            yield "call dropped", node.args[0].value
    elif not node.args and isinstance(node.func, cst.Attribute):
        yield "call dropped", node.func.value
    if isinstance(node.func, cst.Attribute) and name in _FUNCTIONS:
        yield "function", node.with_deep_changes(node.func.attr, value=_FUNCTIONS[name])
    yield from _arguments(node, name)


def _arguments(node: cst.Call, name: str) -> Iterator[Change]:
    args = node.args
    for i in range(len(args)):
        keyword = _keyword(args[i])
        if keyword and keyword not in _ASSUMES:
            kind = keyword if keyword in ("axis", "keepdims") else "argument dropped"
            yield kind, node.with_changes(args=_without(args, i))
        if keyword == "axis" and isinstance(value := args[i].value, cst.Integer):
            other = cst.Integer("0" if value.value == "1" else "1")
            yield "axis", node.with_deep_changes(args[i], value=other)
    places = [i for i, arg in enumerate(args) if not arg.keyword]
    if name not in _TWO_WAY:
        for i in places[:-1]:
            swapped = [*args[:i], *_swapped(args[i], args[i + 1]), *args[i + 2 :]]
            yield EXCHANGED, node.with_changes(args=swapped)


def _tuple(node: cst.Tuple, parent: cst.CSTNode) -> Iterator[Change]:
    if _is_target(node, parent):
        return
    parts = node.elements
    for i in range(len(parts) - 1):
        swapped = [*parts[:i], *_swapped(parts[i], parts[i + 1]), *parts[i + 2 :]]
        yield "elements swapped", node.with_changes(elements=swapped)


def _transpose(node: cst.Attribute, _: cst.CSTNode) -> Iterator[Change]:
    if node.attr.value == "T":
        yield "transpose dropped", node.value


def _is_target(node: cst.CSTNode, parent: cst.CSTNode) -> bool:
    """Whether a tuple is assigned to, or only asked what is in it: its order says little then."""
    targets = cst.AssignTarget, cst.For, cst.CompFor
    asked = isinstance(parent, cst.ComparisonTarget)
    return asked or (isinstance(parent, targets) and parent.target is node)


def _called(node: cst.Call) -> str:
    func = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return func.value if isinstance(func, cst.Name) else ""


def _keyword(node: cst.CSTNode) -> str:
    return node.keyword.value if isinstance(node, cst.Arg) and node.keyword else ""


def _swapped(a: Part, b: Part) -> tuple[Part, Part]:
    return b.with_changes(comma=a.comma), a.with_changes(comma=b.comma)


def _without(args: Sequence[cst.Arg], i: int) -> list[cst.Arg]:
    left = [*args[:i], *args[i + 1 :]]
    return [arg.with_changes(comma=cst.MaybeSentinel.DEFAULT) for arg in left]


_CHANGES: tuple[tuple[type, Callable[..., Iterator[Change]]], ...] = (
    (cst.BinaryOperation, _operator),
    (cst.UnaryOperation, _sign),
    (cst.AugAssign, _augmented),
    (cst.ComparisonTarget, _comparison),
    (cst.BooleanOperation, _boolean),
    (cst.BaseExpression, _condition),
    (cst.Integer, _integer),
    (cst.Float, _float),
    (cst.SimpleString, _text),
    (cst.Name, _truth),
    (cst.Call, _call),
    (cst.Tuple, _tuple),
    (cst.Attribute, _transpose),
)
