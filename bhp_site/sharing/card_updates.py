"""Keep the cards up to date: mark them as due in the transaction of a change, draw them in a task.

A page without a card is shared with its own image, or that of the site.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.db.models.signals import post_delete
from django.utils import timezone
from django_tasks import task
from wagtail.models import Page

from bhp_site.core.caching.invalidation import send_content_changed
from bhp_site.core.images.renditions import get_rendition_files
from bhp_site.core.models import SiteImage, SiteSettings
from bhp_site.core.pages import BasePage
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import iter_referring_pages
from bhp_site.tasks.after_commit import call_after_commit
from bhp_site.tasks.errors import TemporaryFailure
from news.models import NewsPage
from partners.models import Person
from reports.models import ReportPage

from .card_renderer import CardText, render_card
from .models import Card, get_card_folder, get_card_path
from .text_layout import UnrenderableText

# Drawn in one task, and announced together.
CARDS_PER_TASK = 10

logger = logging.getLogger(__name__)


def get_affected_pages(instance: models.Model) -> set[int]:
    """Return the keys of the pages whose cards may show something of `instance`."""
    if instance.pk is None:
        return set()
    if isinstance(instance, Page):
        keys = {instance.pk}
        if isinstance(instance, BasePage) and not isinstance(instance, ReportPage):
            # No announcement shows it, so that need not be asked for each page that is saved.
            return keys
    elif isinstance(instance, SiteImage | SiteDocument | Person):
        keys = {int(key) for key in iter_referring_pages(instance) if key is not True}
    else:
        return set()
    # An announcement may show the cover of its report.
    return keys | {*NewsPage.objects.filter(report__in=keys).values_list("pk", flat=True)}


def mark_cards_due(instance: models.Model, **kwargs: Any) -> None:
    """Mark the cards that show `instance` as due, or delete that of a page which is not live.

    Receiver of `content_changing`. Missing cards need no mark.
    """
    if isinstance(instance, SiteSettings):
        Card.objects.update(due=timezone.now())
        draw_due_cards.enqueue()
    elif isinstance(instance, Page) and not instance.live:
        Card.objects.filter(page=instance.pk).delete()
    elif keys := get_affected_pages(instance):
        Card.objects.filter(page__in=keys).update(due=timezone.now())
        draw_due_cards.enqueue()


@task(backend="database", coalesce=True)
def draw_due_cards() -> None:
    """Draw at most CARDS_PER_TASK of the due cards, and enqueue the rest."""
    if draw_some():
        enqueue_due_cards()


def enqueue_due_cards() -> None:
    """Enqueue `draw_due_cards` if a card is missing or due."""
    if get_due_pages().exists():
        draw_due_cards.enqueue()


def draw_some() -> int:
    """Draw at most CARDS_PER_TASK of the due cards; return the number of pages processed."""
    return draw(get_due_pages()[:CARDS_PER_TASK])


def get_due_pages() -> "models.QuerySet[Page]":
    """Return the live pages whose card is missing or due, the latest first."""
    current = Card.objects.filter(page=OuterRef("pk"), due=None)
    pages = Page.objects.filter(live=True, depth__gt=1).exclude(Exists(current))
    return pages.order_by("-last_published_at", "-pk")


def draw(pages: Iterable[Page]) -> int:
    """Draw the cards of `pages` where their content has changed; return the number of pages."""
    changed, count, site_name = None, 0, SiteSettings.get_default().name
    for count, page in enumerate(pages, 1):  # noqa: B007
        changed = _update_card(page.pk, site_name) or changed
    if changed:
        # One announcement is enough: cached pages contain the addresses of the cards.
        send_content_changed(changed, "publish")
    return count


def _update_card(pk: int, site_name: str) -> Card | None:
    """Update the card of a page; return it if its address or text has changed, else None."""
    with transaction.atomic():
        page = Page.objects.select_for_update().filter(pk=pk, live=True).first()
        if page is None:
            return None
        # Read before the page, so that `_save` notices a change of the page from now on.
        card, _ = Card.objects.get_or_create(page=page, defaults={"due": timezone.now()})
    previous = card.digest, card.alt
    try:
        _render(card, page.specific, site_name)
    except UnrenderableText as reason:
        logger.info("Page %s has no card: %s", pk, reason)
        card.digest = card.alt = ""
    except TemporaryFailure:
        raise
    except Exception:
        # The page is shared without a card; the other cards are still drawn.
        logger.exception("Could not draw the card of page %s", pk)
        card.digest = card.alt = card.content_hash = ""
    is_saved = _save(card, previous[0])
    return card if is_saved and previous != (card.digest, card.alt) else None


def _render(card: Card, page: Any, site_name: str) -> None:
    """Draw the card of `page`, unless it shows the current content already."""
    if not isinstance(page, BasePage):
        return
    kind, title, footer = page.card_text
    text = CardText(site_name, kind, title, footer)
    image_path = _get_image_path(page)
    content_hash = _hash(json.dumps([*vars(text).values(), image_path]).encode())
    is_current = content_hash == card.content_hash
    if is_current and (not card.digest or default_storage.exists(card.path)):
        return
    card.content_hash = content_hash
    with default_storage.open(image_path, "rb") if image_path else nullcontext() as file:
        data = render_card(text, file)
    card.digest = _hash(data)
    card.alt = ", ".join(" ".join(part.split()) for part in (kind, title, footer) if part)
    if not default_storage.exists(card.path):
        default_storage.save(card.path, ContentFile(data))


def _get_image_path(page: BasePage) -> str:
    """Return the path in the media storage of the image that represents `page`, or ""."""
    image = page.get_share_image()
    renditions = get_rendition_files(image, "jpeg") if image else []
    return f"images/{renditions[-1].name}" if renditions else ""


def _save(card: Card, previous_digest: str) -> bool:
    """Save `card` and delete its previous file, unless the card was marked as due meanwhile.

    Return True if it was saved. A file that is not used is deleted together with its page.
    """
    unchanged = Card.objects.filter(pk=card.pk, due=card.due)
    is_saved = unchanged.update(
        content_hash=card.content_hash, digest=card.digest, alt=card.alt, due=None
    )
    if is_saved and previous_digest and previous_digest != card.digest:
        path = get_card_path(card.page_id, previous_digest)
        call_after_commit(default_storage.delete, path)
    return bool(is_saved)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def delete_card_files(instance: Card, **kwargs: Any) -> None:
    """Delete the files of a deleted card after the transaction (receiver of `post_delete`)."""
    call_after_commit(_delete_folder, get_card_folder(instance.page_id))


def _delete_folder(folder: str) -> None:
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)


def connect() -> None:
    """Connect the receiver of deletions; called once when the app is ready."""
    post_delete.connect(delete_card_files, sender=Card, dispatch_uid="card-gone")
