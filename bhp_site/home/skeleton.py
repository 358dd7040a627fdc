"""The pages every site has, and the address it answers at."""

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

# Type, title, address, and whether it stands in the menu rather than in the footer.
INDEXES: tuple[tuple[type[BasePage], str, str, bool], ...] = (
    (PartnerIndexPage, "Partners", "partners", True),
    (ReportIndexPage, "Reports", "reports", True),
    (NewsIndexPage, "News", "news", True),
    (PeoplePage, "People", "people", False),
    (ThemeIndexPage, "Themes", "themes", False),
    (QuoteIndexPage, "Quotes", "quotes", False),
)


@transaction.atomic
def ensure() -> HomePage:
    """Make what is missing of home page, indexes and site record; the home page."""
    home = HomePage.objects.first() or _make_home()
    for model, title, slug, in_menu in INDEXES:
        if not model.objects.exists():
            publish_below(home, model(title=title, slug=slug, show_in_menus=in_menu))
    align_address(home)
    return home


def publish_below(parent: Page, page: Page) -> None:
    """Add `page` below `parent` and publish it, as an editor would."""
    parent.add_child(instance=page)
    page.save_revision().publish()


def _make_home() -> HomePage:
    """The home page in the place of Wagtail's welcome page, which is only moved out of the way."""
    root = Page.get_first_root_node()
    for welcome in root.get_children().filter(content_type__model="page"):
        welcome.delete()
    root.refresh_from_db()
    home = HomePage(title=settings.WAGTAIL_SITE_NAME, slug="home")
    publish_below(root, home)
    return home


def align_address(home: HomePage) -> None:
    """Keep the site record, from which full addresses are made, in line with SITE_URL."""
    address = urlsplit(settings.SITE_URL)
    wanted = {
        "hostname": address.hostname,
        "port": address.port or (443 if address.scheme == "https" else 80),
        "root_page_id": home.pk,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "is_default_site": True,
    }
    site = Site.objects.filter(is_default_site=True).first() or Site()
    if any(getattr(site, key) != value for key, value in wanted.items()):
        for key, value in wanted.items():
            setattr(site, key, value)
        site.save()
