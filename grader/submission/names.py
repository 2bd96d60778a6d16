"""Which names of files are read, and how names are shown to people."""

import unicodedata

MEBIBYTE = 2**20

# Saved outputs make notebooks large: the cap on their code is the one on Python files, and is
# applied once the outputs are gone (notebook_process).
CAPS = {".py": 4 * MEBIBYTE, ".ipynb": 64 * MEBIBYTE}

ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")

_TOOL_FOLDERS = {"__MACOSX", "__pycache__", "node_modules", "site-packages", "venv"}
_SHOWN = 120  # characters of a name in a message


def suffix_of(name: str) -> str:
    """The part of a name that says what it is, in lower case: ".py", or "" if there is none."""
    stem, dot, ending = name.rpartition(".")
    return (dot + ending).lower() if stem else ""


def is_hidden(part: str) -> bool:
    """Whether a file or folder belongs to a tool and not to the student."""
    return part.startswith(".") or part in _TOOL_FOLDERS


def is_unprintable(name: str) -> bool:
    """Whether a name is not UTF-8 or holds characters that steer a terminal or a reader's eye."""
    return any(unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for c in name)


def printable(name: str) -> str:
    """The name with such characters escaped, cut to a length that fits a message."""
    shown = escaped(name)
    return shown if len(shown) <= _SHOWN else "…" + shown[-_SHOWN:]


def escaped(name: str) -> str:
    """The name with such characters as Python would write them in a string."""
    return "".join(
        c.encode("unicode_escape").decode("ascii") if is_unprintable(c) else c for c in name
    )
