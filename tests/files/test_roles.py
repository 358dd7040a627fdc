"""What each kind of user sees of a document and an image that is not public, at every address."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse
from wagtail.models import CollectionViewRestriction, Page

from bhp_site.core.caching.cache_version import cache_version
from bhp_site.core.images.renditions import get_or_create_collection
from bhp_site.core.models import SiteImage
from bhp_site.files.models import COVER_COLLECTION, SiteDocument
from bhp_site.files.versions.models import DownloadCount

from ..conftest import create_user_in_group, signed_in
from ..factories import (
    NewsPageFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    UserFactory,
    offer,
    pdf_bytes,
    png_bytes,
)
from ..images import get_image_url
from ..page_states import publish
from ..roles import ACTIONS, allow_in_collection, allow_on_page, make_collection, make_member

DAY = datetime.date(2026, 3, 2)
API = "/admin/api/main"


def add_objects(name: str, collection: Any, **more: Any) -> tuple[SiteDocument, SiteImage]:
    """Return a document with a cover and an image of `collection`, all called `name`."""
    cover = SiteImageFactory(
        title=f"{name} cover",
        collection=get_or_create_collection(COVER_COLLECTION),
        file=ContentFile(png_bytes("#111111"), name=f"{name}-cover.png"),
    )
    document = SiteDocumentFactory(
        title=f"{name} document",
        slug=f"{name}-document",
        collection=collection,
        file=ContentFile(pdf_bytes(name), name="upload.pdf"),
        **more,
    )
    document.cover = cover
    document.save()
    DownloadCount.objects.create(version=document.versions.get(), day=DAY, downloads=3)
    image = SiteImageFactory(
        title=f"{name} image",
        collection=collection,
        file=ContentFile(png_bytes("#222222"), name=f"{name}-image.png"),
        **more,
    )
    return document, image


def is_answered(client: Client, address: str) -> bool:
    return client.get(address).status_code in (200, 301)


def is_named(client: Client, address: str, title: str) -> bool:
    response = client.get(address)
    return response.status_code == 200 and title in b"".join(response).decode()


Sees = Callable[[Client, SiteDocument, SiteImage], bool]
# What a user may view: by the permissions on the collection, or as the editor of a page.
VIEWED: dict[str, Sees] = {
    "bytes": lambda client, document, image: is_answered(client, document.url),
    "version": lambda client, document, image: is_answered(
        client, f"/documents/{document.slug}/v1.pdf"
    ),
    "by number": lambda client, document, image: is_answered(client, f"/documents/{document.pk}/x"),
    "page image": lambda client, document, image: is_answered(
        client, reverse("page-picture", args=[document.versions.get().pk, 1])
    ),
    "rendition": lambda client, document, image: is_answered(client, get_image_url(image)),
    "original": lambda client, document, image: is_answered(client, f"/media/{image.file.name}"),
    "cover": lambda client, document, image: is_answered(client, get_image_url(document.cover)),
}
# What only the permissions on the collection show.
LISTED: dict[str, Sees] = {
    "downloads": lambda client, document, image: is_named(
        client, f"{reverse('downloads-csv')}?document={document.pk}", document.title
    ),
    "documents": lambda client, document, image: is_named(
        client, reverse("wagtaildocs:index"), document.title
    ),
    "images": lambda client, document, image: is_named(
        client, reverse("wagtailimages:index"), image.title
    ),
    "documents in the API": lambda client, document, image: is_named(
        client, f"{API}/documents/", document.title
    ),
    "a document in the API": lambda client, document, image: is_answered(
        client, f"{API}/documents/{document.pk}/"
    ),
    "images in the API": lambda client, document, image: is_named(
        client, f"{API}/images/", image.title
    ),
    "an image in the API": lambda client, document, image: is_answered(
        client, f"{API}/images/{image.pk}/"
    ),
    "document form": lambda client, document, image: is_answered(
        client, reverse("wagtaildocs:edit", args=[document.pk])
    ),
    "image form": lambda client, document, image: is_answered(
        client, reverse("wagtailimages:edit", args=[image.pk])
    ),
    "document usage": lambda client, document, image: is_answered(
        client, reverse("wagtaildocs:document_usage", args=[document.pk])
    ),
}
# What only the permission to choose shows.
CHOSEN: dict[str, Sees] = {
    "document chooser": lambda client, document, image: is_named(
        client, reverse("wagtaildocs_chooser:choose_results"), document.title
    ),
    "chosen document": lambda client, document, image: is_answered(
        client, reverse("wagtaildocs_chooser:chosen", args=[document.pk])
    ),
    "chosen documents": lambda client, document, image: is_named(
        client, f"{reverse('wagtaildocs_chooser:chosen_multiple')}?id={document.pk}", document.title
    ),
    "image chooser": lambda client, document, image: is_named(
        client, reverse("wagtailimages_chooser:choose_results"), image.title
    ),
    "chosen image": lambda client, document, image: is_answered(
        client, reverse("wagtailimages_chooser:chosen", args=[image.pk])
    ),
    "chosen images": lambda client, document, image: is_named(
        client, f"{reverse('wagtailimages_chooser:chosen_multiple')}?id={image.pk}", image.title
    ),
    "image format": lambda client, document, image: is_answered(
        client, reverse("wagtailimages_chooser:select_format", args=[image.pk])
    ),
}
ROUTES = VIEWED | LISTED | CHOSEN


def find_routes(client: Client, things: tuple[SiteDocument, SiteImage]) -> set[str]:
    """Return the names of the routes that show `things` to `client`."""
    return {name for name, sees in ROUTES.items() if sees(client, *things)}


@pytest.fixture(autouse=True)
def _drawn_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is drawn in a process of its own, which is not what these tests are about."""
    monkeypatch.setattr(
        "bhp_site.files.admin.page_image_views.render_version_page", lambda version, number: b"PNG"
    )


def test_each_role_sees_what_its_permissions_show(news_index: Page, report_index: Page) -> None:
    own, foreign = make_collection("Own"), make_collection("Foreign")
    owner = make_member("Owners")
    allow_in_collection(owner, foreign, "add")
    limited = make_member("Limited")
    allow_in_collection(limited, own, *ACTIONS)
    # Images of all collections, and so the collection of covers.
    moderator = make_member("Moderators of reports")
    allow_on_page(moderator, report_index, "change", "publish")
    roles = {
        "visitor": Client(),
        "access to the admin": signed_in(make_member("Guests")),
        "moderator of /reports/": signed_in(moderator),
        "limited to another collection": signed_in(limited),
        "owner": signed_in(owner),
        "editor": signed_in(create_user_in_group("Writers")),
        "publisher": signed_in(create_user_in_group("Publishers")),
        "superuser": signed_in(UserFactory(is_superuser=True)),
    }
    draft = NewsPageFactory(parent=news_index, live=False)
    theirs = add_objects("secret", foreign, uploaded_by_user=owner)
    offer(draft, theirs[0])
    draft.body = [("figure", {"image": theirs[1], "caption": ""})]
    draft.save_revision()
    mine = add_objects("known", own)

    everything, nothing = {*ROUTES}, set[str]()
    expected = {
        "visitor": nothing,
        "access to the admin": nothing,
        "moderator of /reports/": nothing,
        "limited to another collection": nothing,
        "owner": everything - CHOSEN.keys(),
        "editor": everything,
        "publisher": everything,
        "superuser": everything,
    }
    differences = {name: find_routes(roles[name], theirs) ^ expected[name] for name in expected}
    assert differences == dict.fromkeys(expected, nothing)
    assert find_routes(roles["limited to another collection"], mine) == everything
    assert find_routes(roles["moderator of /reports/"], mine) == set()


def test_the_admin_api_gives_no_title_away_to_somebody_with_access_alone(home: Page) -> None:
    things = add_objects("secret", make_collection("Foreign"))
    client = signed_in(make_member("Guests"))
    for kind in ("documents", "images"):
        for query in ("", "?search=secret", "?order=title", f"?id={things[0].pk}", "?fields=*"):
            text = client.get(f"{API}/{kind}/{query}").text
            assert "secret" not in text, (kind, query)
    assert client.get("/api/v2/documents/").status_code == 404


def test_a_cover_is_hidden_with_its_document_from_those_who_may_use_all_images(home: Page) -> None:
    document, _ = add_objects("secret", make_collection("Foreign"))
    user = make_member("Image editors")
    allow_in_collection(user, make_collection("Own"), *ACTIONS)
    allow_in_collection(user, get_or_create_collection(COVER_COLLECTION), *ACTIONS)
    client, cover = signed_in(user), document.cover
    assert cover
    addresses = [
        get_image_url(cover),
        f"/media/{cover.file.name}",
        reverse("wagtailimages:edit", args=[cover.pk]),
        reverse("wagtailimages_chooser:chosen", args=[cover.pk]),
        f"{API}/images/{cover.pk}/",
    ]
    assert [address for address in addresses if is_answered(client, address)] == []
    for address in ("wagtailimages:index", "wagtailimages_chooser:choose_results"):
        assert cover.title not in client.get(reverse(address)).text
    # A document of their own brings its cover along.
    document.collection = make_collection("Also own")
    document.save()
    allow_in_collection(user, document.collection, "choose")
    client = signed_in(type(user).objects.get(pk=user.pk))
    assert [address for address in addresses if not is_answered(client, address)] == []


def test_who_may_edit_a_page_may_view_what_its_draft_shows(report_index: Page) -> None:
    foreign = make_collection("Foreign")
    saved, drafted, neither = (add_objects(name, foreign) for name in ("saved", "drafted", "other"))
    report = ReportPageFactory(parent=report_index)
    offer(report, saved[0])
    publish(report)
    report.unpublish()
    report.refresh_from_db()
    report.downloads.add(report.downloads.model(document=drafted[0]))
    report.body = [("figure", {"image": drafted[1], "caption": ""})]
    report.save_revision()
    user = make_member("Editors of reports")
    allow_on_page(user, report_index, "change")
    client = signed_in(user)
    assert find_routes(client, drafted) == VIEWED.keys()
    assert find_routes(client, saved) == VIEWED.keys() - {"rendition", "original"}
    assert find_routes(client, neither) == set()
    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[report.pk]))
    assert drafted[0].title in preview.text
    assert find_routes(signed_in(make_member("Guests")), drafted) == set()


@pytest.mark.parametrize("kind", ["login", "password", "groups"])
def test_a_restricted_collection_is_private_wherever_it_shows(
    report_index: Page, news_index: Page, kind: str
) -> None:
    above = make_collection("Above")
    things = document, image = add_objects("restricted", above.add_child(name="Below"))
    report = ReportPageFactory(parent=report_index, live=False)
    offer(report, document)
    report.body = [("figure", {"image": image, "caption": ""})]
    publish(report)
    news = NewsPageFactory(parent=news_index)
    offer(news, document)
    public = {"bytes", "version", "by number", "rendition", "cover"}
    visitor, member = Client(), signed_in(UserFactory())
    assert find_routes(visitor, things) == find_routes(member, things) == public
    CollectionViewRestriction.objects.create(collection=above, restriction_type=kind, password="x")
    # What is committed does this.
    cache_version.advance()
    assert find_routes(visitor, things) == find_routes(member, things) == set()
    # Wagtail's API leaves a collection out until its password has been given.
    listed = {name for name in ROUTES if "API" not in name}
    assert find_routes(signed_in(UserFactory(is_superuser=True)), things) >= listed
    for headers in ({"Range": "bytes=0-9"}, {"If-None-Match": f'"{document.sha256}"'}):
        assert visitor.get(document.url, headers=headers).status_code == 404
    assert visitor.head(document.url).status_code == 404
    for address in (
        report.url,
        news.url,
        "/reports/",
        "/news/feed.xml",
        "/news/feed.json",
        "/sitemap-pages.xml",
        "/search/?q=restricted",
    ):
        text = visitor.get(address).text
        assert document.url not in text, address
        assert document.title not in text, address


@pytest.mark.parametrize("kind", ["document", "image"])
def test_a_move_of_several_ends_what_is_cached(
    admin_client: Client, kind: str, django_capture_on_commit_callbacks: Any
) -> None:
    """They may have left a public collection, and the page cache answers before Django."""
    here, there = make_collection("Public"), make_collection("Private")
    one = add_objects("figures", here)[kind == "image"]
    address = reverse(
        "wagtail_bulk_action", args=[*one._meta.label_lower.split("."), "add_to_collection"]
    )
    before = cache_version.current
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(f"{address}?id={one.pk}", {"collection": there.pk})
    one.refresh_from_db()
    assert one.collection == there
    assert cache_version.current > before


def test_privacy_of_collections_is_not_offered(admin_client: Client, editor_client: Client) -> None:
    collection = make_collection("Figures")
    form = reverse("wagtailadmin_collections:edit", args=[collection.pk])
    address = reverse("wagtailadmin_collections:set_privacy", args=[collection.pk])
    assert address not in admin_client.get(form).text
    assert admin_client.get(address).status_code == 405
    for kind in ("login", "password", "groups", "", "nonsense"):
        response = admin_client.post(
            address, {"restriction_type": kind, "password": "secret"}, follow=True
        )
        assert "Nothing was changed" in response.text
    assert not CollectionViewRestriction.objects.exists()
    CollectionViewRestriction.objects.create(collection=collection, restriction_type="login")
    assert "Remove the privacy setting" in admin_client.get(form).text
    assert editor_client.post(address, {"restriction_type": "none"}).status_code in (302, 403)
    assert CollectionViewRestriction.objects.exists()
    assert (
        "has been removed"
        in admin_client.post(address, {"restriction_type": "none"}, follow=True).text
    )
    assert not CollectionViewRestriction.objects.exists()
