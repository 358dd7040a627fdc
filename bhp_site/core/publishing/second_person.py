"""The rule of the second person: nobody publishes their own last change alone.

It holds while two or more people can publish, unless the site settings switch it off. A publisher
may go ahead with a reason, which the history of the page keeps.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.db.models import Q
from wagtail.log_actions import log, registry
from wagtail.models import Page, Revision

from bhp_site.core.admin.page_policy import page_policy

from .approved_changes import are_changes_allowed
from .publication import Publication, PublishingRefused
from .rules import get_edit_link

# The value of `SiteSettings.second_person` that switches the rule off.
RULE_OFF = "never"
GO_AHEAD = "core.go_ahead"
# The form field with the reason for going ahead, in every view that publishes.
REASON_FIELD = "reason_for_going_ahead"
MAX_REASON_LENGTH = 500
# Earlier revisions with the same content that are looked at.
MAX_REVISIONS = 50
# Keys of a revision's content that are no change of content: they concern drafts, locks, schedules
# and the place in the tree.
IGNORED_KEYS = {
    *("pk", "id", "path", "depth", "numchild", "url_path", "owner", "content_type", "draft_title"),
    *("live", "expired", "has_unpublished_changes", "first_published_at", "last_published_at"),
    *("latest_revision", "live_revision", "latest_revision_created_at", "go_live_at", "expire_at"),
    *("locked", "locked_at", "locked_by", "wagtail_admin_comments", "translation_key", "locale"),
}

_reason: ContextVar[str] = ContextVar("reason", default="")


@contextmanager
def go_ahead(reason: str) -> Iterator[None]:
    """Let publications within the block do without a second person, unless `reason` is empty."""
    token = _reason.set(reason.strip()[:MAX_REASON_LENGTH])
    try:
        yield
    finally:
        _reason.reset(token)


def count_publishers() -> int:
    """Return how many people can publish pages or people, at least somewhere on the site."""
    return find_publishers().count()


def find_publishers() -> Any:
    """Return the active users who can publish pages or people somewhere on the site."""
    pages = page_policy.users_with_any_permission({"publish"})
    people = Permission.objects.filter(
        content_type__app_label="partners", codename="publish_person"
    )
    may_publish = (
        Q(pk__in=pages.values("pk"))
        | Q(groups__permissions__in=people)
        | Q(user_permissions__in=people)
    )
    users = get_user_model()._default_manager.filter(is_active=True)
    return users.filter(may_publish).distinct()


def is_required() -> bool:
    """Return True if changes need a second person before they are published."""
    settings = apps.get_model("core.SiteSettings").get_default()
    return settings.second_person != RULE_OFF and count_publishers() > 1


def check_second_person(instance: Any, publication: Publication, **kwargs: Any) -> None:
    """Raise PublishingRefused if a user publishes or schedules their own last change.

    With a reason for going ahead, log it instead. What the scheduler publishes was checked when
    it was scheduled; what follows from an approved change needs no approval.

    Receiver of `publishing`.
    """
    if publication.by_scheduler or publication.user is None or are_changes_allowed():
        return
    change = get_last_change(instance, publication.revision)
    if change is None or change.user_id != publication.user.pk or not is_required():
        return
    if has_gone_ahead(instance, change):
        return
    if not log_reason(instance, publication.user):
        raise get_refusal(instance)


def is_reason_given() -> bool:
    """Return True within a block of `go_ahead` with a reason."""
    return bool(_reason.get())


def log_reason(instance: Any, user: Any) -> bool:
    """Log the reason for going ahead in the history of `instance`; return False without one."""
    reason = _reason.get()
    if reason:
        log(instance, GO_AHEAD, user=user, data={"reason": reason})
    return bool(reason)


def get_refusal(instance: Any) -> PublishingRefused:
    """Return why the user who last changed `instance` cannot publish it alone."""
    return PublishingRefused(
        f"You made the last change to “{instance}”, so a second person publishes it. Submit it "
        "for review. If you cannot wait, open it, choose “Publish with a reason” and say why.",
        [get_edit_link(instance)],
    )


def check_along(
    draft: Page, publication: Publication, scheduled_at: datetime | None = None
) -> PublishingRefused | None:
    """Return why `draft`, published with another page, needs a second person; None if not.

    With a reason for going ahead, log it instead. `scheduled_at` is when the other page was
    scheduled: nobody but its author has seen a change after that.
    """
    change = get_last_change(draft)
    if change is None or change.user_id is None or has_gone_ahead(draft, change):
        return None
    is_late = scheduled_at is not None and change.created_at > scheduled_at
    is_own = publication.user is not None and change.user_id == publication.user.pk
    if not (is_late or is_own) or not is_required() or log_reason(draft, publication.user):
        return None
    refusal = get_refusal(draft)
    if is_own:
        return refusal
    return PublishingRefused(
        f"“{draft}” was changed by {change.user} after the page that it is published with was "
        "scheduled. A second person has to see it: cancel the schedule and schedule it again.",
        refusal.ways,
    )


def needs_second_person(instance: Any, user: Any) -> bool:
    """Return True if `user` cannot publish the latest draft of `instance` without a reason."""
    change = get_last_change(instance)
    return bool(
        change
        and change.user_id == user.pk
        and is_required()
        and not has_gone_ahead(instance, change)
    )


def get_last_change(instance: Any, latest: Revision | None = None) -> Revision | None:
    """Return the revision that first had the content of `latest`, by default the last revision.

    Publishing a draft saves a revision too, even if nothing was changed in it. None without
    revisions, and if a revision with the same content was published before.
    """
    rows = instance.revisions.order_by("-created_at", "-pk")
    if latest is not None:
        rows = rows.filter(created_at__lte=latest.created_at)
    revisions = list(rows.select_related("user")[:MAX_REVISIONS])
    if not revisions:
        return None
    content = _get_content(revisions[0].content)
    same = [revisions[0]]
    for revision in revisions[1:]:
        if not _is_same(_get_content(revision.content), content):
            break
        same.append(revision)
    published = registry.get_logs_for_instance(instance).filter(
        action__in=("wagtail.publish", "wagtail.publish.scheduled"),
        revision__in=[revision.pk for revision in same],
    )
    return None if published.exists() else same[-1]


def has_gone_ahead(instance: Any, change: Revision) -> bool:
    """Return True if somebody has given a reason for publishing `change`."""
    entries = registry.get_logs_for_instance(instance).filter(action=GO_AHEAD)
    return bool(entries.filter(timestamp__gte=change.created_at).exists())


def _get_content(value: Any) -> Any:
    """Return the content of a revision, or a part of it, without bookkeeping."""
    if isinstance(value, dict):
        return {key: _get_content(part) for key, part in value.items() if key not in IGNORED_KEYS}
    return [_get_content(part) for part in value] if isinstance(value, list) else value


def _is_same(content: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return True if two contents agree; a field that is newer than a revision does not count."""
    return all(content[key] == other[key] for key in content.keys() & other.keys())
