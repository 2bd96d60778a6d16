"""Folders as students and attackers make them."""

import hashlib
import os
import socket
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.submission import folder as walk
from grader.submission import gathered, names, read, read_submission


def write(path: Path, content: bytes | str = "x = 1\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def names_of(path: Path) -> list[str]:
    return [file.name for file in read_submission(path).files]


def test_python_files_are_read_from_all_folders_in_the_order_of_their_names(tmp_path: Path) -> None:
    write(tmp_path / "relu.py", "b = 2\n")
    write(tmp_path / "deep/er/dropout.py", "a = 1\r\nb = 2\rc = 3\n")
    write(tmp_path / "UPPER.PY", "")
    write(tmp_path / "notes.txt")
    submission = read_submission(tmp_path)
    assert submission.name == tmp_path.name
    assert [file.name for file in submission.files] == ["UPPER.PY", "deep/er/dropout.py", "relu.py"]
    assert submission.files[1].cells == ("a = 1\nb = 2\nc = 3\n",)
    assert submission.notes == ()


def test_the_hash_is_of_the_bytes_on_the_disk(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbfa = 1\r\n"
    file = read_submission(write(tmp_path / "a.py", content)).files[0]
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert file.cells == ("a = 1\n",)


@pytest.mark.parametrize(
    "hidden", [".git", ".ipynb_checkpoints", "__MACOSX", "__pycache__", ".venv", "node_modules"]
)
def test_folders_of_tools_are_skipped_without_a_word(tmp_path: Path, hidden: str) -> None:
    write(tmp_path / hidden / "a.py")
    write(tmp_path / "._a.py", b"\0\5\26\7")
    write(tmp_path / "a.py")
    submission = read_submission(tmp_path)
    assert [file.name for file in submission.files] == ["a.py"]
    assert submission.notes == ()


def test_links_are_not_followed_except_the_one_that_was_given(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret/hidden.py", "SECRET = 1\n")
    folder = tmp_path / "alice"
    write(folder / "a.py")
    (folder / "link.py").symlink_to(secret)
    (folder / "dangling.py").symlink_to("nowhere")
    (folder / "folder").symlink_to(secret.parent)
    (folder / "self").symlink_to(folder)
    (tmp_path / "given").symlink_to(folder)
    submission = read_submission(tmp_path / "given")
    assert submission.name == "given"
    assert [file.name for file in submission.files] == ["a.py"]
    assert [note.split(" was")[0] for note in submission.notes] == [
        "dangling.py",
        "folder",
        "link.py",
        "self",
    ]
    assert all("links are not followed" in note for note in submission.notes)


def test_pipes_sockets_and_devices_are_not_opened(tmp_path: Path) -> None:
    write(tmp_path / "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    server = socket.socket(socket.AF_UNIX)
    # the path of a socket is short: bind below the folder
    here = Path.cwd()
    os.chdir(tmp_path)
    try:
        server.bind("socket.py")
    finally:
        os.chdir(here)
        server.close()
    expected = ["pipe.py", "socket.py"]
    if os.geteuid() == 0:
        os.mknod(tmp_path / "device.py", stat.S_IFCHR | 0o600, os.makedev(1, 5))  # /dev/zero
        expected = ["device.py", *expected]
    notes = read_submission(tmp_path).notes
    assert [note.split(" was")[0] for note in notes] == expected
    assert all("a pipe, a socket or a device" in note for note in notes)


def test_a_pipe_that_takes_the_place_of_a_file_is_refused_and_does_not_block(
    tmp_path: Path,
) -> None:
    os.mkfifo(tmp_path / "a.py")
    file = walk.open_below("a.py", os.open(tmp_path, os.O_RDONLY))
    with pytest.raises(gathered.LeftOutError, match="a pipe"):
        walk.read_regular(file, gathered.Gathered(), 100)


def swap_before_opening(
    monkeypatch: pytest.MonkeyPatch, target: str, change: Callable[[], None]
) -> None:
    """Change the folder between the look at an entry and its opening."""
    real = os.open

    def racing(path: str, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if path == target:
            change()
        return real(path, flags, mode, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", racing)


def test_a_file_swapped_for_a_link_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = write(tmp_path / "secret.py", "SECRET = 1\n")
    write(tmp_path / "s/a.py")
    victim = write(tmp_path / "s/b.py")

    def swap() -> None:
        victim.unlink()
        victim.symlink_to(secret)

    swap_before_opening(monkeypatch, "b.py", swap)
    submission = read_submission(tmp_path / "s")
    assert [file.name for file in submission.files] == ["a.py"]
    assert "links are not followed" in submission.notes[0]


def test_a_folder_swapped_for_a_link_is_not_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "secret/hidden.py")
    write(tmp_path / "s/a.py")
    victim = write(tmp_path / "s/sub/b.py").parent

    def swap() -> None:
        victim.rename(tmp_path / "elsewhere")
        victim.symlink_to(tmp_path / "secret")

    swap_before_opening(monkeypatch, "sub", swap)
    assert names_of(tmp_path / "s") == ["a.py"]


def test_a_file_that_goes_away_costs_only_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.py")
    swap_before_opening(monkeypatch, "b.py", write(tmp_path / "b.py").unlink)
    submission = read_submission(tmp_path)
    assert [file.name for file in submission.files] == ["a.py"]
    assert submission.notes == ("b.py was left out: it went away while it was being read.",)


def test_a_file_that_grows_while_it_is_read_is_stopped_by_the_cap(tmp_path: Path) -> None:
    def endless(count: int) -> bytes:
        return b"x" * count

    with pytest.raises(gathered.LeftOutError, match="larger than 4 MiB"):
        gathered.Gathered().read(endless, 4 * 2**20)


def test_a_file_over_the_cap_is_left_out_and_one_at_the_cap_is_not(tmp_path: Path) -> None:
    write(tmp_path / "a.py", b"#" * names.CAPS[".py"])
    write(tmp_path / "b.py", b"#" * (names.CAPS[".py"] + 1))
    submission = read_submission(tmp_path)
    assert [file.name for file in submission.files] == ["a.py"]
    assert submission.notes == ("b.py was left out: it is larger than 4 MiB.",)


def test_a_sparse_notebook_is_read_no_further_than_the_cap(tmp_path: Path) -> None:
    with (tmp_path / "a.ipynb").open("wb") as file:
        file.truncate(2**30)
    with pytest.raises(SubmissionError, match="larger than 64 MiB"):
        read_submission(tmp_path)


def test_names_that_cannot_be_shown_are_left_out_and_escaped(tmp_path: Path) -> None:
    write(tmp_path / "a b é.py")
    for name in (b"\xff.py", b"\x1b[31m.py", "a\u202eyp.py".encode(), b"new\nline.py"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x = 1\n")
    (tmp_path / "bell\a").mkdir()
    submission = read_submission(tmp_path)
    assert [file.name for file in submission.files] == ["a b é.py"]
    assert len(submission.notes) == 5
    assert all(note.isprintable() and "rename it" in note for note in submission.notes)
    "".join(submission.notes).encode("utf-8")


def test_the_name_of_the_submission_can_be_printed(tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/evil\xff\x1b[0m"))
    write(folder / "a.py")
    assert read_submission(folder).name == "evil\\udcff\\x1b[0m"


def test_names_of_the_working_folder_and_its_parent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "alice/sub/a.py")
    monkeypatch.chdir(tmp_path / "alice/sub")
    assert read_submission(Path()).name == "sub"
    assert read_submission(Path("..")).name == "alice"


def test_folders_are_entered_to_a_depth(tmp_path: Path) -> None:
    write(tmp_path.joinpath(*"12345678", "a.py"))
    write(tmp_path.joinpath(*"123456789", "b.py"))
    submission = read_submission(tmp_path)
    assert [file.name for file in submission.files] == ["1/2/3/4/5/6/7/8/a.py"]
    assert submission.notes == (
        "1/2/3/4/5/6/7/8/9 was left out: it lies more than 8 folders deep.",
    )


def test_too_many_files_are_an_error_and_not_a_choice(tmp_path: Path) -> None:
    for i in range(gathered.MAX_FILES + 1):
        write(tmp_path / f"{i}.py")
    with pytest.raises(SubmissionError, match="more than 200 Python files"):
        read_submission(tmp_path)


def test_a_folder_full_of_other_files_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "MAX_ENTRIES", 50)
    for i in range(51):
        write(tmp_path / f"{i % 3}/{i}.csv")
    with pytest.raises(SubmissionError, match="more than 50 files and folders"):
        read_submission(tmp_path)


def test_too_many_bytes_are_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathered, "MAX_BYTES", 2**20)
    for name in "abc":
        write(tmp_path / f"{name}.py", b"#" * 500_000)
    with pytest.raises(SubmissionError, match="larger than 1 MiB"):
        read_submission(tmp_path)


def test_too_much_code_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "MAX_TEXT", 2**20)
    write(tmp_path / "a.py", "é" * 600_000)
    with pytest.raises(SubmissionError, match="more than 1 MiB of code"):
        read_submission(tmp_path)


def test_many_notes_are_summed_up(tmp_path: Path) -> None:
    write(tmp_path / "a.py")
    for i in range(30):
        (tmp_path / f"{i:02}.py").symlink_to("a.py")
    notes = read_submission(tmp_path).notes
    assert len(notes) == gathered.MAX_NOTES + 1
    assert notes[-1] == "10 more were left out."


def count_descriptors() -> int:
    return len(list(Path("/dev/fd").iterdir()))


def test_nothing_is_written_and_no_descriptor_stays_open(tmp_path: Path) -> None:
    write(tmp_path / "sub/a.py")
    os.mkfifo(tmp_path / "sub/pipe.py")
    before = {path: path.lstat().st_mtime_ns for path in (tmp_path, *tmp_path.rglob("*"))}
    opened = count_descriptors()
    read_submission(tmp_path)
    after = {path: path.lstat().st_mtime_ns for path in (tmp_path, *tmp_path.rglob("*"))}
    assert before == after
    assert count_descriptors() == opened


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """A folder that anybody may enter, with root's rights laid down while the test runs."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def ordinary_user() -> Iterator[None]:
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def test_files_without_permission_are_left_out(public_folder: Path) -> None:
    write(public_folder / "a.py")
    write(public_folder / "b.py").chmod(0)
    write(public_folder / "sub/c.py").parent.chmod(0)
    with ordinary_user():
        notes = read_submission(public_folder).notes
    (public_folder / "sub").chmod(0o700)
    assert [note.split(" was")[0] for note in notes] == ["b.py", "sub"]
    assert all("give it read permission" in note for note in notes)


def test_a_folder_without_permission_is_an_error(public_folder: Path) -> None:
    write(public_folder / "alice/a.py").parent.chmod(0)
    with ordinary_user(), pytest.raises(SubmissionError, match="give it read permission"):
        read_submission(public_folder / "alice")
    (public_folder / "alice").chmod(0o700)


def test_a_file_that_may_not_be_read_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> None:
        raise PermissionError(13, "Permission denied")

    write(tmp_path / "a.py")
    write(tmp_path / "b.py")
    swap_before_opening(monkeypatch, "b.py", refuse)
    assert read_submission(tmp_path).notes == (
        "b.py was left out: it may not be read; give it read permission.",
    )
