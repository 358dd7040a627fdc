"""Measures what of known HTML is found again in drafts of its PDFs: `make bench-edition DIR=…`.

DIR holds pairs `name.html` and `name.pdf`. Without it the HTML is that of `editions.py`, printed
by Chromium and, where it is installed, by LibreOffice, and that of the demonstration's reports.
Shares are of the longest common subsequence: what is found in the wrong order does not count.
"""

import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from bhp_site.pdf.drafting.drafter import draft_pdf

from . import editions
from .run import ROOT, chromium

KINDS = ("headings", "paragraphs", "list items", "table cells", "links")
LEAST = 0.95  # of each kind
DEMO = ROOT / "bhp_site/demo"
DEMO_PAIRS = {
    "report-of-activity": "report-of-activity-2020-2022",
    "healthy-mum-healthy-baby": "healthy-mum-healthy-baby-2022",
    "five-year-strategy": "five-year-strategy",
}
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
CONTAINERS = ["li", "td", "th", "figure", "caption"]
# What a draft leaves out on purpose, and what nobody sees.
LEFT_OUT = "h2:has(+ nav), nav, script, style, svg, [hidden], [aria-hidden=true]"

Found = dict[str, list[str]]


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def own_words(item: Tag) -> str:
    """The words of an item without those of lists within it."""
    inner = {id(text) for one in item.find_all(["ul", "ol"]) for text in one.find_all(string=True)}
    said = (str(text) for text in item.find_all(string=True) if id(text) not in inner)
    return " ".join("".join(said).split())


def collect(soup: BeautifulSoup, found: Found) -> None:
    """Add what the HTML holds, in its order."""
    for tag in soup.find_all([*HEADINGS, "p", "li", "td", "th", "a"]):
        said = own_words(tag) if tag.name == "li" else words(tag)
        if tag.name == "a":
            if str(tag.get("href", "")).startswith(("http:", "https:", "mailto:")):
                found["links"].append(f"{said} → {tag['href']}")
        elif not said:
            continue
        elif tag.name in HEADINGS:
            found["headings"].append(said)
        elif tag.name == "li":
            found["list items"].append(said)
        elif tag.name in ("td", "th"):
            found["table cells"].append(said)
        elif not tag.find_parent(CONTAINERS):
            found["paragraphs"].append(said)


def told(path: Path) -> Found:
    """What the HTML says."""
    text = path.read_text(encoding="utf-8").replace("&shy;", "")
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup.select(LEFT_OUT):
        tag.decompose()
    for tag in soup.find_all("sup"):
        tag.string = f"[{words(tag)}]"
    found: Found = defaultdict(list)
    collect(soup, found)
    return found


def drafted(path: Path) -> Found:
    """What the draft of the PDF says."""
    found: Found = defaultdict(list)
    for chapter in draft_pdf(path).chapters:
        found["headings"].append(chapter.title)
        for block in chapter.blocks:
            if block.kind == "heading":
                found["headings"].append(block.text)
            elif block.kind == "table":
                found["table cells"] += [cell for row in block.rows for cell in row if cell]
            else:
                collect(BeautifulSoup(block.html, "html.parser"), found)
    return found


def common(one: list[str], two: list[str]) -> int:
    """How many are in both in the same order."""
    row = [0] * (len(two) + 1)
    for left in one:
        above, row = row, [0]
        for at, right in enumerate(two):
            row.append(above[at] + 1 if left == right else max(above[at + 1], row[at]))
    return row[-1]


def printed(source: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The PDFs of one HTML file, and the programs that make them."""
    if program := chromium():
        made = folder / f"{source.stem}-chromium.pdf"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        how = ["--generate-pdf-document-outline", f"--print-to-pdf={made}", source.as_uri()]
        subprocess.run([program, *flags, *how], check=True, capture_output=True)
        yield "Chromium", made
    if program := shutil.which("soffice"):
        office = [program, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless"]
        # LibreOffice 7 loses words around soft hyphens from the tags.
        plain = folder / "plain" / source.name
        plain.parent.mkdir(exist_ok=True)
        plain.write_text(source.read_text(encoding="utf-8").replace("&shy;", ""), encoding="utf-8")
        text = folder / f"{source.stem}.odt"
        tags = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
        reading = ["--infilter=writer_web_HTML", "--convert-to", "odt:writer8"]
        for how, given in ((reading, plain), (["--convert-to", tags], text)):
            command = [*office, *how, "--outdir", str(folder), str(given)]
            subprocess.run(command, check=True, capture_output=True)
        yield "LibreOffice", text.with_suffix(".pdf")


def pairs(folder: Path | None, scratch: Path) -> Iterator[tuple[str, Path, Path]]:
    """What is compared: a name, HTML and PDF."""
    if folder:
        for source in sorted(folder.glob("*.html")):
            yield source.stem, source, source.with_suffix(".pdf")
        return
    for name, text in editions.reports().items():
        source = scratch / f"{name}.html"
        source.write_text(text, encoding="utf-8")
        for program, made in printed(source, scratch):
            yield f"{name}, {program}", source, made
    for source_name, made_name in DEMO_PAIRS.items():
        made = DEMO / f"files/{made_name}.pdf"
        yield made_name, DEMO / f"sources/{source_name}.html", made


def row(name: str, counts: dict[str, tuple[int, int, int]], last: str) -> str:
    cells = [f"{counts[k][0]}/{counts[k][1]} ({counts[k][2]})" for k in KINDS]
    return f"{name:32}" + "".join(f"{cell:>20}" for cell in cells) + f"{last:>9}"


def main(folder: Path | None) -> int:
    print(f"{'':32}" + "".join(f"{kind:>20}" for kind in KINDS) + f"{'seconds':>9}")
    total = dict.fromkeys(KINDS, (0, 0, 0))
    with tempfile.TemporaryDirectory() as scratch:
        for name, source, made in pairs(folder, Path(scratch)):
            start = time.perf_counter()
            there, here = told(source), drafted(made)
            seconds = f"{time.perf_counter() - start:.1f}"
            counts = {
                kind: (common(there[kind], here[kind]), len(there[kind]), len(here[kind]))
                for kind in KINDS
            }
            print(row(name, counts, seconds))
            for kind, more in counts.items():
                total[kind] = tuple(map(sum, zip(total[kind], more, strict=True)))
    print(row("all: found/known (drafted)", total, ""))
    shares = {kind: found / known for kind, (found, known, _) in total.items() if known}
    print(", ".join(f"{kind} {share:.1%}" for kind, share in shares.items()))
    few = [kind for kind, share in shares.items() if share < LEAST]
    print(f"less than {LEAST:.0%}: {', '.join(few)}" if few else f"all at least {LEAST:.0%}")
    return 1 if few or not shares else 0


if __name__ == "__main__":
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    if named and not Path(named).is_dir():
        sys.exit("Name a folder of pairs: make bench-edition DIR=…")
    sys.exit(main(Path(named) if named else None))
