"""Keeping cards in step with pages: marked in the transaction of a change, drawn a little later.

A task draws them. A page without a card is shared with its own picture, or the site's.
"""

import hashlib
import json
import logging
from collections.abc import Iterable
from contextlib import nullcontext, suppress
from functools import partial
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
from news.models import NewsPage
from partners.models import Person

from .drawing import Words, drawn
from .lettering import NotWritable
from .models import Card, file_of, folder_of

# How many are drawn in one piece of work, and told of together.
TOGETHER = 10

logger = logging.getLogger(__name__)


def pages_of(instance: models.Model) -> set[int]:
    """Keys of the pages whose cards may show something of `instance`."""
    if instance.pk is None:
        return set()
    if isinstance(instance, Page):
        keys = {instance.pk}
    elif isinstance(instance, SiteImage | SiteDocument | Person):
        keys = {int(key) for key in iter_referring_pages(instance) if key is not True}
    else:
        return set()
    # An announcement may show the cover of its report.
    return keys | {*NewsPage.objects.filter(report__in=keys).values_list("pk", flat=True)}


def mark(instance: models.Model, **kwargs: Any) -> None:
    """Receiver of `changing`: what is there is due, or gone; what is missing is found anyway."""
    if isinstance(instance, SiteSettings):
        Card.objects.update(due=timezone.now())
        draw_due_cards.enqueue()
    elif isinstance(instance, Page) and not instance.live:
        Card.objects.filter(page=instance.pk).delete()
    elif keys := pages_of(instance):
        Card.objects.filter(page__in=keys).update(due=timezone.now())
        draw_due_cards.enqueue()


@task(backend="database", coalesce=True)
def draw_due_cards() -> None:
    """Draw some of the cards that wait for it, and enqueue the rest."""
    if draw_some():
        enqueue_due_cards()


def enqueue_due_cards() -> None:
    """Enqueue `draw_due_cards` if a card is missing or due."""
    if waiting().exists():
        draw_due_cards.enqueue()


def draw_some() -> int:
    """Draw some of the cards that wait for it; return how many were looked at."""
    return draw(waiting()[:TOGETHER])


def waiting() -> "models.QuerySet[Page]":
    """Live pages whose card is missing or due, the latest first."""
    drawn_already = Card.objects.filter(page=OuterRef("pk"), due=None)
    pages = Page.objects.filter(live=True, depth__gt=1).exclude(Exists(drawn_already))
    return pages.order_by("-last_published_at", "-pk")


def draw(pages: Iterable[Page]) -> int:
    """Draw the cards of `pages` that do not show what they should; how many were looked at."""
    new, number, name = None, 0, SiteSettings.get_default().name
    for number, page in enumerate(pages, 1):  # noqa: B007
        new = _draw(page.pk, name) or new
    if new:
        # The pages name their cards; nothing was taken away.
        send_content_changed(new, "publish")
    return number


def _draw(pk: int, name: str) -> Card | None:
    """Draw one card; None where nothing is new."""
    with transaction.atomic():
        page = Page.objects.select_for_update().filter(pk=pk, live=True).first()
        if page is None:
            return None
        # Before the page is read: what is marked from now on is noticed below.
        card, _ = Card.objects.get_or_create(page=page, defaults={"due": timezone.now()})
    before = card.digest, card.alt
    try:
        _fill(card, page.specific, name)
    except NotWritable as reason:
        logger.info("Page %s has no card: %s", pk, reason)
        card.digest = card.alt = ""
    except Exception:
        # The page is as it was before there were cards, and the others have theirs.
        logger.exception("The card of page %s cannot be drawn", pk)
        card.digest = card.alt = card.shows = ""
    return card if _keep(card, before[0]) and before != (card.digest, card.alt) else None


def _fill(card: Card, page: Any, name: str) -> None:
    """Draw what `page` is now, unless that is what `card` shows."""
    if not isinstance(page, BasePage):
        return
    kind, title, foot = page.card_text
    words = Words(name, kind, title, foot)
    picture = _picture(page)
    shows = _digest(json.dumps([*vars(words).values(), picture]).encode())
    if shows == card.shows and (not card.digest or default_storage.exists(card.file)):
        return
    card.shows = shows
    with default_storage.open(picture, "rb") if picture else nullcontext() as file:
        data = drawn(words, file)
    card.digest = _digest(data)
    card.alt = ", ".join(" ".join(part.split()) for part in (kind, title, foot) if part)
    if not default_storage.exists(card.file):
        default_storage.save(card.file, ContentFile(data))


def _picture(page: BasePage) -> str:
    """Name in the media of the picture that stands for `page`; "" for none."""
    picture = page.get_share_image()
    made = get_rendition_files(picture, "jpeg") if picture else []
    return f"images/{made[-1].name}" if made else ""


def _keep(card: Card, before: str) -> bool:
    """Keep what was drawn, unless page or card have changed since: then it is drawn again.

    The bytes of the digest `before` go; others that came to nothing go with the page.
    """
    same = Card.objects.filter(pk=card.pk, due=card.due)
    kept = same.update(shows=card.shows, digest=card.digest, alt=card.alt, due=None)
    if kept and before and before != card.digest:
        transaction.on_commit(partial(default_storage.delete, file_of(card.page_id, before)))
    return bool(kept)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def _deleted(instance: Card, **kwargs: Any) -> None:
    transaction.on_commit(partial(_forget, folder_of(instance.page_id)))


def _forget(folder: str) -> None:
    with suppress(FileNotFoundError):
        for name in default_storage.listdir(folder)[1]:
            default_storage.delete(f"{folder}/{name}")
        default_storage.delete(folder)


def connect() -> None:
    """A card goes with its page; called when the app is ready."""
    post_delete.connect(_deleted, sender=Card, dispatch_uid="card-gone")
