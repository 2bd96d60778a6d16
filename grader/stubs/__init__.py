"""Derives the stubs that students get from the references, so that neither can drift.

layout   a reference as statements with the very lines they stand on
derive   which statements a stub keeps, and what is left of an answered function
files    the stubs of a course on the disk
"""

from grader.stubs.derive import derive_stub
from grader.stubs.files import stale_stubs, write_stubs

__all__ = ["derive_stub", "stale_stubs", "write_stubs"]
