import os

import pytest

from grader import doctor
from grader.model import Isolation
from grader.sandbox import Probe, remedies


def _probes(*reached: bool) -> list[Probe]:
    return [
        Probe(way, works, "a way" if works else "a fault", "" if works else f"mend {way}")
        for way, works in zip(Isolation, reached, strict=True)
    ]


def test_rows() -> None:
    assert doctor.rows(_probes(True, False, True, True))[:2] == [
        ("zygote", "works", "a way"),
        ("bwrap", "does not work", "a fault"),
    ]


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        ((True, True, True, True), "Student code is kept apart by zygote."),
        ((False, True, True, True), "Student code is kept apart by bwrap. mend zygote"),
        (
            (False, False, False, True),
            "Nothing keeps student code apart here: only your own can be run. mend zygote",
        ),
        ((False, False, False, False), "No student code can be run here. mend zygote"),
    ],
)
def test_verdict(reached, said) -> None:
    assert doctor.verdict(_probes(*reached)) == said


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "apparmor_parser -r"),
        ("kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"),
        ("user/max_user_namespaces", "0", "user.max_user_namespaces=10000"),
        ("nothing", "0", "Install the package bubblewrap."),
    ],
)
def test_remedies_follow_the_evidence(monkeypatch, setting, value, said) -> None:
    monkeypatch.setattr(remedies, "_in_container", lambda: False)
    monkeypatch.setattr(remedies, "_setting", {setting: value}.get)
    assert said in remedies.remedy(Isolation.ZYGOTE, "bwrap: No permissions")


def test_a_container_is_told_how_to_be_started(monkeypatch) -> None:
    monkeypatch.setattr(remedies, "_in_container", lambda: True)
    assert "--privileged" in remedies.remedy(Isolation.BWRAP, "")


def test_other_remedies() -> None:
    assert os.uname().release in remedies.remedy(Isolation.LANDLOCK, "OSError: landlock: no")
    missing = "zygote: the system library libseccomp is missing: install the package libseccomp2"
    assert remedies.remedy(Isolation.ZYGOTE, missing) == "Install the package libseccomp2."
