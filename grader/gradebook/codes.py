"""Names that stand for students where the one who looks must not know whose work it is.

A code is drawn once and kept, so that it stays the same; only the gradebook knows whose it is.
"""

import secrets
from collections.abc import Sequence

import sqlalchemy as sql

from grader.gradebook.database import Database, id_of, named
from grader.gradebook.tables import codes

_LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowels, so no words; nothing that looks like a digit
_LENGTH = 6


def make_codes(book: Database, names: Sequence[str]) -> dict[str, str]:
    """The code of each of these students, made where there is none yet."""
    known = codes_of(book, names)
    with book.transaction() as connection:
        taken = set(connection.scalars(sql.select(codes.c.code)))
        for name in names:
            if name not in known:
                known[name] = _new(taken)
                taken.add(known[name])
                values = {"student_id": id_of(connection, name), "code": known[name]}
                connection.execute(codes.insert().values(values))
    return known


def codes_of(book: Database, names: Sequence[str]) -> dict[str, str]:
    """The codes of those of these students who have one."""
    with book.transaction() as connection:
        rows = connection.execute(named(codes, codes.c.code))
        found = {row.name: row.code for row in rows}
    return {name: found[name] for name in names if name in found}


def _new(taken: set[str]) -> str:
    while True:
        code = "student-" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        if code not in taken:
            return code
