"""A proof for people: a table, and a sentence with the way out for each shortcoming."""

from collections.abc import Iterator
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from grader.verify.proof import Counts, Proof, Shortcoming


def shown(proof: Proof) -> Group:
    """Everything that there is to say."""
    return Group(_table(proof), *(line for each in _sorted(proof) for line in _lines(each)))


def verdict(proof: Proof) -> str:
    """The last sentence."""
    if proof.holds:
        return "The exam is proven: what is right passes, and every mistake is caught."
    count = len(proof.shortcomings)
    return f"The exam is not proven: {count} shortcoming{'s' if count > 1 else ''}."


def _table(proof: Proof) -> Table:
    table = Table(title=proof.course, caption="mutants: killed + equivalent / all")
    table.add_column("exercise")
    for title in ("checks", "mistakes", "mutants", "alternatives", "by chance", "falls short"):
        table.add_column(title, justify="right")
    short = [each.exercise for each in proof.shortcomings]
    for name, counts in proof.counts.items():
        table.add_row(name, *_cells(counts), str(short.count(name) or ""))
    table.add_section()
    table.add_row("in all", *_cells(_sum(proof)), str(len(short) or ""))
    return table


def _cells(counts: Counts) -> Iterator[str]:
    yield str(counts.checks)
    yield f"{counts.caught} / {counts.mistakes}"
    yield f"{counts.killed} + {counts.equivalent} / {counts.mutants}"
    inner = f" + {counts.inner_seeds} seeds" if counts.inner_seeds else ""
    yield f"{counts.alternatives}{inner}"
    yield f"{counts.statistical} x {counts.seeds}" if counts.statistical else ""


def _sum(proof: Proof) -> Counts:
    sums = Counts()
    for counts in proof.counts.values():
        for name, value in asdict(counts).items():
            setattr(sums, name, getattr(sums, name) + value)
    sums.seeds = max((counts.seeds for counts in proof.counts.values()), default=0)
    return sums


def _sorted(proof: Proof) -> list[Shortcoming]:
    """In the order of the syllabus; what concerns the whole course comes last."""
    order = list(proof.counts)
    return sorted(
        proof.shortcomings,
        key=lambda each: order.index(each.exercise) if each.exercise else len(order),
    )


def _lines(shortcoming: Shortcoming) -> Iterator[RenderableType]:
    yield Text(f"\n{shortcoming.sentence}")
    for sign, text, style in (("-", shortcoming.old, "red"), ("+", shortcoming.new, "green")):
        for line in text.splitlines():
            yield Padding(Text(f"{sign} {line}", style=style, no_wrap=True), (0, 0, 0, 2))
