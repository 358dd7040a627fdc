"""Reads every PDF of a folder as an upload: `make bench-preflight DIR=…`.

A file with “-fail-” in its name has a fault, one with “-pass-” is valid. Advice is not blame. A
failing file that is refused counts as named; a valid one may be refused for a script in it.
"""

import resource
import sys
import time
from pathlib import Path

from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.messages import ADVICE, FINDING_MESSAGES
from bhp_site.pdf.reader import READ_TIMEOUT_SECONDS, read_pdf

REFUSED = "refused for "


def list_faults(path: Path) -> list[str]:
    """Return the codes of a file's faults, or why it is refused."""
    try:
        facts = read_pdf(path)
    except Unreadable as error:
        return [f"{REFUSED}{error.reason}"]
    return [
        finding.code for finding in facts.findings if FINDING_MESSAGES[finding.code].level != ADVICE
    ]


def main(folder: Path) -> None:
    faults, seconds = {}, {}
    for path in sorted(folder.rglob("*.pdf")):
        start = time.perf_counter()
        faults[path] = list_faults(path)
        seconds[path] = time.perf_counter() - start
    if not faults:
        sys.exit(f"{folder} has no PDF")
    failing = [path for path in faults if "-fail-" in path.name]
    valid = [path for path in faults if "-pass-" in path.name]
    missed = [path for path in failing if not faults[path]]
    refused = [path for path in valid if faults[path] and faults[path][0].startswith(REFUSED)]
    blamed = [path for path in valid if faults[path] and path not in refused]
    slowest = max(seconds, key=lambda path: seconds[path])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for path in missed:
        print(f"not named: {path.name}")
    for path in refused:
        print(f"sound, but {faults[path][0]}: {path.name}")
    for path in blamed:
        print(f"wrongly blamed: {path.name}: {', '.join(faults[path])}")
    print(f"{len(faults)} files, {len(failing)} failing, {len(valid)} sound")
    print(f"failing files named: {len(failing) - len(missed)}/{len(failing)}")
    print(f"sound files wrongly blamed: {len(blamed)}/{len(valid)}")
    print(f"slowest: {seconds[slowest]:.2f} of {READ_TIMEOUT_SECONDS:g} s, {slowest.name}")
    print(f"peak memory of a reader: {peak:.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Name a folder of PDFs: make bench-preflight DIR=…")
    main(Path(sys.argv[1]))
