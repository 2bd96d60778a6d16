"""grades.csv is read again by who needs to know who is in a class."""

from pathlib import Path

import pytest

from grader.batch.row import Row
from grader.batch.table import read_troubles, write_table
from grader.errors import OutputError


def test_names_and_troubles_are_read_as_they_were_written(tmp_path: Path) -> None:
    names = ["al", "=cmd|'/c calc'!A0", "-1", "'quoted'", 'a "b", c', "'=al", "山田\u3000太郎"]
    rows = [Row(name, trouble=f"{name} is empty.") for name in names]
    write_table(tmp_path / "grades.csv", ["relu"], rows)
    troubles = read_troubles(tmp_path / "grades.csv", names)
    assert set(troubles) == set(names)
    assert troubles["al"] == "al is empty."


@pytest.mark.parametrize("content", [b"\xff\xfe", b"name,points\nal,3\n", b"student\nal,3\n"])
def test_what_is_no_table_of_ours_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "grades.csv"
    path.write_bytes(content)
    with pytest.raises(OutputError, match=r"grades\.csv cannot be read .* writes it anew"):
        read_troubles(path)


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="No such file"):
        read_troubles(tmp_path / "grades.csv")
