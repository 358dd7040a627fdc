"""Search over all public pages."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe
from wagtail.models import Page

from bhp_site.core.paging import page_of
from bhp_site.core.visibility import visible_pages

LONGEST = 200
MOST_TERMS = 20
PER_PAGE = 10
EXCERPT = 200


def terms_of(text: str) -> list[str]:
    """The words looked for: letters and digits only, cut to what a search engine can bear."""
    return re.findall(r"[^\W_]+", text[:LONGEST])[:MOST_TERMS]


def excerpt(text: str, terms: list[str]) -> str:
    """About `EXCERPT` characters of `text` around the first of `terms`, cut between words."""
    match = _pattern(terms).search(text)
    start = max(0, match.start() - EXCERPT // 3) if match else 0
    end = min(len(text), start + EXCERPT)
    if start:
        start = text.find(" ", start) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", start, end), start)
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def marked(text: str, terms: list[str]) -> SafeString:
    """`text` escaped, with the words looked for in `mark` elements."""
    parts = _pattern(terms).split(text)
    return mark_safe(
        "".join(
            f"<mark>{conditional_escape(part)}</mark>" if place % 2 else conditional_escape(part)
            for place, part in enumerate(parts)
        )
    )


def _pattern(terms: list[str]) -> re.Pattern[str]:
    words = "|".join(re.escape(term) for term in terms) or r"(?!)"
    return re.compile(rf"\b((?:{words})\w*)", re.IGNORECASE)


def results(request: HttpRequest, terms: list[str]) -> Any:
    """The page of results `?page=` asks for, as visible pages with `shown_title` and `excerpt`."""
    candidates = Page.objects.filter(pk__in=visible_pages().values("pk"))
    found = page_of(request, candidates.search(" ".join(terms), operator="and"), PER_PAGE)
    specific = Page.objects.filter(pk__in=[page.pk for page in found]).specific().in_bulk()
    found.object_list = [specific[page.pk] for page in found]
    for page in found.object_list:
        page.shown_title = marked(page.title, terms)
        page.excerpt = marked(excerpt(page.text, terms), terms)
    return found


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST].strip()
    terms = terms_of(query)
    context = {
        "query": query,
        "found": results(request, terms) if terms else None,
        "heading": f"Search: {query}" if terms else "Search",
        "noindex": True,
    }
    return render(request, "search.html", context)
