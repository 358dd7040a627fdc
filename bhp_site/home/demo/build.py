"""Prints the demonstration documents and pictures of `files/` from their sources.

Run by hand after a source has changed: `python -m bhp_site.home.demo.build`. It needs Chromium,
which the site itself never does; that is why the results are kept beside their sources.
"""

import datetime
import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
FILES = HERE / "files"
AUTHOR = "Birmingham Health Partners demonstration site"
HEADINGS = "h1, h2, h3, h4"
PICTURE: ViewportSize = {"width": 1600, "height": 1067}


@dataclass(frozen=True)
class Paper:
    """One document: its source (without `.html`), its file name, and what its catalogue says."""

    source: str
    name: str
    title: str
    created: datetime.date
    tagged: bool = True


PAPERS = (
    Paper(
        "report-of-activity",
        "report-of-activity-2020-2022.pdf",
        "Report of Activity 2020 to 2022",
        datetime.date(2022, 9, 1),
    ),
    Paper(
        "safe-and-effective-medicines",
        "safe-and-effective-medicines-2021.pdf",
        "Safe and Effective Medicines for Use in Pregnancy: A Call to Action",
        datetime.date(2021, 1, 1),
        tagged=False,
    ),
    Paper(
        "healthy-mum-healthy-baby",
        "healthy-mum-healthy-baby-2022.pdf",
        "Healthy Mum, Healthy Baby, Healthy Future",
        datetime.date(2022, 5, 1),
    ),
    Paper(
        "five-year-strategy",
        "five-year-strategy.pdf",
        "Five-year strategy",
        datetime.date(2025, 3, 1),
    ),
)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, else the one Playwright brings."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def printed(page: Page, paper: Paper) -> bytes:
    return page.pdf(
        prefer_css_page_size=True,
        print_background=True,
        tagged=paper.tagged,
        outline=paper.tagged,
    )


def page_numbers(pdf: bytes) -> list[int]:
    """Page number (from 1) of each heading of `pdf`, in reading order."""
    marks = pypdfium2.PdfDocument(pdf).get_toc(max_depth=6)
    return [dest.get_index() + 1 for dest in (mark.get_dest() for mark in marks) if dest]


def print_paper(browser: Browser, paper: Paper) -> None:
    """Print twice: Chromium cannot count to a link's target, so the first print tells the pages."""
    page = browser.new_page()
    page.goto((SOURCES / f"{paper.source}.html").as_uri())
    page.evaluate("document.fonts.ready")
    headings = [" ".join(words.split()) for words in page.locator(HEADINGS).all_inner_texts()]
    if page.locator("[data-page-of]").count():
        page.evaluate(
            """([headings, numbers]) => {
                const all = [...document.querySelectorAll(headings)];
                document.querySelectorAll("[data-page-of]").forEach(span => {
                    span.textContent = numbers[all.findIndex(h => h.id === span.dataset.pageOf)];
                });
            }""",
            [HEADINGS, page_numbers(printed(page, paper))],
        )
    pdf = printed(page, paper)
    page.close()
    finish(pdf, paper, headings)


def name_bookmarks(document: pikepdf.Pdf, headings: list[str]) -> None:
    """Give bookmarks their headings' words: Chromium drops the space where a heading wraps."""
    words = iter(headings)

    def name(items: list[pikepdf.OutlineItem], depth: int) -> None:
        for item in items:
            item.title = next(words)
            item.is_closed = depth > 0
            name(item.children, depth + 1)

    with document.open_outline() as outline:
        name(outline.root, 0)


def mend_tags(document: pikepdf.Pdf) -> None:
    """Leave one Figure a picture, and say what Strong is to readers older than PDF 2.0.

    Chromium tags the `figure` element and the picture in it alike, but only the latter has the
    description that ISO 14289-1, 7.3 asks of every Figure.
    """
    for element in document.objects:
        if (
            isinstance(element, pikepdf.Dictionary)
            and element.get("/S") == "/Figure"
            and "/Alt" not in element
        ):
            element.S = pikepdf.Name.Div
    document.Root.StructTreeRoot.RoleMap = pikepdf.Dictionary(Strong=pikepdf.Name.Span)


def finish(pdf: bytes, paper: Paper, headings: list[str]) -> None:
    """Write `pdf` with what a reader's title bar, voice and library need to know about it.

    ISO 32000-2, 7.7.2 and 12.2: Lang, and DisplayDocTitle, without which the file name is shown.
    The date is the document’s, not that of the rebuild.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if paper.tagged:
            name_bookmarks(document, headings)
            mend_tags(document)
        document.Root.Lang = pikepdf.String("en-GB")
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        document.trailer.Info = document.make_indirect(
            pikepdf.Dictionary(
                Title=paper.title,
                Author=AUTHOR,
                CreationDate=f"D:{paper.created:%Y%m%d}000000Z",
            )
        )
        with document.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:title"] = paper.title
            meta["dc:creator"] = [AUTHOR]
            meta["dc:language"] = ["en-GB"]
            meta["xmp:CreateDate"] = paper.created.isoformat()
        document.save(
            FILES / paper.name,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
        )


def draw_picture(browser: Browser, source: Path) -> None:
    """Render an SVG as a PNG of 256 colours: flat shapes need no more."""
    page = browser.new_page(viewport=PICTURE)
    page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{source.read_text()}")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    picture.quantize(256, dither=Image.Dither.NONE).save(
        FILES / f"{source.stem}.png", optimize=True
    )


def main() -> None:
    FILES.mkdir(exist_ok=True)
    with chromium() as browser:
        for source in sorted(SOURCES.glob("*.svg")):
            draw_picture(browser, source)
        for paper in PAPERS:
            print_paper(browser, paper)


if __name__ == "__main__":
    main()
