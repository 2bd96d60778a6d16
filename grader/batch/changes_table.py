"""Changes of grades, for a terminal."""

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.batch.changes import Change
from grader.report.text import printable
from grader.report.words import amount, count

MOST = 6  # checks that are named for each student


def shown(changes: Sequence[Change]) -> RenderableType:
    """Return whose grade changes, and a sentence on all of them."""
    changed = sorted((each for each in changes if each.matters), key=lambda each: each.student)
    table = Table("student", "before", "after", "because")
    for each in changed:
        assert each.before is not None
        named = [Text(printable(line, keep="")) for line in each.checks[:MOST]]
        if len(each.checks) > MOST:
            named.append(Text(f"and {len(each.checks) - MOST} more"))
        if each.after.trouble:
            named.append(Text(printable(each.after.trouble, keep=""), style="yellow"))
        table.add_row(
            Text(printable(each.student, keep="")),
            _points(each.before.final),
            _points(each.after.final),
            Group(*named),
        )
    return Group(*([table] if changed else []), Text(verdict(changes)))


def verdict(changes: Sequence[Change]) -> str:
    """Return how many grades change, and what cannot be compared."""
    changed = [each for each in changes if each.matters]
    compared = count(sum(not each.is_new for each in changes), "grade")
    said = [f"{len(changed)} of {compared} would change: {_directions(changed)}."]
    if not changed:
        said = [f"None of {compared} would change."]
    totals = {_possible(each) for each in changes if not each.is_new} - {None}
    said += [
        f"There would be {amount(new)} points, not {amount(old)}."
        for old, new in sorted(filter(None, totals))
    ]
    new = sum(each.is_new for each in changes)
    if new:
        are = "submission is" if new == 1 else "submissions are"
        said.append(f"{new} {are} not in the gradebook yet, so there is nothing to compare.")
    return " ".join([*said, "Nothing was kept: `grader batch` makes it count."])


def _directions(changed: Sequence[Change]) -> str:
    by = [each.difference for each in changed]
    up, down = (sum(bool(d and d * sign > 0) for d in by) for sign in (1, -1))
    other = by.count(None)
    return f"{up} up, {down} down" + (f", {other} to or from no grade" if other else "")


def _possible(change: Change) -> tuple[float, float] | None:
    """The points that there were and would be, where that is known and not the same."""
    attempts = [grade.attempt for grade in (change.before, change.after) if grade]
    old, new = ([each.possible for each in attempts if each] + [None, None])[:2]
    return None if old is None or new is None or old == new else (old, new)


def _points(final: float | None) -> str:
    return "none" if final is None else amount(final)
