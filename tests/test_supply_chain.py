"""The bill of materials is complete, and an audit that audited too little fails."""

import json
import re
import sys
from typing import Any

import pytest
import yaml

from . import supply_chain
from .supply_chain import ROOT, find_audit_problems, read_pins

PINS = {"Django": "5.2.19", "wagtail": "8.0.1"}
DJANGO = {"name": "django", "version": "5.2.19", "vulns": []}
WAGTAIL = {"name": "wagtail", "version": "8.0.1", "vulns": []}
SKIPPED = {"name": "wagtail", "skip_reason": "not found"}
BAD = WAGTAIL | {"vulns": [{"id": "CVE-2026-1", "fix_versions": ["8.0.2"]}]}


@pytest.mark.parametrize(
    ("packages", "problem"),
    [
        ([DJANGO, WAGTAIL], None),
        ([DJANGO, BAD], "wagtail: CVE-2026-1, fixed in 8.0.2"),
        ([], "2 of 2 packages were not audited"),
        ([DJANGO], "1 of 2"),
        ([DJANGO, SKIPPED], "1 of 2"),
        ([DJANGO, WAGTAIL | {"version": "7.0"}], "1 of 2"),
    ],
)
def test_an_audit_names_vulnerabilities_and_what_was_not_audited(
    packages: list[Any], problem: str | None
) -> None:
    problems = find_audit_problems({"dependencies": packages}, PINS)
    assert [text.startswith(problem or "") for text in problems] == [True] * bool(problem)


@pytest.mark.parametrize("answer", ["", json.dumps({"dependencies": []})])
def test_an_audit_without_an_answer_fails(answer: str, capsys: pytest.CaptureFixture[str]) -> None:
    """pip-audit itself succeeds if its service does not know any package."""
    assert supply_chain.audit([sys.executable, "-c", f"print({answer!r})"]) == 1
    assert "requirements.txt: 1 problems" in capsys.readouterr().out


def test_the_bill_of_materials_lists_what_is_pinned() -> None:
    bom = json.loads(supply_chain.SBOM.read_text())
    assert bom["bomFormat"] == "CycloneDX"
    listed = {item["name"]: item["version"] for item in bom["components"]}
    assert listed == read_pins("requirements.txt"), "run: make lock"


def test_times_for_fixes_are_promised_and_the_audit_tells_of_them() -> None:
    promises = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    times = re.findall(r"^\| ([A-Z]\w+).* \| (\d+ (?:working )?days) \|$", promises, re.M)
    assert times == [("Critical", "2 working days"), ("High", "7 days"), ("All", "30 days")]
    assert "`make audit`" in promises
    workflow = (ROOT / ".github/workflows/nightly.yml").read_text(encoding="utf-8")
    job = yaml.safe_load(workflow)["jobs"]["audit"]
    assert job["permissions"]["issues"] == "write"
    *_, audit, report = job["steps"]
    # A pipe hides the status of `make` without this option.
    assert audit["run"].splitlines() == ["set -o pipefail", "make audit | tee audit.txt"]
    assert report["if"] == "failure()"
    assert "gh issue create" in report["run"]
    assert "--label security" in report["run"]
    # So that those who watch are notified of the next vulnerability too.
    assert "gh issue comment" in report["run"]
