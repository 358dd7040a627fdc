"""Receivers and hooks of publication that raise while a file says so."""

from typing import Any

from django.apps import AppConfig
from django.conf import settings

# Pages with this word in their title cannot be published meanwhile.
REFUSED = "Refused"


def raise_if_asked(what: str) -> None:
    """Raise RuntimeError while the file “failing” exists."""
    if (settings.DATA_DIR / "failing").exists():
        raise RuntimeError(f"{what} fails")


class FaultyConfig(AppConfig):
    name = "tests.faults.faulty_app"
    label = "faulty_app"

    def ready(self) -> None:
        """Connect the receivers, and let the search index of the admin fail with them."""
        from modelsearch import index
        from wagtail.signals import page_published

        from bhp_site.core.caching.invalidation import content_changed

        page_published.connect(fail_in_transaction)
        content_changed.connect(fail_after_commit)
        original = index.insert_or_update_object

        def insert_or_update_object(instance: Any) -> None:
            raise_if_asked("The search index")
            original(instance)

        index.insert_or_update_object = insert_or_update_object


def fail_in_transaction(instance: Any, **kwargs: Any) -> None:
    """Fail before the commit (receiver of `page_published`, also sent by scheduling a page)."""
    if instance.live and REFUSED in instance.title:
        raise_if_asked("A receiver in the transaction")


def fail_after_commit(**kwargs: Any) -> None:
    """Fail after the commit (receiver of `content_changed`)."""
    raise_if_asked("A receiver after the commit")
