"""Measures how fast the words of a long PDF are read: `make bench-texts`.

Pages a second, with the start of the confined child, of the reader alone and beside the preflight;
then the memory that the largest of them took.
"""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bhp_site.pdf.reader import read_pdf, read_text

from .measuring import Goal, at_least, tell
from .pdf.pdfs import make_blank, write

PAGES = (100, 500, 2000)
WORDS = "research evidence trial " * 60
ROUNDS = 3
LEAST = 100  # pages a second


def rate(read: Callable[[], Any], pages: int) -> float:
    """Pages a second, the median of `ROUNDS`."""
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        read()
        spent.append(time.perf_counter() - start)
    return pages / statistics.median(spent)


def texts() -> list[Goal]:
    print(f"{'pages':>6}{'text alone':>16}{'preflight':>16}{'with text':>16}")
    slowest = float("inf")
    for pages in PAGES:
        pdf = make_blank(pages)
        for number in range(pages):
            write(pdf, number, WORDS)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "many.pdf")
            pdf.save(path)
            assert len(read_text(path, ".pdf").pages) == pages
            rates = [
                rate(lambda path=path: read_text(path, ".pdf"), pages),
                rate(lambda path=path: read_pdf(path), pages),
                rate(lambda path=path: read_pdf(path, with_text=True), pages),
            ]
        slowest = min(slowest, rates[0])
        print(f"{pages:>6}" + "".join(f"{one:>14,.0f}/s" for one in rates))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of a reader: {peak:.0f} MB")
    return [at_least("pages a second of a PDF whose words are read, the slowest", slowest, LEAST)]


if __name__ == "__main__":
    tell(texts())
