"""How Hypothesis draws: the same examples everywhere, nothing read or written outside."""

import os
from pathlib import Path

from hypothesis import HealthCheck, Phase, configuration, settings
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

EXAMPLES = 100


def load_profile() -> None:
    """Make the grading profile the default; call it before the checks are imported.

    Explaining a failure is left out: it prints paths of hidden checks. Health checks measure
    time, and a check's size is its author's affair.
    """
    _forget_local_constants()
    # A folder that cannot be: Hypothesis goes without its caches, and finds none of others'.
    configuration.set_hypothesis_home_dir(Path(os.devnull) / "hypothesis")
    settings.register_profile(
        "grading",
        derandomize=True,
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    settings.load_profile("grading")


def _forget_local_constants() -> None:
    """Keep constants of loaded modules out of the draws.

    Hypothesis mixes literals from every local module into its examples, so a draw would depend on
    what else happens to be imported, and it writes them to a folder of its own. There is no
    setting for it.
    """
    none = Constants()
    providers._get_local_constants = lambda: none
