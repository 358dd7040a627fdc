"""The sections of the report “Content health”: what editors should fix, and where."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, overload

from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry

from bhp_site.core.admin.links import get_page_edit_url
from bhp_site.core.admin.page_policy import page_policy
from bhp_site.core.models import SiteImage
from bhp_site.core.visibility import get_visible_pages
from bhp_site.enquiries.admin_views import get_edit_url as get_enquiry_url
from bhp_site.enquiries.models import Enquiry
from bhp_site.files.models import COVER_COLLECTION, SiteDocument
from bhp_site.files.permissions.public_access import get_cached_public_keys
from bhp_site.house_style.page_checks import (
    PAGES_PER_SCREEN,
    check_pages,
    get_known_names,
    list_pages_to_check,
)

from .link_collector import get_external_links
from .models import LinkCheck
from .review import get_due_date, get_due_pages

# As many pages are named in a row; the others are counted.
MAX_PAGES_IN_ROW = 20


@dataclass(frozen=True)
class Row:
    """One thing to fix: its title, the address of the form where it is fixed, and what is wrong.

    `pages` are the title and edit address of each of the first pages where it appears, and
    `more_pages` is the number of further ones. `page` is the key of a page that can be marked as
    reviewed.
    """

    title: str
    url: str
    note: str
    pages: list[tuple[str, str]] = field(default_factory=list)
    page: int | None = None
    more_pages: int = 0


class LazyRows(Sequence[Row]):
    """Rows that are built from their keys when they are read.

    A site may have thousands; the dashboard shows their number, and the report a few of them.
    """

    def __init__(self, keys: list[int], build: Callable[[list[int]], list[Row]]) -> None:
        self.keys, self.build = keys, build

    def __len__(self) -> int:
        return len(self.keys)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return self.build(self.keys[index])
        return self.build([self.keys[index]])[0]


@dataclass(frozen=True)
class AuditSection:
    """One kind of problem, with advice to editors.

    `rows` is a function that returns what a user may fix. `one` and `many` describe a number of
    rows on the dashboard; they are empty if another group of the dashboard shows the problems.
    """

    slug: str
    title: str
    advice: str
    rows: Callable[[Any], Sequence[Row]]
    one: str = ""
    many: str = ""


def get_document_rows(user: Any) -> Sequence[Row]:
    """Return a row for each public document without tags or text that `user` may change."""
    unusable = SiteDocument.objects.exclude(is_tagged=True, has_text=True).exclude(is_tagged=None)
    return _get_file_rows(
        unusable.filter(withdrawn_reason=""),
        user,
        "wagtaildocs:edit",
        lambda document: (
            "Its pages are images of text" if document.has_text is False else "It is not tagged"
        ),
    )


def get_image_rows(user: Any) -> Sequence[Row]:
    """Return a row for each public image without a description that `user` may change.

    Covers are left out: they are made from documents and need no description.
    """
    undescribed = SiteImage.objects.filter(description="")
    return _get_file_rows(
        undescribed.exclude(collection__name=COVER_COLLECTION),
        user,
        "wagtailimages:edit",
        lambda image: "It has no description",
    )


def _get_file_rows(
    files: Any, user: Any, edit_view: str, describe: Callable[[Any], str]
) -> LazyRows:
    """Return a row for each of the documents or images `files` that is public.

    Only those that `user` may change have one. `describe` returns what is wrong with a file.
    """
    model = files.model
    public = get_cached_public_keys(model)
    policy = policy_registry.get_by_type(model)
    editable = policy.instances_user_has_permission_for(user, "change")
    keys = files.filter(pk__in=editable).order_by("title", "pk").values_list("pk", flat=True)

    def build(keys: list[int]) -> list[Row]:
        by_key = model.objects.in_bulk(keys)
        named = {key: public[key][:MAX_PAGES_IN_ROW] for key in keys}
        pages = _get_page_links((pk for some in named.values() for pk in some), user)
        return [
            Row(
                by_key[key].title,
                reverse(edit_view, args=[key]),
                describe(by_key[key]),
                [pages[pk] for pk in named[key] if pk in pages],
                more_pages=len(public[key]) - len(named[key]),
            )
            for key in keys
            if key in by_key
        ]

    return LazyRows([key for key in keys if key in public], build)


def get_review_rows(user: Any) -> list[Row]:
    """Return a row for each page due for review that `user` may edit."""
    due_pages = get_due_pages()
    editable = _get_editable_pages((page.pk for page in due_pages), user)
    return [
        Row(
            page.title,
            get_page_edit_url(page.pk),
            f"Review date: {get_due_date(page):%-d %B %Y}"
            if page.review_by
            else f"Last published on {get_due_date(page):%-d %B %Y}",
            page=page.pk,
        )
        for page in due_pages
        if page.pk in editable
    ]


def get_link_rows(user: Any) -> list[Row]:
    """Return a row for each broken link that is still on a page that `user` may edit."""
    broken = list(LinkCheck.objects.broken().prefetch_related("uses"))
    keys = {use.page_id for link in broken for use in link.uses.all() if use.page_id is not None}
    editable = _get_editable_pages(keys, user)
    pages = {page.pk: page for page in get_visible_pages().filter(pk__in=keys).specific()}
    # Links are collected once a day: one that an editor removed today is still in the database.
    current = {pk: get_external_links(page) for pk, page in pages.items()}
    rows = []
    for link in broken:
        note = f"{link.problem} Since {link.failing_since:%-d %B %Y}."
        uses = [use.page_id for use in link.uses.all()]
        page_links = [
            (pages[pk].title, get_page_edit_url(pk))
            for pk in uses
            if pk in editable and link.url in current.get(pk, ())
        ]
        if page_links:
            rows.append(Row(link.url, page_links[0][1], note, page_links))
        elif None in uses and user.has_perm("core.change_sitesettings"):
            url = reverse("wagtailsettings:edit", args=["core", "sitesettings"])
            rows.append(Row(link.url, url, note, [("The footer, in the site settings", url)]))
    return rows


def get_overdue_rows(user: Any) -> list[Row]:
    """Return a row for each enquiry that should have been answered, if `user` may answer it."""
    if not user.has_perm("enquiries.change_enquiry"):
        return []
    return [
        Row(enquiry.subject, get_enquiry_url(enquiry), f"Answer due by {enquiry.due:%-d %B %Y}")
        for enquiry in Enquiry.objects.overdue()
    ]


def count_house_style_findings(user: Any) -> tuple[int, bool]:
    """Return the number of findings on the pages that `user` edits, and whether that is all.

    Of a large site, only the pages edited last are checked.
    """
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        return 0, True
    pages = list_pages_to_check(user).values_list("pk", flat=True)
    keys = list(pages[: PAGES_PER_SCREEN + 1])
    findings = check_pages(keys[:PAGES_PER_SCREEN], get_known_names(site))
    return sum(1 for _ in findings), len(keys) <= PAGES_PER_SCREEN


def _get_editable_pages(keys: Iterable[int], user: Any) -> set[int]:
    """Return those of the `keys` of pages that `user` may edit."""
    pages = page_policy.instances_user_has_permission_for(user, "change")
    return set(pages.filter(pk__in={*keys}).values_list("pk", flat=True))


def _get_page_links(keys: Iterable[int], user: Any) -> dict[int, tuple[str, str]]:
    """Return title and edit address of each page by its key.

    The address is empty if `user` may not edit the page.
    """
    rows = dict(Page.objects.filter(pk__in={*keys}).values_list("pk", "title"))
    editable = _get_editable_pages(rows, user)
    return {
        pk: (title, get_page_edit_url(pk) if pk in editable else "") for pk, title in rows.items()
    }


SECTIONS = (
    AuditSection(
        "files",
        "Documents without tags or text",
        "Replace each file with a tagged PDF. Until then the accessibility statement lists the "
        "document.",
        get_document_rows,
        "public document without tags or text",
        "public documents without tags or text",
    ),
    AuditSection(
        "pictures",
        "Images without a description",
        "Describe what each image shows, for people who cannot see it.",
        get_image_rows,
        "public image without a description",
        "public images without a description",
    ),
    AuditSection(
        "reviews",
        "Pages to review",
        "Read the page and correct what is out of date. If everything is still correct, choose "
        "“Reviewed today”.",
        get_review_rows,
        "page to review",
        "pages to review",
    ),
    AuditSection(
        "links",
        "Broken links",
        "These links failed on three or more days. Enter the new address, or remove the link.",
        get_link_rows,
        "broken link",
        "broken links",
    ),
    AuditSection(
        "requests",
        "Overdue enquiries",
        "These people have waited longer than the accessibility statement promises. Answer them, "
        "or tell them when you will.",
        get_overdue_rows,
    ),
)
