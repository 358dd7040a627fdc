"""For all others, a confidential draft is nowhere in the admin, and neither are its files."""

import datetime
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.log_actions import log
from wagtail.models import Comment, Page, Workflow

from bhp_site.core.confidential.tracking import set_people
from bhp_site.core.roles import ADMINISTRATOR, PUBLISHER, WRITER, UserRole
from bhp_site.draft_links.models import DraftComment, DraftLink
from bhp_site.sign_off.models import SignOff
from news.models import NewsDownload, Release

from ..conftest import signed_in
from ..factories import NewsPageFactory, SiteDocumentFactory, SiteImageFactory, UserFactory
from ..roles import give_role
from .addresses import list_routes
from .objects import MARKER, Objects, make_area_objects, make_shared_objects, merge
from .scanning import SAMPLE_STEP, scan

OTHERS = (WRITER, PUBLISHER, ADMINISTRATOR)


def make_confidential_draft(site: SimpleNamespace, author: Any) -> Page:
    """Create a draft in review with all that can hang on it, and make it confidential."""
    document = SiteDocumentFactory(title=MARKER, uploaded_by_user=author)
    image = SiteImageFactory(title=MARKER, uploaded_by_user=author)
    for upload in (document, image):
        log(upload, "wagtail.create", user=author)
    page = NewsPageFactory(parent=site.news_index, live=False, title="A plain draft", owner=author)
    page.title, page.slug, page.summary = MARKER, "quokka", MARKER
    page.downloads.add(NewsDownload(document=document, label=MARKER))
    figure = {"image": {"image": image.pk, "alt_text": MARKER, "decorative": False}}
    page.body = [("paragraph", f"<p>{MARKER}</p>")]
    page.body.append(("figure", page.body.stream_block.child_blocks["figure"].to_python(figure)))
    page.save()
    page.save_revision(user=author, log_action=True)
    page.locked, page.locked_by, page.locked_at = True, author, timezone.now()
    page.save()
    return page


def add_what_hangs_on(page: Page, author: Any) -> Any:
    """Create a review, a comment, a link with a comment of a reader, and a sign-off."""
    state = Workflow.objects.get().start(page, author)
    Comment.objects.create(page=page, user=author, text=MARKER, contentpath="title", position="")
    link = DraftLink.objects.create(
        page=page,
        label=MARKER,
        token_hash="link",
        created_by=author,
        expires_at=timezone.now() + datetime.timedelta(days=1),
    )
    DraftComment.objects.create(link=link, name="Jo", text=MARKER, fingerprint="x")
    SignOff.objects.create(
        page=page,
        kind=SignOff.Kind.PARTNER,
        name=MARKER,
        token_hash="sign-off",
        draft_link=link,
        requested_by=author,
        expires_at=link.expires_at,
    )
    Release.objects.get_or_create(announcement=page)
    Redirect.objects.create(old_path="/earlier", redirect_page=page)
    return state


def get_objects(site: SimpleNamespace, page: Any, state: Any) -> Objects:
    """Return the values of addresses that lead to the draft."""
    document = page.downloads.get().document
    image = page.body[1].value["image"]
    link = DraftLink.objects.get()
    names = ("page_id", "page_to_move_id", "doc_id")
    of_page = dict.fromkeys(names, page.pk) | {
        "revision_id": page.latest_revision_id,
        "document_id": document.pk,
        "doc_id": document.pk,
        "image_id": image.pk,
        "workflow_state_id": state.pk,
    }
    in_review = {"page_id": page.pk, "task_state_id": state.current_task_state.pk}
    return {
        "": of_page,
        "api/main/^documents/": {"pk": document.pk},
        "api/main/^images/": {"pk": image.pk},
        "api/main/^pages/": {"pk": page.pk},
        "bulk/core/siteimage/": {"pk": image.pk},
        "bulk/files/": {"pk": document.pk},
        "bulk/wagtailcore/": {"pk": page.pk},
        "choose-page/": {"pk": page.pk},
        "documents/chooser/": {"pk": document.pk},
        "draft-links/": {"pk": link.pk},
        "files/": {"pk": document.pk},
        "files/versions/": {"pk": document.versions.get().pk, "number": 1},
        "images/chooser/": {"pk": image.pk},
        "pages/^": {"pk": page.pk},
        "pages/workflow/": in_review,
        "press/send/": {"page_id": page.pk},
        "redirects/": {"redirect_id": Redirect.objects.get(old_path="/earlier").pk},
        "reader-comments/": {"pk": link.comments.get().pk},
        "releases/": {"pk": page.pk},
        "sign-off/": {"pk": SignOff.objects.get().pk},
        "reports/confidential-drafts/": {"pk": 0},
    }


@pytest.mark.parametrize("role", OTHERS, ids=lambda role: role.name)
def test_a_confidential_draft_is_nowhere(
    site: SimpleNamespace,
    role: UserRole,
    django_capture_on_commit_callbacks: Any,
    thin_out: Callable[..., Any],
) -> None:
    author, other = UserFactory(), UserFactory()
    give_role(author, WRITER)
    give_role(other, role)
    shared = make_shared_objects(site)
    base = make_area_objects(site.news_index, site.report_index, "Known", author)
    DraftLink.objects.all().delete()
    SignOff.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        page = make_confidential_draft(site, author)
        set_people(page, [author], author)
        state = add_what_hangs_on(page, author)
    assert not [email for email in mail.outbox if other.email in email.to]
    objects = merge(shared, base, get_objects(site, page, state))
    routes = thin_out(list_routes(), SAMPLE_STEP, OTHERS.index(role))
    found = scan(signed_in(other), objects, routes)
    assert found == [], "\n".join(found)
