"""Outcomes are kept by what was answered; what cannot be read is decided again."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from grader.checks import transcript as module
from grader.checks.transcript import DIGEST, Asked, Kept, Outcomes, digest, transcript
from grader.model import Status

PASSED = Kept(Status.PASSED, "", None, None, (), b"")
ASKED = Asked("f", b"arguments", 7, ((b"question", b"answer"),))
FAILED = Kept(
    Status.ERROR, "", "f(1)", ("f", "KeyError", "x"), (ASKED,) * 3, b"a" * 3 * DIGEST, place=2
)


@pytest.fixture(autouse=True)
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADER_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "outcomes.sqlite3"


def keep(kept: Kept = PASSED, *, key: str = "key", item: str = "test", seen: bytes = b"t") -> None:
    outcomes = Outcomes(key)
    outcomes.keep(item, seen, kept)
    outcomes.save()
    outcomes.close()


def find(key: str = "key", item: str = "test", seen: bytes = b"t") -> list[Kept]:
    with closing(Outcomes(key)) as outcomes:
        return outcomes.find(item, seen)


def test_order_and_bounds_of_answers_count() -> None:
    answers = [digest(image) for image in (b"a", b"bc", b"ab", b"c")]
    assert len({digest(b"a"), digest(b""), digest(b"b")}) == 3
    assert transcript(answers[:2]) != transcript(answers[2:])
    assert transcript(answers) != transcript(answers[::-1])
    assert transcript(answers) == transcript(list(answers))


@pytest.mark.parametrize("kept", [PASSED, FAILED])
def test_an_outcome_comes_back_as_it_was_kept(kept: Kept) -> None:
    keep(kept)
    assert find() == [kept]


def test_every_part_of_the_name_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    keep()
    assert find("other", "test", b"t") == []
    assert find("key", "test[1]", b"t") == []
    assert find("key", "test", b"u") == []
    monkeypatch.setattr(module, "machine", lambda: "another processor")
    assert find() == []


def test_different_further_answers_are_variants(monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(4):
        keep(Kept(Status.FAILED, f"{n}", None, None, (ASKED,), bytes([n]) * DIGEST))
    assert {kept.message for kept in find()} == set("0123")
    monkeypatch.setattr(module, "MOST_VARIANTS", 2)
    assert len(find()) == 2


def test_what_is_not_saved_is_not_kept() -> None:
    with closing(Outcomes("key")) as outcomes:
        outcomes.keep("test", b"t", PASSED)
    assert find() == []


def rows(path: Path) -> list[tuple[bytes, bytes]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT transcript, kept FROM outcomes").fetchall()


def test_a_damaged_row_and_one_of_another_transcript_are_none(path: Path) -> None:
    keep(FAILED)
    keep(PASSED, seen=b"u")
    (first, failed), (second, passed) = rows(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM outcomes")
        flipped = bytes([failed[-1] ^ 1])
        swapped = [(first, passed), (second, failed), (first, failed[:-1] + flipped), (first, b"")]
        connection.executemany("INSERT INTO outcomes VALUES (?, ?)", swapped)
    for seen in (b"t", b"u"):
        assert Outcomes("key").find("test", seen) == []


FILES = {
    "garbage": lambda _: b"no database" * 500,
    "truncated": lambda data: data[: len(data) // 2 + 100],
    "overwritten pages": lambda data: data[:1024] + b"\xff" * (len(data) - 1024),
    "empty": lambda _: b"",
}


@pytest.mark.parametrize("damage", FILES.values(), ids=FILES)
def test_a_damaged_file_is_thrown_away(path: Path, damage) -> None:
    for n in range(60):
        keep(Kept(Status.FAILED, f"{n}" * 200, None, None, (), b""), seen=b"%d" % n)
    path.write_bytes(damage(path.read_bytes()))
    found = [find("key", "test", b"%d" % n) for n in range(60)]
    assert [] in found
    assert all(each in ([], [Kept(Status.FAILED, f"{n}" * 200, None, None, (), b"")])
               for n, each in enumerate(found))  # fmt: skip
    keep(FAILED)
    keep(FAILED)  # the first may have found the damage only as it wrote
    assert find() == [FAILED]


def test_a_table_that_is_not_ours_is_thrown_away(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE outcomes (a, b, c)")
    keep(FAILED)
    keep(FAILED)
    assert find() == [FAILED]


def test_a_locked_file_is_left_to_whoever_uses_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(FAILED)
    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda path, **_: connect(path, timeout=0.05))
    with connect(path) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        outcomes = Outcomes("key")
        assert outcomes.find("test", b"t") == []
        outcomes.keep("test", b"u", PASSED)
        outcomes.save()
        outcomes.close()
    other.close()
    assert find() == [FAILED]


def test_a_file_that_grew_too_large_starts_anew(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(FAILED)
    assert find() == [FAILED]
    monkeypatch.setattr(module, "MOST_BYTES", path.stat().st_size - 1)
    assert find() == []


def test_without_a_folder_nothing_is_kept(path: Path) -> None:
    path.parent.touch()
    keep()
    assert find() == []


def test_many_that_write_at_once_lose_nothing() -> None:
    def write(n: int) -> None:
        for m in range(10):
            keep(seen=b"%d %d" % (n, m))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(find("key", "test", b"%d %d" % (n, m)) for n in range(4) for m in range(10))
