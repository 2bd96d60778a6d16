"""The proof as a whole: who is asked what, in which order, and what is demanded of all together."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace

from grader.checks.messages import Event
from grader.checks.trials import Trial, run_trials
from grader.course import Course
from grader.model import Isolation
from grader.verify import chance, different, doubted, known, mutation, rooms, untouched
from grader.verify.demands import Demands
from grader.verify.experiments import Experiments, Finding, Task
from grader.verify.material import Material, read_material
from grader.verify.proof import Counts, Lost, Proof, Shortcoming

SUSPECTS = 5  # that take as long as a thousand seeds of a check that judges random answers
MUTANT_CPU_SECONDS = 0.5  # of a call; those that never end are many, and a reference is quick


class Steps:
    """What a progress bar is told; by itself it says nothing."""

    def expect(self, count: int) -> None:
        """So many steps more are to come."""

    def done(self, what: str) -> None:
        """One of them is done."""

    def event(self, event: Event) -> None:
        """An examiner has said something."""


def verify(course: Course, demands: Demands, *, steps: Steps, whole: bool = True) -> Proof:
    """Prove the course.

    Args:
        whole: these are all its exercises, so that what is demanded of all together counts.

    Raises:
        GraderError: the course is not as it must be, or nothing can be run here.
    """
    return _Verifier(course, demands, steps).run(whole)


class _Verifier:
    def __init__(self, course: Course, demands: Demands, steps: Steps) -> None:
        self.course = course
        self.demands = demands
        self.steps = steps
        self.materials = [read_material(course, exercise) for exercise in course.exercises]
        self.lost: dict[str, dict[str, Lost]] = {each.name: {} for each in self.materials}
        self.suspects = {each.name: mutation.suspects(each) for each in self.materials}
        self.found: defaultdict[tuple[str, bool], list[Finding]] = defaultdict(list)
        self.proof = Proof(
            course.title,
            {each.name: Counts(checks=len(each.exercise.checks)) for each in self.materials},
        )

    def run(self, whole: bool) -> Proof:
        self._find(rooms.judge(self.course))
        tasks = self._tasks()
        self.steps.expect(len(tasks))
        with Experiments(tasks, self._heard) as experiments:
            experiments.go_on()
            self._try(
                [
                    trial
                    for each in self.materials
                    for trial in itertools.chain(
                        untouched.trials(each),
                        known.trials(each),
                        different.trials(each, self.demands),
                    )
                ],
                experiments,
            )
            mutants = [t for each in self.materials for t in mutation.trials(each)]
            self._try(mutants, experiments, mutants=True)
            experiments.finish()
        for each in self.materials:
            self._judge(each)
        self._find(_in_all(self.proof, self.demands, whole))
        return self.proof

    def _find(self, shortcomings: Iterable[Shortcoming]) -> None:
        self.proof.shortcomings.extend(shortcomings)

    def _try(self, trials: list[Trial], experiments: Experiments, *, mutants: bool = False) -> None:
        """Have each of these graded; of a mutant only the first check that it loses counts."""
        course = _impatient(self.course) if mutants else self.course
        self.steps.expect(len(trials))
        for tried in run_trials(
            course,
            trials,
            until_first=mutants,
            lowest=Isolation.NONE,  # all of it is the course's own code
            on_event=self.steps.event,
        ):
            self.lost[tried.trial.exercise][tried.trial.name] = tried.lost
            self.steps.done(tried.trial.exercise)
            experiments.go_on()

    def _judge(self, material: Material) -> None:
        lost, counts = self.lost[material.name], self.proof.counts[material.name]
        suspects = self.suspects[material.name]
        self._find(untouched.judge(material, lost))
        self._find(known.judge(material, lost, self.demands, counts))
        self._find(mutation.judge(material, suspects, lost, counts))
        self._find(different.judge(material, lost, self.demands, counts))
        doubts, seeds = self.found[material.name, True], self.found[material.name, False]
        self._find(doubted.judge(material, suspects, doubts, lost, self.demands, counts))
        self._find(chance.judge(self.course, material, seeds, self.demands, counts))

    def _tasks(self) -> list[Task]:
        """Other seeds, and further examples for what is listed as equivalent; the longest first."""
        root, demands = self.course.root.resolve(), self.demands
        tasks = []
        for each in self.materials:
            rates = chance.stated_rates(self.course, each).values()
            judging = sum(rate is not None for rate in rates)
            tasks.append((judging * SUSPECTS, Task(root, each.name, seeds=demands.seeds)))
            suspects = self.suspects[each.name]
            listed = [{"source": s.mutant.source, "checks": s.checks} for s in suspects]
            doubts = Task(root, each.name, suspects=listed, examples=demands.examples)
            tasks += [(len(suspects), doubts)] if suspects else []
        return [task for _, task in sorted(tasks, key=lambda each: -each[0])]

    def _heard(self, task: Task, finding: Finding | None) -> None:
        if finding is None:
            self.steps.done(task.exercise)
        else:
            self.found[task.exercise, bool(task.suspects)].append(finding)


def _impatient(course: Course) -> Course:
    limits = course.settings.limits
    seconds = min(MUTANT_CPU_SECONDS, limits.cpu_seconds)
    settings = replace(course.settings, limits=replace(limits, cpu_seconds=seconds))
    return replace(course, settings=settings)


def _in_all(proof: Proof, demands: Demands, whole: bool) -> Iterator[Shortcoming]:
    """What is demanded of all exercises together."""
    sums = {
        name: sum(asdict(counts)[name] for counts in proof.counts.values())
        for name in ("mistakes", "mutants", "equivalent")
    }
    for name, wanted in (("mistakes", demands.mistakes), ("mutants", demands.mutants)):
        if whole and sums[name] < wanted:
            yield Shortcoming(
                "",
                "count",
                f"The course has {sums[name]} {name}, but [tool.grader.verify] of pyproject.toml "
                f"asks for at least {wanted}. Write more exercises, or more mistakes.",
            )
    if 100 * sums["equivalent"] > demands.equivalent_percent * sums["mutants"]:
        yield Shortcoming(
            "",
            "count",
            f"{sums['equivalent']} of {sums['mutants']} mutants are listed as equivalent, more "
            f"than {demands.equivalent_percent} %. Simplify the references until fewer are.",
        )
