"""Template tags for the press."""

from django import template

from bhp_site.press.packs.contents import estimate_size, is_worthwhile
from news.models import NewsPage

register = template.Library()


@register.filter
def press_pack_size(page: NewsPage) -> int:
    """Return about how many bytes the press pack of `page` has; 0 if it is not offered.

    It is offered if it holds more than the text that visitors read on the page anyway, and not of
    a withdrawn page.
    """
    if page.is_being_previewed or page.withdrawal or not is_worthwhile(page):
        return 0
    return estimate_size(page)
