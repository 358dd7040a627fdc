"""Load the demonstration content with the same calls as the admin."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from wagtail.models import Page, Site

from bhp_site.accessibility.models import AccessibilityStatementPage
from bhp_site.core.models import SiteSettings
from bhp_site.funding.models import Award, Funder
from bhp_site.home.bootstrap import bootstrap_site, publish_below
from bhp_site.home.models import HomePage, StandardPage
from bhp_site.themes.models import ThemeIndexPage, ThemePage
from news.models import NewsFunding, NewsIndexPage, NewsPage, QuotePage
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

from .content import funders, news, pages, partners, people, reports, themes
from .content import home as home_content
from .content.shapes import Statement
from .edition import publish_edition, start_draft
from .release import load_release
from .streams import build_stream
from .uploads import get_document, get_image, save_uploads, start_documents, start_images


def load(report: Callable[[str], Any] = print) -> None:
    """Create whatever of the demonstration is missing, and `report` each step; idempotent."""
    with ThreadPoolExecutor(os.cpu_count()) as executor:
        images = start_images(executor)
        documents = start_documents(executor)
        draft = start_draft(executor)
        home = bootstrap_site()
        _load_settings(home)
        _load_index_pages(home)
        report("Demo: images")
        save_uploads(images)
        report("Demo: themes, partners and people")
        _publish_missing(ThemeIndexPage.objects.get(), themes.THEMES, _build_theme)
        _publish_missing(PartnerIndexPage.objects.get(), partners.PARTNERS, _build_partner)
        for person in people.SPEAKERS:
            _load_person(person)
        _publish_missing(PeoplePage.objects.get(), people.PEOPLE, _build_person_page)
        report("Demo: pages")
        _publish_missing(home, pages.PAGES, lambda data: PAGE_BUILDERS[type(data)](data))
        report("Demo: reports")
        save_uploads(documents)
        _publish_missing(ReportIndexPage.objects.get(), reports.REPORTS, _build_report)
        report("Demo: a report to be read online")
        if draft:
            publish_edition(draft.result())
        report("Demo: news")
        for funder in funders.FUNDERS:
            _load_funder(funder)
        _publish_missing(NewsIndexPage.objects.get(), news.NEWS, _build_news)
        load_release(_build_news)
        _order_menu(home)
        _load_home_page(home)
        _link_demonstration_page(home)


def _publish_missing(parent: Page, items: Iterable[Any], make: Callable[[Any], Page]) -> None:
    """Publish a page below `parent`, built by `make`, for each item whose slug is not taken."""
    existing = set(parent.get_children().values_list("slug", flat=True))
    for item in items:
        if item.slug not in existing:
            parent.refresh_from_db()
            publish_below(parent, make(item))


def _load_settings(home: HomePage) -> None:
    settings = SiteSettings.for_site(Site.objects.get(root_page=home))
    if not settings.is_demonstration:
        for key, value in home_content.SETTINGS.items():
            setattr(settings, key, value)
        settings.save()


def _load_index_pages(home: HomePage) -> None:
    for page in home.get_children().filter(slug__in=home_content.INDEXES).specific():
        if not page.summary:
            page.title, page.summary = home_content.INDEXES[page.slug]
            page.save_revision().publish()


def _build_partner(data: Any) -> PartnerPage:
    page = PartnerPage(
        title=data.name,
        slug=data.slug,
        kind=data.kind,
        short_name=data.short_name,
        website=data.website,
        summary=data.summary,
        story=build_stream(data.story),
    )
    page.other_names = [OtherName(name=name) for name in data.other_names]
    page.events = [
        MembershipEvent(
            kind=event.kind,
            earliest=event.earliest,
            latest=event.latest,
            order=event.order,
            note=event.note,
            former_name=event.former_name,
        )
        for event in data.events
    ]
    page.themes = _get_themes(data)
    return page


def _load_person(data: Any) -> None:
    if Person.objects.filter(name=data.name).exists():
        return
    person = Person(name=data.name, honorific=data.honorific, biography=data.biography)
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
        for role in data.roles
    ]
    person.save()


def _build_person_page(data: Any) -> PersonPage:
    return PersonPage(title=data.name, slug=data.slug, person=Person.objects.get(name=data.name))


def _build_theme(data: Any) -> ThemePage:
    return ThemePage(
        title=data.name,
        slug=data.slug,
        kind=data.kind,
        summary=data.summary,
        story=build_stream(data.story),
    )


def _get_themes(data: Any) -> list[ThemePage]:
    return list(ThemePage.objects.filter(slug__in=themes.get_theme_slugs(data.slug)))


def _build_standard_page(data: Any) -> StandardPage:
    return StandardPage(
        title=data.title,
        slug=data.slug,
        summary=data.summary,
        body=build_stream(data.body),
        show_in_menus=data.slug == "about",
    )


def _build_statement(data: Any) -> AccessibilityStatementPage:
    return AccessibilityStatementPage(**vars(data))


# Builds a page below the home page, by the class of its data.
PAGE_BUILDERS: dict[type, Callable[[Any], Page]] = {
    pages.StandardPage: _build_standard_page,
    Statement: _build_statement,
}


def _build_report(data: Any) -> ReportPage:
    page = ReportPage(
        title=data.title,
        slug=data.slug,
        kind=data.kind,
        summary=data.summary,
        period_start=data.period_start,
        period_end=data.period_end,
        date=data.date,
        date_precision=data.date_precision,
        language=data.language,
        highlights=build_stream(
            ("highlight", {"heading": heading, "text": text}) for heading, text in data.highlights
        ),
        body=build_stream(data.body),
        cover=get_image(data.cover) if data.cover else None,
    )
    page.downloads = [
        ReportDownload(document=get_document(file.file), label=file.label) for file in data.files
    ]
    page.partners = list(PartnerPage.objects.filter(slug__in=data.partners))
    page.themes = _get_themes(data)
    return page


def _load_funder(data: Any) -> None:
    if Funder.objects.filter(name=data.name).exists():
        return
    funder = Funder(
        name=data.name,
        short_name=data.short_name,
        acknowledgement=data.acknowledgement,
        disclaimer=data.disclaimer,
    )
    funder.awards = [Award(title=title) for title in data.awards]
    funder.save()


def _build_news(data: Any) -> NewsPage:
    page = NewsPage(
        title=data.title,
        slug=data.slug,
        date=data.date,
        date_precision=data.date_precision,
        kind=data.kind,
        summary=data.summary,
        body=build_stream(data.body),
        report=ReportPage.objects.filter(slug=data.report).first() if data.report else None,
        opens_at=data.opens_at,
        closes_at=data.closes_at,
    )
    page.partners = list(PartnerPage.objects.filter(slug__in=data.partners))
    page.themes = _get_themes(data)
    if award := Award.objects.filter(title=data.award).first() if data.award else None:
        page.funding = [NewsFunding(funder=award.funder, award=award)]
    return page


def _order_menu(home: HomePage) -> None:
    """Move the About page to the front of the menu."""
    home.refresh_from_db()
    about = StandardPage.objects.child_of(home).filter(slug="about").first()
    if about and about.get_prev_sibling():
        about.move(home, pos="first-child")


def _load_home_page(home: HomePage) -> None:
    home = HomePage.objects.get(pk=home.pk)
    if home.intro:
        return
    for key, value in home_content.HOME.items():
        setattr(home, key, value)
    home.about_page = Page.objects.child_of(home).filter(slug="about").first()
    announcement, speaker = home_content.HOME_QUOTE
    home.quote = QuotePage.objects.filter(
        slug=speaker, url_path__endswith=f"/{announcement}/{speaker}/"
    ).first()
    home.save_revision().publish()


def _link_demonstration_page(home: HomePage) -> None:
    """Let banner and footer link to the page that lists what is assumed."""
    settings = SiteSettings.for_site(Site.objects.get(root_page=home))
    if settings.demonstration_page is None:
        settings.demonstration_page = Page.objects.child_of(home).get(
            slug=home_content.DEMONSTRATION_PAGE
        )
        settings.save()
