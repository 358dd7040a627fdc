"""Generate a large site of made-up content, to measure what grows with it. Never for visitors.

Rows are written in bulk, past signals and search index; `manage.py generate` updates those after.
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
from bhp_site.files.texts import Extraction, PageText
from bhp_site.files.versions import DocumentVersion
from news.models import NewsIndexPage, NewsKind, NewsPage, QuotePage
from partners.models import MembershipEvent, PartnerIndexPage, PartnerKind, PartnerPage
from partners.people import Person
from reports.models import ReportDownload, ReportIndexPage, ReportKind, ReportPage

BATCH = 200
# Whatever is made bears it in its title, so that nobody takes it for true.
MARK = "Generated"
TEXT = (
    "access archive balance bridge care centre clinic cohort data discovery evidence family "
    "future garden genome health horizon journey learning measure network outcome pathway "
    "patient pilot plan practice record research review school signal study theme trial ward"
)
WORDS = TEXT.split()
SPEAKERS = 20
# Of the generated news items, every such one has a quotation, an image, or announces a report.
QUOTATION_EVERY = 3
IMAGE_EVERY = 4
REPORT_EVERY = 5

Step = Callable[[int], None]


class NotEmpty(Exception):
    """The site has content that made-up content must not be mixed with."""


def generate(
    news: int, reports: int, partners: int, step: Step, pages: int = 0, seed: int = 1
) -> None:
    """Make so many of each below the indexes; `step` hears how many more are done.

    Where `pages` is given, each report has a file of its own, with the text of so many. All or
    nothing; raises NotEmpty.
    """
    for model in (NewsPage, ReportPage, PartnerPage):
        if model.objects.exists():
            raise NotEmpty(f"There are {model._meta.verbose_name_plural} already.")
    choose = random.Random(seed)  # noqa: S311
    with transaction.atomic():
        members = _partners(partners, choose, step)
        published = _reports(reports, pages, choose, step)
        _news(news, choose, members, published, step)


def _partners(number: int, choose: random.Random, step: Step) -> list[PartnerPage]:
    day = datetime.date(2012, 1, 1)
    made = _pages(
        PartnerPage,
        PartnerIndexPage.objects.get(),
        number,
        lambda n: {"kind": choose.choice(PartnerKind.values), "summary": _words(choose, 12)},
        step,
        choose,
    )
    events = (
        MembershipEvent(
            partner=page,
            kind=MembershipEvent.Kind.JOINED,
            order=n,
            earliest=day + datetime.timedelta(days=n),
            latest=day + datetime.timedelta(days=n),
        )
        for n, page in enumerate(made, 1)
    )
    MembershipEvent.objects.bulk_create(events, batch_size=BATCH)
    return made


def _reports(number: int, pages: int, choose: random.Random, step: Step) -> list[ReportPage]:
    start = datetime.date(2012, 1, 1)
    made = _pages(
        ReportPage,
        ReportIndexPage.objects.get(),
        number,
        lambda n: {
            "kind": choose.choice(ReportKind.values),
            "summary": _words(choose, 20),
            "published_date": start + datetime.timedelta(days=n),
            "body": _paragraphs(choose),
        },
        step,
        choose,
    )
    if pages:
        files = _files(number, pages, choose)
    else:
        files = [*SiteDocument.objects.all()[:1]] * number
    offers = (
        ReportDownload(page=page, document=file, sort_order=0)
        for page, file in zip(made, files, strict=False)
    )
    ReportDownload.objects.bulk_create(offers, batch_size=BATCH)
    return made


def _files(number: int, pages: int, choose: random.Random) -> list[SiteDocument]:
    """Files with the text of so many pages; the bytes of all are those of one blank page."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    data = io.BytesIO()
    pdf.save(data)
    first = SiteDocument(title=f"{MARK} file", file=ContentFile(data.getvalue(), "generated.pdf"))
    first.save()
    facts = {name: getattr(first, name) for name in FileFacts.FACTS} | {"pages": pages}
    files = SiteDocument.objects.bulk_create(
        SiteDocument(
            **facts,
            title=f"{MARK} file {n}",
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
            PageText(version=version, number=page, text=_words(choose, 150))
            for page in range(1, pages + 1)
        )
    return files


def _news(
    number: int,
    choose: random.Random,
    partners: list[PartnerPage],
    reports: list[ReportPage],
    step: Step,
) -> None:
    start = datetime.date(2012, 1, 1)
    speakers = [_speaker(n) for n in range(1, SPEAKERS + 1)]
    image = _image()

    def body(n: int) -> StreamValue:
        blocks: list[tuple[str, Any]] = [("heading", _words(choose, 4)), *_paragraphs(choose)]
        if n % IMAGE_EVERY == 0:
            blocks.insert(1, ("figure", {"image": image, "caption": _words(choose, 8)}))
        if n % QUOTATION_EVERY == 0:
            speaker = choose.choice(speakers)
            value = {
                "speaker": speaker,
                "name": str(speaker),
                "role": "Speaker",
                "organisation": "BHP",
                "portrait": None,
                "words": f"{_words(choose, 25)}.\n\n{_words(choose, 20)}.",
            }
            blocks.append(("quote", value))
        stream = StreamValue(NewsPage.body.field.stream_block, blocks)
        for block in stream:
            # The page of a quotation is found by its block's id.
            block.id = str(uuid.uuid4())
        return stream

    made = _pages(
        NewsPage,
        NewsIndexPage.objects.get(),
        number,
        lambda n: {
            "kind": choose.choice(NewsKind.values),
            "summary": _words(choose, 20),
            "date": start + datetime.timedelta(days=n // 2),
            "body": body(n),
            "report": choose.choice(reports) if reports and n % REPORT_EVERY == 0 else None,
        },
        step,
        choose,
    )
    through: Any = NewsPage.partners.through
    tags = (
        through(newspage_id=page.pk, partnerpage_id=choose.choice(partners).pk)
        for page in (made if partners else [])
    )
    through.objects.bulk_create(tags, batch_size=BATCH)
    _quote_pages(made)


def _quote_pages(announcements: Iterable[NewsPage]) -> None:
    """Create the page of each quotation, as publishing its announcement would."""
    quotes: list[QuotePage] = []
    for announcement in announcements:
        for n, block in enumerate(announcement.quote_blocks, 1):
            quote = QuotePage(block_id=block.id)
            quote.take(block, announcement)
            _place(quote, announcement, n, f"{MARK.lower()}-{n}")
            quotes.append(quote)
    for start in range(0, len(quotes), BATCH):
        _write(QuotePage, quotes[start : start + BATCH])
    parents = [quote.path[: -Page.steplen] for quote in quotes]
    for start in range(0, len(parents), BATCH):
        Page.objects.filter(path__in=parents[start : start + BATCH]).update(numchild=1)


def _speaker(n: int) -> Person:
    """Create a person who cannot be taken for a real one."""
    person: Person = Person.objects.create(name=f"{MARK} speaker {n}")
    return person


def _image() -> SiteImage:
    data = io.BytesIO()
    Image.new("RGB", (1200, 800), "teal").save(data, "JPEG")
    image = SiteImage(title=f"{MARK} image", file=ContentFile(data.getvalue(), "generated.jpg"))
    image.save()
    image.contextual_alt_text, image.decorative = "A plain colour", False
    return image


def _paragraphs(choose: random.Random) -> list[tuple[str, Any]]:
    return [("paragraph", f"<p>{_words(choose, 60)}.</p>") for _ in range(3)]


def _pages(
    model: type[Any],
    parent: Page,
    number: int,
    values: Callable[[int], dict[str, Any]],
    step: Step,
    choose: random.Random,
) -> list[Any]:
    """Create `number` live pages of `model` below `parent`; return them."""
    made: list[Any] = []
    numbers = iter(range(1, number + 1))
    while batch := [*itertools.islice(numbers, BATCH)]:
        pages = []
        for n in batch:
            page = model(title=f"{MARK} {_words(choose, 4)} {n}", **values(n))
            _place(page, parent, n, f"generated-{n}")
            pages.append(page)
        made += _write(model, pages)
        step(len(pages))
    Page.objects.filter(pk=parent.pk).update(numchild=number)
    return made


def _place(page: Any, parent: Page, n: int, slug: str) -> None:
    """Set what makes `page` the live `n`th child of `parent`, without saving either."""
    page.slug = slug
    page.draft_title = page.title
    page.depth = parent.depth + 1
    page.path = Page._get_path(parent.path, page.depth, n)
    page.url_path = f"{parent.url_path}{slug}/"
    page.content_type = ContentType.objects.get_for_model(type(page))
    page.locale = Locale.get_default()
    page.first_published_at = page.last_published_at = timezone.now()


def _write(model: type[models.Model], pages: list[Any]) -> list[Any]:
    """Both rows of each page; Django's `bulk_create` knows no model with a parent."""
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


def _words(choose: random.Random, number: int) -> str:
    return " ".join(choose.choices(WORDS, k=number)).capitalize()
