"""Create the pages that every site has, and keep the site record in line with SITE_URL."""

from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Page, Site

from bhp_site.core.pages import BasePage
from bhp_site.themes.models import ThemeIndexPage
from news.models import NewsIndexPage, QuoteIndexPage
from partners.models import PartnerIndexPage, PeoplePage
from reports.models import ReportIndexPage

from .models import HomePage

# Page type, title, slug, and True for the menu, False for the footer.
INDEX_PAGES: tuple[tuple[type[BasePage], str, str, bool], ...] = (
    (PartnerIndexPage, "Partners", "partners", True),
    (ReportIndexPage, "Reports", "reports", True),
    (NewsIndexPage, "News", "news", True),
    (PeoplePage, "People", "people", False),
    (ThemeIndexPage, "Themes", "themes", False),
    (QuoteIndexPage, "Quotes", "quotes", False),
)


@transaction.atomic
def bootstrap_site() -> HomePage:
    """Create the home page, index pages and site record where missing; return the home page."""
    home = HomePage.objects.first() or _create_home_page()
    for model, title, slug, in_menu in INDEX_PAGES:
        if not model.objects.exists():
            publish_below(home, model(title=title, slug=slug, show_in_menus=in_menu))
    update_site_address(home)
    return home


def publish_below(parent: Page, page: Page) -> None:
    """Add `page` below `parent` and publish it through a revision, as an editor would."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()


def _create_home_page() -> HomePage:
    """Replace Wagtail's welcome page with a published home page, and return it."""
    root = Page.get_first_root_node()
    for welcome in root.get_children().filter(content_type__model="page"):
        welcome.delete()
    root.refresh_from_db()
    home = HomePage(title=settings.WAGTAIL_SITE_NAME, slug="home")
    publish_below(root, home)
    return home


def update_site_address(home: HomePage) -> None:
    """Update the default site record, which full URLs are built from, to SITE_URL and `home`."""
    address = urlsplit(settings.SITE_URL)
    expected = {
        "hostname": address.hostname,
        "port": address.port or (443 if address.scheme == "https" else 80),
        "root_page_id": home.pk,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "is_default_site": True,
    }
    site = Site.objects.filter(is_default_site=True).first() or Site()
    if any(getattr(site, key) != value for key, value in expected.items()):
        for key, value in expected.items():
            setattr(site, key, value)
        site.save()
