"""Generate a large site to measure it; the content is never for visitors.

Rows are written in bulk, without signals; `manage.py generate` updates the search indexes after.
"""

import datetime
import io
import itertools
import random
import uuid
from collections.abc import Callable, Iterable
from typing import Any

import pikepdf
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.db.models.sql import InsertQuery
from django.utils import timezone
from PIL import Image
from wagtail.blocks import StreamValue
from wagtail.models import Locale, Page

from bhp_site.core.models import SiteImage
from bhp_site.files.facts import FileFacts
from bhp_site.files.models import SiteDocument
from bhp_site.files.page_text import Extraction, PageText
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.themes.models import ThemeIndexPage, ThemePage
from news.models import NewsDownload, NewsIndexPage, NewsKind, NewsPage, QuotePage
from partners.models import MembershipEvent, PartnerIndexPage, PartnerKind, PartnerPage
from partners.people import PeoplePage, Person, PersonPage
from reports.models import ReportDownload, ReportIndexPage, ReportKind, ReportPage

BATCH_SIZE = 200
# Every generated title contains it, so that the content cannot be taken for true.
TITLE_PREFIX = "Generated"
VOCABULARY_TEXT = (
    "access archive balance bridge care centre clinic cohort data discovery evidence family "
    "future garden genome health horizon journey learning measure network outcome pathway "
    "patient pilot plan practice record research review school signal study theme trial ward"
)
VOCABULARY = VOCABULARY_TEXT.split()
SPEAKER_COUNT = 20
THEME_COUNT = 6
# Every nth news item has a quotation, an image, a document, announces a report.
QUOTATION_INTERVAL = 3
IMAGE_INTERVAL = 4
DOCUMENT_INTERVAL = 5
REPORT_INTERVAL = 5

Progress = Callable[[int], None]


class SiteNotEmptyError(Exception):
    """Raised when the site already has content, which must not be mixed with generated content."""


def generate(
    news: int,
    reports: int,
    partners: int,
    progress: Progress,
    pages: int = 0,
    seed: int = 1,
) -> None:
    """Create the given numbers of pages below the index pages, in one transaction.

    `progress` is called with the number of pages added. The document of each report has the text
    of `pages` pages. Equal seeds give equal content. Raises
    SiteNotEmptyError if there are news, reports or partners already.
    """
    for model in (NewsPage, ReportPage, PartnerPage):
        if model.objects.exists():
            raise SiteNotEmptyError(f"There are {model._meta.verbose_name_plural} already.")
    rng = random.Random(seed)
    with transaction.atomic():
        members = _create_partners(partners, rng, progress)
        published, documents = _create_reports(reports, pages, rng, progress)
        created = _create_news(news, rng, members, published, progress)
        _offer_documents(created, documents)
        _relate_to_themes(created, rng)


def _create_partners(number: int, rng: random.Random, progress: Progress) -> list[PartnerPage]:
    first_day = datetime.date(2012, 1, 1)
    created = _create_pages(
        PartnerPage,
        PartnerIndexPage.objects.get(),
        number,
        lambda n: {"kind": rng.choice(PartnerKind.values), "summary": _choose_words(rng, 12)},
        progress,
        rng,
    )
    events = (
        MembershipEvent(
            partner=page,
            kind=MembershipEvent.Kind.JOINED,
            order=n,
            earliest=first_day + datetime.timedelta(days=n),
            latest=first_day + datetime.timedelta(days=n),
        )
        for n, page in enumerate(created, 1)
    )
    MembershipEvent.objects.bulk_create(events, batch_size=BATCH_SIZE)
    return created


def _create_reports(
    number: int, pages: int, rng: random.Random, progress: Progress
) -> tuple[list[ReportPage], list[SiteDocument]]:
    """Create reports, each with a document of its own; return both."""
    start = datetime.date(2012, 1, 1)
    created = _create_pages(
        ReportPage,
        ReportIndexPage.objects.get(),
        number,
        lambda n: {
            "kind": rng.choice(ReportKind.values),
            "summary": _choose_words(rng, 20),
            "date": start + datetime.timedelta(days=n),
            "body": _build_paragraphs(rng),
        },
        progress,
        rng,
    )
    files = _create_documents(number, pages, rng)
    offers = (
        ReportDownload(page=page, document=file, sort_order=0)
        for page, file in zip(created, files, strict=False)
    )
    ReportDownload.objects.bulk_create(offers, batch_size=BATCH_SIZE)
    return created, files


def _create_documents(number: int, pages: int, rng: random.Random) -> list[SiteDocument]:
    """Create documents with the text of `pages` pages; all share the bytes of one blank page."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    data = io.BytesIO()
    pdf.save(data)
    first = SiteDocument(
        title=f"{TITLE_PREFIX} file", file=ContentFile(data.getvalue(), "generated.pdf")
    )
    first.save()
    facts = {name: getattr(first, name) for name in FileFacts.FACTS} | {"pages": max(pages, 1)}
    files = SiteDocument.objects.bulk_create(
        SiteDocument(
            **facts,
            title=f"{TITLE_PREFIX} file {n}",
            slug=f"generated-{n}",
            collection=first.collection,
            version_number=1,
        )
        for n in range(1, number + 1)
    )
    versions = DocumentVersion.objects.bulk_create(
        DocumentVersion(**facts, document=file, number=1) for file in files
    )
    Extraction.objects.bulk_create(
        Extraction(version=version, state=Extraction.State.DONE) for version in versions
    )
    for version in versions:
        PageText.objects.bulk_create(
            PageText(version=version, number=page, text=_choose_words(rng, 150))
            for page in range(1, pages + 1)
        )
    return files


def _create_news(
    number: int,
    rng: random.Random,
    partners: list[PartnerPage],
    reports: list[ReportPage],
    progress: Progress,
) -> list[NewsPage]:
    start = datetime.date(2012, 1, 1)
    speakers = _create_speakers(rng)
    image = _create_image()

    def build_body(n: int) -> StreamValue:
        """Return the body of the `n`th news item."""
        blocks: list[tuple[str, Any]] = [
            ("heading", _choose_words(rng, 4)),
            *_build_paragraphs(rng),
        ]
        if n % IMAGE_INTERVAL == 0:
            blocks.insert(1, ("figure", {"image": image, "caption": _choose_words(rng, 8)}))
        if n % QUOTATION_INTERVAL == 0:
            speaker = rng.choice(speakers)
            value = {
                "speaker": speaker,
                "name": str(speaker),
                "role": "Speaker",
                "organisation": "BHP",
                "portrait": None,
                "words": f"{_choose_words(rng, 25)}.\n\n{_choose_words(rng, 20)}.",
            }
            blocks.append(("quote", value))
        stream = StreamValue(NewsPage.body.field.stream_block, blocks)
        for block in stream:
            # The page of a quotation is found by its block's id.
            block.id = str(uuid.uuid4())
        return stream

    created = _create_pages(
        NewsPage,
        NewsIndexPage.objects.get(),
        number,
        lambda n: {
            "kind": rng.choice(NewsKind.values),
            "summary": _choose_words(rng, 20),
            "date": start + datetime.timedelta(days=n // 2),
            "body": build_body(n),
            "report": rng.choice(reports) if reports and n % REPORT_INTERVAL == 0 else None,
        },
        progress,
        rng,
    )
    through: Any = NewsPage.partners.through
    tags = (
        through(newspage_id=page.pk, partnerpage_id=rng.choice(partners).pk)
        for page in (created if partners else [])
    )
    through.objects.bulk_create(tags, batch_size=BATCH_SIZE)
    _create_quote_pages(created)
    return created


def _offer_documents(announcements: list[NewsPage], documents: list[SiteDocument]) -> None:
    """Offer some of the reports' documents on announcements too."""
    offers = (
        NewsDownload(page=page, document=documents[n % len(documents)], sort_order=0)
        for n, page in enumerate(announcements)
        if documents and n % DOCUMENT_INTERVAL == 0
    )
    NewsDownload.objects.bulk_create(offers, batch_size=BATCH_SIZE)


def _relate_to_themes(announcements: list[NewsPage], rng: random.Random) -> None:
    """Create themes, if the site has a list of them, and relate each announcement to one."""
    parent = ThemeIndexPage.objects.first()
    if parent is None:
        return
    themes = _create_pages(
        ThemePage,
        parent,
        THEME_COUNT,
        lambda n: {"summary": _choose_words(rng, 12)},
        lambda count: None,
        rng,
    )
    through: Any = NewsPage.themes.through
    rows = (
        through(newspage_id=page.pk, themepage_id=rng.choice(themes).pk) for page in announcements
    )
    through.objects.bulk_create(rows, batch_size=BATCH_SIZE)


def _create_quote_pages(announcements: Iterable[NewsPage]) -> None:
    """Create the page of each quotation, as publishing its announcement would."""
    quotes: list[QuotePage] = []
    for announcement in announcements:
        for n, block in enumerate(announcement.quote_blocks, 1):
            quote = QuotePage(block_id=block.id)
            quote.copy_block(block, announcement)
            _set_position(quote, announcement, n, f"{TITLE_PREFIX.lower()}-{n}")
            quotes.append(quote)
    for start in range(0, len(quotes), BATCH_SIZE):
        _insert(QuotePage, quotes[start : start + BATCH_SIZE])
    parents = [quote.path[: -Page.steplen] for quote in quotes]
    for start in range(0, len(parents), BATCH_SIZE):
        Page.objects.filter(path__in=parents[start : start + BATCH_SIZE]).update(numchild=1)


def _create_speakers(rng: random.Random) -> list[Person]:
    """Create people who cannot be taken for real ones, with pages if the site has a list."""
    speakers = [
        Person.objects.create(name=f"{TITLE_PREFIX} speaker {n}")
        for n in range(1, SPEAKER_COUNT + 1)
    ]
    if parent := PeoplePage.objects.first():
        values = [{"person": person} for person in speakers]
        _create_pages(
            PersonPage, parent, SPEAKER_COUNT, lambda n: values[n - 1], lambda count: None, rng
        )
    return speakers


def _create_image() -> SiteImage:
    data = io.BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(data, "JPEG")
    image = SiteImage(
        title=f"{TITLE_PREFIX} image", file=ContentFile(data.getvalue(), "generated.jpg")
    )
    image.save()
    image.contextual_alt_text, image.decorative = "A plain colour", False
    return image


def _build_paragraphs(rng: random.Random) -> list[tuple[str, Any]]:
    return [("paragraph", f"<p>{_choose_words(rng, 60)}.</p>") for _ in range(3)]


def _create_pages(
    model: type[Any],
    parent: Page,
    number: int,
    values: Callable[[int], dict[str, Any]],
    progress: Progress,
    rng: random.Random,
) -> list[Any]:
    """Create `number` live pages of `model` below `parent`; return them."""
    created: list[Any] = []
    numbers = iter(range(1, number + 1))
    while batch := [*itertools.islice(numbers, BATCH_SIZE)]:
        pages = []
        for n in batch:
            page = model(title=f"{TITLE_PREFIX} {_choose_words(rng, 4)} {n}", **values(n))
            _set_position(page, parent, n, f"generated-{n}")
            pages.append(page)
        created += _insert(model, pages)
        progress(len(pages))
    # The lists of people and themes are drafts on a new site.
    Page.objects.filter(pk=parent.pk).update(numchild=number, live=True)
    return created


def _set_position(page: Any, parent: Page, n: int, slug: str) -> None:
    """Set the fields that make `page` the live `n`th child of `parent`; nothing is saved."""
    page.slug = slug
    page.draft_title = page.title
    page.depth = parent.depth + 1
    page.path = Page._get_path(parent.path, page.depth, n)
    page.url_path = f"{parent.url_path}{slug}/"
    page.content_type = ContentType.objects.get_for_model(type(page))
    page.locale = Locale.get_default()
    page.first_published_at = page.last_published_at = timezone.now()


def _insert(model: type[models.Model], pages: list[Any]) -> list[Any]:
    """Insert both rows of each page: Django's `bulk_create` does not support a parent model."""
    shared = [field.attname for field in Page._meta.concrete_fields]
    rows = Page.objects.bulk_create(
        Page(**{name: getattr(page, name) for name in shared}) for page in pages
    )
    for page, row in zip(pages, rows, strict=True):
        page.pk = page.page_ptr_id = row.pk
    query = InsertQuery(model)
    query.insert_values([*model._meta.local_concrete_fields], pages)
    query.get_compiler(connection=connection).execute_sql()
    return pages


def _choose_words(rng: random.Random, number: int) -> str:
    return " ".join(rng.choices(VOCABULARY, k=number)).capitalize()
