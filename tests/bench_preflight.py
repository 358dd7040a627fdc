"""Reads every PDF of a folder as an upload: `make bench-preflight DIR=…`.

Names tell what a file is: “-fail-” has a fault, “-pass-” has none. Advice is no blame. A failing
file that is refused is named; a sound one may still be refused, for a script that it contains.
"""

import resource
import sys
import time
from pathlib import Path

from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.messages import ADVICE, FINDING_MESSAGES
from bhp_site.pdf.reader import READ_TIMEOUT_SECONDS, read_pdf

REFUSED = "refused for "


def blame(path: Path) -> list[str]:
    """The codes of a file's faults, or the reason why it is refused."""
    try:
        facts = read_pdf(path)
    except Unreadable as error:
        return [f"{REFUSED}{error.reason}"]
    return [one.code for one in facts.findings if FINDING_MESSAGES[one.code].level != ADVICE]


def main(folder: Path) -> None:
    found, seconds = {}, {}
    for path in sorted(folder.rglob("*.pdf")):
        start = time.perf_counter()
        found[path] = blame(path)
        seconds[path] = time.perf_counter() - start
    if not found:
        sys.exit(f"{folder} has no PDF")
    bad = [path for path in found if "-fail-" in path.name]
    good = [path for path in found if "-pass-" in path.name]
    missed = [path for path in bad if not found[path]]
    refused = [path for path in good if found[path] and found[path][0].startswith(REFUSED)]
    wronged = [path for path in good if found[path] and path not in refused]
    slowest = max(seconds, key=lambda path: seconds[path])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    for path in missed:
        print(f"not named: {path.name}")
    for path in refused:
        print(f"sound, but {found[path][0]}: {path.name}")
    for path in wronged:
        print(f"wrongly blamed: {path.name}: {', '.join(found[path])}")
    print(f"{len(found)} files, {len(bad)} failing, {len(good)} sound")
    print(f"failing files named: {len(bad) - len(missed)}/{len(bad)}")
    print(f"sound files wrongly blamed: {len(wronged)}/{len(good)}")
    print(f"slowest: {seconds[slowest]:.2f} of {READ_TIMEOUT_SECONDS:g} s, {slowest.name}")
    print(f"peak memory of a reader: {peak:.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        sys.exit("Name a folder of PDFs: make bench-preflight DIR=…")
    main(Path(sys.argv[1]))
