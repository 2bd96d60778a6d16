"""Reports as data: one with everything in it, and the parts to make others."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from grader.model import (
    SCHEMA,
    CheckResult,
    Comparing,
    Comparison,
    Diagnosis,
    ExerciseResult,
    Isolation,
    Panel,
    Plane,
    Report,
    Status,
    Suite,
    Training,
)

MakeCheck = Callable[..., CheckResult]
MakeReport = Callable[..., Report]

PLAIN = CheckResult(
    name="test_the_mean_is_kept",
    title="The mean is kept",
    functions=("forward_propagation_with_dropout",),
    points=1.0,
    bonus=False,
    earned=1.0,
    status=Status.PASSED,
    message="",
    example=None,
    hint="",
    suite=Suite.HIDDEN,
)

GRADIENT = """\
backward_propagation_with_regularization: `dW2` is wrong in 6 of 6 elements; the worst is dW2[1, 2].
    yours      2.500
    numeric    1.250   (central difference, step 1e-05)
    Every element is 2 times the numeric gradient.
Smallest input found:
    lambd = 0.7, m = 3"""

RAISED = """\
gradient_check_n raised IndexError on line 14 of gradient_checking.ipynb cell 7: index 47 is out \
of bounds for axis 0 with size 47
    14 |     J_plus[i], _ = forward_propagation_n(X, Y, vector_to_dictionary(theta_plus[i + 1]))"""

CALL = """\
X = np.array([[1.0, 0.5, -0.25]])
Y = np.array([[1, 0, 1]])
cache = forward_propagation(X, initialize_parameters_he([1, 2, 2, 1]))  # as handed out, unchanged
grads = backward_propagation_with_regularization(X, Y, cache, 0.7)
grads["dW2"]   # → array([[2.5, 0.0], [0.0, 2.5]]), expected array([[1.25, 0.0], [0.0, 1.25]])"""

COST = ("compute_cost_with_regularization",)
BACK = ("backward_propagation_with_regularization",)
NUMERIC = (-0.5, 0.25, 1.25, 0.0, -1.0, 0.75)
GRADIENTS = (
    Comparison(Comparing.GRADIENT, "dW2", (2, 3), tuple(2 * n for n in NUMERIC), NUMERIC, 2, 1 / 3),
    Comparison(Comparing.GRADIENT, "db2", (2, 1), (0.1, 0.2), (0.1, 0.2), None, 3e-11),
)
TWICE = Diagnosis(
    ("keeps_the_two_in_the_penalty",),
    ("The penalty on `W2` is `lambd / m * W2`; yours keeps the 2 of the square.",),
    "Every element of dW2 is 2 times the expected one.",
    reveals=True,
)
COSTS = (Comparison(Comparing.ENTRIES, "cost", (), (0.9312,), (0.8423,), 0, 0.05),)
ROW = (0.5, -0.25, 0.0, 1.5, 2.0, 0.125)
MASKS = (
    Comparison(Comparing.ENTRIES, "A1", (2, 6), ROW + ROW, ROW + (0.25,) * 6, 10, 0.6),
    Comparison(Comparing.SCALE, "share of units kept", (2,), (0.21, 0.8), (0.8, 0.8), 0, 0.3),
    Comparison(Comparing.SCALE, "std of A", (3,), (14.0, 196.0, 2744.0), (1.0,) * 3, 2, 1.0),
    Comparison(Comparing.MASK, "D1", (3, 12), (1.0, 0.0, 0.0) * 12, (), None, 0.0),
)
FORMULAS = {
    COST[0]: (r"J = \text{cost} + \frac{\lambda}{2m} \bigl\lVert W^{[1]} \bigr\rVert_F^2",),
    BACK[0]: (r"\frac{\partial J}{\partial W}",),
}

ABSENT = "gradient_check is not written yet: its body still raises NotImplementedError."


def make_check(title: str = PLAIN.title, **values: object) -> CheckResult:
    name = "test_" + "".join(c if c.isalnum() else "_" for c in title.lower())
    earned = 0.0
    if values.get("status", Status.PASSED) is Status.PASSED:
        earned = float(str(values.get("points", 1.0)))
    return replace(PLAIN, **{"title": title, "name": name, "earned": earned, **values})  # type: ignore[arg-type]


def make_exercise(name: str, title: str, *checks: CheckResult, **values: object) -> ExerciseResult:
    required = [check for check in checks if not check.bonus]
    plain = ExerciseResult(
        name=name,
        title=title,
        file=f"{name}.py",
        earned=sum((check.earned for check in required), 0.0),
        possible=sum((check.points for check in required), 0.0),
        checks=checks,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


def make_report(*exercises: ExerciseResult, **values: object) -> Report:
    every = [check for exercise in exercises for check in exercise.checks]
    plain = Report(
        schema=SCHEMA,
        submission="anna-lindqvist",
        course="Practical aspects of deep learning",
        course_version="2024.1+3f9c2a7d",
        suite=Suite.HIDDEN,
        files={
            f"{exercise.name}.py": f"{number:064x}" for number, exercise in enumerate(exercises)
        },
        isolation=Isolation.ZYGOTE,
        earned=sum((exercise.earned for exercise in exercises), 0.0),
        possible=sum((exercise.possible for exercise in exercises), 0.0),
        bonus_earned=sum((check.earned for check in every if check.bonus), 0.0),
        exercises=exercises,
    )
    return replace(plain, **values)  # type: ignore[arg-type]


ZEROS, HE = ("initialize_parameters_zeros",), ("initialize_parameters_he",)
INITIALIZATION = make_exercise(
    "initialization",
    "Initialization: where the weights begin",
    make_check("Every weight and bias is zero", functions=ZEROS),
    make_check("Each layer has the shape (n[l], n[l-1])", functions=ZEROS),
    make_check("The variance of `W[l]` is 2 / n[l-1]", functions=HE, points=2.0),
    make_check("Biases start at zero", functions=HE),
    make_check("Two layers of one size differ", functions=HE),
)


REGULARIZATION = make_exercise(
    "regularization",
    "L2 regularization: a price on large weights",
    make_check("Without a penalty the cost is the cross-entropy", functions=COST),
    make_check("The penalty is linear in `lambd`", functions=COST, points=2.0),
    make_check(
        "The cost agrees with the reference",
        functions=COST,
        status=Status.FAILED,
        message="compute_cost_with_regularization: the cost is 0.9312, expected 0.8423.",
        comparisons=COSTS,
        hint="Sum the squares of all three weight matrices, then scale once by "
        "`lambd / (2 * m)`.\n\nBiases carry no penalty.",
    ),
    make_check("Zero `lambd` changes nothing", functions=BACK),
    make_check(
        "`dW2` is the gradient of the cost",
        functions=BACK,
        points=2.0,
        status=Status.FAILED,
        message=GRADIENT,
        example=CALL,
        hint="The derivative of `lambd / (2 * m) * W ** 2` with respect to `W` loses the 2.",
        mistake="keeps_the_two_in_the_penalty",
        diagnosis=TWICE,
        comparisons=GRADIENTS,
    ),
    make_check(
        "The arguments stay as they were",
        functions=BACK,
        status=Status.VOID,
        message="The check “the arguments stay as they were” could not run.",
    ),
    make_check("The bias gradients carry no penalty", functions=BACK),
    formulas=FORMULAS,
)


FORWARD, BACKWARD = PLAIN.functions, ("backward_propagation_with_dropout",)
DROPOUT = make_exercise(
    "dropout",
    "Dropout: learning with half the neurons",
    make_check("Masks hold only zeros and ones", functions=FORWARD),
    make_check(
        "The mean of each layer is kept",
        functions=FORWARD,
        status=Status.FAILED,
        message="A1 is wrong in 6 of 12 elements; the worst is A1[1, 4].\n    yours      2",
        comparisons=MASKS,
        diagnosis=Diagnosis((), (), "Two units in three are dropped.", reveals=False),
    ),
    make_check("Survivors are divided by `keep_prob`", functions=FORWARD, points=2.0),
    make_check(
        "A probability of one drops nothing",
        functions=FORWARD,
        status=Status.ERROR,
        message="forward_propagation_with_dropout raised ValueError on line 31 of dropout.py: "
        "operands could not be broadcast together with shapes (3,4) (4,3)\n"
        "    29 | D1 = np.random.rand(*A1.T.shape)\n"
        "    30 | D1 = D1 < keep_prob\n"
        "  > 31 | A1 = A1 * D1 / keep_prob\n"
        "    32 | Z2 = W2 @ A1 + b2",
        example="forward_propagation_with_dropout(np.zeros((2, 4)), parameters, 1.0)",
        hint="Draw the mask in the shape of the activation: `np.random.rand(*A1.shape)`.",
    ),
    make_check(
        "The same neurons are silent on the way back",
        functions=BACKWARD,
        status=Status.TIMEOUT,
        message="backward_propagation_with_dropout did not answer within 2 s of CPU time.",
        hint="Look for a loop whose condition never changes.",
    ),
    make_check(
        "Large batches fit in memory",
        functions=BACKWARD,
        status=Status.MEMORY,
        message="backward_propagation_with_dropout asked for more than 1.5 GiB.",
        hint="Multiply elementwise with `*`; an outer product of two batches has m² columns.",
    ),
    make_check(
        "An empty batch gives empty gradients",
        functions=BACKWARD,
        status=Status.CRASHED,
        message="backward_propagation_with_dropout ended the Python process it ran in.",
    ),
    notes=("dropout.py and week1.ipynb both define this exercise; dropout.py was graded.",),
)


CHECK, CHECK_N = ("gradient_check",), ("gradient_check_n",)
GRADIENT_CHECKING = make_exercise(
    "gradient_checking",
    "Gradient checking: trust, but verify",
    make_check(
        "A right gradient is close",
        functions=CHECK,
        status=Status.NOT_STARTED,
        message=ABSENT,
        hint="Compare with `(J_plus - J_minus) / (2 * epsilon)`.",
    ),
    make_check(
        "A wrong gradient is far",
        functions=CHECK,
        status=Status.NOT_STARTED,
        message=ABSENT,
        hint="The distance lies between 0 and 1; near 1 the two point apart.",
    ),
    make_check(
        "The distance is symmetric", functions=CHECK, status=Status.NOT_STARTED, message=ABSENT
    ),
    make_check("Every parameter is moved once", functions=CHECK_N, points=2.0),
    make_check(
        "All 47 parameters are compared",
        functions=CHECK_N,
        status=Status.ERROR,
        message=RAISED,
        hint="Copy `parameters_values` before you move one entry of it.",
    ),
    make_check(
        "The two planted mistakes are found",
        functions=("backward_propagation_n",),
        bonus=True,
        points=2.0,
        status=Status.FAILED,
        message="backward_propagation_n: dW2 is 2 times what it should be; “naïve” Δ 数値.",
        hint="Let your own `gradient_check_n` point at the entries that disagree.",
    ),
    make_check("The cost is finite", functions=CHECK_N, bonus=True),
    file="gradient_checking.ipynb",
)


ROWS = ("0011", "0011", "0110", "1100")
WORKED_RUN = (
    Panel(
        "Five ways to begin",
        "With zeros nothing breaks the symmetry.\n\n`initialize_parameters_he` is ahead.",
        Plane((-1.0, 1.0), (0.0, 40.0), ((-1.0, 0.0, 0), (0.0, 20.0, 1), (1.0, 40.0, 1))),
        (
            Training("zeros", 100, (0.69, 0.69, 0.69), ROWS, "50% of the points are right."),
            Training("random", 100, (15.0, 0.62, 0.61), ROWS, "62% of the points are right."),
            Training("he", 100, (0.95, 0.7, 0.11), ROWS, "99% of the points are right."),
            Training("xavier", 0, (), (), "initialize_parameters_xavier is not written yet."),
            Training("glorot", 50, (0.75, 0.5), ROWS, "95% of the points are right."),
        ),
    ),
    Panel("Not drawn", "What belongs here is missing.", None),
)


@pytest.fixture
def worked_run() -> tuple[Panel, ...]:
    """Trainings that came to an end, one that did not, and a panel without pictures."""
    return WORKED_RUN


@pytest.fixture
def full_report() -> Report:
    """Every status, several functions, a bonus, a void check, long code, many scripts."""
    return make_report(
        INITIALIZATION,
        REGULARIZATION,
        DROPOUT,
        GRADIENT_CHECKING,
        make_exercise(
            "minibatches",
            "Mini-batches: many small steps",
            *(
                make_check(
                    title,
                    functions=("random_mini_batches",),
                    status=Status.NOT_STARTED,
                    message="No file of the submission defines random_mini_batches.",
                )
                for title in ("Every example is used once", "X and Y stay together")
            ),
            file=None,
        ),
        files={
            "dropout.py": "9f" * 32,
            "gradient_checking.ipynb": "4c" * 32,
            "initialization.py": "07" * 32,
            "regularization.py": "b1" * 32,
            "an old folder/with a very long name indeed/week1_final_version_2_really_final.ipynb": (
                "e3" * 32
            ),
        },
        notes=("notes.docx was left out: only .py and .ipynb files are graded.",),
        worked_run=WORKED_RUN,
    )


@pytest.fixture
def large_report() -> Report:
    """Sixty checks, none of them passed, each with a message, an example and a hint."""
    return make_report(
        *(
            make_exercise(
                f"exercise_{number}",
                f"Exercise {number}",
                *(
                    make_check(
                        f"Law {number}.{law}",
                        functions=(f"function_{law % 3}",),
                        status=Status.FAILED,
                        message=f"{law}: {GRADIENT}",
                        example=CALL,
                        hint="Write the equation on paper first. " * 6,
                    )
                    for law in range(10)
                ),
            )
            for number in range(6)
        )
    )


@pytest.fixture
def check() -> MakeCheck:
    return make_check


@pytest.fixture
def report() -> MakeReport:
    """Make a report of one exercise, dropout, from its checks."""

    def make(*checks: CheckResult, **values: object) -> Report:
        return make_report(make_exercise("dropout", "Dropout", *checks), **values)

    return make
