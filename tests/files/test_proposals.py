"""What is public changes only by an act of somebody who may publish it."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from wagtail.log_actions import LogContext
from wagtail.models import Collection, GroupCollectionPermission, Page, Site

from bhp_site.core.models import SiteImage, SiteSettings, User
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.approval import ApprovalNeeded, may_publish
from bhp_site.files.proposals.models import AlreadyDecided, Proposal

from ..factories import (
    NewsPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    UserFactory,
    offer,
    pdf_bytes,
    png_bytes,
)
from .uploading import GOOD


@pytest.fixture
def document(news_index: Page) -> SiteDocument:
    """A document that a live page offers."""
    document = SiteDocumentFactory(title="Public report")
    offer(NewsPageFactory(parent=news_index), document)
    return document


@pytest.fixture
def linked_document(news_index: Page) -> SiteDocument:
    """A document that a live page links to in its text, so that no foreign key protects it."""
    document = SiteDocumentFactory(title="Linked report")
    page = NewsPageFactory(parent=news_index)
    link = f'<a linktype="document" id="{document.pk}">The report</a>'
    page.body = [("paragraph", f"<p>{link}</p>")]
    page.save()
    return document


@pytest.fixture
def image(news_index: Page) -> SiteImage:
    """An image that a live page shows."""
    image = SiteImageFactory(title="Public image")
    page = NewsPageFactory(parent=news_index)
    page.body = [("figure", {"image": image, "caption": ""})]
    page.save()
    return image


@pytest.fixture
def draft_document(db: None) -> SiteDocument:
    return SiteDocumentFactory(title="Draft report")


@pytest.fixture
def public_collection(home: Page) -> Collection:
    """A collection of which an administrator has said that everything in it is public."""
    collection: Collection = Collection.get_first_root_node().add_child(name="Press kit")
    settings = SiteSettings.for_site(Site.objects.get())
    settings.save()
    settings.public_collections.add(collection)
    return collection


def build_fields(document: SiteDocument, **changes: Any) -> dict[str, Any]:
    """What the form of a document sends."""
    return {
        "title": document.title,
        "slug": document.slug,
        "language": document.language,
        "cover": document.cover_id or "",
        "accessibility_reason": document.accessibility_reason,
        "collection": document.collection_id,
    } | changes


def build_image_fields(image: SiteImage, **changes: Any) -> dict[str, Any]:
    return {
        "title": image.title,
        "description": image.description,
        "collection": image.collection_id,
        "tags": "",
    } | changes


def edit(client: Client, document: SiteDocument, **changes: Any) -> Any:
    url = f"/admin/documents/edit/{document.pk}/"
    return client.post(url, build_fields(document, **changes), follow=True)


def edit_image(client: Client, image: SiteImage, **changes: Any) -> Any:
    return client.post(
        f"/admin/images/{image.pk}/", build_image_fields(image, **changes), follow=True
    )


def list_stored(instance: Any) -> Any:
    return type(instance).objects.get(pk=instance.pk)


def decide(client: Client, proposal: Proposal, act: str, **more: Any) -> Any:
    return client.post(f"/admin/files/proposals/{proposal.pk}/", {"act": act} | more, follow=True)


def test_an_editor_proposes_and_a_publisher_accepts(
    document: SiteDocument, editor_client: Client, publisher_client: Client, client: Client
) -> None:
    response = edit(editor_client, document, title="Better title", slug="better")
    assert "have been sent to the publishers" in response.text
    assert (list_stored(document).title, list_stored(document).slug) == (
        "Public report",
        document.slug,
    )
    proposal = Proposal.objects.get()
    assert proposal.values == {"title": "Better title", "slug": "better"}
    shown = publisher_client.get(proposal.url).text
    assert "Better title" in shown
    assert "Accept and publish" in shown
    assert "Accept and publish" not in editor_client.get(proposal.url).text
    assert "You have accepted" in decide(publisher_client, proposal, "accept").text
    now = list_stored(document)
    assert (now.title, now.slug) == ("Better title", "better")
    assert client.get("/documents/better.pdf").status_code == 200
    assert client.get(document.url).status_code == 301
    assert "accepted" in editor_client.get("/admin/").text


def replace(client: Client, document: SiteDocument) -> Proposal:
    """Propose new bytes, through whatever screens the upload asks for."""
    upload = SimpleUploadedFile("new.pdf", GOOD)
    response = edit(client, document, file=upload, note="The figure on page 4 was wrong.")
    confirmed = re.search(r'name="confirmed"[^>]*value="([^"]*)"', response.text)
    if confirmed:
        kept = re.search(r'name="(file-kept)"[^>]*value="([^"]*)"', response.text)
        more = {kept[1]: kept[2]} if kept else {}
        more |= {"confirmed": confirmed[1], "version_reason": "A test."}
        edit(client, document, note="The figure on page 4 was wrong.", **more)
    return Proposal.objects.get()


def test_new_bytes_are_not_public_before_they_are_accepted(
    document: SiteDocument, editor_client: Client, publisher_client: Client, client: Client
) -> None:
    before = client.get(document.url).getvalue()
    proposal = replace(editor_client, document)
    assert client.get(document.url).getvalue() == before
    assert list_stored(document).version_number == 1
    assert publisher_client.get(f"{proposal.url}file/").getvalue() == GOOD
    assert client.get(f"{proposal.url}file/").status_code == 302
    name = proposal.file.name
    decide(publisher_client, proposal, "accept")
    assert client.get(document.url).getvalue() == GOOD
    version = list_stored(document).versions.first()
    assert (version.number, version.note) == (2, "The figure on page 4 was wrong.")
    assert not proposal.file.storage.exists(name)


def test_findings_of_a_proposed_pdf_are_shown(
    document: SiteDocument, editor: Any, publisher_client: Client
) -> None:
    proposal = Proposal.objects.create(
        document=document,
        proposed_by=editor,
        file_name="a.pdf",
        findings=document.findings,
        pages=1,
    )
    proposal.file.save("a.pdf", ContentFile(pdf_bytes()))
    titles = [finding.title for finding in document.explained_findings]
    assert titles
    html = publisher_client.get(proposal.url).text
    assert all(title in html for title in titles)


def test_a_declined_proposal_changes_nothing_and_says_why(
    document: SiteDocument, editor_client: Client, publisher_client: Client
) -> None:
    edit(editor_client, document, title="Worse title")
    proposal = Proposal.objects.get()
    assert "Enter a reason" in decide(publisher_client, proposal, "decline").text
    assert Proposal.objects.get().is_waiting
    decide(publisher_client, proposal, "decline", comment="The old title is known.")
    assert list_stored(document).title == "Public report"
    assert "The old title is known." in editor_client.get("/admin/").text


def test_a_proposal_is_decided_once(
    document: SiteDocument, editor_client: Client, publisher_client: Client, publisher: Any
) -> None:
    edit(editor_client, document, title="Better title")
    late = Proposal.objects.get()
    decide(publisher_client, late, "accept")
    with pytest.raises(AlreadyDecided):
        late.decline(publisher, "Too late")
    assert "Nothing was changed." in decide(publisher_client, late, "accept").text


def test_accepting_keeps_what_others_have_saved_meanwhile(
    document: SiteDocument,
    editor_client: Client,
    publisher: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reading a proposed PDF takes seconds, in which somebody may edit the document."""
    edit(editor_client, document, title="Better title")
    set_values = Proposal._set_values

    def set_late(proposal: Proposal, target: SiteDocument) -> None:
        SiteDocument.objects.filter(pk=document.pk).update(language="cy")
        set_values(proposal, target)

    monkeypatch.setattr(Proposal, "_set_values", set_late)
    Proposal.objects.get().accept(publisher)
    assert (list_stored(document).title, list_stored(document).language) == ("Better title", "cy")


def test_an_editor_takes_a_proposal_back(
    document: SiteDocument, editor_client: Client, publisher_client: Client
) -> None:
    edit(editor_client, document, title="Better title")
    decide(editor_client, Proposal.objects.get(), "cancel")
    assert Proposal.objects.get().state == Proposal.State.CANCELLED
    assert list_stored(document).title == "Public report"


@pytest.mark.parametrize("act", ["accept", "decline"])
def test_an_editor_decides_nothing(document: SiteDocument, editor_client: Client, act: str) -> None:
    edit(editor_client, document, title="Better title")
    decide(editor_client, Proposal.objects.get(), act, comment="Mine")
    assert Proposal.objects.get().is_waiting
    assert list_stored(document).title == "Public report"


def test_what_is_no_longer_valid_is_not_accepted(
    document: SiteDocument, editor_client: Client, publisher_client: Client
) -> None:
    edit(editor_client, document, slug="taken")
    SiteDocumentFactory(slug="taken")
    response = decide(publisher_client, Proposal.objects.get(), "accept")
    assert "was not accepted. Nothing has changed." in response.text
    assert Proposal.objects.get().is_waiting


def test_a_publisher_changes_what_is_public_at_once(
    document: SiteDocument, image: SiteImage, publisher_client: Client
) -> None:
    edit(publisher_client, document, title="Better title")
    edit_image(publisher_client, image, description="Three discs.")
    assert list_stored(document).title == "Better title"
    assert list_stored(image).description == "Three discs."
    assert not Proposal.objects.exists()


def test_what_is_not_public_is_changed_freely(
    draft_document: SiteDocument, editor_client: Client
) -> None:
    edit(editor_client, draft_document, title="Better title")
    assert list_stored(draft_document).title == "Better title"
    response = editor_client.post(f"/admin/documents/delete/{draft_document.pk}/", follow=True)
    assert "deleted" in response.text
    assert not SiteDocument.objects.filter(pk=draft_document.pk).exists()


def test_an_image_is_proposed_with_its_file(
    image: SiteImage, editor_client: Client, publisher_client: Client
) -> None:
    bytes_of_new = png_bytes("#aa0000", (200, 100))
    new = SimpleUploadedFile("new.png", bytes_of_new)
    edit_image(editor_client, image, description="Three discs.", tags="discs, rings", file=new)
    now = list_stored(image)
    assert (now.description, now.width) == ("Two discs overlap.", image.width)
    proposal = Proposal.objects.get()
    assert publisher_client.get(proposal.url).status_code == 200
    assert publisher_client.get(f"{proposal.url}file/").getvalue() == png_bytes(
        "#aa0000", (200, 100)
    )
    decide(publisher_client, proposal, "accept")
    now = list_stored(image)
    assert (now.description, now.width) == ("Three discs.", 200)
    assert sorted(now.tags.names()) == ["discs", "rings"]
    assert {size[1] for size in now.sizes["jpeg"]} == {200}


@pytest.mark.parametrize("way", ["screen", "row", "bulk", "model", "queryset"])
@pytest.mark.parametrize("kind", ["document", "image"])
def test_an_editor_cannot_delete_what_is_public(
    request: pytest.FixtureRequest,
    home: Page,
    editor_client: Client,
    editor: Any,
    kind: str,
    way: str,
) -> None:
    target = request.getfixturevalue("linked_document" if kind == "document" else kind)
    label = target._meta.label_lower.replace(".", "/")
    if way == "model":
        with LogContext(user=editor), pytest.raises(ApprovalNeeded), transaction.atomic():
            target.delete()
    elif way == "queryset":
        with LogContext(user=editor), pytest.raises(ApprovalNeeded), transaction.atomic():
            type(target).objects.filter(pk=target.pk).delete()
    else:
        url = {
            "screen": f"/admin/documents/delete/{target.pk}/"
            if kind == "document"
            else f"/admin/images/{target.pk}/delete/",
            "row": f"/admin/{kind}s/multiple/{target.pk}/delete/",
            "bulk": f"/admin/bulk/{label}/delete/?id={target.pk}",
        }[way]
        editor_client.post(url)
    assert type(target).objects.filter(pk=target.pk).exists()


def test_the_screen_says_why_it_does_not_delete(
    document: SiteDocument, editor_client: Client
) -> None:
    url = f"/admin/documents/delete/{document.pk}/"
    assert "Nothing was deleted" in editor_client.post(url, follow=True).text
    assert url not in editor_client.get(f"/admin/documents/edit/{document.pk}/").text


@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_public_with_its_collection_is_not_deleted(
    draft_document: SiteDocument, public_collection: Collection, editor_client: Client, method: str
) -> None:
    SiteDocument.objects.update(collection=public_collection)
    url = f"/admin/documents/delete/{draft_document.pk}/"
    assert "because it is public" in getattr(editor_client, method)(url, follow=True).text
    assert SiteDocument.objects.exists()


@pytest.mark.parametrize("kind", ["document", "image"])
@pytest.mark.parametrize("action", ["add_to_collection", "add_tags"])
def test_bulk_actions_leave_what_is_public(
    request: pytest.FixtureRequest, home: Page, editor_client: Client, kind: str, action: str
) -> None:
    target = request.getfixturevalue(kind)
    other = Collection.get_first_root_node().add_child(name="Other")
    label = target._meta.label_lower.replace(".", "/")
    url = f"/admin/bulk/{label}/{action}/?id={target.pk}"
    assert target.title in editor_client.get(url).text
    editor_client.post(url, {"collection": other.pk, "tags": "new"})
    now = list_stored(target)
    assert now.collection_id == target.collection_id
    assert not now.tags.exists()


def test_a_bulk_move_publishes_nothing(
    draft_document: SiteDocument, public_collection: Collection, editor_client: Client
) -> None:
    url = f"/admin/bulk/files/sitedocument/add_to_collection/?id={draft_document.pk}"
    response = editor_client.post(url, {"collection": public_collection.pk})
    assert "Nothing was moved" in response.text
    assert not list_stored(draft_document).is_public


def test_a_publisher_moves_several_at_once(
    draft_document: SiteDocument, public_collection: Collection, publisher_client: Client
) -> None:
    url = f"/admin/bulk/files/sitedocument/add_to_collection/?id={draft_document.pk}"
    publisher_client.post(url, {"collection": public_collection.pk})
    assert list_stored(draft_document).is_public


def test_moving_into_a_public_collection_is_proposed(
    draft_document: SiteDocument,
    public_collection: Collection,
    editor_client: Client,
    publisher_client: Client,
) -> None:
    edit(editor_client, draft_document, collection=public_collection.pk)
    assert not list_stored(draft_document).is_public
    decide(publisher_client, Proposal.objects.get(), "accept")
    assert list_stored(draft_document).is_public


UPLOADS = {
    "document chooser": (
        "/admin/documents/chooser/create/",
        "document-chooser-upload-",
        ("file", "a.pdf", GOOD),
    ),
    "image chooser": (
        "/admin/images/chooser/create/",
        "image-chooser-upload-",
        ("file", "a.png", png_bytes()),
    ),
    "image": ("/admin/images/add/", "", ("file", "a.png", png_bytes())),
    "documents": ("/admin/documents/multiple/add/", "", ("files[]", "a.pdf", GOOD)),
    "images": ("/admin/images/multiple/add/", "", ("files[]", "a.png", png_bytes())),
}


@pytest.mark.parametrize("way", UPLOADS)
def test_an_editor_adds_nothing_to_a_public_collection(
    public_collection: Collection, editor_client: Client, way: str
) -> None:
    url, prefix, (name, file_name, data) = UPLOADS[way]
    sent = {
        f"{prefix}title": "A title",
        f"{prefix}description": "Two discs.",
        f"{prefix}collection": public_collection.pk,
        name if name == "files[]" else f"{prefix}{name}": SimpleUploadedFile(file_name, data),
    }
    response = editor_client.post(url, sent, headers={"x-requested-with": "XMLHttpRequest"})
    assert response.status_code == 200
    assert "public" in response.text
    assert not SiteDocument.objects.exists()
    assert not SiteImage.objects.exists()


def test_a_row_of_an_upload_is_under_the_same_rule(
    document: SiteDocument, image: SiteImage, editor_client: Client
) -> None:
    """Of several uploads each has a form, which may be sent after a page has published it."""
    sent = {f"doc-{document.pk}-{key}": value for key, value in build_fields(document).items()}
    sent[f"doc-{document.pk}-title"] = "Better title"
    editor_client.post(f"/admin/documents/multiple/{document.pk}/", sent)
    sent = {f"image-{image.pk}-{key}": value for key, value in build_image_fields(image).items()}
    sent[f"image-{image.pk}-description"] = "Three discs."
    editor_client.post(f"/admin/images/multiple/{image.pk}/", sent)
    assert list_stored(document).title == "Public report"
    assert list_stored(image).description == "Two discs overlap."
    assert Proposal.objects.count() == 2


@pytest.mark.parametrize(
    "name, value",
    [("title", "Other"), ("file", ContentFile(GOOD, name="a.pdf")), ("slug", "other")],
)
def test_no_view_gets_round_the_rule(
    document: SiteDocument, editor: Any, publisher: Any, name: str, value: Any
) -> None:
    changed = list_stored(document)
    setattr(changed, name, value)
    with LogContext(user=editor), pytest.raises(PermissionDenied):
        changed.save()
    with LogContext(user=publisher):
        changed.save()


def test_what_visitors_cannot_see_is_written_for_anybody(
    document: SiteDocument, editor: Any
) -> None:
    with LogContext(user=editor):
        document.get_file_size()
        document.file_hash = ""
        document.get_file_hash()


def test_a_cover_follows_its_document(
    public_collection: Collection, publisher: Any, document: SiteDocument
) -> None:
    """Nobody is asked about the cover of a file that they may publish."""
    GroupCollectionPermission.objects.filter(permission__codename="publish_siteimage").delete()
    before = document.cover_id
    document.file = ContentFile(GOOD, name="new.pdf")
    document.version_note = "A figure was wrong."
    document.version_reason = "A test."
    with LogContext(user=publisher):
        document.save()
    assert list_stored(document).cover_id not in (None, before)


def test_proposals_are_seen_by_those_concerned(
    document: SiteDocument, editor_client: Client, client: Client
) -> None:
    edit(editor_client, document, title="Better title")
    proposal = Proposal.objects.get()
    other = Client()
    user = UserFactory()
    user.groups.add(Group.objects.get(name="Writers"))
    other.force_login(user)
    assert other.get(proposal.url).status_code == 404
    assert other.get(f"{proposal.url}file/").status_code == 404
    assert client.get(proposal.url).status_code == 302


def test_who_may_no_longer_view_a_document_sees_no_proposal_about_it(
    document: SiteDocument, editor: Any, editor_client: Client
) -> None:
    edit(editor_client, document, title="Better title")
    proposal = Proposal.objects.get()
    document.title = "Private by now"
    document.save()
    group = Group.objects.create(name="Without collections")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    editor.groups.set([group])
    assert editor_client.get(proposal.url).status_code == 404
    for url in ("/admin/", "/admin/files/proposals/"):
        assert "Private by now" not in editor_client.get(url).text


def test_publishing_is_a_permission_on_a_collection(document: SiteDocument, editor: Any) -> None:
    group = Group.objects.get(name="Writers")
    permission = Permission.objects.get(codename="publish_sitedocument")
    child = Collection.get_first_root_node().add_child(name="Ours")
    GroupCollectionPermission.objects.create(group=group, collection=child, permission=permission)
    assert not may_publish(editor, document)
    document.collection = child
    document.save()
    editor = type(editor).objects.get(pk=editor.pk)
    assert may_publish(editor, document)


def test_a_group_says_where_it_publishes(admin_client: Client) -> None:
    group = Group.objects.get(name="Publishers")
    html = admin_client.get(f"/admin/groups/edit/{group.pk}/").text
    assert "Publishing documents" in html
    assert "Publishing images" in html
    permission = Permission.objects.get(codename="publish_sitedocument")
    assert f'name="sitedocument_permissions-0-permissions" value="{permission.pk}"' in html


def test_proposals_are_counted_in_the_menu(
    document: SiteDocument, editor_client: Client, publisher_client: Client
) -> None:
    edit(editor_client, document, title="Better title")
    assert "Proposals (1)" in publisher_client.get("/admin/").text
    assert "Proposals (1)" not in editor_client.get("/admin/").text
    assert editor_client.get("/admin/files/proposals/").status_code == 200
    assert document.title in publisher_client.get("/admin/files/proposals/").text


def test_the_screen_says_that_changes_need_a_publisher(
    document: SiteDocument, draft_document: SiteDocument, image: SiteImage, editor_client: Client
) -> None:
    assert (
        "This document is public."
        in editor_client.get(f"/admin/documents/edit/{document.pk}/").text
    )
    assert "Send to the publishers" in editor_client.get(f"/admin/images/{image.pk}/").text
    html = editor_client.get(f"/admin/documents/edit/{draft_document.pk}/").text
    assert "is public." not in html


def test_a_row_that_something_needs_is_not_deleted(
    document: SiteDocument, admin_client: Client
) -> None:
    url = f"/admin/documents/multiple/{document.pk}/delete/"
    ajax = {"x-requested-with": "XMLHttpRequest"}
    response = admin_client.post(url, headers=ajax)
    assert response.status_code == 409
    assert "Nothing was deleted" in response.json()["error_message"]
    assert SiteDocument.objects.filter(pk=document.pk).exists()


def test_the_proposer_hears_of_an_acceptance_by_email(
    document: SiteDocument,
    editor: User,
    editor_client: Client,
    publisher_client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    edit(editor_client, document, title="Better title")
    with django_capture_on_commit_callbacks(execute=True):
        decide(publisher_client, Proposal.objects.get(), "accept")
    (message,) = mail.outbox
    assert message.to == [editor.email]
    assert message.subject == "Your changes to “Public report” were accepted"
    assert "They are public now." in message.body


def test_the_proposer_reads_in_an_email_why_a_proposal_was_declined(
    document: SiteDocument,
    editor: User,
    editor_client: Client,
    publisher_client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    edit(editor_client, document, title="Worse title")
    proposal = Proposal.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        decide(publisher_client, proposal, "decline", comment="Keep R&D in the title")
    (message,) = mail.outbox
    assert message.to == [editor.email]
    assert "Keep R&D in the title" in message.body
    assert proposal.url in message.body


def test_nobody_is_told_of_a_proposal_that_was_taken_back(
    document: SiteDocument, editor_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    edit(editor_client, document, title="Better title")
    with django_capture_on_commit_callbacks(execute=True):
        decide(editor_client, Proposal.objects.get(), "cancel")
    assert mail.outbox == []


def test_a_former_employee_gets_no_email(
    document: SiteDocument,
    editor: User,
    editor_client: Client,
    publisher_client: Client,
    django_capture_on_commit_callbacks: Any,
) -> None:
    edit(editor_client, document, title="Better title")
    User.objects.filter(pk=editor.pk).update(is_active=False)
    with django_capture_on_commit_callbacks(execute=True):
        decide(publisher_client, Proposal.objects.get(), "accept")
    assert mail.outbox == []
