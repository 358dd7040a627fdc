"""Lists and audits the packages of the site: `python -m tests.supply_chain sbom` or `audit`.

`sbom` writes `sbom.json` (CycloneDX) from `requirements.txt`. `audit` asks pip-audit for known
vulnerabilities; pip-audit itself succeeds if it could look up nothing at all.
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
SBOM = ROOT / "sbom.json"
REQUIREMENTS = ("requirements.txt", "requirements-dev.txt")
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;\\]+)", re.MULTILINE)


def read_pins(name: str) -> dict[str, str]:
    """Return the version of each package that the requirements file `name` pins."""
    return dict(PIN.findall((ROOT / name).read_text()))


def build_sbom() -> str:
    """Return the software bill of materials, without the addresses of a package index."""
    command = [BIN / "cyclonedx-py", "requirements", "-", "--output-reproducible", "--of", "JSON"]
    pins = "\n".join(
        f"{name}=={version}" for name, version in read_pins("requirements.txt").items()
    )
    ended = subprocess.run(
        command, input=pins, capture_output=True, text=True, check=True, cwd=ROOT
    )
    bom = json.loads(ended.stdout)
    bom["metadata"].pop("tools", None)
    for component in bom["components"]:
        component.pop("externalReferences", None)
        component.pop("description", None)
    return json.dumps(bom, indent=1, sort_keys=True) + "\n"


def find_audit_problems(report: dict[str, Any], pins: dict[str, str]) -> list[str]:
    """Return what is wrong according to a `report` of pip-audit: a sentence for each package.

    A package of `pins` that was not audited is a problem too.
    """
    audited, problems = {}, []
    for package in report.get("dependencies", []):
        if "skip_reason" not in package:
            audited[package["name"].lower()] = package["version"]
        for vulnerability in package.get("vulns", []):
            fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
            problems.append(f"{package['name']}: {vulnerability['id']}, fixed in {fixed}")
    missing = sorted(name for name in pins if audited.get(name.lower()) != pins[name])
    if missing:
        problems.append(f"{len(missing)} of {len(pins)} packages were not audited: {missing[:5]} …")
    return problems


def audit(command: list[str | Path]) -> int:
    """Run pip-audit by `command` for each requirements file; return an exit code."""
    status = 0
    for name in REQUIREMENTS:
        ended = subprocess.run([*command, "-r", name], capture_output=True, text=True, cwd=ROOT)
        try:
            problems = find_audit_problems(json.loads(ended.stdout), read_pins(name))
        except json.JSONDecodeError:
            problems = [ended.stderr.strip() or "pip-audit has printed nothing"]
        print(f"{name}: {len(problems)} problems", *problems, sep="\n  ")
        status = status or int(bool(problems))
    return status


def main(action: str) -> int:
    """Write the SBOM or audit the packages; return an exit code."""
    if action == "sbom":
        SBOM.write_text(build_sbom())
        return 0
    options = ["-f", "json", "--progress-spinner", "off", "--no-deps", "--disable-pip"]
    return audit([BIN / "pip-audit", *options])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1]))
