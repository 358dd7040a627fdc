"""A site with objects of each kind, built once in a database that tests share."""

from types import SimpleNamespace

import pytest
from wagtail.models import Collection

from partners.member_areas import MemberArea

from ..factories import NewsIndexPageFactory, ReportIndexPageFactory, UserFactory
from ..roles import make_press_officer
from ..shared_fixtures import BUILDERS, SharedDatabases, StoredRows, build_site
from .objects import MARKER, make_area_objects, make_shared_objects, merge

OWN = "Own area"


def build_areas() -> SimpleNamespace:
    """Create objects in an area of their own, and foreign ones; their drafts are not public."""
    site = build_site()
    own_news = NewsIndexPageFactory(parent=site.home, slug="own-news")
    own_reports = ReportIndexPageFactory(parent=site.home, slug="own-reports")
    shared, author = make_shared_objects(site), UserFactory()
    own = make_area_objects(own_news, own_reports, OWN, author)
    member = make_press_officer(site.partner)
    area = MemberArea.objects.get()
    members = make_area_objects(
        site.news_index, own_reports, "Member area", member, area.collection
    )
    foreign = make_area_objects(site.news_index, site.report_index, MARKER, author)
    return SimpleNamespace(
        own_news=own_news,
        own_reports=own_reports,
        own_collection=Collection.objects.get(name=OWN),
        own=merge(shared, own),
        member=member,
        members=merge(shared, members),
        foreign=merge(shared, foreign),
    )


BUILDERS["areas"] = build_areas


@pytest.fixture
def areas(shared_databases: SharedDatabases, db: None) -> StoredRows:
    """Return objects of each kind: keys by the beginnings of routes, and who owns some."""
    return shared_databases.get_rows("areas")
