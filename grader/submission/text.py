"""Decodes Python files as Python does (PEP 263), without parsing them."""

import io
import tokenize

from grader.submission.gathered import LeftOutError

# Encodings that are not ones of human text; two of them take quadratic time to decode.
_PYTHON_ONLY = {"idna", "mbcs", "oem", "palmos", "punycode", "raw_unicode_escape", "undefined"}
_PYTHON_ONLY |= {"unicode_escape"}


def decode_python(data: bytes) -> str:
    """The text of a Python file, with "\\n" at the end of its lines.

    Raises:
        LeftOutError: it is no text in UTF-8 or in the encoding that it declares.
    """
    if b"\0" in data:
        raise LeftOutError("it is binary, not text; save it as plain text in UTF-8")
    data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        _require_encoding_of_text(encoding)
        text = data.decode(encoding)
        text.encode("utf-8")  # half a surrogate pair could not be sent to the worker
    except (SyntaxError, LookupError, ValueError):
        raise LeftOutError(
            "it is neither UTF-8 nor in an encoding that its first lines name; save it as UTF-8"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")  # UTF-7 can spell them otherwise


def _require_encoding_of_text(encoding: str) -> None:
    """ASCII must keep its bytes, or the line that names the encoding contradicts itself."""
    keeps_ascii = encoding == "utf-8-sig" or "coding".encode(encoding) == b"coding"
    if encoding.replace("-", "_") in _PYTHON_ONLY or not keeps_ascii:
        raise LookupError(encoding)
