"""What a browser can send in place of what its chooser offered: ids of foreign objects."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Site
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from bhp_site.accessibility.confirmation import Confirmation
from bhp_site.core.admin.choosable import REFUSAL
from bhp_site.core.models import SiteImage, SiteSettings
from bhp_site.core.references import iter_references
from bhp_site.enquiries.models import AccessibleCopy, Enquiry
from bhp_site.files.models import SiteDocument
from bhp_site.files.page_text import Extraction
from bhp_site.files.versions.models import FormerAddress
from bhp_site.house_style.models import Dismissal
from news.models import NewsPage
from partners.models import Person

from ..admin_forms import build_body, build_quote, get_messages, read_form, send
from ..conftest import signed_in
from ..factories import NewsPageFactory, PersonFactory, SiteDocumentFactory, SiteImageFactory
from ..roles import (
    ACTIONS,
    allow_in_collection,
    allow_on_page,
    allow_publishing,
    make_collection,
    make_member,
)

MODEL_PERMISSIONS = (
    *("change_sitesettings", "add_formeraddress", "change_formeraddress", "delete_formeraddress"),
    *("add_accessiblecopy", "change_accessiblecopy", "view_accessiblecopy", "change_enquiry"),
    *("change_person", "view_person", "withdraw_documentversion", "view_formeraddress"),
)
DOCUMENT_TITLE, IMAGE_TITLE = "Embargoed figures", "Embargoed chart"


@pytest.fixture
def world(site: SimpleNamespace) -> SimpleNamespace:
    """Own and foreign objects, and a publisher who may use one collection alone."""
    own, foreign = make_collection("Own"), make_collection("Foreign")
    user = make_member("Limited publishers")
    allow_in_collection(user, own, *ACTIONS)
    allow_publishing(user, own)
    allow_on_page(user, site.home, "add", "change", "publish")
    user.user_permissions.add(*Permission.objects.filter(codename__in=MODEL_PERMISSIONS))
    return SimpleNamespace(
        site=site,
        own=own,
        foreign=foreign,
        user=user,
        client=signed_in(user),
        page=NewsPageFactory(parent=site.news_index),
        mine=SiteDocumentFactory(title="Own figures", collection=own),
        my_image=SiteImageFactory(title="Own chart", collection=own),
        document=SiteDocumentFactory(title=DOCUMENT_TITLE, slug="embargoed", collection=foreign),
        image=SiteImageFactory(title=IMAGE_TITLE, collection=foreign),
    )


def build_form_data(name: str, document: SiteDocument, image: Any) -> dict[str, Any]:
    """Return form data that puts `document` or `image` into a page in the way called `name`."""
    if name == "download":
        rows = inline_formset([{"document": document.pk, "label": "Figures"}])
        return nested_form_data({"downloads": rows})
    link = f'<p>See <a linktype="document" id="{document.pk}">the figures</a>.</p>'
    speaker = PersonFactory(name="A. Speaker")
    alt = {"alt_text": "A chart", "decorative": ""}
    return build_body(
        [
            {
                "document block": ("download", {"document": document.pk, "label": ""}),
                "image block": (
                    "figure",
                    {"image": {"image": image.pk} | alt, "caption": "A chart"},
                ),
                "link in a text": ("paragraph", rich_text(link)),
                "portrait": build_quote(speaker, "Words.", portrait=str(image.pk)),
            }[name]
        ]
    )


WAYS = ("download", "document block", "image block", "link in a text", "portrait")


def is_used(world: SimpleNamespace, document: SiteDocument, image: SiteImage) -> bool:
    draft = NewsPage.objects.get(pk=world.page.pk).get_latest_revision_as_object()
    references = {*iter_references(draft)}
    return bool(references & {(SiteDocument, str(document.pk)), (SiteImage, str(image.pk))})


# A sample has each way, and both acts.
@pytest.mark.sampled(5)
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("act", ["", "action-publish"])
def test_a_page_takes_own_objects_and_no_foreign_ones(
    world: SimpleNamespace, way: str, act: str
) -> None:
    """Sent with a broken field beside it, the form comes back without a foreign title, too."""
    foreign = build_form_data(way, world.document, world.image)
    response = send(world.client, world.page, act, **foreign)
    assert response.status_code == 200
    assert REFUSAL in response.text.replace("\\u0027", "'")
    broken = send(world.client, world.page, act, **foreign | {"title": "", "date": "never"})
    for answer in (response, broken):
        assert "embargoed" not in answer.text.lower()
    assert not is_used(world, world.document, world.image)
    assert Client().get(world.document.url).status_code == 404
    assert send(world.client, world.page, act, **build_form_data(way, world.mine, world.my_image))
    assert is_used(world, world.mine, world.my_image)


@pytest.mark.parametrize("way", WAYS)
def test_a_preview_shows_no_foreign_object(world: SimpleNamespace, way: str) -> None:
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[world.page.pk])
    data = read_form(world.client, f"/admin/pages/{world.page.pk}/edit/") | {"body-count": "0"}
    answer = world.client.post(address, data | build_form_data(way, world.document, world.image))
    assert answer.json()["is_valid"] is False
    assert "embargoed" not in world.client.get(f"{address}?mode=").text.lower()


def test_what_a_page_uses_already_stays(world: SimpleNamespace) -> None:
    """Whoever put it there may choose it, and the page must stay correctable."""
    page = world.page
    page.body = [
        ("download", {"document": world.document, "label": ""}),
        ("paragraph", f'<p><a linktype="document" id="{world.document.pk}">Figures</a></p>'),
    ]
    page.save_revision()
    data = build_form_data("document block", world.document, world.image)
    response = send(world.client, page, title="Corrected", **data)
    assert response.status_code == 302
    draft = NewsPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert draft.title == "Corrected"
    # What it does not use is refused all the same.
    assert send(
        world.client, page, **build_form_data("image block", world.document, world.image)
    ).text


def test_a_superuser_may_use_everything(world: SimpleNamespace, admin_client: Client) -> None:
    for way in WAYS:
        data = build_form_data(way, world.document, world.image)
        assert send(admin_client, world.page, **data).status_code == 302, way
        assert is_used(world, world.document, world.image), way


def test_a_document_takes_no_foreign_cover(world: SimpleNamespace) -> None:
    address = reverse("wagtaildocs:edit", args=[world.mine.pk])
    data = {"title": "Own figures", "slug": "own", "language": "en", "collection": world.own.pk}
    response = world.client.post(address, data | {"cover": world.image.pk})
    assert REFUSAL in response.text
    assert IMAGE_TITLE not in response.text
    assert world.client.post(address, data | {"cover": world.my_image.pk}).status_code == 302
    world.mine.refresh_from_db()
    assert world.mine.cover == world.my_image


def test_a_person_takes_no_foreign_portrait(world: SimpleNamespace) -> None:
    person = PersonFactory(name="A. Person")
    address = reverse("wagtailsnippets_partners_person:edit", args=[person.pk])
    data = read_form(world.client, address, "w-editor-form")
    response = world.client.post(address, data | {"portrait": world.image.pk})
    assert REFUSAL in response.text
    assert IMAGE_TITLE not in response.text
    world.client.post(address, data | {"portrait": world.my_image.pk})
    draft = Person.objects.get(pk=person.pk).get_latest_revision_as_object()
    assert draft.portrait == world.my_image


def test_settings_take_no_foreign_image_and_no_foreign_collection(world: SimpleNamespace) -> None:
    settings = SiteSettings.for_site(Site.objects.get())
    kept = make_collection("Kept public")
    settings.public_collections.add(kept)
    address = reverse("wagtailsettings:edit", args=["core", "sitesettings", Site.objects.get().pk])
    page = world.client.get(address)
    assert "Own" in page.text
    assert "Foreign" not in page.text
    data = {"name": "BHP", "short_name": "BHP", "second_person": "several"}
    response = world.client.post(address, data | {"share_image": world.image.pk})
    assert REFUSAL in response.text
    assert IMAGE_TITLE not in response.text
    response = world.client.post(address, data | {"public_collections": [world.foreign.pk]})
    assert "Foreign" not in response.text
    assert [*settings.public_collections.all()] == [kept]
    assert Client().get(world.document.url).status_code == 404
    response = world.client.post(address, data | {"public_collections": [world.own.pk]})
    assert response.status_code == 302
    # What one may not change stays as others have set it.
    assert {*settings.public_collections.all()} == {kept, world.own}


def test_old_addresses_lead_to_own_documents_alone(world: SimpleNamespace) -> None:
    there = FormerAddress.objects.create(path="/documents/old.pdf", document=world.document)
    index, add = reverse("old-addresses:index"), reverse("old-addresses:add")
    assert there.path not in world.client.get(index).text
    for name in ("edit", "delete", "history", "usage"):
        address = reverse(f"old-addresses:{name}", args=[there.pk])
        assert world.client.get(address).status_code == 404, name
        assert world.client.post(address, {"document": world.mine.pk}).status_code in (404, 405)
    data = {"path": "/documents/new.pdf"}
    response = world.client.post(add, data | {"document": world.document.pk})
    assert REFUSAL in response.text
    assert DOCUMENT_TITLE not in response.text
    assert world.client.post(add, data | {"document": world.mine.pk}).status_code == 302
    made = FormerAddress.objects.get(path="/documents/new.pdf")
    assert made.document == world.mine
    assert made.path in world.client.get(index).text


@pytest.mark.parametrize("field", ["original", "copy"])
def test_an_accessible_copy_joins_own_documents_alone(world: SimpleNamespace, field: str) -> None:
    other = SiteDocumentFactory(title="Own in large print", collection=world.own)
    address = reverse("accessible-copies:add")
    data = {"original": world.mine.pk, "copy": other.pk, "format": "large-print", "label": ""}
    response = world.client.post(address, data | {field: world.document.pk})
    assert REFUSAL in response.text
    assert DOCUMENT_TITLE not in response.text
    assert not AccessibleCopy.objects.exists()
    assert world.client.post(address, data).status_code == 302
    theirs = AccessibleCopy.objects.create(
        original=world.mine, copy=world.document, format="braille", label="Secret label"
    )
    assert "Secret label" not in world.client.get(reverse("accessible-copies:index")).text
    edit = reverse("accessible-copies:edit", args=[theirs.pk])
    assert world.client.get(edit).status_code == 404


def test_an_answer_offers_own_documents_alone(world: SimpleNamespace) -> None:
    original = world.mine
    asked = Enquiry.objects.create(
        kind="copy",
        document=original,
        document_title=original.title,
        version_number=1,
        format="large-print",
        email="reader@example.org",
    )
    address = reverse("requests:answer", args=[asked.pk])
    data = {"text": "Here it is.", "label": ""}
    for key in (world.document.pk, 10**30, "x"):
        response = world.client.post(address, data | {"copy": key})
        assert response.status_code == 200
        assert DOCUMENT_TITLE not in response.text
    assert not AccessibleCopy.objects.exists()
    assert not mail.outbox
    copy = SiteDocumentFactory(title="Own in large print", collection=world.own)
    assert world.client.post(address, data | {"copy": copy.pk}).status_code == 302
    assert AccessibleCopy.objects.get().copy == copy


def test_a_version_of_a_foreign_document_has_no_other_date(world: SimpleNamespace) -> None:
    data = {"published_date": "2020-01-01", "published_precision": "day"}
    for document, allowed in ((world.document, False), (world.mine, True)):
        version = document.versions.get()
        address = reverse("version-published", args=[version.pk])
        assert (world.client.get(address).status_code == 200) is allowed
        world.client.post(address, data)
        version.refresh_from_db()
        assert bool(version.published_date) is allowed


def test_the_text_of_a_foreign_document_is_not_read_again(world: SimpleNamespace) -> None:
    for document, allowed in ((world.document, False), (world.mine, True)):
        Extraction.objects.filter(version__document=document).delete()
        world.client.post(reverse("read-again", args=[document.pk]))
        assert Extraction.objects.filter(version__document=document).exists() is allowed


def test_what_stands_beside_a_page_is_for_its_editors(site: SimpleNamespace) -> None:
    """Drafting, dismissed findings, reviews and the statement, asked for by an editor of news."""
    user = make_member("Editors of news")
    allow_on_page(user, site.news_index, "change", "publish")
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=("add_confirmation", "add_dismissal"))
    )
    client, report = signed_in(user), site.report
    dismissal = Dismissal.objects.create(page=site.report, code="twice", text="the the", reason="-")
    asks = {
        "draft-edition": [report.pk],
        "house-style-dismiss": [report.pk],
        "house-style-again": [report.pk, dismissal.pk],
        "reviewed": [report.pk],
        "listed-files": [],
    }
    data = {"code": "twice", "text": "the the", "reason": "So be it", "fingerprint": "x"}
    for name, args in asks.items():
        response = client.post(reverse(name, args=args), data)
        assert response.status_code in (302, 403), name
        assert "do not have permission" in get_messages(response), name
    # The dismissal of one page is not taken back by the editor of another.
    mine = reverse("house-style-again", args=[site.news.pk, dismissal.pk])
    assert client.post(mine).status_code == 404
    assert Dismissal.objects.filter(pk=dismissal.pk).exists()
    assert not Confirmation.objects.exists()
    report.refresh_from_db()
    assert report.review_by is None


def test_a_version_of_a_foreign_document_is_not_withdrawn(world: SimpleNamespace) -> None:
    for document, allowed in ((world.document, False), (world.mine, True)):
        version = document.versions.get()
        address = reverse("withdraw", args=[version.pk])
        assert (world.client.get(address).status_code == 200) is allowed
        world.client.post(address, {"reason": "It was wrong."})
        version.refresh_from_db()
        assert bool(version.withdrawn_at) is allowed


def test_an_existing_file_is_offered_to_those_who_may_choose_it(world: SimpleNamespace) -> None:
    """Whoever uploads the same bytes hears nothing of a foreign document."""
    with world.document.file.open() as file:
        answer = world.client.post(
            reverse("wagtaildocs_chooser:create"),
            {
                "document-chooser-upload-title": "Mine now",
                "document-chooser-upload-collection": world.own.pk,
                "document-chooser-upload-file": file,
            },
        )
    assert DOCUMENT_TITLE not in answer.text
    chosen = reverse("wagtaildocs_chooser:chosen", args=[world.document.pk])
    assert world.client.get(chosen).status_code in (302, 403)


def test_a_page_that_was_copied_keeps_what_it_shows(world: SimpleNamespace) -> None:
    Page.objects.get(pk=world.page.pk)
    world.page.body = [("download", {"document": world.document, "label": ""})]
    world.page.save_revision()
    copy = world.page.copy(update_attrs={"slug": "copied"}, keep_live=False)
    data = build_form_data("document block", world.document, world.image)
    assert send(world.client, copy, title="A copy", **data).status_code == 302
