"""Moving a collection publishes nothing, and hides nothing, without permission."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from wagtail.models import Collection, GroupCollectionPermission, Page

from bhp_site.core.models import User
from bhp_site.files.models import SiteDocument

from ..factories import NewsPageFactory, SiteDocumentFactory, offer
from ..roles import allow_publishing, make_collection, make_member


@pytest.fixture
def organiser(home: Page) -> User:
    """Somebody who may add, rename and move every collection."""
    user = make_member("Organisers")
    for codename in ("add_collection", "change_collection"):
        GroupCollectionPermission.objects.create(
            group=user.groups.get(),
            collection=Collection.get_first_root_node(),
            permission=Permission.objects.get(codename=codename),
        )
    return user


def move(user: User, collection: Collection, parent: Collection) -> str:
    client = Client()
    client.force_login(user)
    url = f"/admin/collections/{collection.pk}/"
    return client.post(url, {"name": "Renamed", "parent": parent.pk}, follow=True).text


def is_public(document: SiteDocument) -> bool:
    return SiteDocument.objects.get(pk=document.pk).is_public


@pytest.mark.parametrize("publishes", [False, True])
def test_who_may_publish_there_moves_a_collection_into_a_public_one(
    public_collection: Collection, organiser: User, publishes: bool
) -> None:
    private = make_collection("Private")
    document = SiteDocumentFactory(collection=private)
    if publishes:
        allow_publishing(organiser, Collection.get_first_root_node())
    assert ("Nothing was saved" in move(organiser, private, public_collection)) != publishes
    assert is_public(document) == publishes


def test_a_collection_is_not_moved_out_of_a_public_one(
    public_collection: Collection, organiser: User
) -> None:
    inner = public_collection.add_child(name="Inner")
    document = SiteDocumentFactory(collection=inner)
    assert "Nothing was saved" in move(organiser, inner, make_collection("Outer"))
    assert is_public(document)


def test_a_move_gives_nobody_permission_to_publish_what_is_public(
    news_index: Page, organiser: User
) -> None:
    own, other = make_collection("Own"), make_collection("Other")
    allow_publishing(organiser, own)
    document = SiteDocumentFactory(collection=other)
    offer(NewsPageFactory(parent=news_index), document)
    assert "Nothing was saved" in move(organiser, other, own)
    other.refresh_from_db()
    assert other.get_parent().pk != own.pk


def test_a_collection_without_anything_public_is_moved_freely(home: Page, organiser: User) -> None:
    first, second = make_collection("First"), make_collection("Second")
    SiteDocumentFactory(collection=first)
    assert "Nothing was saved" not in move(organiser, first, second)
    first.refresh_from_db()
    assert (first.get_parent().pk, first.name) == (second.pk, "Renamed")
