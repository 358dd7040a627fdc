"""Objects of each kind, one that a user with a limited area owns, and one that is foreign."""

import datetime
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone
from django.utils.text import slugify
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.search_promotions.models import Query
from wagtail.models import Collection, Page, Site, Task, UploadedFile, Workflow

from bhp_site.core.models import PageUpdate, User
from bhp_site.draft_links.models import DraftComment, DraftLink
from bhp_site.enquiries.models import AccessibleCopy, Enquiry
from bhp_site.files.proposals.models import Proposal
from bhp_site.files.versions.models import FormerAddress
from bhp_site.funding.models import Funder
from bhp_site.press.models import PressContact
from bhp_site.sign_off.models import SignOff
from bhp_site.tasks.models import QueuedTask
from reports.series import ReportSeries

from ..factories import (
    NewsPageFactory,
    PersonFactory,
    ReportPageFactory,
    SiteDocumentFactory,
    SiteImageFactory,
    UserFactory,
)

# In the title of everything foreign that is not public.
MARKER = "Confidential Quokka"
Objects = dict[str, dict[str, Any]]


def make_shared_objects(site: SimpleNamespace) -> Objects:
    """Create one object of each kind that belongs to no page and no collection."""
    person, user = PersonFactory(name="Ada Shared"), UserFactory()
    person.save_revision(user=user)
    review = Workflow.objects.get().start(person, user)
    series = ReportSeries.objects.create(name="Series", slug="series")
    funder = Funder.objects.create(name="Funder")
    contact = PressContact.objects.create(name="Jo", outlet="Paper", email="jo@example.org")
    enquiry = Enquiry.objects.create(kind="problem", page="/", message="It flickers.")
    redirect = Redirect.objects.create(old_path="/old", redirect_link="/new")
    query = Query.objects.create(query_string="health")
    task = QueuedTask.objects.create(path="x", call_hash="x", queue_name="x", max_attempts=1)
    workflow, step = Workflow.objects.get(), Task.objects.get()
    return {
        "": {
            "app_label": "partners",
            "model_name": "person",
            "object_id": person.pk,
            "app_name": "core",
            "content_type_app_name": "news",
            "content_type_model_name": "newspage",
            "workflow_id": workflow.pk,
            "workflow_pk": workflow.pk,
            "task_id": step.pk,
            "site_pk": Site.objects.get().pk,
            "revision_id_a": "earliest",
            "revision_id_b": "latest",
        },
        "background-tasks/": {"pk": task.pk},
        "bulk/core/user/": {"pk": user.pk},
        "bulk/funding/": {"pk": funder.pk},
        "bulk/partners/": {"pk": person.pk},
        "bulk/reports/": {"pk": series.pk},
        "groups/": {"pk": Group.objects.get(name="Writers").pk},
        "guide/": {"name": "home"},
        "pages/create/": {"app_label": "news", "model_name": "newspage"},
        "press-list/": {"pk": contact.pk},
        "press/sent-by/": {"pk": user.pk},
        "redirects/": {"redirect_id": redirect.pk},
        "requests/": {"pk": enquiry.pk},
        "searchpicks/": {"query_id": query.pk},
        "settings/": {"model_name": "sitesettings", "pk": Site.objects.get().pk},
        "sites/": {"pk": Site.objects.get().pk},
        "snippets/": {"pk": person.pk, "revision_id": person.latest_revision.pk},
        "snippets/partners/person/workflow": {
            "task_state_id": review.current_task_state.pk,
            "workflow_state_id": review.pk,
        },
        "snippets/choose/funding/": {"pk": funder.pk},
        "snippets/choose/reports/": {"pk": series.pk},
        "snippets/funding/": {"pk": funder.pk},
        "snippets/reports/": {"pk": series.pk},
        "tag-autocomplete/": {"app_name": "taggit", "model_name": "tag"},
        "users/": {"pk": user.pk},
        "workflows/": {"pk": workflow.pk, "page_pk": site.home.pk},
        "workflows/tasks/": {"pk": step.pk, "app_label": "wagtailcore", "model_name": "task"},
        "workflows/tasks/add/": {"model_name": "groupapprovaltask"},
    }


def make_area_objects(
    news_index: Page,
    report_index: Page,
    name: str,
    author: User,
    collection: Collection | None = None,
) -> Objects:
    """Create unpublished objects called `name` of all kinds that have a page or a collection."""
    collection = collection or Collection.get_first_root_node().add_child(name=name)
    document = SiteDocumentFactory(title=name, collection=collection)
    image = SiteImageFactory(title=name, collection=collection)
    page = NewsPageFactory(parent=news_index, live=False, title=name, owner=author)
    revision = page.save_revision(user=author)
    reviewed = NewsPageFactory(
        parent=news_index, live=False, title=name, slug=slugify(f"{name} reviewed"), owner=author
    )
    reviewed.save_revision(user=author)
    state = Workflow.objects.get().start(reviewed, author)
    report = ReportPageFactory(parent=report_index, live=False, title=name)
    link = DraftLink.objects.create(
        page=page,
        label="For the chair",
        token_hash=name,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    comment = DraftComment.objects.create(link=link, name="Jo", text=name, fingerprint=name)
    sign_off = SignOff.objects.create(
        page=page,
        kind=SignOff.Kind.PARTNER,
        name=name,
        token_hash=name,
        draft_link=link,
        expires_at=link.expires_at,
    )
    update = PageUpdate.objects.create(page=page, note=name)
    proposal = Proposal.objects.create(document=document, values={"title": name})
    copy = AccessibleCopy.objects.create(
        original=document, copy=SiteDocumentFactory(collection=collection), format="large"
    )
    former = FormerAddress.objects.create(document=document, path=f"/{name}.pdf")
    in_review = {"page_id": reviewed.pk, "task_state_id": state.current_task_state.pk}
    public = NewsPageFactory(parent=news_index, title=f"Public page of {author.pk}", owner=author)
    return {
        "": {
            "page_id": page.pk,
            "page_to_move_id": page.pk,
            "destination_id": report_index.pk,
            "parent_page_id": news_index.pk,
            "revision_id": revision.pk,
            "document_id": document.pk,
            "doc_id": document.pk,
            "image_id": image.pk,
            "collection_id": collection.pk,
            "filter_spec": "fill-10x10",
            "workflow_state_id": state.pk,
        },
        "accessible-copies/": {"pk": copy.pk},
        "api/main/^documents/": {"pk": document.pk},
        "api/main/^images/": {"pk": image.pk},
        "api/main/^pages/": {"pk": page.pk},
        "api/main/^pages/<int:pk>/action/unpublish/": {"pk": public.pk},
        "bulk/core/siteimage/": {"pk": image.pk},
        "bulk/files/": {"pk": document.pk},
        "bulk/wagtailcore/": {"pk": page.pk},
        "bulk/wagtailcore/page/unpublish/": {"pk": public.pk},
        "choose-page/": {"pk": page.pk},
        "collections/": {"pk": collection.pk},
        "documents/chooser/": {"pk": document.pk},
        "documents/multiple/": {"uploaded_file_id": make_upload(document, author)},
        "draft-links/": {"pk": link.pk},
        "files/": {"pk": document.pk},
        "files/proposals/": {"pk": proposal.pk},
        "files/versions/": {"pk": document.versions.get().pk, "number": 1},
        "images/chooser/": {"pk": image.pk},
        "images/multiple/": {"uploaded_file_id": make_upload(image, author)},
        "old-addresses/": {"pk": former.pk},
        "page-updates/": {"pk": update.pk},
        "pages/<int:page_id>/workflow_history/": {"page_id": reviewed.pk},
        "pages/<int:page_id>/unpublish/": {"page_id": public.pk},
        "pages/^": {"pk": page.pk},
        "pages/workflow/": in_review,
        "press/send/": {"page_id": page.pk},
        "reader-comments/": {"pk": comment.pk},
        "releases/": {"pk": page.pk},
        "reports/": {"pk": report.pk, "job": 1},
        "sign-off/": {"pk": sign_off.pk},
    }


def make_upload(instance: Any, user: User) -> int:
    """Return the key of an upload by `user` that waits for its title."""
    content_type = ContentType.objects.get_for_model(instance)
    upload = UploadedFile.objects.create(
        for_content_type=content_type, file="missing", uploaded_by_user=user
    )
    return int(upload.pk)


def merge(*several: Objects) -> Objects:
    """Return the values of `several`, by the beginnings of routes."""
    merged: Objects = {}
    for objects in several:
        for start, values in objects.items():
            merged[start] = merged.get(start, {}) | values
    return merged
