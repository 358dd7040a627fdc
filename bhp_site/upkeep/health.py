"""What an editor should look at on the site, section by section, each row with its way there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.permissions import policy_registry

from bhp_site.core.models import SiteImage
from bhp_site.core.visibility import visible_pages
from bhp_site.enquiries.answering import screen_of
from bhp_site.enquiries.models import Request
from bhp_site.files.models import COVER_COLLECTION, SiteDocument
from bhp_site.files.permissions.public_access import get_public_keys
from bhp_site.house_style.pages import found_among, names_of

from .gathering import links_of
from .models import LinkCheck
from .review import due_pages, since


@dataclass(frozen=True)
class Row:
    """A thing to mend: what it is, where that is done, what is wrong; the pages it shows on.

    `page` is the key of a page that can be said to be reviewed.
    """

    title: str
    url: str
    note: str
    pages: list[tuple[str, str]] = field(default_factory=list)
    page: int | None = None


@dataclass(frozen=True)
class Section:
    """One kind of thing to mend, `one` and `many` of it in words, and what to do about it."""

    slug: str
    title: str
    advice: str
    one: str
    many: str
    rows: Callable[[Any], list[Row]]


def edit_url(pk: int) -> str:
    return reverse("wagtailadmin_pages:edit", args=[pk])


def files(user: Any) -> list[Row]:
    """Public files without tags or text."""
    public = get_public_keys(SiteDocument)
    documents = SiteDocument.objects.filter(withdrawn_reason="", pk__in=public).exclude(
        is_tagged=True, has_text=True
    )
    mine = policy_registry.get_by_type(SiteDocument).instances_user_has_permission_for(
        user, "change"
    )
    documents = documents.exclude(is_tagged=None).filter(pk__in=mine).order_by("title", "pk")
    shown = list(documents)
    titles = _titles((pk for document in shown for pk in public[document.pk]), user)
    return [
        Row(
            document.title,
            reverse("wagtaildocs:edit", args=[document.pk]),
            "Its pages are pictures of words" if document.has_text is False else "It is not tagged",
            [titles[pk] for pk in public[document.pk]],
        )
        for document in shown
    ]


def pictures(user: Any) -> list[Row]:
    """Public pictures without a description, but for the covers that files bring along."""
    public = get_public_keys(SiteImage)
    mine = policy_registry.get_by_type(SiteImage).instances_user_has_permission_for(user, "change")
    images = SiteImage.objects.filter(description="", pk__in=public).filter(pk__in=mine)
    shown = list(images.exclude(collection__name=COVER_COLLECTION).order_by("title", "pk"))
    titles = _titles((pk for image in shown for pk in public[image.pk]), user)
    return [
        Row(
            image.title,
            reverse("wagtailimages:edit", args=[image.pk]),
            "It has no description",
            [titles[pk] for pk in public[image.pk]],
        )
        for image in shown
    ]


def reviews(user: Any) -> list[Row]:
    """Pages whose day of review has come."""
    mine = _editable(user)
    return [
        Row(
            page.title,
            edit_url(page.pk),
            f"To be reviewed by {since(page):%-d %B %Y}"
            if page.review_by
            else f"Last published on {since(page):%-d %B %Y}",
            page=page.pk,
        )
        for page in due_pages()
        if page.pk in mine
    ]


def links(user: Any) -> list[Row]:
    """Links that have not answered on several days, on the pages that still have them."""
    mine = _editable(user)
    broken = list(LinkCheck.objects.broken().prefetch_related("uses"))
    keys = {use.page_id for link in broken for use in link.uses.all()} - {None}
    pages = {page.pk: page for page in visible_pages().filter(pk__in=keys).specific()}
    linked = {pk: links_of(page) for pk, page in pages.items()}
    rows = []
    for link in broken:
        note = f"{link.problem} Since {link.failing_since:%-d %B %Y}."
        on = [use.page_id for use in link.uses.all()]
        # A link taken out today is looked for again tomorrow.
        there = [pk for pk in on if pk in mine and link.url in linked.get(pk, ())]
        if there:
            places = [(pages[pk].title, edit_url(pk)) for pk in there]
            rows.append(Row(link.url, places[0][1], note, places))
        elif None in on and user.has_perm("core.change_sitesettings"):
            place = reverse("wagtailsettings:edit", args=["core", "sitesettings"])
            rows.append(Row(link.url, place, note, [("The footer, in the site settings", place)]))
    return rows


def overdue(user: Any) -> list[Row]:
    """Requests of visitors who should have had an answer by now."""
    if not user.has_perm("enquiries.change_request"):
        return []
    return [
        Row(request.subject, screen_of(request), f"To be answered by {request.due:%-d %B %Y}")
        for request in Request.objects.overdue()
    ]


def house_style(user: Any) -> int:
    """How many findings the house style has on the pages that `user` may edit."""
    site = Site.objects.filter(is_default_site=True).first()
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return sum(1 for _ in found_among(pages.filter(depth__gt=1), names_of(site))) if site else 0


def _editable(user: Any) -> set[int]:
    pages = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    return set(pages.values_list("pk", flat=True))


def _titles(keys: Iterable[int], user: Any) -> dict[int, tuple[str, str]]:
    """Return the title of each of these pages, and where `user` may edit it: "" for nowhere."""
    rows = Page.objects.filter(pk__in={*keys}).values_list("pk", "title")
    mine = _editable(user)
    return {pk: (title, edit_url(pk) if pk in mine else "") for pk, title in rows}


SECTIONS = (
    Section(
        "files",
        "Files without tags or text",
        "Replace each with a tagged PDF. Until then the accessibility statement lists it.",
        "public file without tags or text",
        "public files without tags or text",
        files,
    ),
    Section(
        "pictures",
        "Pictures without a description",
        "Say what can be seen, for those who cannot see it.",
        "public picture without a description",
        "public pictures without a description",
        pictures,
    ),
    Section(
        "reviews",
        "Pages to be reviewed",
        "Read the page. Mend what is no longer true, or say that all of it still is.",
        "page to be reviewed",
        "pages to be reviewed",
        reviews,
    ),
    Section(
        "links",
        "Links that do not answer",
        "They failed on three days or more. Find the new address, or take the link out.",
        "link that does not answer",
        "links that do not answer",
        links,
    ),
    Section(
        "requests",
        "Overdue requests",
        "Somebody has been waiting for longer than the statement promises. Answer, or say when.",
        "overdue request",
        "overdue requests",
        overdue,
    ),
)
