"""One valid, minimal thing of each kind; a page of each type. Factories never leave the tests."""

import datetime
import io
from typing import Any

import factory
import pikepdf
import wagtail_factories
from django.core.files.base import ContentFile
from PIL import Image

from bhp_site.accessibility.models import AccessibilityStatementPage
from bhp_site.core.models import PageUpdate, SiteImage, User
from bhp_site.files.models import SiteDocument
from bhp_site.home.models import HomePage, StandardPage
from bhp_site.themes.models import ThemeIndexPage, ThemePage
from news.models import NewsIndexPage, NewsPage, QuoteIndexPage, QuotePage
from partners.models import (
    PartnerIndexPage,
    PartnerPage,
    PeoplePage,
    Person,
    PersonPage,
    Role,
)
from reports.chapters import Chapter
from reports.models import ReportDownload, ReportIndexPage, ReportPage


def pdf_bytes(title: str = "A report", pages: int = 1) -> bytes:
    """A small, sound PDF; another title makes other bytes."""
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    pdf.docinfo["/Title"] = title
    file = io.BytesIO()
    # The same bytes whenever they are made: what has been read of them need not be read again.
    pdf.save(file, deterministic_id=True)
    return file.getvalue()


def png_bytes(colour: str = "#0b5a50", size: tuple[int, int] = (40, 30)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, colour).save(file, "PNG")
    return file.getvalue()


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    password = factory.django.Password("correct horse battery")


def add_update(page: Any, day: str, note: str, is_correction: bool = False) -> PageUpdate:
    """Record a major update of `page` at noon of `day`, in ISO 8601."""
    noon = datetime.datetime.combine(
        datetime.date.fromisoformat(day), datetime.time(12), datetime.UTC
    )
    return PageUpdate.objects.create(
        page_id=page.pk, published_at=noon, note=note, is_correction=is_correction
    )


class SiteImageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SiteImage

    title = factory.Sequence(lambda n: f"Picture {n}")
    description = "Two discs overlap."
    file = factory.LazyAttribute(lambda image: ContentFile(png_bytes(), name="picture.png"))


class SiteDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SiteDocument

    title = factory.Sequence(lambda n: f"File {n}")
    file = factory.LazyAttribute(lambda _: ContentFile(pdf_bytes(), name="upload.pdf"))
    # A blank page is no accessible PDF, and pages that offer it are published.
    accessibility_reason = "A blank page says nothing to anybody."


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Sequence(lambda n: f"Person {n}")


def with_role(person: Person, title: str, **when: Any) -> Person:
    """`person`, who holds a role since long ago unless `when` says otherwise."""
    dates = when or {"start_latest": datetime.date(2010, 1, 1)}
    person.roles.add(Role(title=title, sort_order=person.roles.count(), **dates))
    person.save()
    return person


class HomePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = HomePage

    title = "Birmingham Health Partners"
    slug = "home"


class StandardPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = StandardPage

    title = factory.Sequence(lambda n: f"Standard page {n}")


class AccessibilityStatementPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = AccessibilityStatementPage

    title = "Accessibility statement"


class PartnerIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = PartnerIndexPage

    title = "Partners"


class PartnerPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = PartnerPage

    title = factory.Sequence(lambda n: f"Partner {n}")
    kind = "university"
    summary = "It brings what a partner brings."


class PeoplePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = PeoplePage

    title = "People"


class PersonPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = PersonPage

    title = factory.Sequence(lambda n: f"Somebody {n}")
    person = factory.SubFactory(PersonFactory)


class ThemeIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = ThemeIndexPage

    title = "Themes"


class ThemePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = ThemePage

    title = factory.Sequence(lambda n: f"Theme {n}")
    summary = "A question that many share."


class ReportIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = ReportIndexPage

    title = "Reports"


class ReportPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = ReportPage

    title = factory.Sequence(lambda n: f"Report {n}")
    summary = "What was done in two years."
    date = datetime.date(2022, 11, 24)


class NewsIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = NewsIndexPage

    title = "News"


class NewsPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = NewsPage

    title = factory.Sequence(lambda n: f"News {n}")
    summary = "Somebody has done something."
    date = datetime.date(2022, 11, 24)


class QuoteIndexPageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = QuoteIndexPage

    title = "Quotes"


class QuotePageFactory(wagtail_factories.PageFactory):
    class Meta:
        model = QuotePage

    title = factory.Sequence(lambda n: f"Quote {n}")
    block_id = factory.Faker("uuid4")
    name = "A. Speaker"
    words = "Some words."
    date = datetime.date(2022, 11, 24)


def offer(page: Any, document: SiteDocument, label: str = "") -> None:
    """Offer `document` on a report or news page, and save it."""
    model = ReportDownload if isinstance(page, ReportPage) else type(page.downloads.model())
    place = page.downloads.count()
    page.downloads.add(model(document=document, label=label, sort_order=place))
    page.save()


def write_chapter(report: ReportPage, title: str, body: Any = (), **more: Any) -> Chapter:
    """Add a chapter to a report's edition, and save it."""
    chapter = Chapter(title=title, body=list(body), sort_order=report.chapters.count(), **more)
    report.chapters.add(chapter)
    report.save()
    return chapter


def factories() -> dict[type, type[wagtail_factories.PageFactory]]:
    """Page type → its factory."""
    found = wagtail_factories.PageFactory.__subclasses__()
    return {one._meta.model: one for one in found}
