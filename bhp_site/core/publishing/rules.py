"""Reasons that keep a page from being published, in every way of publishing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from wagtail.log_actions import get_active_log_context
from wagtail.models import LockableMixin, Page, PageLogEntry, Revision, WorkflowState

from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.text.dates import format_uk_time

from .publication import Publication, PublishingRefused


def check_page(instance: Any, publication: Publication, **kwargs: Any) -> None:
    """Raise PublishingRefused for a page or snippet that is locked or in review.

    In the admin the views of snippets look at locks and reviews; the scheduler has no view.
    Receiver of `publishing`.
    """
    if not isinstance(instance, Page) and not publication.by_scheduler:
        return
    if refusal := get_lock_refusal(instance, publication) or get_review_refusal(instance):
        raise refusal


def check_deletion(instance: Page, **kwargs: Any) -> None:
    """Raise PublishingRefused if a user deletes a page that is locked, scheduled or in review.

    Code without a user, such as a command, may delete it. Receiver of `pre_delete`.
    """
    if (user := get_active_log_context().user) and (refusal := get_change_refusal(instance, user)):
        raise refusal


def check_move(instance: Page, **kwargs: Any) -> None:
    """Raise PublishingRefused if the user may not move a page, by the rules for its deletion.

    A move within the same parent changes no URL and is always allowed. Receiver of `pre_page_move`.
    """
    user = get_active_log_context().user
    if user is None or kwargs["parent_page_before"] == kwargs["parent_page_after"]:
        return
    if refusal := find_change_refusal(instance, user):
        raise refusal


def get_change_refusal(page: Page, user: Any) -> PublishingRefused | None:
    """Return why `user` must not delete or directly change `page`; None if they may."""
    return (
        get_lock_refusal(page, Publication(user=user))
        or get_review_refusal(page)
        or get_schedule_refusal(page, "first")
    )


def find_change_refusal(page: Page, user: Any) -> PublishingRefused | None:
    """Return why `user` must not delete `page` and its descendants; None if they may."""
    scheduled = Revision.page_revisions.filter(approved_go_live_at__isnull=False)
    reviewed = WorkflowState.objects.active().filter(base_content_type__model="page")
    keys = {*scheduled.values_list("object_id"), *reviewed.values_list("object_id")}
    pages = Page.objects.descendant_of(page, inclusive=True)
    pages = pages.filter(Q(locked=True) | Q(pk__in=[int(key) for (key,) in keys]))
    refusals = (get_change_refusal(page, user) for page in pages)
    return next((refusal for refusal in refusals if refusal), None)


def get_edit_link(page: Any) -> tuple[str, str]:
    """Return the URL of the editor of `page`, and the text for a link to it."""
    return get_edit_url(page), f"Edit “{page}”"


def get_lock_refusal(page: Any, publication: Publication) -> PublishingRefused | None:
    """Return why the lock on a page or snippet `page` stops `publication`; None if none does.

    The user who holds a lock may publish the page now. For a scheduled publication there is no user
    who could hold it, so every lock refuses it, and this is checked when the page is scheduled.
    """
    model = Page if isinstance(page, Page) else type(page)
    if not issubclass(model, LockableMixin):
        return None
    locked_pages = model._default_manager.filter(pk=page.pk, locked=True).select_related(
        "locked_by"
    )
    locked = locked_pages.first()
    if locked is None:
        return None
    holder = locked.locked_by
    now = publication.go_live_at is None and not publication.by_scheduler
    if holder and publication.user and holder.pk == publication.user.pk:
        if now:
            return None
        locked_by = "you"
    else:
        locked_by = str(holder) if holder else "somebody whose account has been deleted"
    return PublishingRefused(
        f"“{page}” is locked by {locked_by}. Unlock it first.", [get_edit_link(page)]
    )


def get_review_refusal(page: Any, along: bool = False) -> PublishingRefused | None:
    """Return why a review of `page` stops it from being published; None if none does.

    If a reviewer asked for changes, a publisher may still publish the page itself. `along` is True
    if the page would be published together with another one, which is then refused.
    """
    state = WorkflowState.objects.for_instance(page).active().first()
    if state is None:
        return None
    if state.status == WorkflowState.STATUS_IN_PROGRESS:
        reason = f"“{page}” is being reviewed. Approve it or cancel its review first."
    elif along:
        reason = (
            f"A reviewer asked for changes to “{page.title}”. Make them and have the page approved "
            "first, or cancel its review."
        )
    else:
        return None
    return PublishingRefused(reason, [get_edit_link(page)])


def get_schedule_refusal(
    page: Page, when: str = "before you publish it in another way"
) -> PublishingRefused | None:
    """Return why a user must not bypass the schedule of `page`; None if it has none.

    `when` ends the sentence “Cancel its schedule …”.
    """
    revision = page.revisions.filter(approved_go_live_at__isnull=False).first()
    if revision is None:
        return None
    return PublishingRefused(
        f"“{page.title}” is scheduled for {format_uk_time(revision.approved_go_live_at)}. "
        f"Cancel its schedule {when}.",
        [get_edit_link(page)],
    )


def get_validation_refusal(draft: Any, what: str) -> PublishingRefused | None:
    """Return why `draft` is incomplete; None if it is complete. `what` names it in the sentence.

    Drafts may be saved incomplete, and Wagtail does not validate them when publishing.
    """
    try:
        draft.full_clean()
    except ValidationError as error:
        missing = "; ".join(
            f"{draft._meta.get_field(field).verbose_name}: {' '.join(messages)}"
            if field != "__all__"
            else " ".join(messages)
            for field, messages in error.message_dict.items()
        )
        return PublishingRefused(
            f"{what} “{draft}” is not ready to be published with it. {missing}",
            [get_edit_link(draft)],
        )
    return None


def is_first_publication(page: Any) -> bool:
    """Return True if `page`, as it is being published or scheduled, has never been public."""
    return page.first_published_at in (None, page.last_published_at)


def was_unpublished(page: Page) -> bool:
    """Return True if `page` was public once and has been unpublished, by a user or on expiry."""
    if page.live:
        return False
    if page.first_published_at:
        return True
    # A page that was made live by a script has no date of publication.
    actions = ("wagtail.unpublish", "wagtail.unpublish.scheduled")
    return bool(PageLogEntry.objects.filter(page=page.pk, action__in=actions).exists())
