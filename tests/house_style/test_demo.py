"""The demonstration keeps to the house style."""

from wagtail.models import Page, Site

from bhp_site.house_style.page_checks import check_pages, get_known_names


def test_nothing_is_found_in_it(demo: None) -> None:
    names = get_known_names(Site.objects.get())
    keys = Page.objects.filter(depth__gt=1).values_list("pk", flat=True)
    found = check_pages(list(keys), names)
    assert [f"{one.page}: {one.finding.title}: {one.finding.snippet}" for one in found] == []
    assert len(names.members) == 9
