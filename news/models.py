import datetime
import math
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.models import Revision
from wagtail.search import index

from bhp_site.core.admin.widgets import PageCheckboxSelect
from bhp_site.core.blocks import get_plain_text
from bhp_site.core.dated_pages import DatedPageMixin, DatedPageQuerySet
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.models import SiteImage
from bhp_site.core.pages import BasePage, IndexPage, build_tabs
from bhp_site.core.paging import paginate
from bhp_site.core.publishing.rules import was_unpublished
from bhp_site.core.schema import build_image_object, get_organisation_id
from bhp_site.core.text.sentences import join_sentences
from bhp_site.core.unpublishing import WITHDRAWAL_ANNOTATIONS
from bhp_site.core.visibility import SitePageManager
from bhp_site.files.permissions.public_access import exclude_restricted
from bhp_site.files.schema import build_media_objects
from bhp_site.funding.models import Funding
from bhp_site.funding.pages import FUNDING_PANEL, FundedPageMixin
from bhp_site.funding.statements import build_funding_schema
from bhp_site.themes.models import ThemePage
from reports.downloads import Download
from reports.models import ReportPage

from .blocks import NewsStoryBlock
from .calls import Call, CallState, closed_q
from .filters import NewsFilter, YearFilter
from .forms import NewsPageForm
from .linked_pages import LinkedPages, find_linked_pages
from .list_images import annotate_covers, attach_images
from .permissions import NewsPermissions
from .quote_index import QuoteIndexPage
from .quote_pages import QuotePage
from .quotes import fill_in_speaker
from .release_models import Release

__all__ = [
    "NewsDownload",
    "NewsIndexPage",
    "NewsKind",
    "NewsPage",
    "QuoteIndexPage",
    "QuotePage",
    "Release",
]


class NewsIndexPage(IndexPage):
    """All news, newest first, by year, kind and partner."""

    parent_page_types = ["home.HomePage"]
    parameters = ("page", "year", "kind", "partner")
    subpage_types = ["news.NewsPage"]
    page_description = "Lists all news, newest first."

    def has_known_values(self, query: QueryDict) -> bool:
        """Return False for a year without pages."""
        return YearFilter(query, NewsPage.objects.listed()).has_known_year()

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with the filter and one page of the matching news."""
        page_filter = NewsFilter(request.GET, NewsPage.objects.listed())
        matches = page_filter.sort(page_filter.filter_pages()).with_covers()
        news = paginate(request, matches, 12, page_filter.cache_key)
        news.object_list = attach_images(news.object_list)
        # The newest is shown large, unless that is a call that has closed.
        lead = _find_lead(news.object_list) if news.number == 1 and not page_filter else None
        if lead:
            news.object_list.remove(lead)
            news.object_list.insert(0, lead)
        return super().get_context(request, *args, **kwargs) | {
            "filter": page_filter,
            "news": news,
            "has_lead": lead is not None,
        }


def _find_lead(news: "list[NewsPage]") -> "NewsPage | None":
    """Return the first of `news` that is not a closed call; None if there is none."""
    return next(
        (item for item in news if not (item.call and item.call.state == CallState.CLOSED)), None
    )


class NewsKind(models.TextChoices):
    """The kinds of news."""

    ANNOUNCEMENT = "announcement", "Announcement"
    PARTNERSHIP = "partnership", "Partnership"
    MEMBERSHIP = "membership", "Membership"
    AWARD = "award", "Award"
    FUNDING = "funding", "Funding"
    PEOPLE = "people", "People"
    CALL = "call", "Call"


class NewsQuerySet(DatedPageQuerySet):
    """Queries on news."""

    def with_covers(self) -> "NewsQuerySet":
        """Return the news with the key of each announced report's cover: see `annotate_covers`."""
        return annotate_covers(self)  # type: ignore[no-any-return]

    def open_calls_first(self) -> "NewsQuerySet":
        """Return the news ordered by date, the newest first, with closed calls at the end."""
        is_closed = models.Case(models.When(closed_q(), then=1), default=0)
        return self.order_by(is_closed, "-date", "-pk")

    def with_downloads(self) -> "NewsQuerySet":
        """Return the news with the documents of each page and of its visible report prefetched."""
        return self.prefetch_related(
            models.Prefetch("report", ReportPage.objects.visible().with_downloads()),
            models.Prefetch("downloads", NewsDownload.objects.select_related("document")),
        )


# What an announcement shows of its report.
ANNOUNCED_FIELDS = (
    *("title", "slug", "url_path", "kind", "licence", "cover", "superseded_by"),
    *("date", "date_precision", "period_start", "period_end"),
)


class NewsPage(DatedPageMixin, FundedPageMixin):
    """An announcement with its quotes; publishing it publishes the report it announces."""

    parent_page_types = ["news.NewsIndexPage"]
    subpage_types = ["news.QuotePage"]
    page_description = (
        "An announcement: what happened, what people say about it, and the report it announces."
    )
    og_type = "article"
    is_record = True
    schema_type = "NewsArticle"

    kind = models.CharField(max_length=20, choices=NewsKind.choices, default=NewsKind.ANNOUNCEMENT)
    opens_at = models.DateTimeField(
        "opening time", null=True, blank=True, help_text="UK time. Leave empty if it is open."
    )
    closes_at = models.DateTimeField(
        "closing time",
        null=True,
        blank=True,
        help_text="UK time. The page, lists and search say by themselves when it has closed.",
    )
    summary = models.TextField(
        max_length=350,
        help_text="One sentence that says who did what, for example “BHP has published its first "
        "report of activity, for September 2020 to August 2022”.",
    )
    body = ContentStreamField(NewsStoryBlock(), blank=True)
    report = models.ForeignKey(
        ReportPage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="announcements",
        help_text=(
            "The report that this page announces. If the report is a draft, it is published with "
            "this page. Visitors can also download its documents here."
        ),
    )
    partners = ParentalManyToManyField("partners.PartnerPage", blank=True, related_name="news")
    # What each was called when it was tagged, by the key of its page.
    partner_names = models.JSONField(default=dict, editable=False)
    publish_partners = models.BooleanField(
        "publish draft partner pages too",
        default=False,
        help_text=(
            "Partner pages that you select above and that have never been public are published "
            "with this page. If one of them cannot be published, nothing is."
        ),
    )
    themes = ParentalManyToManyField("themes.ThemePage", blank=True, related_name="news")

    # Set by the query that routes a visitor to the page: see `NewsConfig.ready`.
    has_own_downloads = True

    objects = SitePageManager.from_queryset(NewsQuerySet)()
    base_form_class = NewsPageForm

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
        index.FilterField("report"),
        *FundedPageMixin.funding_search_fields,
    ]
    edit_handler = build_tabs(
        content_panels,
        [
            MultiFieldPanel(
                [
                    FieldPanel("partners", widget=PageCheckboxSelect),
                    FieldPanel("publish_partners"),
                    FieldPanel("themes", widget=PageCheckboxSelect),
                ],
                "Partners and themes",
            ),
            InlinePanel("downloads", label="download", heading="Documents of this page"),
            FUNDING_PANEL,
            MultiFieldPanel(
                [FieldRowPanel(["opens_at", "closes_at"])], "Call for applications", "collapsed"
            ),
            MultiFieldPanel(["date_precision"], "Date"),
        ],
    )

    class Meta:
        verbose_name = "news item"
        indexes = [models.Index(fields=["date", "page_ptr"], name="news_by_date")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the page with the names that partners have on its date: see `freeze_names`."""
        self.freeze_names()
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Raise ValidationError for times of a call that do not fit together."""
        super().clean()
        if self.kind != NewsKind.CALL:
            for name in ("opens_at", "closes_at"):
                if getattr(self, name):
                    raise ValidationError(
                        {name: "Only a call has this time. Choose the kind “Call” or empty it."}
                    )
        if self.opens_at and self.closes_at and self.closes_at <= self.opens_at:
            raise ValidationError({"closes_at": "Enter a time after the opening time."})

    def save_revision(self, *args: Any, **kwargs: Any) -> Revision:
        """Save a revision with the names as they are today, and return it."""
        self.freeze_names()
        return super().save_revision(*args, **kwargs)

    def permissions_for_user(self, user: Any) -> NewsPermissions:
        """Return the permissions of `user`; deleting includes the quotes."""
        return NewsPermissions(user, self)

    def freeze_names(self) -> None:
        """Store the current names of partners, and the current name and role of each speaker.

        See `quotes.fill_in_speaker`: what was published must not change with the person’s record.
        """
        self.partner_names = {
            str(partner.pk): self.partner_names.get(str(partner.pk), partner.title)
            for partner in self.partners.all()
        }
        for block in self.quote_blocks:
            fill_in_speaker(block.value, self.date or datetime.date.today())

    @property
    def quote_blocks(self) -> list[Any]:
        """Return the quotes in the body, in their order."""
        return [block for block in self.body if block.block_type == "quote"]

    @property
    def has_quotes(self) -> bool:
        """Return True if the body has quotes; without a query for what they refer to."""
        return any(block["type"] == "quote" for block in self.body.raw_data)

    @property
    def call(self) -> Call | None:
        """Return the times of the call; None if this is none, or has no times."""
        has_times = self.kind == NewsKind.CALL and (self.opens_at or self.closes_at)
        return Call(self.opens_at, self.closes_at) if has_times else None

    @property
    def kind_label(self) -> str:  # type: ignore[override]
        """Return the kind's label for visitors."""
        return self.get_kind_display()

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        return join_sentences([self.summary, get_plain_text(self.body)])

    @property
    def reading_minutes(self) -> int:
        """Return the reading time in minutes, at 220 words a minute."""
        return max(1, math.ceil(len(self.text.split()) / 220))

    @cached_property
    def visible_report(self) -> ReportPage | None:
        """Return the announced report if visitors may read it, else None.

        In a preview it is the report as it will be when the announcement is published: the latest
        draft of one that has never been public.
        """
        if self.report_id is None:
            return None
        reports = ReportPage.objects.with_downloads().with_edition_state()
        # For `get_withdrawal`, without another query.
        reports = reports.annotate(**WITHDRAWAL_ANNOTATIONS).only(*ANNOUNCED_FIELDS)
        report = reports.filter(pk=self.report_id).visible().first()
        if report or not self.is_being_previewed or self.report is None or self.report.live:
            return report
        return None if was_unpublished(self.report) else self.report.get_preview()

    @property
    def funded_pages(self) -> list[Any]:
        """Return the pages whose funding is shown: this one, then the report it announces."""
        return [self, self.visible_report] if self.visible_report else [self]

    @cached_property
    def visible_downloads(self) -> list[Download]:
        """Return the report's downloads, then its own."""
        reports = self.visible_report.visible_downloads if self.visible_report else []
        return [*reports, *self.own_downloads]

    @cached_property
    def own_downloads(self) -> list[Download]:
        """Return the downloads of the announcement itself that visitors may have."""
        return exclude_restricted(self.downloads.all())

    def get_share_image(self) -> SiteImage | None:
        """Return the first image of the body, else the report's cover, else None."""
        for block in self.body:
            if block.block_type == "figure":
                return block.value["image"]
        return self.visible_report.cover_picture if self.visible_report else None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context with report, downloads, partners, themes and quotes."""
        if not self.is_being_previewed:
            downloads = self.downloads.select_related("document")
            self.own_downloads = exclude_restricted(downloads if self.has_own_downloads else ())
        linked = self.get_linked_pages(request)
        for partner in linked.partners:
            partner.title = self.partner_names.get(str(partner.pk), partner.title)
        report = self.visible_report
        return super().get_context(request, *args, **kwargs) | {
            "report": report,
            "edition_url": report.get_edition_url(request) if report and report.has_edition else "",
            "downloads": self.visible_downloads,
            "partners": linked.partners,
            "themes": linked.themes,
            "quote_urls": linked.quote_urls,
        }

    def get_linked_pages(self, request: HttpRequest) -> LinkedPages:
        """Return the partners, themes and quotes to link to; in a preview those of the draft."""
        if not self.is_being_previewed:
            return find_linked_pages(self, request)
        themes = ThemePage.objects.for_page(self)
        return LinkedPages(partners=list(self.partners.all()), themes=list(themes))

    def build_schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the schema.org node of the announcement."""
        node = super().build_schema(request)[0] | {
            "headline": self.title,
            "datePublished": self.published_iso,
            "author": {"@id": get_organisation_id(request)},
            "publisher": {"@id": get_organisation_id(request)},
            "associatedMedia": build_media_objects(self.visible_downloads, request),
            **build_funding_schema(self.funding_statements),
        }
        if self.call and self.closes_at:
            node["expires"] = self.closes_at.isoformat()
        if image := self.build_share_image(request):
            node["image"] = build_image_object(self.get_share_image(), image.url)
        if self.visible_report:
            node["about"] = {"@id": f"{self.visible_report.get_full_url(request)}#page"}
        return [node]


class NewsDownload(Download):
    """A document of an announcement."""

    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="downloads")


class NewsFunding(Funding):
    """A funder of what an announcement describes."""

    page = ParentalKey(NewsPage, on_delete=models.CASCADE, related_name="funding")
