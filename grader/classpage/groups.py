"""Submissions that give the same wrong answers, found one submission at a time.

Of each behaviour one example is kept, however many submissions show it.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from grader.classpage.behaviour import Behaviour


@dataclass
class Group:
    """Submissions that behave alike.

    Attributes:
        behaviour: of the first of them.
        members: in the order in which they came.
        keys: of their behaviours; one, or a few where numbers fell on two sides of an edge.
    """

    behaviour: Behaviour
    members: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """What the group is called; any of its keys means it."""
        return self.behaviour.key

    @property
    def wrong(self) -> int:
        """How many wrong numbers are the same."""
        return sum(answer.wrong for answer in self.behaviour.answers)


@dataclass(frozen=True, slots=True)
class Place:
    """The groups of the very same submissions in one exercise; the first stands for all."""

    exercise: str
    groups: tuple[Group, ...]

    @property
    def first(self) -> Group:
        """The group that a comment is written for."""
        return self.groups[0]

    @property
    def functions(self) -> tuple[str, ...]:
        """The functions that go wrong, each once."""
        return _once(name for group in self.groups for name in group.behaviour.functions)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """The known mistakes that explain all of it."""
        named = [group.behaviour.mistakes for group in self.groups]
        return _once(name for names in named for name in names) if all(named) else ()

    @property
    def checks(self) -> int:
        """How many checks fail in the same way."""
        return sum(len(group.behaviour.checks) for group in self.groups)

    @property
    def wrong(self) -> int:
        """How many wrong numbers are the same."""
        return sum(group.wrong for group in self.groups)


@dataclass(frozen=True, slots=True)
class Circle:
    """The same submissions, and every exercise in which they behave alike."""

    members: tuple[str, ...]
    places: tuple[Place, ...]

    @property
    def is_explained(self) -> bool:
        """Whether known mistakes explain all of it."""
        return all(place.mistakes for place in self.places)


class Groups:
    """All behaviours of a class."""

    def __init__(self) -> None:
        self._by_key: dict[str, Group] = {}
        self._by_form: dict[tuple[str, ...], list[Group]] = defaultdict(list)

    def add(self, student: str, behaviour: Behaviour) -> None:
        """Take in that a student's submission behaves so."""
        group = self._by_key.get(behaviour.key) or self._agreeing(behaviour)
        if group is None:
            group = Group(behaviour)
            self._by_form[behaviour.form].append(group)
        self._by_key[behaviour.key] = group
        group.keys.add(behaviour.key)
        group.members.append(student)

    def _agreeing(self, behaviour: Behaviour) -> Group | None:
        alike = self._by_form.get(behaviour.form, ())
        return next((group for group in alike if behaviour.agrees(group.behaviour)), None)

    def named(self, key: str) -> Group | None:
        """The group that has this key, or one key that begins so."""
        found = {id(each): each for name, each in self._by_key.items() if name.startswith(key)}
        return next(iter(found.values())) if len(found) == 1 else None

    def shared(self) -> list[Group]:
        """Groups of two and more, in the order in which their behaviour was first seen."""
        return [group for like in self._by_form.values() for group in like if group.members[1:]]


def circles(groups: Iterable[Group]) -> list[Circle]:
    """Groups of the very same submissions put together; those that agree in most come first."""
    found: dict[tuple[str, ...], dict[str, list[Group]]] = {}
    for group in groups:
        places = found.setdefault(tuple(group.members), {})
        places.setdefault(group.behaviour.exercise, []).append(group)
    made = [
        Circle(members, tuple(Place(name, tuple(alike)) for name, alike in places.items()))
        for members, places in found.items()
    ]
    return sorted(made, key=lambda circle: (-len(circle.places), -len(circle.members)))


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
