import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page as Slice
from django.db import models
from django.http import HttpRequest
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.search import index

from bhp_site.core.admin.widgets import PageCheckboxSelect
from bhp_site.core.blocks import HighlightsBlock, StoryBlock, get_plain_text
from bhp_site.core.caching.process_cache import cached_until_change
from bhp_site.core.dated_pages import DatedPageMixin, DatedPageQuerySet
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.licences import LicenceField, Licensed
from bhp_site.core.models import SiteImage
from bhp_site.core.pages import BasePage, IndexPage, build_tabs
from bhp_site.core.paging import paginate
from bhp_site.core.text.dates import Precision, format_date, validate_date_order
from bhp_site.core.text.sentences import join_sentences
from bhp_site.core.visibility import SitePageManager
from bhp_site.files.facts import LANGUAGES
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import exclude_restricted
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.funding.models import Funding
from bhp_site.funding.pages import FUNDING_PANEL, FundedPageMixin
from bhp_site.themes.models import ThemePage

from .chapters import Chapter
from .citation_formats import build_highwire_tags, list_citation_files
from .citations import build_citation, clean_doi, clean_isbn
from .contents_list import ContentsItem, fold_contents, list_chapters, nest_entries
from .covers import build_cover_discs, build_cover_lines
from .downloads import Download
from .drafting_jobs import DraftingJob
from .edition import EditionMixin
from .edition_views import EditionView, build_chapter_entries
from .panels import BookmarksPanel, DownloadsPanel, EditionPanel
from .schema import build_report_schema
from .series import ReportSeries
from .table_of_contents import (
    ContentsEntry,
    clean_contents,
    get_outline_entries,
    parse_contents,
)


class ReportIndexPage(IndexPage):
    """All reports, newest first."""

    parent_page_types = ["home.HomePage"]
    parameters = ("page",)
    subpage_types = ["reports.ReportPage"]
    page_description = "Lists all reports, latest first."

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context with a page of reports; `latest` is the newest of all."""
        reports = ReportPage.objects.listed().newest_first().with_downloads()
        part: Slice = paginate(request, reports, 13, "reports")
        reports_shown = list(part.object_list)
        # The latest of all is shown large, before the covers of the others.
        has_latest = part.number == 1 and bool(reports_shown)
        return super().get_context(request, *args, **kwargs) | {
            "reports": part,
            "latest": reports_shown[0] if has_latest else None,
            "others": reports_shown[1:] if has_latest else reports_shown,
        }


class ReportKind(models.TextChoices):
    """The kinds of reports."""

    ACTIVITY = "activity", "Activity report"
    POLICY = "policy", "Policy report"
    STRATEGY = "strategy", "Strategy"
    RESEARCH = "research", "Research report"


class ReportQuerySet(DatedPageQuerySet):
    """Queries on reports."""

    def with_downloads(self) -> "ReportQuerySet":
        """Return the reports with downloads, documents and covers in a fixed number of queries."""
        downloads = ReportDownload.objects.select_related("document__cover")
        return (
            self.select_related("cover")
            .prefetch_related(models.Prefetch("downloads", downloads))
            .with_successor()
        )

    def with_successor(self) -> "ReportQuerySet":
        """Return the reports with their `successor` read in one query, if any report has one."""
        if not get_superseded_keys():
            return self
        successors = ReportPage.objects.visible().to_link()
        return self.prefetch_related(
            models.Prefetch("superseded_by", successors, to_attr="prefetched_successor")
        )

    def with_edition_state(self) -> "ReportQuerySet":
        """Return the reports with `has_edition`: whether they have chapters to read online."""
        chapters = f"SELECT 1 FROM {Chapter._meta.db_table} WHERE report_id = %(expressions)s"  # noqa: S608
        return self.annotate(
            has_edition=models.Func(
                "pk", template=f"EXISTS({chapters})", output_field=models.BooleanField()
            )
        )


class ReportPage(DatedPageMixin, EditionMixin, Licensed, FundedPageMixin):
    """A report: its summary, documents, chapters to read online and how to cite it."""

    parent_page_types = ["reports.ReportIndexPage"]
    subpage_types: list[str] = []
    page_description = "A report: its summary, its contents and the documents to download."
    kind_label = "Report"
    og_type = "article"
    is_record = True
    schema_type = "Report"

    kind = models.CharField(max_length=20, choices=ReportKind.choices, default=ReportKind.ACTIVITY)
    summary = models.TextField(
        max_length=350,
        help_text="One or two sentences that say who reports what, and for which period.",
    )
    period_start = models.DateField(
        null=True,
        blank=True,
        help_text="The first day that the report covers. Visitors see the month and year.",
    )
    period_end = models.DateField(
        null=True, blank=True, help_text="The last day that the report covers."
    )
    date = models.DateField("published", default=datetime.date.today)
    language = models.CharField(max_length=5, choices=[*LANGUAGES.items()], default="en")
    highlights = ContentStreamField(
        HighlightsBlock(),
        blank=True,
        help_text="Shown as “At a glance”. Add up to six; three work best.",
    )
    body = ContentStreamField(StoryBlock(), blank=True)
    series = models.ForeignKey(
        ReportSeries,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        help_text="The page then links to the earlier and later reports of the series.",
    )
    superseded_by = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="superseded",
        help_text=(
            "Choose the report that replaces this one. This page, lists and search then say so, "
            "and the newer report lists what it replaces."
        ),
    )
    contents = models.TextField(
        blank=True,
        help_text=(
            "If you leave this empty, the bookmarks of the PDF are shown. To change them, put "
            "each part on its own line, starting with its page number, for example “12 Health "
            "data”."
        ),
    )
    authors = models.TextField(
        blank=True,
        help_text=(
            "Leave this empty if the partnership is the author. Otherwise put each author on its "
            "own line: people as “Smith, Jo”, organisations by name."
        ),
    )
    report_number = models.CharField(max_length=50, blank=True)
    isbn = models.CharField("ISBN", max_length=25, blank=True)
    doi = models.CharField(
        "DOI", max_length=150, blank=True, help_text="You can also paste a doi.org address."
    )
    licence = LicenceField()
    licence_reason = models.CharField(
        "reason for having no licence",
        max_length=250,
        blank=True,
        default="",
        db_default="",
        help_text=(
            "Needed only if neither this report nor “Site settings” has a licence. Only editors "
            "see it."
        ),
    )
    cover = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Choose an image to use instead of page 1 of the first document.",
    )
    partners = ParentalManyToManyField("partners.PartnerPage", blank=True, related_name="reports")
    themes = ParentalManyToManyField("themes.ThemePage", blank=True, related_name="reports")

    # Annotated by `with_edition_state`.
    has_edition: bool
    # Set by `with_successor`, for `successor`.
    prefetched_successor: "ReportPage | None"

    objects = SitePageManager.from_queryset(ReportQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["kind", "date"]),
        FieldRowPanel(["period_start", "period_end"]),
        "summary",
        InlinePanel("downloads", label="download", heading="Documents to download", min_num=0),
        "highlights",
        "body",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("highlights"),
        index.SearchField("body"),
        index.FilterField("kind"),
        index.FilterField("date"),
        *FundedPageMixin.funding_search_fields,
    ]
    edit_handler = build_tabs(
        content_panels,
        [
            MultiFieldPanel(
                [
                    "series",
                    "superseded_by",
                    "language",
                    "date_precision",
                    "cover",
                    FieldPanel("partners", widget=PageCheckboxSelect),
                    FieldPanel("themes", widget=PageCheckboxSelect),
                ],
                "Details",
            ),
            MultiFieldPanel(["contents", BookmarksPanel()], "In this report"),
            MultiFieldPanel(
                ["authors", FieldRowPanel(["report_number", "isbn"]), "doi"], "How to cite it"
            ),
            FUNDING_PANEL,
            MultiFieldPanel(["licence", "licence_reason"], "Licence"),
            DownloadsPanel(heading="Downloads"),
        ],
        others=[
            ObjectList(
                [EditionPanel(), InlinePanel("chapters", label="chapter", heading="Chapters")],
                heading="Read online",
            )
        ],
    )

    class Meta:
        verbose_name = "report"
        indexes = [models.Index(fields=["date", "page_ptr"], name="reports_by_date")]

    def clean(self) -> None:
        """Normalise the ISBN, DOI and contents; raise ValidationError for invalid values."""
        super().clean()
        validate_date_order(self.period_start, self.period_end, "period_end")
        if bool(self.period_start) != bool(self.period_end):
            missing = "period_end" if self.period_start else "period_start"
            raise ValidationError(
                {missing: "Enter the first and the last day of the period, or leave both empty."}
            )
        if self.pk and self.is_superseded_by_itself():
            raise ValidationError(
                {"superseded_by": "That report is itself replaced by this one. Choose another."}
            )
        cleaners = {"isbn": clean_isbn, "doi": clean_doi, "contents": clean_contents}
        for name, clean in cleaners.items():
            try:
                setattr(self, name, clean(getattr(self, name)))
            except ValidationError as error:
                raise ValidationError({name: error}) from error

    def is_superseded_by_itself(self) -> bool:
        """Return True if following `superseded_by` leads back to this report."""
        newer = dict(read_superseded_keys())
        key, followed = self.superseded_by_id, set[int]()
        while key and key not in followed:
            followed.add(key)
            key = newer.get(key) if key != self.pk else key
        return self.pk in followed

    @cached_property
    def successor(self) -> "ReportPage | None":
        """Return the report that supersedes this one; None if visitors may not see it."""
        if self.superseded_by_id is None:
            return None
        if hasattr(self, "prefetched_successor"):
            return self.prefetched_successor
        return ReportPage.objects.visible().to_link().filter(pk=self.superseded_by_id).first()

    @cached_property
    def predecessors(self) -> "list[ReportPage]":
        """Return the visible reports that this one supersedes, the latest first."""
        keys = [older for older, newer in get_superseded_keys() if newer == self.pk]
        if not keys:
            return []
        return list(ReportPage.objects.filter(pk__in=keys).visible().newest_first().to_link())

    @property
    def own_text(self) -> str:
        """Return the plain text of the page without its chapters."""
        highlights, body = get_plain_text(self.highlights), get_plain_text(self.body)
        return join_sentences([self.summary, highlights, body])

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        chapters = (join_sentences([chapter.title, chapter.text]) for chapter in self.edition)
        return join_sentences([self.own_text, *chapters])

    @property
    def period(self) -> str:
        """Return the time covered, by month: “September 2020 to August 2022”."""
        if not (self.period_start and self.period_end):
            return ""
        start, end = (format_date(d, Precision.MONTH) for d in (self.period_start, self.period_end))
        return start if start == end else f"{start} to {end}"

    @cached_property
    def visible_downloads(self) -> "list[ReportDownload]":
        """Return the downloads in the editor's order whose documents are not restricted."""
        return exclude_restricted(self.downloads.all())

    @property
    def main_document(self) -> SiteDocument | None:
        """Return the document of the first download; None if there is none."""
        return self.visible_downloads[0].document if self.visible_downloads else None

    @property
    def pdf(self) -> SiteDocument | None:
        """Return the first PDF that visitors can download; None if there is none."""
        documents = (download.document for download in self.visible_downloads)
        return next((d for d in documents if d.extension == "pdf" and not d.withdrawn_reason), None)

    @property
    def pdf_version(self) -> DocumentVersion | None:
        """Return the current version of `pdf`; None if there is none."""
        pdf = self.pdf
        return pdf.versions.filter(number=pdf.version_number).first() if pdf else None

    @property
    def drafting_job(self) -> DraftingJob | None:
        """Return the unfinished job that drafts the chapters; None if there is none."""
        active = DraftingJob.objects.filter(report=self.pk, state__in=DraftingJob.ACTIVE)
        return active.first() if self.pk else None

    @property
    def contents_entries(self) -> list[ContentsEntry]:
        """Return the table of contents of `pdf`; empty without a PDF."""
        if self.pdf is None:
            return []
        entries = parse_contents(self.contents) or get_outline_entries(self.pdf.outline)
        # A shorter PDF may have replaced the one that the entries describe.
        return [entry for entry in entries if entry.page <= (self.pdf.pages or 0)]

    def build_contents(self, request: HttpRequest) -> list[ContentsItem]:
        """Return the table of contents: chapters to read online if there are any, else the PDF."""
        entries = self.contents_entries
        if not self.edition:
            return nest_entries(entries)
        chapters = build_chapter_entries(EditionView(self.edition), self.get_edition_url(request))
        return list_chapters(chapters, entries, self.pdf_pages)

    @property
    def cover_picture(self) -> SiteImage | None:
        """Return the chosen image, else page 1 of the main document; None for a drawn cover."""
        return self.cover or (self.main_document.cover if self.main_document else None)

    @property
    def cover_discs(self) -> list[dict[str, int | str]]:
        """Return the discs of a drawn cover."""
        return build_cover_discs(self.slug)

    @property
    def cover_lines(self) -> list[dict[str, int | str]]:
        """Return the lines of text on a drawn cover."""
        return build_cover_lines(self.title, self.published)

    def get_preview(self) -> "ReportPage":
        """Return the latest draft, as a preview shows it beside the draft of an announcement."""
        draft: ReportPage = self.get_latest_revision_as_object()
        draft.is_being_previewed = True
        draft.has_edition = bool(draft.edition)
        return draft

    def get_share_image(self) -> Any:
        """Return the image for shared links; None if there is none."""
        return self.cover_picture

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the context of the report, or of the part of its edition that is viewed."""
        if not self.is_being_previewed:
            self.visible_downloads = exclude_restricted(
                self.downloads.select_related("document__cover")
            )
        if view := kwargs.get("edition_view"):
            return self.get_edition_context(request, view)
        if not self.is_being_previewed:
            self.edition = list(self.chapters.defer("footnotes"))
        partners = self.partners.all()
        citation = build_citation(self, request)
        contents, folded_contents = fold_contents(self.build_contents(request))
        return super().get_context(request, *args, **kwargs) | {
            "announcements": self.announcements.all().listed().newest_first() if self.pk else [],
            "partners": partners if self.is_being_previewed else partners.visible().to_link(),
            "themes": ThemePage.objects.for_page(self),
            "edition_url": self.get_edition_url(request),
            "contents": contents,
            "folded_contents": folded_contents,
            "series": self.get_series_links(),
            "citation": citation,
            "citation_tags": build_highwire_tags(citation),
            "citation_files": list_citation_files(self),
        }

    def get_series_links(self) -> dict[str, Any]:
        """Return the series' name and the `later`, `earlier` and `latest` report, if not this one.

        Empty if the report is in no series, or not visible.
        """
        reports = list(self.series.get_visible_reports()) if self.series else []
        keys = [report.pk for report in reports]
        if self.series is None or self.pk not in keys:
            return {}
        index = keys.index(self.pk)
        return {
            "pk": self.series.pk,
            "name": self.series.name,
            "later": reports[index - 1] if index else None,
            "earlier": reports[index + 1] if index + 1 < len(reports) else None,
            "latest": reports[0] if index else None,
        }

    def build_schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the schema.org node of the report."""
        return [build_report_schema(self, super().build_schema(request)[0], request)]


def get_superseded_keys() -> list[tuple[int, int]]:
    """Return the key of each superseded report, and of the one that supersedes it.

    They are few, and cached in this process until a change.
    """
    keys: list[tuple[int, int]] = cached_until_change("superseded reports", read_superseded_keys)
    return keys


def read_superseded_keys() -> list[tuple[int, int]]:
    """Return the keys of `get_superseded_keys` from the database."""
    reports = ReportPage.objects.exclude(superseded_by=None).order_by()
    return list(reports.values_list("pk", "superseded_by"))


class ReportDownload(Download):
    """A document of a report."""

    page = ParentalKey(ReportPage, on_delete=models.CASCADE, related_name="downloads")


class ReportFunding(Funding):
    """A funder of a report."""

    page = ParentalKey(ReportPage, on_delete=models.CASCADE, related_name="funding")
