import datetime
import math
from contextlib import nullcontext
from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import Truncator, slugify
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.log_actions import LogContext
from wagtail.models import Revision
from wagtail.search import index

from bhp_site.core.blocks import plain_text
from bhp_site.core.dates import Precision, in_words, iso
from bhp_site.core.models import SiteImage
from bhp_site.core.pages import BasePage, tabs
from bhp_site.core.paging import page_of
from bhp_site.core.schema import organisation_id
from bhp_site.core.visibility import SitePageManager, SitePageQuerySet
from bhp_site.files.schema import media_objects
from partners.models import PartnerPage
from reports.models import Download, ReportPage

from .blocks import NewsStoryBlock
from .filters import NewsFilter
from .permissions import NewsPermissions
from .quotes import fill_in, marked, parts


class NewsIndexPage(BasePage):
    """All news, newest first, by year, kind and partner."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["news.NewsPage"]
    max_count = 1
    page_description = "Lists all news, the newest on top."
    schema_type = "CollectionPage"

    summary = models.CharField(
        max_length=250, blank=True, help_text="One sentence below the heading."
    )

    content_panels = [*BasePage.content_panels, "summary"]
    search_fields = [*BasePage.search_fields, index.SearchField("summary")]
    edit_handler = tabs(content_panels, [])

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        everything = NewsPage.objects.visible().child_of(self)
        chosen = NewsFilter(request.GET, everything)
        return super().get_context(request, *args, **kwargs) | {
            "filter": chosen,
            "news": page_of(request, chosen.found().newest_first(), 12),
        }


class NewsKind(models.TextChoices):
    ANNOUNCEMENT = "announcement", "Announcement"
    PARTNERSHIP = "partnership", "Partnership"
    MEMBERSHIP = "membership", "Membership"
    AWARD = "award", "Award"
    FUNDING = "funding", "Funding"
    PEOPLE = "people", "People"
    CALL = "call", "Call"


class NewsQuerySet(SitePageQuerySet):
    def newest_first(self) -> "NewsQuerySet":
        return self.order_by("-date", "-pk")

    def with_offers(self) -> "NewsQuerySet":
        """With the files of each item, its own and its visible report's."""
        return self.prefetch_related(
            models.Prefetch("report", ReportPage.objects.visible().with_downloads()),
            models.Prefetch("downloads", NewsDownload.objects.select_related("document")),
        )


class NewsPage(BasePage):
    """An announcement with its quotes; publishing it publishes the report it announces."""

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types = ["news.QuotePage"]
    page_description = "An announcement: what happened, who says what, and the report it is about."
    og_type = "article"
    schema_type = "NewsArticle"

    date = models.DateField(default=datetime.date.today)
    date_precision = models.CharField(
        "how exact is this date",
        max_length=5,
        choices=Precision.choices,
        default=Precision.DAY,
        help_text="Where only the month or the year is known, give its first day.",
    )
    kind = models.CharField(max_length=20, choices=NewsKind.choices, default=NewsKind.ANNOUNCEMENT)
    summary = models.TextField(
        max_length=350,
        help_text="One sentence that says who did what, for example “BHP has published its first "
        "report of activity, for September 2020 to August 2022”.",
    )
    body = StreamField(NewsStoryBlock(), blank=True)
    report = models.ForeignKey(
        ReportPage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="announcements",
        help_text="The report this announces. If it is still a draft it is published together "
        "with this page; its files are offered here too.",
    )
    partners = ParentalManyToManyField("partners.PartnerPage", blank=True, related_name="news")

    objects = SitePageManager.from_queryset(NewsQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["date", "kind"]),
        "summary",
        FieldPanel("report"),
        "body",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
        index.FilterField("kind"),
        index.FilterField("date"),
    ]
    edit_handler = tabs(
        content_panels,
        [
            MultiFieldPanel([FieldPanel("partners")], "Partners concerned"),
            InlinePanel("downloads", label="download", heading="Files of its own"),
            MultiFieldPanel(["date_precision"], "Date"),
        ],
    )

    class Meta:
        verbose_name = "news item"

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.fill_in_quotes()
        super().save(*args, **kwargs)

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        self.fill_in_quotes()
        return super().save_revision(*args, **kwargs)

    def publish(self, revision: Revision, user: Any = None, **kwargs: Any) -> Any:
        """Publish with quotes and report, all logged as `user`'s doing."""
        with LogContext(user=user) if user else nullcontext():
            return super().publish(revision, user=user, **kwargs)

    def permissions_for_user(self, user: Any) -> NewsPermissions:
        return NewsPermissions(user, self)

    def fill_in_quotes(self) -> None:
        """Keep each speaker's name and role as they are today: see `quotes.fill_in`."""
        for block in self.quote_blocks:
            fill_in(block.value, self.date or datetime.date.today())

    @property
    def quote_blocks(self) -> list[Any]:
        """The quotes in the body, in their order."""
        return [block for block in self.body if block.block_type == "quote"]

    @property
    def kind_label(self) -> str:  # type: ignore[override]
        return self.get_kind_display()

    @property
    def published(self) -> str:
        return in_words(self.date, self.date_precision)

    @property
    def published_iso(self) -> str:
        return iso(self.date, self.date_precision)

    @property
    def text(self) -> str:
        return f"{self.summary} {plain_text(self.body)}"

    @property
    def minutes(self) -> int:
        """Reading time, at 220 words a minute."""
        return max(1, math.ceil(len(self.text.split()) / 220))

    @cached_property
    def shown_report(self) -> ReportPage | None:
        """The report it announces, once visitors may read it; a draft too in a preview."""
        if self.report_id is None:
            return None
        reports = ReportPage.objects.with_downloads().filter(pk=self.report_id)
        return (reports if self.is_being_previewed else reports.visible()).first()

    @cached_property
    def offers(self) -> list[Download]:
        """The report's downloads, then its own."""
        return [*(self.shown_report.offers if self.shown_report else []), *self.downloads.all()]

    def share_picture(self) -> SiteImage | None:
        for block in self.body:
            if block.block_type == "figure":
                return block.value["image"]
        return self.shown_report.cover_picture if self.shown_report else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        partners = self.partners.all()
        return super().get_context(request, *args, **kwargs) | {
            "report": self.shown_report,
            "offers": self.offers,
            "partners": partners if self.is_being_previewed else partners.visible(),
            "quote_urls": self.quote_urls(request),
        }

    def quote_urls(self, request: HttpRequest) -> dict[str, str]:
        """Where each quote in the body, by its block's id, has its own page."""
        if not self.quote_blocks or self.is_being_previewed:
            return {}
        quotes = QuotePage.objects.child_of(self).live()
        return {str(quote.block_id): quote.get_url(request) for quote in quotes}

    def schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        node = super().schema(request)[0] | {
            "headline": self.title,
            "datePublished": self.published_iso,
            "author": {"@id": organisation_id(request)},
            "publisher": {"@id": organisation_id(request)},
            "associatedMedia": media_objects(self.offers, request),
        }
        if image := self.share_picture_url(request):
            node["image"] = image
        if self.shown_report:
            node["about"] = {"@id": f"{self.shown_report.get_full_url(request)}#page"}
        return [node]


class NewsDownload(Download):
    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="downloads")


class QuotePage(BasePage):
    """One person's words in an announcement, at an address of their own.

    Written by the product from the announcement's body: see `release.py`.
    """

    parent_page_types = ["news.NewsPage"]
    subpage_types: list[str] = []
    is_creatable = False
    page_description = "Made for you from a quote in an announcement; edit it there."
    kind_label = "Quote"
    og_type = "article"
    schema_type = "Quotation"

    block_id = models.UUIDField(editable=False)
    speaker = models.ForeignKey(
        "partners.Person", null=True, blank=True, on_delete=models.SET_NULL, related_name="quotes"
    )
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=120, blank=True)
    organisation = models.CharField(max_length=150, blank=True)
    # The member of that name when it was said: a later name changes nothing here.
    partner = models.ForeignKey(
        "partners.PartnerPage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="quotes",
    )
    portrait = models.ForeignKey(
        SiteImage, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    words = models.TextField(help_text="Paragraphs parted by a blank line, without marks.")
    date = models.DateField()
    date_precision = models.CharField(
        max_length=5, choices=Precision.choices, default=Precision.DAY
    )

    content_panels = [
        FieldPanel(name, read_only=True)
        for name in ("title", "name", "role", "organisation", "words", "date")
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("name"),
        index.SearchField("words"),
        index.FilterField("date"),
    ]
    edit_handler = tabs(content_panels, [])

    class Meta:
        verbose_name = "quote"
        ordering = ["path"]

    @property
    def paragraphs(self) -> list[str]:
        return marked(self.words)

    @property
    def published(self) -> str:
        return in_words(self.date, self.date_precision)

    @property
    def published_iso(self) -> str:
        return iso(self.date, self.date_precision)

    @property
    def attribution(self) -> str:
        """“Chair, BHP”."""
        return ", ".join(part for part in (self.role, self.organisation) if part)

    @property
    def text(self) -> str:
        return f"{' '.join(parts(self.words))} {self.name} {self.attribution}"

    @property
    def description(self) -> str:
        who = ", ".join(part for part in (self.name, self.attribution) if part)
        return f"{who}, quoted on {self.published}."

    @classmethod
    def title_for(cls, name: str, words: str) -> str:
        """What listings call a quote: the speaker, and how it begins."""
        return f"{name}: “{Truncator(' '.join(parts(words))).chars(80)}”"

    def take(self, block: Any, announcement: NewsPage) -> bool:
        """Copy a quote block of `announcement`; whether anything differed."""
        value = block.value
        wanted = {
            "title": self.title_for(value["name"], value["words"]),
            "speaker": value["speaker"],
            "name": value["name"],
            "role": value["role"] or "",
            "organisation": value["organisation"] or "",
            "portrait": value["portrait"],
            "words": "\n\n".join(parts(value["words"])),
            "date": announcement.date,
            "date_precision": announcement.date_precision,
        }
        if self.partner_id is None or wanted["organisation"] != self.organisation:
            wanted["partner"] = PartnerPage.objects.called(wanted["organisation"])
        differs = [key for key, new in wanted.items() if getattr(self, key, None) != new]
        for key in differs:
            setattr(self, key, wanted[key])
        return bool(differs)

    @classmethod
    def free_slug(cls, announcement: NewsPage, name: str) -> str:
        """An address below the announcement: the speaker's name, numbered where there are more."""
        base = slugify(name)[:100] or "quote"
        taken = set(announcement.get_children().values_list("slug", flat=True))
        return next(
            slug
            for number in range(1, len(taken) + 2)
            if (slug := base if number == 1 else f"{base}-{number}") not in taken
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context(request, *args, **kwargs) | {
            "announcement": self.get_parent().specific
        }

    def schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        announcement = f"{self.get_parent().get_full_url(request)}#page"
        speaker: dict[str, Any] = {"@type": "Person", "name": self.name}
        if self.role:
            speaker["jobTitle"] = self.role
        node = super().schema(request)[0] | {
            "text": "\n\n".join(parts(self.words)),
            "datePublished": self.published_iso,
            "spokenByCharacter": speaker,
            "creator": speaker,
            "isPartOf": {"@id": announcement},
        }
        return [node]
