"""Names that stand for students where the one who looks must not know whose work it is.

A code is drawn once and kept, so that it stays the same; only the gradebook knows whose it is.
"""

import secrets
from collections.abc import Sequence

import sqlalchemy as sql

from grader.gradebook.database import Database, id_of, named, wait_for_others
from grader.gradebook.tables import codes

_LETTERS = "bcdfghjkmnpqrstvwxz"  # no vowels, so no words; nothing that looks like a digit
_LENGTH = 6


def make_codes(book: Database, names: Sequence[str]) -> dict[str, str]:
    """The code of each of these students, made where there is none yet."""
    with book.transaction() as connection:
        wait_for_others(connection)
        known = _known(connection)
        taken = set(known.values())
        for name in names:
            if name not in known:
                known[name] = _new(taken)
                taken.add(known[name])
                values = {"student_id": id_of(connection, name), "code": known[name]}
                connection.execute(codes.insert().values(values))
    return {name: known[name] for name in names}


def codes_of(book: Database, names: Sequence[str]) -> dict[str, str]:
    """The codes of those of these students who have one."""
    with book.transaction() as connection:
        found = _known(connection)
    return {name: found[name] for name in names if name in found}


def _known(connection: sql.Connection) -> dict[str, str]:
    return {row.name: row.code for row in connection.execute(named(codes, codes.c.code))}


def _new(taken: set[str]) -> str:
    while True:
        code = "student-" + "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        if code not in taken:
            return code
