"""A large site of made-up content, to see what grows with it. Never for visitors.

Rows are written in bulk, past signals and search index; `manage.py generate` puts those in order.
"""

import datetime
import io
import itertools
import random
from collections.abc import Callable
from typing import Any

import pikepdf
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db import connection, models, transaction
from django.db.models.sql import InsertQuery
from django.utils import timezone
from wagtail.models import Locale, Page

from bhp_site.files.facts import FileFacts
from bhp_site.files.models import SiteDocument
from bhp_site.files.texts import Extraction, PageText
from bhp_site.files.versions import DocumentVersion
from news.models import NewsIndexPage, NewsKind, NewsPage
from partners.models import MembershipEvent, PartnerIndexPage, PartnerKind, PartnerPage
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
    made = _pages(
        NewsPage,
        NewsIndexPage.objects.get(),
        number,
        lambda n: {
            "kind": choose.choice(NewsKind.values),
            "summary": _words(choose, 20),
            "date": start + datetime.timedelta(days=n // 2),
            "body": [("text", f"<p>{_words(choose, 60)}</p>") for _ in range(3)],
            "report": choose.choice(reports) if reports and n % 5 == 0 else None,
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


def _pages(
    model: type[Any],
    parent: Page,
    number: int,
    values: Callable[[int], dict[str, Any]],
    step: Step,
    choose: random.Random,
) -> list[Any]:
    """So many live pages of `model` below `parent`, as rows of both their tables."""
    now, made = timezone.now(), []
    numbers = iter(range(1, number + 1))
    while batch := [*itertools.islice(numbers, BATCH)]:
        pages = [
            model(
                title=f"{MARK} {_words(choose, 4)} {n}",
                slug=f"generated-{n}",
                depth=parent.depth + 1,
                path=Page._get_path(parent.path, parent.depth + 1, n),
                url_path=f"{parent.url_path}generated-{n}/",
                content_type=ContentType.objects.get_for_model(model),
                locale=Locale.get_default(),
                first_published_at=now,
                last_published_at=now,
                **values(n),
            )
            for n in batch
        ]
        for page in pages:
            page.draft_title = page.title
        made += _write(model, pages)
        step(len(pages))
    Page.objects.filter(pk=parent.pk).update(numchild=number)
    return made


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
