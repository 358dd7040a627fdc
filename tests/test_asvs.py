"""What `docs/asvs.md` says is shown by something that exists."""

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs" / "asvs.md").read_text(encoding="utf-8")
STATES = ("met", "partly", "not met", "operator", "not applicable")
# A state that says something is missing gives the reason after a colon.
NEEDS_REASON = ("partly", "not met", "not applicable")


def list_rows() -> list[tuple[str, str, str]]:
    """Return requirement, state and evidence of each line."""
    rows = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("|")]
    return [
        (row[0], row[1], row[2]) for row in rows if len(row) == 3 and re.match(r"\d+\.\d", row[0])
    ]


def list_evidence() -> list[str]:
    """Return what the lines name: tests, files and commands."""
    return sorted({name for *_, cell in list_rows() for name in re.findall(r"`([^`]+)`", cell)})


def test_every_chapter_has_lines() -> None:
    chapters = re.findall(r"^## V(\d+) ", TEXT, re.M)
    assert [int(number) for number in chapters] == list(range(1, 18))
    assert {row[0].partition(".")[0] for row in list_rows()} == {*chapters}


@pytest.mark.parametrize("name", list_evidence())
def test_the_evidence_exists(name: str) -> None:
    if name.startswith("make "):
        makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
        assert re.search(rf"^{name.removeprefix('make ')}:", makefile, re.M)
        return
    path, _, test = name.partition("::")
    assert (ROOT / path).is_file()
    if test:
        assert f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def test_states_are_known_and_reasons_are_given() -> None:
    for requirement, state, evidence in list_rows():
        word, _, reason = state.partition(":")
        assert word in STATES, requirement
        assert reason.strip() or word not in NEEDS_REASON, requirement
        assert re.search(r"`[^`]+`", evidence), requirement


def test_no_test_is_named_twice_in_a_line() -> None:
    for requirement, _, evidence in list_rows():
        names = re.findall(r"`([^`]+)`", evidence)
        assert len(names) == len({*names}), requirement
