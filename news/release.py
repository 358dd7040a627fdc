"""One act publishes: an announcement, its quotes, and the report it announces."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import get_active_log_context
from wagtail.models import PageLogEntry

from bhp_site.core.aliases import is_alias
from bhp_site.core.publishing import PublishingRefused
from bhp_site.files import readiness
from reports.models import ReportPage

from .models import NewsPage, QuotePage


def published(instance: NewsPage, **kwargs: Any) -> None:
    """Receiver of `page_published`: take quotes and report along, in the same transaction."""
    if instance.live and not is_alias(instance):
        user = acting_user(instance)
        with transaction.atomic():
            publish_quotes(instance, user)
            publish_report(instance, user)


def unpublished(instance: NewsPage, **kwargs: Any) -> None:
    """Receiver of `page_unpublished`: its quotes go with it. The report keeps its own life."""
    user = acting_user(instance)
    with transaction.atomic():
        for quote in QuotePage.objects.child_of(instance).live():
            UnpublishPageAction(quote, user=user).execute(skip_permission_checks=True)


def acting_user(page: NewsPage) -> Any:
    """Who publishes: whoever works in the admin now, else who scheduled the page, else nobody."""
    if user := get_active_log_context().user:
        return user
    scheduled = PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish.schedule")
    entry = scheduled.order_by("-timestamp").select_related("user").first()
    return entry.user if entry else None


def publish_quotes(announcement: NewsPage, user: Any) -> None:
    """Bring the quote pages below `announcement` in line with its body.

    A quote taken out of the body is hidden, not deleted: put back, it has its old address again.
    """
    kept = {quote.block_id: quote for quote in QuotePage.objects.child_of(announcement)}
    parent = NewsPage.objects.get(pk=announcement.pk)
    for block in announcement.quote_blocks:
        block_id = block.id
        quote = next((q for key, q in kept.items() if str(key) == str(block_id)), None)
        if quote is None:
            quote = QuotePage(block_id=block_id, live=False, has_unpublished_changes=True)
            quote.take(block, announcement)
            quote.slug = QuotePage.free_slug(parent, quote.name)
            parent.add_child(instance=quote)
            differs = True
        else:
            kept.pop(quote.block_id)
            differs = quote.take(block, announcement)
        if differs or not quote.live:
            revision = quote.save_revision(user=user)
            quote.publish(revision, user=user, skip_permission_checks=True)
    for quote in kept.values():
        UnpublishPageAction(quote, user=user).execute(skip_permission_checks=True)


def draft_report(announcement: NewsPage, user: Any) -> ReportPage | None:
    """The report that goes out with `announcement`, as last drafted, if it waits and `user` may.

    A report with a later date of its own waits for that.
    """
    report: ReportPage | None = announcement.report
    if report is None or report.live:
        return None
    if user is not None and not report.permissions_for_user(user).can_publish():
        return None
    draft: ReportPage = report.get_latest_revision_as_object()
    if draft.go_live_at and draft.go_live_at > timezone.now():
        return None
    return draft


def check(instance: NewsPage, **kwargs: Any) -> None:
    """Receiver of `publishing`: an unfinished report keeps its announcement back."""
    if refusal := why_not(instance, acting_user(instance)):
        raise refusal


def why_not(announcement: NewsPage, user: Any) -> PublishingRefused | None:
    """What keeps the report from being published with `announcement`; None where nothing does.

    Drafts may be saved unfinished, and publishing does not validate by itself.
    """
    draft = draft_report(announcement, user)
    if draft is None:
        return None
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
            f"The report “{draft.title}” is not ready to be published with it. {missing}"
        )
    if not draft.offers:
        return PublishingRefused(f"The report “{draft.title}” has no file to download yet.")
    return readiness.why_not(draft)


def publish_report(announcement: NewsPage, user: Any) -> None:
    """Publish the report `announcement` announces, if it is still a draft."""
    draft = draft_report(announcement, user)
    if draft is None:
        return
    revision = draft.get_latest_revision() or draft.save_revision(user=user)
    draft.publish(revision, user=user, skip_permission_checks=True)
