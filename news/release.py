"""Publish an announcement together with its quotes and the draft pages of its release.

A release is published completely or not at all: `check_release` checks every page of it before any
is published.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from bhp_site.core.aliases import is_alias
from bhp_site.core.publishing import second_person
from bhp_site.core.publishing.publication import (
    Publication,
    PublishingRefused,
    add_note,
    check_publication,
)
from bhp_site.core.publishing.rules import (
    get_edit_link,
    get_lock_refusal,
    get_review_refusal,
    get_validation_refusal,
    is_first_publication,
    was_unpublished,
)
from bhp_site.core.publishing.scheduled import get_scheduling_time, get_scheduling_user
from bhp_site.core.text.dates import format_uk_time
from bhp_site.files import publishing_checks
from partners.models import Person, PersonPage
from reports.licence_checks import get_licence_refusal
from reports.models import ReportPage

from .models import NewsPage
from .quote_updates import plan_quote_updates, publish_quotes, unpublish_quotes
from .release_models import Release


def publish_release(instance: NewsPage, **kwargs: Any) -> None:
    """Publish the quotes and drafts of an announcement in one transaction.

    Receiver of `page_published`.
    """
    if instance.live and not is_alias(instance):
        user = get_acting_user(instance)
        with transaction.atomic():
            publish_quotes(instance, user)
            for draft in get_drafts(instance):
                revision = draft.get_latest_revision() or draft.save_revision(user=user)
                draft.publish(revision, user=user, skip_permission_checks=True)
            releases = Release.objects.filter(announcement=instance.pk, published_at=None)
            releases.update(published_at=timezone.now())


def unpublish_release(instance: NewsPage, **kwargs: Any) -> None:
    """Unpublish the quotes of an unpublished announcement, but not its report.

    Receiver of `page_unpublished`.
    """
    with transaction.atomic():
        unpublish_quotes(instance, get_acting_user(instance))


def get_acting_user(page: NewsPage) -> Any:
    """Return the admin user, else the user who scheduled `page`; None without either."""
    return get_active_log_context().user or get_scheduling_user(page)


def get_drafts(announcement: NewsPage) -> list[Any]:
    """Return what is published with `announcement`, each as its latest draft.

    These are its report, its partners if the editor chose that, and the pages and people of its
    release. What has been unpublished stays so, unless it was chosen for a release that has not
    been published yet; that release also publishes changes of what is public already.
    People come first and a page before those below it, so that each can be published.
    """
    pages = [announcement.report] if announcement.report else []
    if announcement.publish_partners:
        pages += announcement.partners.all()
    drafts = {page.pk: page for page in pages if not page.live and not was_unpublished(page)}
    release = Release.objects.filter(announcement=announcement.pk).first()
    chosen = release.get_pages() if release else []
    drafts |= {page.pk: page for page in chosen if _is_due(page, release)}
    people = release.people.all() if release else []
    return [
        *(_get_latest_draft(person) for person in people if _is_due(person, release)),
        *(_get_latest_draft(page) for page in sorted(drafts.values(), key=lambda page: page.depth)),
    ]


def _is_due(instance: Any, release: Release | None) -> bool:
    """Return True if a page or person that was chosen for `release` is published with it."""
    if release and release.published_at is None:
        return not instance.live or bool(instance.has_unpublished_changes)
    return not instance.live and instance.first_published_at is None


def _get_latest_draft(instance: Any) -> Any:
    return instance.get_latest_revision_as_object()


def check_release(instance: NewsPage, publication: Publication, **kwargs: Any) -> None:
    """Raise PublishingRefused if a page of the release cannot be published.

    Receiver of `publishing`.
    """
    if refusal := get_refusal(instance, publication):
        raise refusal
    if publication.user and is_first_publication(instance):
        for partner in find_left_out_partners(instance):
            raise PublishingRefused(
                f"The partner page “{partner.title}” is still a draft. Select “Publish draft "
                "partner pages too” under “More”, or clear the partner there.",
                [get_edit_link(partner)],
            )
    if publication.go_live_at:
        _check_drafts(instance, publication)
    if instance.report and was_unpublished(instance.report):
        add_note(
            f"The report “{instance.report.title}” was unpublished earlier, so it stays "
            f"unpublished. “{instance.title}” has no download of it. To make the report public "
            "again, publish it on its own page."
        )
    for partner in find_left_out_partners(instance, with_withdrawn=True):
        add_note(_describe_missing_partner(partner))


def _check_drafts(announcement: NewsPage, publication: Publication) -> None:
    """Raise PublishingRefused if a draft of a scheduled release could not be published by itself.

    Otherwise that would be noticed at the time of the release. Pages of people are published after
    their people, so they are left out.
    """
    for draft in get_drafts(announcement):
        if not isinstance(draft, PersonPage):
            # The revision of `publication` is the announcement's.
            own = replace(publication, revision=None)
            check_publication(draft, own)


def find_left_out_partners(announcement: NewsPage, with_withdrawn: bool = False) -> list[Page]:
    """Return the partners of `announcement` that are not public and not published with it.

    Those that somebody unpublished are left out on purpose.
    """
    partners = announcement.partners.filter(live=False) if announcement.pk else []
    withdrawn = {partner.pk for partner in partners if was_unpublished(partner)}
    return [
        partner
        for partner in partners
        if (with_withdrawn if partner.pk in withdrawn else not announcement.publish_partners)
    ]


def _describe_missing_partner(partner: Page) -> str:
    if was_unpublished(partner):
        return (
            f"The partner page “{partner.title}” was unpublished earlier, so it stays "
            "unpublished. The announcement does not link to it."
        )
    return (
        f"The partner page “{partner.title}” is still a draft, so the announcement does not link "
        "to it. To publish both, select “Publish draft partner pages too” under “More” and "
        "publish again."
    )


def get_refusal(announcement: NewsPage, publication: Publication) -> PublishingRefused | None:
    """Return the first reason not to publish `announcement` and its release; None if none."""
    return next(_find_refusals(announcement, publication), None)


def _find_refusals(announcement: NewsPage, publication: Publication) -> Iterator[PublishingRefused]:
    drafts = get_drafts(announcement)
    for draft in drafts:
        name = _name(draft)
        refusals = (
            _get_permission_refusal(draft, name, publication),
            get_lock_refusal(draft, publication),
            get_review_refusal(draft, along=True),
            _get_later_change_refusal(draft, name, announcement, publication),
            _get_parent_refusal(draft, name, drafts) if isinstance(draft, Page) else None,
            _get_date_refusal(draft, name, publication),
            get_validation_refusal(draft, name),
            _get_download_refusal(draft),
            get_licence_refusal(draft),
            publishing_checks.get_blocking_reason(draft),
        )
        yield from filter(None, refusals)
    for quote in plan_quote_updates(announcement).existing:
        for refusal in (get_lock_refusal(quote, publication), get_review_refusal(quote, True)):
            if refusal:
                yield refusal


def _name(draft: Any) -> str:
    """Return what a sentence about `draft` begins with."""
    if isinstance(draft, Person):
        return "The person"
    return "The report" if isinstance(draft, ReportPage) else "The page"


def _may_publish(user: Any, draft: Any) -> bool:
    if isinstance(draft, Person):
        return bool(user.has_perm("partners.publish_person"))
    return bool(draft.permissions_for_user(user).can_publish())


def _get_permission_refusal(
    draft: Any, name: str, publication: Publication
) -> PublishingRefused | None:
    """Return why the person who publishes may not publish `draft`.

    The scheduler publishes what somebody with permission scheduled, whatever became of them.
    """
    user = publication.user
    if user is None or _may_publish(user, draft):
        return None
    return PublishingRefused(
        f"{name} “{draft}” is published with this page, and you do not have permission to "
        "publish it. Submit this page for review, or ask somebody who can publish both."
    )


def _get_later_change_refusal(
    draft: Any, name: str, announcement: NewsPage, publication: Publication
) -> PublishingRefused | None:
    """Return why `draft` needs a publisher, or a second person, before it is published.

    The person who scheduled the release has not seen what somebody without the permission to
    publish has written since. A draft that a publisher saves is approved by that, unless a second
    person is needed.
    """
    revision = draft.latest_revision
    scheduled_at = get_scheduling_time(announcement) if publication.by_scheduler else None
    if refusal := second_person.check_along(draft, publication, scheduled_at):
        return refusal
    if revision is None or scheduled_at is None or revision.created_at <= scheduled_at:
        return None
    if revision.user is None or _may_publish(revision.user, draft):
        return None
    return PublishingRefused(
        f"{name} “{draft}” was changed by {revision.user} after this page was scheduled, "
        "and they do not have permission to publish it. Check it and save it as a draft. Your "
        "version is then published.",
        [get_edit_link(draft)],
    )


def _get_parent_refusal(draft: Page, name: str, drafts: list[Any]) -> PublishingRefused | None:
    """Return why nobody could see `draft` once it is published: a page above it is not public.

    Those among `drafts` are published before it.
    """
    published_before = [page.pk for page in drafts if isinstance(page, Page)]
    hidden = draft.get_ancestors().filter(live=False).exclude(pk__in=published_before).first()
    if hidden is None:
        return None
    return PublishingRefused(
        f"{name} “{draft}” is below “{hidden.title}”, which is not published. Publish that "
        "page first.",
        [get_edit_link(hidden)],
    )


def _get_date_refusal(draft: Any, name: str, publication: Publication) -> PublishingRefused | None:
    """Return why `draft`, which has dates of its own, would not be public with the release."""
    scheduled = draft.revisions.filter(approved_go_live_at__isnull=False).first()
    own_time = scheduled.approved_go_live_at if scheduled else draft.go_live_at
    release_time = publication.go_live_at or timezone.now()
    if draft.expire_at and draft.expire_at <= release_time:
        return PublishingRefused(
            f"{name} “{draft}” expires on {format_uk_time(draft.expire_at)}, before this "
            "page is published. Remove or change that time first.",
            [get_edit_link(draft)],
        )
    if own_time is None or own_time <= release_time:
        return None
    return PublishingRefused(
        f"{name} “{draft}” is scheduled for a later time, {format_uk_time(own_time)}. "
        "Remove that schedule, or schedule this page for the same time.",
        [get_edit_link(draft)],
    )


def _get_download_refusal(draft: Any) -> PublishingRefused | None:
    if isinstance(draft, ReportPage) and not draft.visible_downloads:
        return PublishingRefused(
            f"The report “{draft.title}” has no document to download yet. Add its PDF.",
            [get_edit_link(draft)],
        )
    return None
