"""What a release consists of, what state it is in and what is missing, for its screens."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import cached_property
from wagtail.models import Page, WorkflowState

from bhp_site.core.admin.field_links import get_block_url
from bhp_site.core.admin.links import get_edit_url
from bhp_site.core.publishing.checklist import Checklist, build_checklist
from bhp_site.core.text.dates import format_uk_time
from bhp_site.files.permissions.public_access import is_public
from bhp_site.files.publishing_checks import get_referenced_documents, needs_reason
from news.models import NewsPage, Release
from news.quote_checks import get_speaker_name
from news.release import get_drafts
from partners.models import PartnerPage, Person
from reports.models import ReportPage

from .actions import get_scheduled_revision

MAX_QUOTE_CHARACTERS = 80


@dataclass(frozen=True)
class ReleaseMember:
    """A part of a release, as a row of its table.

    `key` names it in the form that takes it out; "" for what the announcement itself names.
    """

    kind: str
    title: str
    state: str
    url: str = ""
    key: str = ""


class ReleaseOverview:
    """A release with its latest drafts."""

    def __init__(self, release: Release) -> None:
        self.release = release

    @cached_property
    def announcement(self) -> NewsPage:
        """Return the latest draft of the announcement."""
        draft: NewsPage = self.release.announcement.get_latest_revision_as_object()
        return draft

    @cached_property
    def drafts(self) -> list[Any]:
        """Return what is published with the announcement, each as its latest draft."""
        return get_drafts(self.announcement)

    @cached_property
    def is_published(self) -> bool:
        """Return True if the release is public, with nothing left to publish."""
        page = self.release.announcement
        return bool(page.live and (self.release.published_at or not page.has_unpublished_changes))

    @cached_property
    def scheduled_for(self) -> Any:
        """Return the time for which it is scheduled; None without a schedule."""
        revision = get_scheduled_revision(self.release)
        return revision.approved_go_live_at if revision else None

    @cached_property
    def checklists(self) -> list[tuple[str, Checklist]]:
        """Return title and checklist of each page and person."""
        drafts = [self.announcement, *self.drafts]
        return [(str(draft), build_checklist(draft)) for draft in drafts]

    @cached_property
    def checklist(self) -> Checklist:
        """Return all entries of the release."""
        return Checklist([entry for _, part in self.checklists for entry in part.entries])

    @property
    def states(self) -> list[str]:
        """Return the states of the release as labels, such as “Draft” and “Under embargo …”."""
        if self.is_published:
            time = self.release.published_at
            return [f"Published on {format_uk_time(time)}" if time else "Published"]
        states = []
        if _is_in_review(self.release.announcement):
            states.append("In review")
        if any(entry.is_sign_off and not entry.is_done for entry in self.checklist.entries):
            states.append("Waiting for sign-off")
        if self.release.is_under_embargo:
            states.append(f"Under embargo until {self.release.end_of_embargo}")
        if self.scheduled_for:
            states.append(f"Scheduled for {format_uk_time(self.scheduled_for)}")
        return states if states and not self._is_only_embargo(states) else ["Draft", *states]

    def _is_only_embargo(self, states: list[str]) -> bool:
        return len(states) == 1 and self.release.is_under_embargo

    @property
    def missing(self) -> str:
        """Return what is missing, in a few words; "" if nothing is required."""
        required = [entry.label for entry in self.checklist.required]
        if not required:
            return ""
        rest = len(required) - 1
        return required[0] + (f", and {rest} more" if rest else "")

    @cached_property
    def members(self) -> list[ReleaseMember]:
        """Return the announcement and all that belongs to it, in the order of importance."""
        announcement = self.announcement
        members = [self._build_page_member(self.release.announcement, "Announcement")]
        if announcement.report:
            members.append(self._build_page_member(announcement.report, "Report"))
        members += self._build_quotes()
        members += self._build_documents()
        if announcement.publish_partners:
            partners = announcement.partners.filter(live=False)
            members += [self._build_page_member(partner, "Partner") for partner in partners]
        member_urls = {member.url for member in members}
        members += [member for member in self._build_chosen() if member.url not in member_urls]
        return members

    def _build_page_member(self, page: Any, kind: str, key: str = "") -> ReleaseMember:
        return ReleaseMember(kind, str(page), _describe_state(page), get_edit_url(page), key)

    def _build_chosen(self) -> Iterator[ReleaseMember]:
        for page in self.release.get_pages():
            yield self._build_page_member(page, _get_kind(page), get_member_key(page))
        for person in self.release.people.all():
            yield self._build_page_member(person, "Person", get_member_key(person))

    def _build_quotes(self) -> Iterator[ReleaseMember]:
        for block in self.announcement.quote_blocks:
            words = " ".join((block.value.get("words") or "").split())
            if len(words) > MAX_QUOTE_CHARACTERS:
                words = words[:MAX_QUOTE_CHARACTERS].rpartition(" ")[0] + " …"
            role = block.value.get("role") or ""
            url = get_block_url(self.announcement, block)
            title = f"{get_speaker_name(block.value)}: {words}"
            yield ReleaseMember("Quote", title, role or "No role entered", url)

    def _build_documents(self) -> Iterator[ReleaseMember]:
        pages = [draft for draft in (self.announcement, *self.drafts) if isinstance(draft, Page)]
        documents = {
            document.pk: document for page in pages for document in get_referenced_documents(page)
        }
        for document in documents.values():
            state = "Needs a reason" if needs_reason(document) else "Ready"
            url = reverse("wagtaildocs:edit", args=[document.pk])
            state = "Public" if is_public(document) else state
            yield ReleaseMember("Document", document.title, state, url)


def get_member_key(member: Any) -> str:
    """Return what names a page or a person in a form."""
    return f"{'person' if isinstance(member, Person) else 'page'}-{member.pk}"


def find_member(key: str) -> Any:
    """Return the page or person that `key` names; None if there is none."""
    kind, _, pk = key.partition("-")
    model = {"page": Page, "person": Person}.get(kind)
    if model is None or not (pk.isascii() and pk.isdecimal() and len(pk) < 10):
        return None
    member = model._default_manager.filter(pk=int(pk)).first()
    return member.specific if isinstance(member, Page) else member


def _get_kind(page: Page) -> str:
    kinds = {ReportPage: "Report", PartnerPage: "Partner"}
    return kinds.get(type(page), str(page._meta.verbose_name).capitalize())


def _is_in_review(instance: Any) -> bool:
    states = WorkflowState.objects.for_instance(instance)
    return bool(states.filter(status=WorkflowState.STATUS_IN_PROGRESS).exists())


def _describe_state(instance: Any) -> str:
    """Return the state of a page or a person in a few words."""
    if _is_in_review(instance):
        return "In review"
    if instance.locked:
        return "Locked"
    if not instance.live:
        return "Draft"
    return "Published, with changes" if instance.has_unpublished_changes else "Published"
