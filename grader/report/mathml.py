"""Formulas: LaTeX of the course becomes MathML, which browsers set without a script."""

import re

from markupsafe import Markup, escape

_NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"'  # which a page need not name
_SIZE = re.compile(r' (?:min|max)size="[^"]*"')  # brackets stretch by themselves
_SIGN = re.compile("&#x([0-9A-F]+);")
_SIZED = re.compile(r"\\[bB]igg?[lr]?(?=\\)")  # a size before a named bracket, which is lost


def mathml(latex: str) -> Markup:
    """Return the formula as a block; one that cannot be set is shown as it is written."""
    # Imported late: it reads a table of all signs, and most pages have no formula.
    from latex2mathml.converter import convert

    try:
        text = convert(_SIZED.sub("", latex), display="block").replace(_NAMESPACE, "")
    except Exception:  # it has a dozen classes for what is wrong, and no common one
        return Markup("<code>{}</code>").format(escape(latex))
    return Markup(_SIGN.sub(_sign, _SIZE.sub("", text)))  # noqa: S704 # made of elements, which escape what they hold


def _sign(entity: re.Match[str]) -> str:
    """The character itself, which is shorter; those that markup is made of stay."""
    character = chr(int(entity[1], 16))
    return entity[0] if character in "<>&" else character
