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
from types import SimpleNamespace
from typing import Any

from bs4 import BeautifulSoup, Tag

from .run import ROOT, chromium

KINDS = ("headings", "paragraphs", "list items", "table cells", "links")
LEAST = 0.95
DEMO = ROOT / "bhp_site/home/demo"
DEMO_PAIRS = {
    "report-of-activity": "report-of-activity-2020-2022",
    "healthy-mum-healthy-baby": "healthy-mum-healthy-baby-2022",
    "five-year-strategy": "five-year-strategy",
}
HEADINGS = ["h1", "h2", "h3", "h4", "h5", "h6"]
CONTAINERS = ["li", "td", "th", "figure", "caption"]
LEFT_OUT = "h2:has(+ nav), nav, script, style, svg, [hidden], [aria-hidden=true]"

Found = dict[str, list[str]]


def words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())


def own_words(item: Tag) -> str:
    """The words of an item without those of lists within it."""
    inner = {id(text) for one in item.find_all(["ul", "ol"]) for text in one.find_all(string=True)}
    said = "".join(
        f"{text}\n" if text.parent and text.parent.name == "p" else str(text)
        for text in item.find_all(string=True)
        if id(text) not in inner
    )
    return " ".join(said.split())


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
    """What the HTML says, without what a draft leaves out on purpose."""
    soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    for tag in soup.select(LEFT_OUT):
        tag.decompose()
    for tag in soup.find_all("sup"):
        tag.string = f"[{words(tag)}]"
    found: Found = defaultdict(list)
    collect(soup, found)
    return found


def drafted(path: Path) -> Found:
    from bhp_site.files.drafting import draft

    version: Any = SimpleNamespace(
        file=SimpleNamespace(path=str(path)), suffix=".pdf", withdrawn_at=None
    )
    found: Found = defaultdict(list)
    for chapter in draft(version).chapters:
        found["headings"].append(chapter.title)
        for block in chapter.blocks:
            if block.kind == "heading":
                found["headings"].append(block.text)
            elif block.kind == "table":
                found["table cells"] += [cell for row in block.rows for cell in row if cell]
            elif block.html:
                collect(BeautifulSoup(block.html, "html.parser"), found)
    return found


def common(one: list[str], two: list[str]) -> int:
    """How many are in both in the same order."""
    row = [0] * (len(two) + 1)
    for left in one:
        before = row
        row = [0]
        for at, right in enumerate(two):
            row.append(before[at] + 1 if left == right else max(before[at + 1], row[at]))
    return row[-1]


def printed(source: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The PDFs of one HTML file, by the program that makes them."""
    if program := chromium():
        made = folder / f"{source.stem}-chromium.pdf"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
        tags = ["--generate-pdf-document-outline", f"--print-to-pdf={made}"]
        subprocess.run([program, *flags, *tags, source.as_uri()], check=True, capture_output=True)
        yield "Chromium", made
    if program := shutil.which("soffice"):
        tagged = '{"UseTaggedPDF":{"type":"boolean","value":"true"}}'
        for kind, how in (
            ("odt:writer8", "writer_web_HTML"),
            (f"pdf:writer_pdf_Export:{tagged}", ""),
        ):
            given = [f"--infilter={how}"] if how else []
            given += [f"-env:UserInstallation=file://{folder}/office", "--headless"]
            name = source if how else folder / f"{source.stem}.odt"
            subprocess.run(
                [program, *given, "--convert-to", kind, "--outdir", folder, name],
                check=True,
                capture_output=True,
            )
        yield "LibreOffice", (folder / f"{source.stem}.pdf")


def pairs(folder: Path | None, scratch: Path) -> Iterator[tuple[str, Path, Path]]:
    """What is compared: its name, HTML and PDF."""
    if folder:
        for source in sorted(folder.glob("*.html")):
            yield source.stem, source, source.with_suffix(".pdf")
        return
    from . import editions

    for name, text in editions.ALL.items():
        source = scratch / f"{name}.html"
        source.write_text(text, encoding="utf-8")
        for program, made in printed(source, scratch):
            yield f"{name}, {program}", source, made
    for source, made in DEMO_PAIRS.items():
        yield made, DEMO / f"sources/{source}.html", DEMO / f"files/{made}.pdf"


def main(folder: Path | None, more: bool = False) -> int:
    print(f"{'':32}" + "".join(f"{kind:>18}" for kind in KINDS) + f"{'seconds':>9}")
    worst = 1.0
    with tempfile.TemporaryDirectory() as scratch:
        for name, source, made in pairs(folder, Path(scratch)):
            start = time.perf_counter()
            there, here = told(source), drafted(made)
            spent = time.perf_counter() - start
            cells = []
            for kind in KINDS:
                known, found = there[kind], here[kind]
                same = common(known, found)
                worst = min(worst, same / len(known) if known else 1.0)
                cells.append(f"{same}/{len(known)} ({len(found)})" if known else "–")
                if more and same < max(len(known), len(found)):
                    print(
                        kind,
                        *[f"  - {x}" for x in known if x not in found],
                        *[f"  + {x}" for x in found if x not in known],
                        sep="\n",
                    )
            print(f"{name:32}" + "".join(f"{cell:>18}" for cell in cells) + f"{spent:>9.1f}")
    print(
        f"found in order, and how many the draft has; lowest share {worst:.1%}, wanted {LEAST:.0%}"
    )
    return 0 if worst >= LEAST else 1


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    given = Path(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1] else None
    sys.exit(main(given, "-v" in sys.argv))
