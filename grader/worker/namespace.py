"""A submission as source text, and the modules that are made of it for one exercise."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import CodeType, ModuleType
from typing import Any

from . import failures
from .files import File, rank
from .imports import Importer
from .source import Selection
from .standins import StandIn
from .statements import Import, Statement

_MOST_NOTES = 20


@dataclass
class Opened:
    """The functions of one exercise.

    Attributes:
        file: the file that was graded.
        files: where each function was found.
        missing: why a function is not there, a sentence each.
    """

    file: str | None = None
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def function(self, name: str) -> Callable[..., Any]:
        """The student's function; NotImplementedError where there is none."""
        found = self.functions.get(name)
        if found is None:
            raise NotImplementedError(self.missing.get(name, f"there is no function {name}"))
        return found

    def add(self, name: str, value: Any, file: str, failure: str | None) -> None:
        """A function as its file made it, or the reason why that is none."""
        if type(value) is StandIn:
            self.missing[name] = f"{name} {value.why()}"
        elif callable(value):
            self.functions[name] = value
            self.files[name] = file
        else:
            self.missing[name] = failure or f"{name} is not a function in {file}"

    def report(self) -> dict[str, object]:
        """The payload of READY."""
        known = set(self.missing.values())
        notes = [note for note in dict.fromkeys(self.notes) if note not in known]
        return {
            "file": self.file,
            "functions": self.files,
            "missing": self.missing,
            "notes": notes[:_MOST_NOTES],
        }


@dataclass(frozen=True, slots=True)
class _Found:
    """Where the functions of an exercise are.

    Attributes:
        file: the one that is graded.
        shares: what each file gives.
        missing: why the others are not there.
        notes: what a student should know about it.
    """

    file: str | None
    shares: dict[File, tuple[str, ...]] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Program:
    """A submission, opened as often as asked; parsed once.

    Args:
        helpers: source texts of the course's helper modules; a file named like one is no part
            of the submission.
        packages: what is installed beside the standard library.
    """

    def __init__(
        self,
        files: Iterable[Mapping[str, Any]],
        helpers: Mapping[str, str],
        packages: Iterable[str] = ("numpy",),
    ) -> None:
        self.packages = frozenset(packages)
        self._helpers = dict(helpers)
        named = [File(file["name"], file["cells"]) for file in files]
        self._files = sorted((f for f in named if f.stem not in helpers), key=lambda f: f.name)
        self.lines = {label: lines for f in self._files for label, lines in f.lines()}
        self._selections: dict[tuple[str, tuple[str, ...]], Selection] = {}
        self._plans: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[Statement]] = {}
        self._codes: dict[str, CodeType] = {}
        self._found: dict[tuple[str, tuple[str, ...]], _Found] = {}

    def open(self, exercise: str, functions: tuple[str, ...]) -> Opened:
        """The functions, in a fresh module for each file that they are taken from."""
        key = exercise, functions
        if key not in self._found:
            self._found[key] = self._find(exercise, functions)
        found = self._found[key]
        opened = Opened(found.file, missing=dict(found.missing), notes=list(found.notes))
        importer = Importer(self, lambda file, module: self._run_all(file, functions, module))
        for file, names in found.shares.items():
            self._load(file, names, functions, importer.module("submission", file.folder), opened)
        return opened

    def helper(self, name: str) -> CodeType | None:
        """The helper module of that name, compiled."""
        if name not in self._codes and name in self._helpers:
            self._codes[name] = compile(self._helpers[name], f"{name}.py", "exec")
        return self._codes.get(name)

    def sibling(self, path: str, folder: str) -> File | None:
        """The .py file that an import of that dotted path means, from a file in that folder."""
        wanted = path.replace(".", "/") + ".py"
        found = [f for f in self._files if f.name == wanted or f.name.endswith("/" + wanted)]
        found.sort(key=lambda file: file.name != folder + wanted)
        return found[0] if found else None

    def is_guarded(self, label: str, line: int) -> bool:
        """Whether a file is prepared for the import in that line to fail."""
        return label in self.lines and any((label, line) in file.guarded for file in self._files)

    def _selection(self, file: File, functions: tuple[str, ...]) -> Selection:
        key = file.name, functions
        if key not in self._selections:
            self._selections[key] = Selection(file, functions, self._helpers)
        return self._selections[key]

    def _order(self, exercise: str, functions: tuple[str, ...]) -> list[File]:
        """The files that hold any of the functions: the one to grade, then the fullest."""

        def count(file: File) -> tuple[int, int]:
            chosen = self._selection(file, functions)
            return sum(map(chosen.is_written, functions)), sum(map(chosen.holds, functions))

        counts = {file: count(file) for file in self._files if file.mentions(functions)}
        holding = [file for file, found in counts.items() if any(found)]
        holding.sort(key=lambda file: counts[file], reverse=True)
        best = sorted(holding, key=lambda file: rank(file, exercise))[:1]
        return best + [file for file in holding if file not in best]

    def _find(self, exercise: str, functions: tuple[str, ...]) -> "_Found":
        """Which functions each file gives; a broken one is not looked for elsewhere."""
        order = self._order(exercise, functions)
        found = _Found(order[0].name if order else None)
        fitting = [file for file in order if rank(file, exercise) < 2]
        for name in functions:
            file = self._holder(name, functions, order, fitting)
            if file is None:
                found.missing[name] = f"No file defines a function {name}."
            elif self._selection(file, functions).definition(name):
                found.shares[file] = (*found.shares.get(file, ()), name)
                found.notes.extend(self._rivals(name, functions, file, fitting))
            else:
                found.missing[name] = self._selection(file, functions).broken(name) or ""
        return found

    def _holder(
        self, name: str, functions: tuple[str, ...], order: list[File], fitting: list[File]
    ) -> File | None:
        """The file that gives a function.

        A stub gives way to an answer, but only to one in a file that is named for the exercise
        as well: elsewhere the name may mean another thing.
        """
        holding = [file for file in order if self._selection(file, functions).holds(name)]
        written = [file for file in fitting if self._selection(file, functions).is_written(name)]
        if not holding or self._selection(holding[0], functions).is_written(name):
            return holding[0] if holding else None
        return (written or holding)[0]

    def _rivals(
        self, name: str, functions: tuple[str, ...], file: File, fitting: list[File]
    ) -> list[str]:
        """Say so where another file for the same exercise has another answer."""
        chosen = self._selection(file, functions)
        return [
            f"{other.name} has {name} as well, and not the same; that of {file.name} is graded"
            for other in fitting
            if other is not file and file in fitting
            if (another := self._selection(other, functions)).is_written(name)
            if another.answer(name) != chosen.answer(name)
        ]

    def _load(
        self,
        file: File,
        names: tuple[str, ...],
        functions: tuple[str, ...],
        module: ModuleType,
        opened: Opened,
    ) -> None:
        chosen = self._selection(file, functions)
        key = file.name, functions, names
        if key not in self._plans:
            self._plans[key] = chosen.closure(names)
        made, failed = self._run(self._plans[key], module)
        opened.notes += [*chosen.notes, *failed.values()]
        opened.notes += [broken.sentence for broken in file.broken]
        for name in names:
            opened.add(name, made.get(name), file.name, failed.get(name))

    def _run_all(self, file: File, functions: tuple[str, ...], module: ModuleType) -> None:
        self._run(self._selection(file, functions).everything(), module)

    def _run(
        self, statements: list[Statement], module: ModuleType
    ) -> tuple[dict[str, Any], dict[str, str]]:
        """Run them in order.

        Returns:
            What the file itself made: an import below a definition of the same name, of a
            helper's answer for instance, does not stand for it. And for each name that a
            failing statement binds, a sentence about it.
        """
        made: dict[str, Any] = {}
        failed: dict[str, str] = {}
        names = vars(module)
        for statement in statements:
            try:
                exec(statement.code, names)  # noqa: S102 - what the sandbox is for
            except BaseException as error:  # SystemExit at the top of a file, too
                sentence = self._sentence(statement, error)
                failed |= dict.fromkeys(statement.binds or {"*"}, sentence)
                made |= dict.fromkeys(statement.binds)
                continue
            if not isinstance(statement.node, Import):
                made |= {name: names.get(name) for name in statement.binds}
        return made, failed

    def _sentence(self, statement: Statement, error: BaseException) -> str:
        said = failures.here(error, self.lines)
        if isinstance(error, SyntaxError) and said["line"] is None:
            return f"line {error.lineno} of {statement.label} does not compile: {error.msg}"
        where = f"line {said['line'] or statement.node.lineno} of {said['file'] or statement.label}"
        return f"{where} raised {said['type']} while it was loaded: {said['message']}"
