"""The gradebook: every attempt of every student, kept in a database.

`store` is the only module that knows SQLAlchemy; importing it takes a quarter of a second, so
whoever needs no gradebook does not import it.
"""
