"""Derives the stubs that students get from the references, so that neither can drift.

layout    a reference as statements with the very lines they stand on
derive    which statements a stub keeps, and what is left of an answered function
prose     the text of a docstring as Markdown
formulas  the formulas of docstrings as LaTeX
notebook  the same stub as a notebook
files     the stubs of a course on the disk
"""

from grader.stubs.derive import derive_stub
from grader.stubs.files import derive_all, stale_stubs, write_stubs
from grader.stubs.notebook import derive_notebook

__all__ = ["derive_all", "derive_notebook", "derive_stub", "stale_stubs", "write_stubs"]
