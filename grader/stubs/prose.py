"""The text of a docstring as Markdown, with its formulas set."""

import re
from collections.abc import Iterator, Mapping

_SECTION = re.compile(r"^(?:Args|Returns|Yields|Raises):\n(?:(?: .*)?\n)*", re.MULTILINE)
_PARAGRAPHS = re.compile(r"\n[ ]*\n")
_CODE = re.compile(r"(`[^`\n]+`)")
_SIGNS = re.compile(r"[\\*$<~]|(?<!\w)_|_(?!\w)|^[#>](?=\s)", re.MULTILINE)
_INDENT = "    "


def markdown(docstring: str, formulas: Mapping[str, str]) -> str:
    """What a docstring says, but for arguments and results, which stand beside the code.

    Args:
        docstring: without the indentation of its function.
        formulas: the LaTeX of a line, by its text; other indented lines are shown as they are.
    """
    text = _SECTION.sub("", docstring + "\n")
    parts = [part for part in _PARAGRAPHS.split(text) if part.strip()]
    return "\n\n".join(_part(part.strip("\n"), formulas) for part in parts)


def formula_lines(docstring: str) -> Iterator[str]:
    """The lines of a docstring that are a formula, or may be one."""
    for part in _PARAGRAPHS.split(_SECTION.sub("", docstring + "\n")):
        if part.strip("\n").startswith(_INDENT):
            yield from (line.strip() for line in part.strip("\n").split("\n"))


def _part(part: str, formulas: Mapping[str, str]) -> str:
    if part.startswith(_INDENT):
        return _formula(part, formulas)
    heading, _, rest = part.partition("\n")
    if heading.endswith(":") and rest.startswith(_INDENT):  # a section, as "Source:"
        return f"*{_plain(heading)}* {_plain(' '.join(rest.split()))}"
    return _plain(part)


def _formula(part: str, formulas: Mapping[str, str]) -> str:
    lines = [line.strip() for line in part.split("\n")]
    if not all(line in formulas for line in lines):
        return "\n".join(
            ["```text", *(line.removeprefix(_INDENT) for line in part.split("\n")), "```"]
        )
    return "\n\n".join(f"$$\n{formulas[line]}\n$$" for line in lines)


def _plain(text: str) -> str:
    """Text that Markdown shows as it is; what stands in backticks stays code."""
    parts = _CODE.split(text)
    return "".join(p if i % 2 else _SIGNS.sub(r"\\\g<0>", p) for i, p in enumerate(parts))
