"""No answer to a Member's editor has the title of a draft, document or person of anybody else."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from bhp_site.themes.models import ThemeIndexPage

from ..conftest import signed_in
from ..factories import (
    NewsPageFactory,
    PartnerPageFactory,
    PersonFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    ThemePageFactory,
    UserFactory,
)
from ..roles import make_press_officer
from .addresses import list_routes
from .objects import MARKER, make_area_objects, make_shared_objects, merge
from .scanning import SAMPLE_STEP, scan


def make_foreign_drafts(site: SimpleNamespace) -> Any:
    """Create a draft of each kind with the marker; return the draft page of another partner."""
    PersonFactory(name=MARKER, live=False)
    theme_index = ThemeIndexPage.objects.get()
    ThemePageFactory(parent=theme_index, title=MARKER, live=False)
    ReportPageFactory(parent=site.report_index, title=MARKER, live=False)
    NewsPageFactory(parent=site.news_index, title=MARKER, live=False)
    SiteDocumentFactory(title=MARKER)
    SiteImageFactory(title=MARKER)
    partner = PartnerPageFactory(parent=site.partner.get_parent(), title=MARKER, live=False)
    partner.save_revision(user=UserFactory())
    return partner


def test_nothing_foreign_is_named(
    site: SimpleNamespace, django_capture_on_commit_callbacks: Any, thin_out: Callable[..., Any]
) -> None:
    """Neither on the way to their own objects, nor at addresses of another partner's page."""
    officer = make_press_officer(site.partner)
    with django_capture_on_commit_callbacks(execute=True):
        partner = make_foreign_drafts(site)
    own = make_area_objects(site.news_index, site.report_index, "Own", officer)
    objects = merge(make_shared_objects(site), own)
    routes = list_routes()
    assert scan(signed_in(officer), objects, thin_out(routes, SAMPLE_STEP)) == []
    keys = ("page_id", "page_to_move_id", "parent_page_id", "destination_id")
    foreign = merge(objects, {"": dict.fromkeys(keys, partner.pk)})
    foreign["api/main/^pages/"] = foreign["pages/^"] = {"pk": partner.pk}
    others = thin_out(routes, SAMPLE_STEP, SAMPLE_STEP // 2)
    assert scan(signed_in(officer), foreign, others) == []
