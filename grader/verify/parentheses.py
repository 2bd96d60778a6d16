"""Parentheses round what would otherwise be read as part of something else."""

from typing import TypeVar, cast

import libcst as cst

Node = TypeVar("Node", bound=cst.CSTNode)

_LOOSE = (cst.BinaryOperation, cst.UnaryOperation, cst.BooleanOperation, cst.Comparison, cst.IfExp)
_TIGHT = (
    *_LOOSE,
    *(cst.ComparisonTarget, cst.Attribute, cst.Subscript, cst.Call, cst.StarredElement),
)


def fitted(new: cst.CSTNode, node: cst.CSTNode, parent: cst.CSTNode) -> cst.CSTNode:
    """In parentheses where it would otherwise be read as part of something else."""
    tight = isinstance(parent, _TIGHT) or bool(getattr(node, "lpar", ()))
    return enclosed(new) if tight else new


def enclosed(node: Node) -> Node:
    """In parentheses, if it is made of parts and has none."""
    if not isinstance(node, _LOOSE) or node.lpar:
        return node
    return cast(Node, node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
