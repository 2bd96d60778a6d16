from pathlib import Path

import pytest

from grader.errors import OutputError
from grader.model import Report
from grader.report.files import write_report
from grader.report.html import to_html
from grader.report.json_report import to_json


def test_both_files_are_written_into_a_new_folder(full_report: Report, tmp_path: Path) -> None:
    paths = write_report(full_report, tmp_path / "a" / "b")
    assert paths == (tmp_path / "a" / "b" / "report.json", tmp_path / "a" / "b" / "report.html")
    assert paths[0].read_bytes() == to_json(full_report)
    assert paths[1].read_bytes() == to_html(full_report).encode()


def test_a_second_run_replaces_the_first(full_report: Report, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("old")
    write_report(full_report, tmp_path)
    write_report(full_report, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == to_html(full_report)


def test_a_link_is_replaced_not_followed(full_report: Report, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("kept")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.json").symlink_to(victim)
    write_report(full_report, out)
    assert victim.read_text() == "kept"


def test_a_file_in_the_place_of_the_folder(full_report: Report, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(OutputError, match=r"cannot be written to .*out \(.+\); name a folder"):
        write_report(full_report, tmp_path / "out")


def test_a_path_that_no_file_can_have(full_report: Report, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="null"):
        write_report(full_report, tmp_path / "a\x00b")


def test_a_failed_write_leaves_the_old_files(full_report: Report, tmp_path: Path) -> None:
    (tmp_path / "report.html").mkdir()
    (tmp_path / "report.html" / "inside").write_text("kept")
    with pytest.raises(OutputError):
        write_report(full_report, tmp_path)
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]
    assert (tmp_path / "report.html" / "inside").read_text() == "kept"
