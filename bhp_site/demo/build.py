"""Build the demonstration documents and images in `files/` from their sources.

Run it after a source has changed: `python -m bhp_site.demo.build`. The results are committed:
the site itself does not need Chromium.
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

from bhp_site.demo.pdf_tags import repair_tags

HERE = Path(__file__).resolve().parent
SOURCES = HERE / "sources"
FILES = HERE / "files"
AUTHOR = "Birmingham Health Partners demonstration site"
HEADINGS = "h1, h2, h3, h4"
# Text or label of each link within the document, by its destination.
LINK_TEXTS = """() => Object.fromEntries(
    [...document.querySelectorAll('a[href^="#"]')].map(link => [
        link.hash.slice(1), link.ariaLabel || link.innerText.split(/\\s+/).join(" ").trim()
    ])
)"""
IMAGE_STYLE = "body { margin: 0 } svg { display: block; width: 100%; height: auto }"
VIEWPORT: ViewportSize = {"width": 1280, "height": 854}


@dataclass(frozen=True)
class DemoDocument:
    """One document: its source (without `.html`), its file name and its metadata."""

    source: str
    name: str
    title: str
    created: datetime.date


DOCUMENTS = (
    DemoDocument(
        "report-of-activity",
        "report-of-activity-2020-2022.pdf",
        "Report of Activity 2020 to 2022",
        datetime.date(2022, 9, 1),
    ),
    DemoDocument(
        "safe-and-effective-medicines",
        "safe-and-effective-medicines-2021.pdf",
        "Safe and Effective Medicines for Use in Pregnancy: A Call to Action",
        datetime.date(2021, 1, 1),
    ),
    DemoDocument(
        "healthy-mum-healthy-baby",
        "healthy-mum-healthy-baby-2022.pdf",
        "Healthy Mum, Healthy Baby, Healthy Future",
        datetime.date(2022, 5, 1),
    ),
    DemoDocument(
        "five-year-strategy",
        "five-year-strategy.pdf",
        "Five-year strategy",
        datetime.date(2025, 3, 1),
    ),
)


@contextmanager
def launch_chromium() -> Iterator[Browser]:
    """Yield the system's Chromium, else the one that Playwright installed."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        yield browser
        browser.close()


def print_pdf(page: Page) -> bytes:
    """Return the page as a tagged PDF with bookmarks."""
    return page.pdf(prefer_css_page_size=True, print_background=True, tagged=True, outline=True)


def get_heading_pages(pdf: bytes) -> list[int]:
    """Return the page number (from 1) of each heading of `pdf`, in reading order."""
    marks = pypdfium2.PdfDocument(pdf).get_toc(max_depth=6)
    return [dest.get_index() + 1 for dest in (mark.get_dest() for mark in marks) if dest]


def build_document(browser: Browser, source: DemoDocument) -> None:
    """Print a document twice: the first print gives the page numbers for its table of contents."""
    page = browser.new_page()
    page.goto((SOURCES / f"{source.source}.html").as_uri())
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
            [HEADINGS, get_heading_pages(print_pdf(page))],
        )
    pdf = print_pdf(page)
    link_texts = page.evaluate(LINK_TEXTS)
    page.close()
    write_document(pdf, source, headings, link_texts)


def set_bookmark_titles(document: pikepdf.Pdf, headings: list[str]) -> None:
    """Set bookmark titles to the headings: Chromium drops the space where a heading wraps."""
    words = iter(headings)

    def name(items: list[pikepdf.OutlineItem], depth: int) -> None:
        """Set the titles of `items` and those below them."""
        for item in items:
            item.title = next(words)
            item.is_closed = depth > 0
            name(item.children, depth + 1)

    with document.open_outline() as outline:
        name(outline.root, 0)


def write_document(
    pdf: bytes, source: DemoDocument, headings: list[str], link_texts: dict[str, str]
) -> None:
    """Write `pdf` to `files/` with repaired tags, and its language, title, author and date.

    ISO 32000-2, 7.7.2 and 12.2: Lang, and DisplayDocTitle, without which the file name is shown.
    The date is that of the document, not of the build.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        set_bookmark_titles(document, headings)
        repair_tags(document, link_texts)
        document.Root.Lang = pikepdf.String("en-GB")
        document.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        document.trailer.Info = document.make_indirect(
            pikepdf.Dictionary(
                Title=source.title,
                Author=AUTHOR,
                CreationDate=f"D:{source.created:%Y%m%d}000000Z",
            )
        )
        with document.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta["dc:title"] = source.title
            meta["dc:creator"] = [AUTHOR]
            meta["dc:language"] = ["en-GB"]
            meta["xmp:CreateDate"] = source.created.isoformat()
        document.save(
            FILES / source.name,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            recompress_flate=True,
            deterministic_id=True,
        )


def build_image(browser: Browser, source: Path) -> None:
    """Render an SVG as a PNG of 256 colours, which is enough for flat shapes."""
    page = browser.new_page(viewport=VIEWPORT)
    page.set_content(f"<style>{IMAGE_STYLE}</style>{source.read_text()}")
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    image.quantize(256, dither=Image.Dither.NONE).save(FILES / f"{source.stem}.png", optimize=True)


def main() -> None:
    """Build all images and documents."""
    FILES.mkdir(exist_ok=True)
    with launch_chromium() as browser:
        for source in sorted(SOURCES.glob("*.svg")):
            build_image(browser, source)
        for document in DOCUMENTS:
            build_document(browser, document)


if __name__ == "__main__":
    main()
