"""report.json: the record that everything else can be told from."""

import msgspec

from grader.errors import GraderError
from grader.model import SCHEMA, Report
from grader.report.text import cleaned


def to_json(report: Report) -> bytes:
    """Return the report as JSON; equal reports give equal bytes."""
    packed = msgspec.json.encode(cleaned(report), order="deterministic")
    return msgspec.json.format(packed, indent=2) + b"\n"


def from_json(data: bytes) -> Report:
    """Return the report that `to_json` wrote; keys that are not known are passed over.

    Raises:
        GraderError: the bytes are no report, or one of another schema.
    """
    try:
        schema = msgspec.json.decode(data, type=_Head).schema
        if schema == SCHEMA:
            return msgspec.json.decode(data, type=Report)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise GraderError(
            f"This is not a report of grader ({error}); run `grader run` to write one."
        ) from error
    raise GraderError(
        f"This report has schema {schema}, and this version of grader reads {SCHEMA}; "
        "run `grader run` to write it anew."
    )


class _Head(msgspec.Struct):
    schema: int
