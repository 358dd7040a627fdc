"""The rule in SQL says what a plain reference says, whatever the tree: pages, lists and files."""

import random

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.models import SiteImage
from bhp_site.core.visibility import SHALLOW_DEPTH, get_live_pages, get_visible_pages
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import get_public_keys
from bhp_site.search.visible_results import get_visible_results

from ..factories import (
    NewsPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    StandardPageFactory,
    pdf_bytes,
    png_bytes,
)
from ..images import get_image_url

MAX_TEST_DEPTH = 12
PAGES_WITH_ADDRESSES = 24
RANDOM_SEED = 20_221_124


def find_visible() -> set[int]:
    """Return keys of the pages that are public: the reference that SQL is compared with."""
    pages = {page.path: page for page in Page.objects.all()}
    restricted = {*PageViewRestriction.objects.values_list("page", flat=True)}

    def shows(path: str) -> bool:
        page = pages[path]
        opens = page.live and page.pk not in restricted and not page.alias_of_id
        return opens and (page.depth == 1 or shows(path[: -Page.steplen]))

    return {page.pk for path, page in pages.items() if shows(path)}


def choose_parent(home: Page, pages: list[Page], choose: random.Random) -> Page:
    """Return where the next page goes: down to the greatest depth first, then anywhere."""
    deepest = max(pages, key=lambda page: page.depth, default=home)
    if deepest.depth < MAX_TEST_DEPTH:
        return deepest
    return choose.choice([home, *(page for page in pages if page.depth < MAX_TEST_DEPTH)])


def plant(home: Page, number: int, choose: random.Random) -> list[Page]:
    """Write the rows of a random tree below `home`, past all signals."""
    pages: list[Page] = []
    content_type = ContentType.objects.get_for_model(Page)
    for n in range(number):
        parent = choose_parent(home, pages, choose)
        parent.numchild += 1
        page = Page(
            title=f"Page {n}",
            draft_title=f"Page {n}",
            slug=f"p{n}",
            depth=parent.depth + 1,
            path=Page._get_path(parent.path, parent.depth + 1, parent.numchild),
            url_path=f"{parent.url_path}p{n}/",
            content_type=content_type,
            locale=home.locale,
        )
        pages.append(page)
    Page.objects.filter(pk=home.pk).update(numchild=home.numchild)
    return Page.objects.bulk_create(pages)


def change(home: Page, pages: list[Page], choose: random.Random, share: int) -> None:
    """Hide and restrict one page in `share`, at any depth, and move two."""
    keys = [page.pk for page in pages]
    some = max(1, len(keys) // share)
    Page.objects.filter(pk__in=keys).update(live=True)
    Page.objects.filter(pk__in=choose.sample(keys, some)).update(live=False)
    PageViewRestriction.objects.all().delete()
    PageViewRestriction.objects.bulk_create(
        PageViewRestriction(page_id=key, restriction_type="login")
        for key in choose.sample(keys, some)
    )
    for key in choose.sample(keys, 2):
        page = Page.objects.get(pk=key)
        target = Page.objects.get(pk=choose.choice([home.pk, *keys]))
        deepest = page.get_descendants(inclusive=True).order_by("-depth")[:1].get()
        fits = target.depth + 1 + deepest.depth - page.depth <= MAX_TEST_DEPTH
        taken = Page.objects.child_of(target).filter(slug=page.slug).exists()
        if fits and not taken and not target.is_descendant_of(page) and target != page:
            page.move(target, pos="last-child")


def test_the_test_reaches_below_what_is_fast() -> None:
    assert MAX_TEST_DEPTH > SHALLOW_DEPTH + 1


def test_sql_equals_the_reference_for_pages_and_lists(home: Page) -> None:
    choose = random.Random(RANDOM_SEED)
    pages = plant(home, 150, choose)
    hidden = deep = 0
    for _ in range(12):
        change(home, pages, choose, share=20)
        expected = find_visible()
        assert {*get_visible_pages().values_list("pk", flat=True)} == expected
        page = Page.objects.get(pk=choose.choice(pages).pk)
        found = get_visible_pages().descendant_of(page).values_list("pk", flat=True)
        below = page.get_descendants().values_list("pk", flat=True)
        assert {*found} == expected & {*below}
        hidden += len(pages) + 2 - len(expected)
        depths = Page.objects.exclude(pk__in=expected).values_list("depth", flat=True)
        deep += sum(depth > SHALLOW_DEPTH + 1 for depth in depths)
    # Otherwise nothing has been compared.
    assert hidden > 300
    assert deep > 100


def test_sql_equals_what_wagtail_says_of_each_page(home: Page) -> None:
    choose = random.Random(RANDOM_SEED)
    pages = plant(home, 60, choose)
    change(home, pages, choose, share=10)
    live = {*get_live_pages().values_list("pk", flat=True)}
    visible = {*get_visible_pages().values_list("pk", flat=True)}
    for page in Page.objects.filter(pk__in=[page.pk for page in pages]):
        drafts = page.get_ancestors(inclusive=True).filter(live=False).exists()
        restricted = page.get_view_restrictions().exists()
        assert (page.pk in live) == (not drafts)
        assert (page.pk in visible) == (not drafts and not restricted)


def publish_files(pages: list[Page]) -> dict[int, tuple[SiteDocument, SiteImage]]:
    """Put a document and an image of its own into the body of each page."""
    files = {}
    for number, page in enumerate(pages):
        image = SiteImageFactory(file=ContentFile(png_bytes(f"#0000{number:02x}"), "image.png"))
        document = SiteDocumentFactory(
            file=ContentFile(pdf_bytes(f"Document {number}"), "document.pdf")
        )
        # Pages below it were added meanwhile.
        page.refresh_from_db()
        page.body = [
            ("paragraph", f'<p><a linktype="document" id="{document.pk}">Read it</a></p>'),
            ("figure", {"image": image, "caption": ""}),
        ]
        page.save()
        files[page.pk] = document, image
    return files


def test_sql_equals_the_reference_for_all_that_visitors_get(home: Page, client: Client) -> None:
    """Pages by address, menu, search, sitemap, feeds, documents and images."""
    choose = random.Random(RANDOM_SEED)
    pages: list[Page] = []
    for number in range(PAGES_WITH_ADDRESSES):
        parent = Page.objects.get(pk=choose_parent(home, pages, choose).pk)
        pages.append(StandardPageFactory(parent=parent, title=f"P{number}", slug=f"p{number}"))
    files = publish_files(choose.sample(pages, 8))
    # The tree rules allow announcements elsewhere only; the feed asks the rule and no parent.
    news = [NewsPageFactory(parent=page, title="Item") for page in choose.sample(pages, 8)]
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(show_in_menus=True)
    for _ in range(3):
        change(home, pages, choose, share=8)
        cache_version.advance()
        expected = find_visible()
        found = {page.pk: Page.objects.get(pk=page.pk) for page in [*pages, *news]}
        visible = {found[pk].get_url() for pk in found.keys() & expected}
        answers = {
            page.get_url(): client.get(page.get_url()).status_code for page in found.values()
        }
        assert {url for url, status in answers.items() if status == 200} == visible
        sitemap = client.get("/sitemap-pages.xml").text
        assert {url for url in answers if f"http://testserver{url}</loc>" in sitemap} == visible
        menu = {entry["url"] for entry in client.get("/").context["menu"]}
        assert menu == {found[page.pk].get_url() for page in pages if page.pk in expected}
        assert {*get_visible_results().pages} & found.keys() == found.keys() & expected
        links = {item["url"] for item in client.get("/news/feed.json").json()["items"]}
        own = {found[page.pk].get_url() for page in news}
        assert links == {f"http://testserver{url}" for url in own & visible}
        documents, images = get_public_keys(SiteDocument), get_public_keys(SiteImage)
        for pk, (document, image) in files.items():
            public = pk in expected
            assert (document.pk in documents, image.pk in images) == (public, public)
            assert client.get(document.url).status_code == (200 if public else 404)
            assert client.get(get_image_url(image)).status_code == (200 if public else 404)
