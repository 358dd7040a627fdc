"""The demonstration keeps to the house style."""

from wagtail.models import Page, Site

from bhp_site.house_style.pages import found_among, names_of


def test_nothing_is_found_in_it(demo: None) -> None:
    names = names_of(Site.objects.get())
    found = found_among(Page.objects.filter(depth__gt=1), names)
    assert [f"{one.page}: {one.finding.title}: {one.finding.snippet}" for one in found] == []
    assert len(names.members) == 9
