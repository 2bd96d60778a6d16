"""The gradebook: every attempt of every student, and what people decided by hand.

    database    a database is opened, or made, and brought up to date
    tables      what it holds
    store       attempts: added, never changed
    comments    what people wrote
    overrides   points that people gave

    codes       names for grading without names
    erasure     one student's records, taken out of all of it

These alone know SQLAlchemy; importing it takes a quarter of a second, so whoever needs no
gradebook does not import them. The others know none:

    attempt     a submission, and what came of grading it
    policy      which attempt counts, and what lateness costs
    grade       from attempts to a grade
    rules       the policy of a course, as its settings tell it
    deadlines   what holds for single students, from a file
    trial       a gradebook that keeps nothing
    grades      all of it together: the grades of a gradebook
"""
