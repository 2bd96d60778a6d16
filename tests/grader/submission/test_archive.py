"""Zips: ordinary ones, broken ones and bombs."""

import hashlib
import io
import random
import stat
import struct
import time
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.submission import gathered, read_submission

Members = list[tuple[str | zipfile.ZipInfo, bytes]]


def pack(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # two members of one name
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for name, data in members:
                archive.writestr(name, data, method)
    return buffer.getvalue()


@pytest.fixture
def submit(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(data: bytes) -> Path:
        path = tmp_path / "alice.zip"
        path.write_bytes(data)
        return path

    return write


def special(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o644) << 16
    return info


def test_members_are_read_like_files(submit: Callable[[bytes], Path]) -> None:
    code = b"a = 1\r\n"
    members: Members = [
        ("hw/", b""),
        ("hw/relu.py", code),
        ("./dropout.py", code),
        ("__MACOSX/hw/._relu.py", b"\0"),
        ("hw/.git/hooks.py", code),
        ("hw/data.csv", b"1,2"),
        ("win\\sub\\init.py", code),
    ]
    submission = read_submission(submit(pack(members)))
    assert submission.name == "alice.zip"
    assert [file.name for file in submission.files] == [
        "dropout.py",
        "hw/relu.py",
        "win/sub/init.py",
    ]
    assert submission.files[0].cells == ("a = 1\n",)
    assert submission.files[0].sha256 == hashlib.sha256(code).hexdigest()
    assert submission.notes == ()


@pytest.mark.parametrize(
    ("member", "words"),
    [
        ("../out.py", "leads out of the zip"),
        ("a/../../out.py", "leads out of the zip"),
        ("/etc/out.py", "leads out of the zip"),
        ("C:/out.py", "leads out of the zip"),
        ("..\\out.py", "leads out of the zip"),
        ("a//out.py", "leads out of the zip"),
        ("1/2/3/4/5/6/7/8/9/out.py", "more than 8 folders deep"),
        ("\x1b[2J.py", "rename it"),
        (special("link.py", stat.S_IFLNK), "links are not followed"),
        (special("pipe.py", stat.S_IFIFO), "a pipe, a socket or a device"),
        (special("device.py", stat.S_IFCHR), "a pipe, a socket or a device"),
    ],
)
def test_members_that_are_refused(
    submit: Callable[[bytes], Path], member: str | zipfile.ZipInfo, words: str
) -> None:
    submission = read_submission(submit(pack([(member, b"/etc/passwd"), ("a.py", b"x = 1")])))
    assert [file.name for file in submission.files] == ["a.py"]
    assert len(submission.notes) == 1
    assert words in submission.notes[0]
    assert submission.notes[0].isprintable()


@pytest.mark.parametrize("second", ["a.py", "./a.py"])
def test_two_members_of_one_name_are_both_refused(
    submit: Callable[[bytes], Path], second: str
) -> None:
    submission = read_submission(submit(pack([("a.py", b"1"), (second, b"2"), ("b.py", b"3")])))
    assert [file.name for file in submission.files] == ["b.py"]
    assert submission.notes == ("a.py was left out: the zip holds 2 files of that name.",)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_methods_that_cannot_be_counted_while_they_unpack_are_refused(
    submit: Callable[[bytes], Path], method: int
) -> None:
    with pytest.raises(SubmissionError, match="use an ordinary zip"):
        read_submission(submit(pack([("a.py", b"x = 1")], method)))


def test_an_encrypted_zip_names_the_way_out(submit: Callable[[bytes], Path]) -> None:
    data = bytearray(pack([("a.py", b"x = 1")]))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(SubmissionError, match=r"a\.py: it is encrypted; pack the zip without"):
        read_submission(submit(bytes(data)))


@pytest.mark.parametrize("data", [b"", b"PK", b"no zip at all" * 100, b"PK\5\6" + b"\xff" * 18])
def test_what_is_no_zip(submit: Callable[[bytes], Path], data: bytes) -> None:
    with pytest.raises(SubmissionError, match=r"alice\.zip cannot be graded: it is damaged"):
        read_submission(submit(data))


def test_a_member_without_a_name_is_skipped(submit: Callable[[bytes], Path]) -> None:
    submission = read_submission(submit(pack([(zipfile.ZipInfo(""), b"x"), ("a.py", b"x = 1")])))
    assert [file.name for file in submission.files] == ["a.py"]


def test_an_empty_zip(submit: Callable[[bytes], Path]) -> None:
    with pytest.raises(SubmissionError, match=r"alice\.zip holds no \.py or \.ipynb file"):
        read_submission(submit(pack([])))


def test_a_member_with_a_wrong_checksum_costs_only_itself(submit: Callable[[bytes], Path]) -> None:
    data = pack([("a.py", b"x = 1  # stored"), ("b.py", b"y = 2")], zipfile.ZIP_STORED)
    submission = read_submission(submit(data.replace(b"# stored", b"# forged", 1)))
    assert [file.name for file in submission.files] == ["b.py"]
    assert "damaged inside the zip" in submission.notes[0]


def test_a_bomb_is_stopped_by_its_real_bytes(submit: Callable[[bytes], Path]) -> None:
    data = pack([("a.py", b"#" * (40 * 2**20)), ("b.py", b"x = 1")])
    assert len(data) < 2**20
    submission = read_submission(submit(data))
    assert [file.name for file in submission.files] == ["b.py"]
    assert submission.notes == ("a.py was left out: it is larger than 4 MiB.",)


def test_a_member_that_lies_about_its_size_is_not_believed(submit: Callable[[bytes], Path]) -> None:
    data = bytearray(pack([("a.py", b"#" * (20 * 2**20)), ("b.py", b"x = 1")]))
    central = data.index(b"PK\1\2")
    data[central + 24 : central + 28] = struct.pack("<I", 100)
    submission = read_submission(submit(bytes(data)))
    assert [file.name for file in submission.files] == ["b.py"]


def test_many_small_bombs_add_up(
    submit: Callable[[bytes], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathered, "MAX_BYTES", 8 * 2**20)
    members: Members = [(f"{i}.py", b" " * (3 * 2**20)) for i in range(3)]
    with pytest.raises(SubmissionError, match="larger than 8 MiB"):
        read_submission(submit(pack(members)))


def test_a_directory_of_a_million_entries_is_not_listed(submit: Callable[[bytes], Path]) -> None:
    entry = b"PK\1\2" + b"\0" * 42
    data = entry * 300_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, len(data), 0, 0)
    start = time.perf_counter()
    with pytest.raises(SubmissionError, match="more than 10,000 files"):
        read_submission(submit(data + end))
    assert time.perf_counter() - start < 1.0


def test_damage_of_any_kind_is_one_sentence_or_a_note(submit: Callable[[bytes], Path]) -> None:
    whole = pack([("a.py", b"x = 1\n" * 50), ("sub/b.py", b"y = 2\n" * 9), ("c.txt", b"z")])
    chance = random.Random(5)
    for _ in range(600):
        data = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        if chance.random() < 0.2:
            del data[chance.randrange(len(data)) :]
        try:
            submission = read_submission(submit(bytes(data)))
        except SubmissionError as error:
            assert "\n" not in str(error)
        else:
            assert submission.files
