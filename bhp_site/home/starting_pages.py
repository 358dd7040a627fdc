"""Drafts of the pages that every site needs, which an editor completes and publishes."""

from collections.abc import Iterable

from wagtail.models import Page

from bhp_site.accessibility.models import AccessibilityStatementPage

from . import starting_texts as texts
from .models import HomePage, StandardPage


def create_starting_pages(home: HomePage) -> None:
    """Add drafts of the statement, privacy and contact pages where there are none."""
    if not AccessibilityStatementPage.objects.exists():
        _add_draft(
            home,
            AccessibilityStatementPage(
                title=texts.STATEMENT_TITLE,
                slug=texts.STATEMENT_SLUG,
                summary=texts.STATEMENT_SUMMARY,
                **texts.STATEMENT,
            ),
        )
    privacy = (*texts.CONTROLLER, *texts.PRIVACY, *texts.RIGHTS)
    _add_standard_page(home, "Privacy", "privacy", texts.PRIVACY_SUMMARY, privacy)
    _add_standard_page(home, "Contact", "contact", "How to reach us.", texts.CONTACT)


def _add_standard_page(
    home: HomePage, title: str, slug: str, summary: str, body: Iterable[texts.Block]
) -> None:
    if home.get_children().filter(slug=slug).exists():
        return
    stream = [{"type": kind, "value": text} for kind, text in body]
    _add_draft(home, StandardPage(title=title, slug=slug, summary=summary, body=stream))


def _add_draft(home: HomePage, page: Page) -> None:
    """Add `page` below `home` as a draft, which visitors do not see."""
    home.refresh_from_db()
    page.live = False
    home.add_child(instance=page)
    page.save_revision()
