"""Grades numerical Python exercises: student code in a sandbox, hidden checks outside it."""

__version__ = "0.1.0"
