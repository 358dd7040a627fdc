"""Keep the quote pages below an announcement in line with its body."""

from dataclasses import dataclass, field
from typing import Any

from wagtail.actions.unpublish_page import UnpublishPageAction

from bhp_site.core.publishing.approved_changes import allow_changes
from bhp_site.core.publishing.publication import add_note

from .models import NewsPage, QuotePage


@dataclass
class QuoteUpdates:
    """The changes that publishing an announcement makes to the quote pages below it."""

    to_publish: list[QuotePage] = field(default_factory=list)
    to_unpublish: list[QuotePage] = field(default_factory=list)
    # Unpublished by themselves: no other page publishes them again.
    unpublished: list[QuotePage] = field(default_factory=list)

    @property
    def existing(self) -> list[QuotePage]:
        """Return the quote pages that exist and would change."""
        return [quote for quote in (*self.to_publish, *self.to_unpublish) if quote.pk]


def plan_quote_updates(announcement: NewsPage) -> QuoteUpdates:
    """Return how the quote pages differ from the body of `announcement`; save nothing.

    A quote removed from the body is unpublished, not deleted, so that it gets its old URL if it is
    put back.
    """
    updates = QuoteUpdates()
    pages_by_block = {
        str(quote.block_id): quote for quote in QuotePage.objects.child_of(announcement)
    }
    for block in announcement.quote_blocks:
        quote = pages_by_block.pop(str(block.id), None)
        if quote is None:
            quote = QuotePage(block_id=block.id, live=False, has_unpublished_changes=True)
            quote.copy_block(block, announcement)
            updates.to_publish.append(quote)
        elif quote.unpublished_separately and not quote.live:
            updates.unpublished.append(quote)
        elif quote.copy_block(block, announcement) or not quote.live:
            updates.to_publish.append(quote)
    updates.to_unpublish = [quote for quote in pages_by_block.values() if quote.live]
    return updates


def publish_quotes(announcement: NewsPage, user: Any) -> None:
    """Publish the quotes in the body of `announcement` for `user`; unpublish removed ones."""
    updates = plan_quote_updates(announcement)
    parent = NewsPage.objects.get(pk=announcement.pk)
    for quote in updates.to_publish:
        if quote.pk is None:
            quote.slug = QuotePage.find_free_slug(parent, quote.name)
            parent.add_child(instance=quote)
        # A cancelled schedule leaves its time, and Wagtail would wait for it again.
        quote.go_live_at = None
        revision = quote.save_revision(user=user)
        # Its words were approved with the announcement.
        with allow_changes():
            quote.publish(revision, user=user, skip_permission_checks=True)
    for quote in updates.to_unpublish:
        _unpublish(quote, user)
    for quote in updates.unpublished:
        add_note(
            f"The page of the quote “{quote.title}” was unpublished earlier, so it stays "
            "unpublished. To make it public again, publish that page."
        )


def unpublish_quotes(announcement: NewsPage, user: Any) -> None:
    """Unpublish the quotes below `announcement`, which is unpublished, for `user`."""
    for quote in QuotePage.objects.child_of(announcement).live():
        _unpublish(quote, user)


def _unpublish(quote: QuotePage, user: Any) -> None:
    quote.follows_announcement = True
    UnpublishPageAction(quote, user=user).execute(skip_permission_checks=True)


def mark_unpublished(instance: QuotePage, **kwargs: Any) -> None:
    """Mark a quote that was unpublished separately from its announcement.

    Receiver of `page_unpublished`.
    """
    if not instance.follows_announcement:
        QuotePage.objects.filter(pk=instance.pk).update(unpublished_separately=True)


def clear_unpublished(instance: QuotePage, **kwargs: Any) -> None:
    """Clear the mark of a quote that is public again.

    Receiver of `page_published`.
    """
    if instance.live and instance.unpublished_separately:
        QuotePage.objects.filter(pk=instance.pk).update(unpublished_separately=False)
