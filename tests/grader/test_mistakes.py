"""Known mistakes: how they are read from a course and made in a text."""

import re
from pathlib import Path

import pytest

from grader.errors import CourseError
from grader.mistakes import Equivalent, Mistake, apply, read_equivalents, read_mistakes

ENTRY = """
[[mistake]]
name = "forgets_to_rescale"
function = "dropout"
old = "A = A / keep_prob"
new = "A = A"
tells = "Divide by keep_prob."
fails = ["test_the_mean_is_kept"]
"""


EQUIVALENT = """
[[equivalent]]
function = "dropout"
old = "A = A / keep_prob"
new = "A = A * (1 / keep_prob)"
reason = "Division is multiplication by the inverse."
"""


def course(root: Path, toml: str) -> Path:
    file = root / "reference/mistakes/dropout.toml"
    file.parent.mkdir(parents=True)
    file.write_text(toml)
    return root


def mistake(old: str, new: str, name: str = "slip") -> Mistake:
    return Mistake("dropout", name, "dropout", old, new, "So it is.", ("test_it",))


def test_entries_are_read_in_order(tmp_path: Path) -> None:
    second = ENTRY.replace("forgets_to_rescale", "second") + "planted = true\n"
    first, other = read_mistakes(course(tmp_path, ENTRY + second), "dropout")
    assert first == Mistake(
        exercise="dropout",
        name="forgets_to_rescale",
        function="dropout",
        old="A = A / keep_prob",
        new="A = A",
        tells="Divide by keep_prob.",
        fails=("test_the_mean_is_kept",),
    )
    assert (other.name, other.planted) == ("second", True)


def test_equivalents_stand_beside_the_mistakes(tmp_path: Path) -> None:
    root = course(tmp_path, ENTRY + EQUIVALENT)
    assert [each.name for each in read_mistakes(root, "dropout")] == ["forgets_to_rescale"]
    [equivalent] = read_equivalents(root, "dropout")
    assert equivalent == Equivalent(
        exercise="dropout",
        function="dropout",
        old="A = A / keep_prob",
        new="A = A * (1 / keep_prob)",
        reason="Division is multiplication by the inverse.",
    )
    assert apply("A = A / keep_prob", [equivalent]) == "A = A * (1 / keep_prob)"
    with pytest.raises(CourseError, match="the equivalent of dropout does not occur in reference/"):
        apply("A = A", [equivalent])


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        (EQUIVALENT.replace("reason", "why"), "equivalent 1: the key 'why' is not known"),
        (EQUIVALENT.replace("function", "#"), "equivalent 1: function is missing"),
        (EQUIVALENT.replace("A * (1 / keep_prob)", "A / keep_prob"), "old and new are the same"),
        ("equivalent = 3", "nothing but"),
    ],
)
def test_an_equivalent_that_is_wrong_names_the_file_and_the_edit(
    tmp_path: Path, toml: str, words: str
) -> None:
    with pytest.raises(CourseError, match=re.escape(words)) as caught:
        read_equivalents(course(tmp_path, toml), "dropout")
    assert "reference/mistakes/dropout.toml" in str(caught.value)


def test_an_exercise_needs_no_mistakes(tmp_path: Path) -> None:
    assert read_mistakes(tmp_path, "dropout") == ()
    assert read_mistakes(course(tmp_path, ""), "dropout") == ()


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[[mistake]", "cannot be read as TOML"),
        ("mistake = 1", "nothing but"),
        ("mistake = [1]", "nothing but"),
        (ENTRY.replace("[[mistake]]", "[[mistakes]]"), "nothing but"),
        ("[[mistake]]\nold = 'x'", "mistake 1: name is missing"),
        (ENTRY.replace("old =", "odl ="), "forgets_to_rescale: the key 'odl' is not known"),
        (ENTRY.replace('"dropout"', "3"), "function is missing"),
        (ENTRY.replace('"A = A / keep_prob"', '""'), "old is missing"),
        (ENTRY.replace('["test_the_mean_is_kept"]', "[]"), "fails must list checks"),
        (ENTRY.replace('["test_the_mean_is_kept"]', '"test_x"'), "fails must list checks"),
        (ENTRY + "planted = 1\n", "planted must be true or false"),
        (ENTRY.replace('"A = A"', '"A = A / keep_prob"'), "old and new are the same"),
        (ENTRY + ENTRY, "two mistakes are named forgets_to_rescale"),
    ],
)
def test_an_entry_that_is_wrong_names_the_file_and_the_edit(
    tmp_path: Path, toml: str, words: str
) -> None:
    with pytest.raises(CourseError) as caught:
        read_mistakes(course(tmp_path, toml), "dropout")
    assert str(caught.value).startswith("reference/mistakes/dropout.toml")
    assert words in str(caught.value)


def test_a_new_text_may_be_empty(tmp_path: Path) -> None:
    (entry,) = read_mistakes(course(tmp_path, ENTRY.replace('"A = A"', '""')), "dropout")
    assert entry.new == ""


def test_mistakes_are_made_in_the_text_and_not_in_each_other() -> None:
    made = apply("a = 1\nb = 2\n", [mistake("b = 2", "b = a", "x"), mistake("a = 1", "b = 2", "y")])
    assert made == "b = 2\nb = a\n"
    assert apply("a = 1\n", []) == "a = 1\n"


@pytest.mark.parametrize(
    ("source", "times"),
    [("b = 1", "does not occur"), ("a = 1; a = 1", "occurs more than once")],
)
def test_an_old_text_occurs_exactly_once(source: str, times: str) -> None:
    with pytest.raises(CourseError, match=rf"slip {times}.* in reference/dropout\.py\. Copy"):
        apply(source, [mistake("a = 1", "a = 2")])
    with pytest.raises(CourseError, match="more than once"):
        apply("aaa", [mistake("aa", "b")])


def test_mistakes_made_together_may_not_overlap() -> None:
    with pytest.raises(CourseError, match="old text of two overlaps"):
        apply("abc", [mistake("ab", "x", "one"), mistake("bc", "y", "two")])
