"""Keeps student code apart: the trusted side of isolation.

Knows nothing of what the frames mean. `open_sandbox` tries the ways of isolation for real,
best first; a `Sandbox` makes workers; a `WorkerProcess` takes and gives bytes by a deadline.
"""

from .ladder import Probe, Sandbox, open_sandbox, probe
from .process import Deadline, WorkerGone, WorkerProcess

__all__ = [
    "Deadline",
    "Probe",
    "Sandbox",
    "WorkerGone",
    "WorkerProcess",
    "open_sandbox",
    "probe",
]
