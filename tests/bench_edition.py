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
MIN_SHARE = 0.95  # of each kind
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


def get_text(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def get_own_text(item: Tag) -> str:
    """Return the text of an item without that of lists within it."""
    inner = {id(text) for one in item.find_all(["ul", "ol"]) for text in one.find_all(string=True)}
    texts = (str(text) for text in item.find_all(string=True) if id(text) not in inner)
    return " ".join("".join(texts).split())


def collect(soup: BeautifulSoup, found: Found) -> None:
    """Add what the HTML holds, in its order."""
    for tag in soup.find_all([*HEADINGS, "p", "li", "td", "th", "a"]):
        text = get_own_text(tag) if tag.name == "li" else get_text(tag)
        if tag.name == "a":
            if str(tag.get("href", "")).startswith(("http:", "https:", "mailto:")):
                found["links"].append(f"{text} → {tag['href']}")
        elif not text:
            continue
        elif tag.name in HEADINGS:
            found["headings"].append(text)
        elif tag.name == "li":
            found["list items"].append(text)
        elif tag.name in ("td", "th"):
            found["table cells"].append(text)
        elif not tag.find_parent(CONTAINERS):
            found["paragraphs"].append(text)


def read_html(path: Path) -> Found:
    """Return what the HTML says, by kind."""
    text = path.read_text(encoding="utf-8").replace("&shy;", "")
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup.select(LEFT_OUT):
        tag.decompose()
    for tag in soup.find_all("sup"):
        tag.string = f"[{get_text(tag)}]"
    found: Found = defaultdict(list)
    collect(soup, found)
    return found


def read_draft(path: Path) -> Found:
    """Return what the draft of the PDF says, by kind."""
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


def count_common(one: list[str], two: list[str]) -> int:
    """Return how many texts are in both lists in the same order."""
    row = [0] * (len(two) + 1)
    for left in one:
        above, row = row, [0]
        for at, right in enumerate(two):
            row.append(above[at] + 1 if left == right else max(above[at + 1], row[at]))
    return row[-1]


def print_pdfs(source: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield (program, PDF) for each program that prints an HTML file here."""
    if program := chromium():
        pdf_path = folder / f"{source.stem}-chromium.pdf"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        how = ["--generate-pdf-document-outline", f"--print-to-pdf={pdf_path}", source.as_uri()]
        subprocess.run([program, *flags, *how], check=True, capture_output=True)
        yield "Chromium", pdf_path
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


def iterate_pairs(folder: Path | None, scratch: Path) -> Iterator[tuple[str, Path, Path]]:
    """Yield what is compared: name, HTML file and PDF."""
    if folder:
        for source in sorted(folder.glob("*.html")):
            yield source.stem, source, source.with_suffix(".pdf")
        return
    for name, text in editions.make_reports().items():
        source = scratch / f"{name}.html"
        source.write_text(text, encoding="utf-8")
        for program, pdf_path in print_pdfs(source, scratch):
            yield f"{name}, {program}", source, pdf_path
    for source_name, made_name in DEMO_PAIRS.items():
        pdf_path = DEMO / f"files/{made_name}.pdf"
        yield made_name, DEMO / f"sources/{source_name}.html", pdf_path


def format_row(name: str, counts: dict[str, tuple[int, int, int]], last: str) -> str:
    cells = [f"{counts[k][0]}/{counts[k][1]} ({counts[k][2]})" for k in KINDS]
    return f"{name:32}" + "".join(f"{cell:>20}" for cell in cells) + f"{last:>9}"


def main(folder: Path | None) -> int:
    print(f"{'':32}" + "".join(f"{kind:>20}" for kind in KINDS) + f"{'seconds':>9}")
    total = dict.fromkeys(KINDS, (0, 0, 0))
    with tempfile.TemporaryDirectory() as scratch:
        for name, source, pdf_path in iterate_pairs(folder, Path(scratch)):
            start = time.perf_counter()
            expected, actual = read_html(source), read_draft(pdf_path)
            seconds = f"{time.perf_counter() - start:.1f}"
            counts = {
                kind: (
                    count_common(expected[kind], actual[kind]),
                    len(expected[kind]),
                    len(actual[kind]),
                )
                for kind in KINDS
            }
            print(format_row(name, counts, seconds))
            for kind, more in counts.items():
                total[kind] = tuple(map(sum, zip(total[kind], more, strict=True)))
    print(format_row("all: found/known (drafted)", total, ""))
    shares = {kind: found / known for kind, (found, known, _) in total.items() if known}
    print(", ".join(f"{kind} {share:.1%}" for kind, share in shares.items()))
    few = [kind for kind, share in shares.items() if share < MIN_SHARE]
    print(
        f"less than {MIN_SHARE:.0%}: {', '.join(few)}" if few else f"all at least {MIN_SHARE:.0%}"
    )
    return 1 if few or not shares else 0


if __name__ == "__main__":
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    if named and not Path(named).is_dir():
        sys.exit("Name a folder of pairs: make bench-edition DIR=…")
    sys.exit(main(Path(named) if named else None))
