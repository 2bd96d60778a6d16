"""A proof as JSON."""

import json
from dataclasses import asdict

from grader.verify.proof import Proof

SCHEMA = 1  # raised when a key changes its meaning or goes away


def to_json(proof: Proof) -> str:
    """The whole of it; the same course gives the same text."""
    table = {
        "schema": SCHEMA,
        "course": proof.course,
        "holds": proof.holds,
        "exercises": [{"name": name} | asdict(counts) for name, counts in proof.counts.items()],
        "shortcomings": [asdict(each) for each in proof.shortcomings],
    }
    return json.dumps(table, indent=2, ensure_ascii=False) + "\n"
