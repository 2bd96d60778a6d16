"""The gradebook: every attempt of every student, and what people decided by hand.

    database    a database is opened, or made, and brought up to date
    tables      what it holds
    store       attempts: added, never changed
    comments    what people wrote
    overrides   points that people gave

These alone know SQLAlchemy; importing it takes a quarter of a second, so whoever needs no
gradebook does not import them.
"""
