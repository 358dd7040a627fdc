"""What live or scheduled pages use is not deleted; nor is somebody else's comment."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.models import Comment, CommentReply, Page

from bhp_site.core.models import SiteImage, SiteSettings, User
from bhp_site.core.page_forms import FOREIGN_COMMENT
from bhp_site.files.models import SiteDocument
from news.models import NewsPage

from ..admin_forms import build_comment_form, get_messages, send
from ..factories import (
    NewsPageFactory,
    PersonFactory,
    PersonPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    offer,
)
from ..page_states import publish, schedule


@pytest.fixture
def news(site: SimpleNamespace) -> NewsPage:
    """A live announcement that uses a document and an image."""
    page = NewsPageFactory(parent=site.news_index, title="The announcement")
    page.body = [("figure", {"image": SiteImageFactory(title="Chart"), "caption": ""})]
    offer(page, SiteDocumentFactory(title="Figures"))
    publish(page)
    return page


def make_object(news: NewsPage, kind: str) -> Any:
    if kind == "document":
        return news.downloads.get().document
    return SiteImage.objects.get(title="Chart")


def delete(client: Client, one: Any, way: str) -> Any:
    """Ask for the deletion of a document or image in one of the `WAYS`."""
    kind = "document" if isinstance(one, SiteDocument) else "image"
    app = f"wagtail{'docs' if kind == 'document' else 'images'}"
    address = {
        "form": reverse(f"{app}:delete", args=[one.pk]),
        "after an upload": reverse(f"{app}:delete_multiple", args=[one.pk]),
        "ticked": reverse("wagtail_bulk_action", args=[*one._meta.label_lower.split("."), "delete"])
        + f"?id={one.pk}",
    }[way]
    return client.post(address)


WAYS = ("form", "after an upload", "ticked")
USERS = ("admin_client", "publisher_client", "editor_client")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", ["document", "image"])
def test_what_a_live_page_uses_stays(
    news: NewsPage, admin_client: Client, kind: str, way: str
) -> None:
    one = make_object(news, kind)
    response = delete(admin_client, one, way)
    is_page = response.status_code == 302
    text = get_messages(response) if is_page else response.json()["error_message"]
    assert f"“{one.title}” is used on “{news.title}”" in text
    assert type(one).objects.filter(pk=one.pk).exists()
    news.downloads.clear()
    news.body = []
    publish(news)
    delete(admin_client, one, way)
    assert not type(one).objects.filter(pk=one.pk).exists()


@pytest.mark.parametrize("kind", ["document", "image"])
def test_of_several_that_are_ticked_none_goes_where_one_is_used(
    news: NewsPage, admin_client: Client, kind: str
) -> None:
    used = make_object(news, kind)
    factory = SiteDocumentFactory if kind == "document" else SiteImageFactory
    free = factory(title="Used nowhere")
    address = reverse("wagtail_bulk_action", args=[*used._meta.label_lower.split("."), "delete"])
    response = admin_client.post(f"{address}?id={used.pk}&id={free.pk}")
    assert news.title in get_messages(response)
    assert "has been deleted" not in get_messages(response)
    assert type(used).objects.filter(pk__in=[used.pk, free.pk]).count() == 2


def test_a_draft_that_offers_it_is_named_too(site: SimpleNamespace, admin_client: Client) -> None:
    """The database would refuse it, in the middle of a bulk action."""
    draft = NewsPageFactory(parent=site.news_index, title="Not yet", live=False)
    document = SiteDocumentFactory()
    offer(draft, document)
    for way in WAYS:
        response = delete(admin_client, document, way)
        assert response.status_code in (302, 409)
        assert SiteDocument.objects.filter(pk=document.pk).exists()
    assert "Not yet" in get_messages(delete(admin_client, document, "ticked"))


def test_what_a_scheduled_page_will_use_stays(site: SimpleNamespace, admin_client: Client) -> None:
    page = NewsPageFactory(parent=site.news_index, title="Tomorrow", live=False)
    image = SiteImageFactory()
    page.body = [("figure", {"image": image, "caption": ""})]
    schedule(page)
    assert "Tomorrow" in get_messages(delete(admin_client, image, "form"))
    assert SiteImage.objects.filter(pk=image.pk).exists()


def test_a_portrait_and_the_image_of_the_settings_stay(
    site: SimpleNamespace, admin_client: Client
) -> None:
    portrait, shared = SiteImageFactory(title="Portrait"), SiteImageFactory(title="Shared")
    PersonPageFactory(parent=site.people, title="Ada", person=PersonFactory(portrait=portrait))
    settings = SiteSettings.get_default()
    settings.share_image = shared
    settings.save()
    assert "“Ada”" in get_messages(delete(admin_client, portrait, "form"))
    assert "the site settings" in get_messages(delete(admin_client, shared, "form"))
    assert SiteImage.objects.filter(pk__in=[portrait.pk, shared.pk]).count() == 2


@pytest.mark.parametrize("client_of", USERS)
def test_nobody_deletes_the_comment_of_somebody_else(
    site: SimpleNamespace, request: pytest.FixtureRequest, client_of: str
) -> None:
    author = User.objects.create_user("author@example.org")
    page, client = Page.objects.get(pk=site.news.pk), request.getfixturevalue(client_of)
    comment = Comment.objects.create(page=page, user=author, text="Why?", contentpath="title")
    reply = CommentReply.objects.create(comment=comment, user=author, text="Still open")
    whole = build_comment_form(comment, reply, DELETE="1")
    part = build_comment_form(comment, reply) | {"comments-0-replies-0-DELETE": "1"}
    for data in (whole, part):
        response = send(client, site.news, **data)
        assert response.status_code == 200
        assert FOREIGN_COMMENT in response.text
        assert Comment.objects.filter(pk=comment.pk).exists()
        assert CommentReply.objects.filter(pk=reply.pk).exists()
    resolved = build_comment_form(comment, reply, resolved="1")
    assert send(client, site.news, **resolved).status_code == 302
    comment.refresh_from_db()
    assert comment.resolved_at


def test_everybody_deletes_a_comment_of_their_own(
    site: SimpleNamespace, editor: User, editor_client: Client
) -> None:
    page = Page.objects.get(pk=site.news.pk)
    comment = Comment.objects.create(page=page, user=editor, text="Why?", contentpath="title")
    assert (
        send(editor_client, site.news, **build_comment_form(comment, DELETE="1")).status_code == 302
    )
    assert not Comment.objects.filter(pk=comment.pk).exists()
