"""What can be given as a submission, and one clear sentence for what cannot."""

import os
from pathlib import Path

import pytest

from grader.errors import SubmissionError
from grader.submission import read_submission


def refusal(path: Path) -> str:
    with pytest.raises(SubmissionError) as caught:
        read_submission(path)
    message = str(caught.value)
    assert message.endswith(".")
    assert "\n" not in message
    assert caught.value.__cause__ is None
    return message


def test_a_single_file_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "dropout.py").write_text("x = 1\n")
    submission = read_submission(tmp_path / "dropout.py")
    assert submission.name == "dropout.py"
    assert [file.name for file in submission.files] == ["dropout.py"]


def test_a_link_to_a_file_goes_by_the_name_that_says_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "dropout.py").write_text("x = 1\n")
    (tmp_path / "latest").symlink_to("dropout.py")
    (tmp_path / "blob").write_text("y = 1\n")
    (tmp_path / "relu.py").symlink_to("blob")
    assert read_submission(tmp_path / "latest").files[0].name == "dropout.py"
    assert read_submission(tmp_path / "relu.py").files[0].name == "relu.py"


def test_a_missing_path(tmp_path: Path) -> None:
    assert "alice does not exist; give a folder" in refusal(tmp_path / "alice")
    (tmp_path / "file.py").write_text("")
    assert "does not exist" in refusal(tmp_path / "file.py" / "below")


@pytest.mark.parametrize("name", ["x" * 300 + ".py", "nul\0.py"])
def test_a_path_that_cannot_be(tmp_path: Path, name: str) -> None:
    assert "cannot be opened" in refusal(tmp_path / name)


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    assert "cannot be opened" in refusal(tmp_path / "a.py")


def test_an_empty_folder_and_one_of_other_files(tmp_path: Path) -> None:
    assert "holds no .py or .ipynb file; give the folder" in refusal(tmp_path)
    (tmp_path / "answers.docx").write_bytes(b"PK")
    assert "holds no .py or .ipynb file" in refusal(tmp_path)


def test_a_folder_of_an_archive_says_so(tmp_path: Path) -> None:
    (tmp_path / "answers.zip").write_bytes(b"PK")
    assert "answers.zip: archives inside a submission are not opened" in refusal(tmp_path)


def test_a_folder_with_nothing_readable_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\x7fELF\0")
    assert "holds nothing that can be graded; a.py: it is binary" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["answers.pdf", "answers.tar.gz", "answers", ".py"])
def test_an_unknown_kind_of_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("x = 1\n")
    assert f"{name} cannot be graded: files like it are not read; give a folder" in refusal(
        tmp_path / name
    )


def test_a_pipe_or_device_given_by_name_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert "neither a file nor a folder" in refusal(tmp_path / "a.py")
    assert "neither a file nor a folder" in refusal(Path("/dev/zero"))


def test_a_single_file_that_is_too_large(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"#" * (4 * 2**20 + 1))
    assert "a.py cannot be graded: it is larger than 4 MiB." in refusal(tmp_path / "a.py")


def test_a_single_binary_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"\0\1")
    assert "a.py cannot be graded: it is binary, not text" in refusal(tmp_path / "a.py")


def test_python_files_without_anything_graded_are_fine(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("")
    (tmp_path / "b.py").write_text("this does not parse (\n")
    assert len(read_submission(tmp_path).files) == 2


def test_unreadable_files_cost_only_themselves(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "b.py").write_bytes(b"\xff\xfe")
    (tmp_path / "c.ipynb").write_text("{")
    submission = read_submission(tmp_path)
    assert [file.name for file in submission.files] == ["a.py"]
    assert [note.split(":")[0] for note in submission.notes] == [
        "b.py was left out",
        "c.ipynb was left out",
    ]
