"""Begin, change and end confidentiality, and keep track of the files that follow a draft."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import Page, PageSubscription, ReferenceIndex, Revision

from ..references import PRIMARY_KEY, Reference, find_drafts_mentioning, iter_references
from .records import ConfidentialDraft, ConfidentialFile
from .rules import find_drafts_above, forget_hidden, get_draft

BEGIN, CHANGE, END, TAKE_OVER = (
    f"core.confidential.{action}" for action in ("begin", "change", "end", "take_over")
)


@transaction.atomic
def set_people(page: Page, people: list[Any], user: Any) -> None:
    """Let only `people` open the draft of `page`; with none, everybody who could before."""
    draft = get_draft(page)
    if not people:
        if draft:
            draft.delete()
            log(page, END, user=user)
            follow_pages(page)
    else:
        action = CHANGE if draft else BEGIN
        draft = draft or ConfidentialDraft.objects.create(page_id=page.pk, created_by=user)
        draft.people.set(people)
        follow_pages(draft.page)
        names = ", ".join(sorted(str(person) for person in people))
        log(page, action, user=user, data={"people": names})
    forget_hidden(user)


@transaction.atomic
def take_over(draft: ConfidentialDraft, user: Any) -> None:
    """Let `user`, an administrator, open the draft too; the history of the page says so."""
    draft.people.add(user)
    log(draft.page, TAKE_OVER, user=user)
    forget_hidden(user)


def end_with_publication(sender: type, instance: Page, **kwargs: Any) -> None:
    """End the confidentiality of a page that is published, and of what is below it."""
    drafts = ConfidentialDraft.objects.filter(page__path__startswith=instance.path)
    for draft in drafts:
        log(draft.page, END, user=kwargs.get("user"))
        draft.delete()
        follow_pages(draft.page)


def follow_move(sender: type, instance: Page, parent_page_before: Page, **kwargs: Any) -> None:
    """Keep track of the documents and images of pages moved into or out of a confidential draft."""
    if not ConfidentialDraft.objects.exists():
        return
    # Its path may have changed with the move.
    parent_before = Page.objects.get(pk=parent_page_before.pk)
    if find_drafts_above(parent_before) or find_drafts_above(instance):
        follow_pages(instance)


def follow_pages(page: Page) -> None:
    """Hide, or hide no longer, what follows `page` and the pages below it at their place now."""
    for each in page.get_descendants(inclusive=True):
        _follow(each, each.get_latest_revision_as_object())
    subscriptions = PageSubscription.objects.filter(page__path__startswith=page.path)
    for draft in find_drafts_above(page):
        # Nobody else is told of comments any more.
        subscriptions.exclude(user__in=draft.people.all()).delete()


def follow_revision(sender: type, instance: Revision, **kwargs: Any) -> None:
    """Keep track of the documents and images of a page whose draft was saved."""
    if not ConfidentialDraft.objects.exists():
        return
    page = instance.content_object
    if isinstance(page, Page):
        _follow(page, instance.as_object())


def _follow(page: Page, latest: Any) -> None:
    """Store what is hidden with `page`, whose latest revision is `latest`."""
    if drafts := find_drafts_above(page):
        record_files(drafts[0], latest)
    elif hidden := [*ConfidentialFile.objects.all()]:
        # From now on they are used in a draft that others may open.
        used = {_get_identity(*file) for file in _get_files(latest)}
        for file in hidden:
            if (file.content_type_id, file.object_id) in used:
                file.delete()


def record_files(draft: ConfidentialDraft, latest: Any) -> None:
    """Store the documents and images that are used in `latest`, and only in the draft.

    `latest` is the latest revision of the draft or of a page below it; those pages belong to the
    draft. A file that was taken out of the draft stays hidden until it is used elsewhere.
    """
    recorded = {*draft.files.values_list("content_type", "object_id")}
    for model, key in _get_files(latest):
        content_type, object_id = _get_identity(model, key)
        is_known = (content_type, object_id) in recorded
        if not is_known and not _is_used_elsewhere(draft.page, model, key):
            # It may have followed another draft, from which its page was moved.
            ConfidentialFile.objects.update_or_create(
                content_type_id=content_type, object_id=object_id, defaults={"draft": draft}
            )


def _get_files(page: Any) -> set[Reference]:
    """Return the documents and images that `page` uses, with the covers of documents."""
    documents, images = get_document_model(), get_image_model()
    files = {
        (model, key)
        for model, key in iter_references(page)
        if model in (documents, images) and PRIMARY_KEY.fullmatch(key)
    }
    keys = [key for model, key in files if model is documents]
    covers = documents._default_manager.filter(pk__in=keys).exclude(cover=None)
    return files | {(images, str(key)) for key in covers.values_list("cover", flat=True)}


def _get_identity(model: Any, key: str) -> tuple[int, int]:
    """Return content type and key of a document or image, as `ConfidentialFile` stores them."""
    return ContentType.objects.get_for_model(model).pk, int(key)


def _is_used_elsewhere(page: Page, model: Any, key: str) -> bool:
    """Return whether anything but `page` and the pages below it refers to a document or image."""
    kind = ContentType.objects.get_for_model(model)
    rows = ReferenceIndex.objects.filter(to_content_type=kind, to_object_id=key)
    own = ContentType.objects.get_for_model(Page)
    documents = ContentType.objects.get_for_model(get_document_model())
    pages = page.get_descendants(inclusive=True).values_list("pk", flat=True)
    others = rows.exclude(base_content_type=own, object_id__in=[str(pk) for pk in pages])
    # The cover of a document follows it.
    if others.exclude(base_content_type=documents).exists():
        return True
    drafts = find_drafts_mentioning({key}).not_descendant_of(page, inclusive=True)
    return any(
        (model, key) in iter_references(draft.get_latest_revision_as_object()) for draft in drafts
    )
