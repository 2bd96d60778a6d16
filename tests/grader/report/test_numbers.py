"""The numbers of a failed check: the worst element is marked, wherever it lies."""

from collections.abc import Callable

import pytest

from grader.model import CheckResult, Comparing, Comparison
from grader.report import plots
from grader.report.numbers import Gradients, Grids, Layers, Mask, Pair, parts
from grader.report.words import apart, place

MakeCheck = Callable[..., CheckResult]


def entries(shape: tuple[int, ...], worst: int, off: float = 1.0, name: str = "W1") -> Comparison:
    size = 1
    for length in shape:
        size *= length
    expected = [float(number) for number in range(size)]
    yours = [value + off * (place == worst) for place, value in enumerate(expected)]
    first = slice(400)
    return Comparison(
        Comparing.ENTRIES, name, shape, tuple(yours[first]), tuple(expected[first]), worst, 0.1
    )


def gradient(name: str, yours: list[float], numeric: list[float], worst: int | None) -> Comparison:
    shape = (len(yours), 1)
    return Comparison(Comparing.GRADIENT, name, shape, tuple(yours), tuple(numeric), worst, 1 / 3)


def grids_of(check: CheckResult, *comparisons: Comparison) -> Grids:
    from dataclasses import replace

    (part,) = parts(replace(check, comparisons=comparisons))
    assert isinstance(part, Grids)
    return part


def with_numbers(check: MakeCheck, *comparisons: Comparison) -> list[object]:
    return list(parts(check(comparisons=comparisons)))


def test_a_plain_number_is_a_pair(check: MakeCheck) -> None:
    assert with_numbers(check, entries((), 0)) == [Pair("W1", "1", "0")]


def test_a_matrix_is_two_grids_with_the_worst_element_marked(check: MakeCheck) -> None:
    grids = grids_of(check(), entries((2, 3), 5))
    assert (grids.place, grids.columns, grids.part) == ("W1[1, 2]", (0, 1, 2), "")
    assert [index for index, _ in grids.yours] == [0, 1]
    assert grids.yours[1][1][2] == ("6", True, True)
    assert grids.expected[1][1][2] == ("5", True, True)
    assert grids.yours[0][1][0] == ("0", False, False)


def test_a_vector_has_no_index_of_rows(check: MakeCheck) -> None:
    grids = grids_of(check(), entries((3,), 1))
    assert (grids.place, [index for index, _ in grids.yours]) == ("W1[1]", [None])


@pytest.mark.parametrize("worst", [0, 77, 199])
def test_of_a_large_array_the_part_around_the_worst_is_shown(check: MakeCheck, worst: int) -> None:
    grids = grids_of(check(), entries((20, 10), worst))
    assert (len(grids.yours), len(grids.columns), grids.part) == (6, 4, "20 x 10")
    marked = [
        (index, grids.columns[place])
        for index, cells in grids.yours
        for place, cell in enumerate(cells)
        if cell.worst
    ]
    assert marked == [divmod(worst, 10)]


def test_of_many_axes_the_plane_of_the_worst_is_shown(check: MakeCheck) -> None:
    grids = grids_of(check(), entries((2, 2, 2), 7))
    assert (grids.place, grids.part) == ("W1[1, 1, 1]", "2 x 2 x 2")
    assert [[cell.text for cell in cells] for _, cells in grids.yours] == [["4", "5"], ["6", "8"]]


def test_a_worst_element_that_was_not_handed_over_is_not_made_up(check: MakeCheck) -> None:
    assert with_numbers(check, entries((500,), 450)) == []
    (grids,) = with_numbers(check, entries((20, 30), 399))
    assert isinstance(grids, Grids)
    assert grids.yours[-1][1][0].text == "…"


@pytest.mark.parametrize(
    ("pair", "shown"),
    [
        ((1.0, 2.0), ("1", "2")),
        ((1.00001, 1.0), ("1.00001", "1")),
        ((0.1 + 0.2, 0.3), ("0.30000000000000004", "0.29999999999999999")),
        ((5.0, 5.0), ("5", "5")),
    ],
)
def test_numbers_have_as_many_digits_as_tell_them_apart(
    pair: tuple[float, float], shown: tuple[str, str]
) -> None:
    assert apart(*pair) == shown


def test_a_name_that_is_a_phrase_is_told_its_index_apart() -> None:
    assert place(entries((2, 3), 4, name="A1 where D1 is 1")) == "A1 where D1 is 1, at [1, 1]"
    assert place(entries((), 0)) == "W1"


def test_gradients_share_a_table_and_a_plot(check: MakeCheck) -> None:
    wrong = gradient("dW1", [2.0, 4.0], [1.0, 2.0], 1)
    right = gradient("db1", [0.5, 0.5], [0.5, 0.5], None)
    (part,) = with_numbers(check, wrong, right)
    assert isinstance(part, Gradients)
    assert part.rows[0] == ("dW1", "dW1[1, 0]", "4", "2", "0.33", True)
    assert part.rows[1] == ("db1", "", "", "", "0.33", False)
    assert (part.plot.many, part.plot.ends) == (4, ("0.5", "4"))
    assert part.plot.rings == (("43.9", "7.0"),)


def test_what_is_right_lies_on_the_diagonal() -> None:
    plot = plots.scatter([gradient("dW1", [-1.0, 0.0, 3.0], [-1.0, 0.0, 3.0], None)])
    assert plot.dots == "M7.0 93.0h0M28.5 71.5h0M93.0 7.0h0"
    assert plot.zero == ("28.5", "71.5")


@pytest.mark.parametrize("value", [0.0, 1e300, -1e-300, 5e-324, 1.7e308])
def test_gradients_of_any_size_are_drawn(value: float) -> None:
    plot = plots.scatter([gradient("dW1", [value, -value], [value, value], 1)])
    assert "nan" not in plot.dots
    assert "inf" not in plot.dots


def test_layers_are_drawn_on_one_axis(check: MakeCheck) -> None:
    scale = Comparison(Comparing.SCALE, "kept", (2,), (0.2, 0.8), (0.8, 0.8), 0, 0.3)
    (part,) = with_numbers(check, scale)
    assert isinstance(part, Layers)
    assert not part.logarithmic
    assert part.rows[0] == ("layer 1", "0.2", "0.8", ("27.0", "96.0"))
    assert part.rows[1] == ("layer 2", "0.8", "0.8", ("96.0", "96.0"))


def test_layers_that_explode_are_drawn_on_a_logarithm() -> None:
    scale = Comparison(Comparing.SCALE, "std", (3,), (1.0, 10.0, 100.0), (1.0,) * 3, 2, 0.9)
    rows, logarithmic = plots.layers(scale)
    assert logarithmic
    assert [row.at for row in rows] == [("4.0", "4.0"), ("50.0", "4.0"), ("96.0", "4.0")]


def test_a_mask_is_drawn_and_counted(check: MakeCheck) -> None:
    mask = Comparison(Comparing.MASK, "D1", (2, 3), (1.0, 1.0, 0.0, 0.0, 0.0, 1.0), (), None, 0.0)
    (part,) = with_numbers(check, mask)
    assert isinstance(part, Mask)
    assert part.told == "3 of 6 units are kept, 50%."
    assert part.picture == plots.Squares(3, 2, "M0 0h2v1h-2zM2 1h1v1h-1z")
