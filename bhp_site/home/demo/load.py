"""Loads the demonstration through the same calls an editor's clicks make."""

import uuid
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.core.files import File
from wagtail.models import Page, Site

from bhp_site.accessibility.models import AccessibilityStatementPage
from bhp_site.core.models import SiteImage, SiteSettings
from bhp_site.files.models import SiteDocument
from bhp_site.home.models import HomePage, StandardPage
from bhp_site.home.skeleton import ensure, publish_below
from bhp_site.themes.models import ThemeIndexPage, ThemePage
from news.models import NewsIndexPage, NewsPage, QuotePage
from partners.models import (
    MembershipEvent,
    OtherName,
    PartnerIndexPage,
    PartnerPage,
    PeoplePage,
    Person,
    PersonPage,
    Role,
)
from reports.models import ReportDownload, ReportIndexPage, ReportPage

from .edition import publish_edition
from .words import home as front
from .words import news, pages, partners, people, pictures, reports, themes
from .words.shapes import Block, Statement

FILES = Path(__file__).parent / "files"


def load(say: Callable[[str], Any] = print) -> None:
    """Make whatever of the demonstration is missing; idempotent."""
    home = ensure()
    _settings(home)
    _indexes(home)
    say("Demo: pictures")
    for picture in pictures.PICTURES:
        _picture(picture.file)
    say("Demo: themes, partners and people")
    _each(ThemeIndexPage.objects.get(), themes.THEMES, _theme)
    _each(PartnerIndexPage.objects.get(), partners.PARTNERS, _partner)
    for person in people.PEOPLE:
        _person(person)
    _each(PeoplePage.objects.get(), people.PEOPLE, _person_page)
    say("Demo: pages")
    _each(home, pages.PAGES, lambda words: KINDS[type(words)](words))
    say("Demo: reports")
    _each(ReportIndexPage.objects.get(), reports.REPORTS, _report)
    say("Demo: a report to be read online")
    publish_edition()
    say("Demo: news")
    _each(NewsIndexPage.objects.get(), news.NEWS, _news)
    _order_menu(home)
    _home(home)


def _each(parent: Page, words: Iterable[Any], make: Callable[[Any], Page]) -> None:
    """Publish a page below `parent` for each of `words` whose slug is not there yet."""
    there = set(parent.get_children().values_list("slug", flat=True))
    for item in words:
        if item.slug not in there:
            parent.refresh_from_db()
            publish_below(parent, make(item))


def _settings(home: HomePage) -> None:
    settings = SiteSettings.for_site(Site.objects.get(root_page=home))
    if not settings.is_demonstration:
        for key, value in front.SETTINGS.items():
            setattr(settings, key, value)
        settings.save()


def _indexes(home: HomePage) -> None:
    for page in home.get_children().filter(slug__in=front.INDEXES).specific():
        if not page.summary:
            page.title, page.summary = front.INDEXES[page.slug]
            page.save_revision().publish()


def _picture(file: str) -> SiteImage:
    """The picture drawn in `file`, uploaded once."""
    words = next(picture for picture in pictures.PICTURES if picture.file == file)
    found: SiteImage | None = SiteImage.objects.filter(title=words.title).first()
    if found is None:
        with (FILES / file).open("rb") as handle:
            found = SiteImage(
                title=words.title,
                description=words.description,
                credit="Drawn for this site",
                licence="MIT",
                file=File(handle, name=file),
            )
            found.save()
    return found


def _document(file: str, title: str, reason: str = "") -> SiteDocument:
    """The document in `file`, uploaded once, under an address made from the file's name."""
    slug = Path(file).stem
    found: SiteDocument | None = SiteDocument.objects.filter(slug=slug).first()
    if found is None:
        with (FILES / file).open("rb") as handle:
            found = SiteDocument(
                title=title,
                slug=slug,
                file=File(handle, name=file),
                accessibility_reason=reason,
            )
            found.full_clean(exclude=["file_hash", "sha256"])
            found.save()
    return found


def _where(slug: str) -> str:
    """The name of the partner with this address; "BHP" for none."""
    return next((p.name for p in partners.PARTNERS if p.slug == slug), slug or "BHP")


def _partner(words: Any) -> PartnerPage:
    page = PartnerPage(
        title=words.name,
        slug=words.slug,
        kind=words.kind,
        short_name=words.short_name,
        website=words.website,
        summary=words.summary,
        story=_stream(words.story),
    )
    page.other_names = [OtherName(name=name) for name in words.other_names]
    page.events = [
        MembershipEvent(
            kind=event.kind,
            earliest=event.earliest,
            latest=event.latest,
            order=event.order,
            note=event.note,
            former_name=event.former_name,
        )
        for event in words.events
    ]
    page.themes = _themes_of(words)
    return page


def _person(words: Any) -> None:
    if Person.objects.filter(name=words.name).exists():
        return
    person = Person(name=words.name, honorific=words.honorific, biography=words.biography)
    person.roles = [
        Role(
            title=role.title,
            partner=PartnerPage.objects.filter(slug=role.partner).first() if role.partner else None,
            organisation=role.organisation,
            start_earliest=role.start_earliest,
            start_latest=role.start_latest,
            end_earliest=role.end_earliest,
            end_latest=role.end_latest,
        )
        for role in words.roles
    ]
    person.save()


def _person_page(words: Any) -> PersonPage:
    return PersonPage(title=words.name, slug=words.slug, person=Person.objects.get(name=words.name))


def _theme(words: Any) -> ThemePage:
    return ThemePage(title=words.name, slug=words.slug, kind=words.kind, summary=words.summary)


def _themes_of(words: Any) -> list[ThemePage]:
    return list(ThemePage.objects.filter(slug__in=themes.about(words.slug)))


def _standard(words: Any) -> StandardPage:
    return StandardPage(
        title=words.title,
        slug=words.slug,
        summary=words.summary,
        body=_stream(words.body),
        show_in_menus=words.slug == "about",
    )


def _statement(words: Any) -> AccessibilityStatementPage:
    return AccessibilityStatementPage(**vars(words))


# What is made of the words of a page below the front page.
KINDS: dict[type, Callable[[Any], Page]] = {pages.StandardPage: _standard, Statement: _statement}


def _report(words: Any) -> ReportPage:
    page = ReportPage(
        title=words.title,
        slug=words.slug,
        kind=words.kind,
        summary=words.summary,
        period_start=words.period_start,
        period_end=words.period_end,
        published_date=words.published_date,
        published_precision=words.published_precision,
        language=words.language,
        highlights=_stream(
            ("highlight", {"heading": heading, "text": text}) for heading, text in words.highlights
        ),
        body=_stream(words.body),
        cover=_picture(words.cover) if words.cover else None,
    )
    page.downloads = [
        ReportDownload(document=_document(file.file, file.title, file.reason), label=file.label)
        for file in words.files
    ]
    page.partners = list(PartnerPage.objects.filter(slug__in=words.partners))
    page.themes = _themes_of(words)
    return page


def _news(words: Any) -> NewsPage:
    page = NewsPage(
        title=words.title,
        slug=words.slug,
        date=words.date,
        date_precision=words.date_precision,
        kind=words.kind,
        summary=words.summary,
        body=_stream(words.body),
        report=ReportPage.objects.filter(slug=words.report).first() if words.report else None,
    )
    page.partners = list(PartnerPage.objects.filter(slug__in=words.partners))
    page.themes = _themes_of(words)
    return page


def _stream(blocks: Iterable[Block]) -> list[dict[str, Any]]:
    """Body blocks in the form StreamField stores them."""
    return [
        {"type": kind, "value": SHAPES.get(kind, _same)(value), "id": str(uuid.uuid4())}
        for kind, value in blocks
    ]


def _same(value: Any) -> Any:
    return value


def _figure(value: dict[str, str]) -> dict[str, Any]:
    image = _picture(value["picture"])
    return {
        "image": {
            "image": image.pk,
            "alt_text": value["alt"] or image.description,
            "decorative": False,
        },
        "caption": value["caption"],
    }


def _key_figures(value: list[dict[str, str]]) -> list[dict[str, Any]]:
    return [{"type": "item", "value": figure, "id": str(uuid.uuid4())} for figure in value]


def _quote(value: dict[str, Any]) -> dict[str, Any]:
    people_by_slug = {person.slug: person.name for person in people.PEOPLE}
    return {
        "speaker": Person.objects.get(name=people_by_slug[value["speaker"]]).pk,
        "words": value["words"],
        "role": value["role"],
        "organisation": _where(value["organisation"]),
    }


def _table(value: dict[str, Any]) -> dict[str, Any]:
    return {
        "caption": value["caption"],
        "table": {
            "columns": [{"type": "text", "heading": heading} for heading in value["head"]],
            "rows": [{"values": list(row)} for row in value["rows"]],
            "caption": "",
        },
        "row_headers": True,
    }


def _download(value: dict[str, str]) -> dict[str, Any]:
    return {"document": _document(value["file"], value["label"]).pk, "label": value["label"]}


SHAPES: dict[str, Callable[[Any], Any]] = {
    "figure": _figure,
    "key_figures": _key_figures,
    "quote": _quote,
    "table": _table,
    "download": _download,
}


def _order_menu(home: HomePage) -> None:
    """About first, as in the design."""
    home.refresh_from_db()
    about = StandardPage.objects.child_of(home).filter(slug="about").first()
    if about and about.get_prev_sibling():
        about.move(home, pos="first-child")


def _home(home: HomePage) -> None:
    home = HomePage.objects.get(pk=home.pk)
    if home.intro:
        return
    for key, value in front.HOME.items():
        setattr(home, key, value)
    home.about_page = Page.objects.child_of(home).filter(slug="about").first()
    announcement, speaker = front.HOME_QUOTE
    home.quote = QuotePage.objects.filter(
        slug=speaker, url_path__endswith=f"/{announcement}/{speaker}/"
    ).first()
    home.save_revision().publish()
