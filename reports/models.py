import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Page as Slice
from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
)
from wagtail.models import Orderable
from wagtail.search import index

from bhp_site.core.blocks import HighlightsBlock, StoryBlock, plain_text
from bhp_site.core.dates import Precision, check_order, in_words, iso
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.models import SiteImage
from bhp_site.core.pages import BasePage, IndexPage, tabs
from bhp_site.core.paging import page_of
from bhp_site.core.schema import organisation_id
from bhp_site.core.sentences import join_sentences
from bhp_site.core.visibility import SitePageManager, SitePageQuerySet
from bhp_site.core.widgets import TickedPages
from bhp_site.files.facts import LANGUAGES
from bhp_site.files.models import SiteDocument
from bhp_site.files.permissions.public_access import exclude_restricted
from bhp_site.files.schema import build_media_objects
from bhp_site.files.versions.models import DocumentVersion
from bhp_site.themes.models import ThemePage

from .citation_formats import FORMATS, highwire
from .citations import authors_of, citation_of, clean_doi, clean_isbn
from .contents import SHOWN, Entry, from_lines, from_outline, tidied
from .covers import discs, lines
from .drafting_jobs import DraftingJob
from .edition import WithEdition
from .panels import BookmarksPanel, DownloadsPanel, EditionPanel
from .series import ReportSeries


class ReportIndexPage(IndexPage):
    """The list of reports, newest first."""

    parent_page_types = ["home.HomePage"]
    parameters = ("page",)
    subpage_types = ["reports.ReportPage"]
    page_description = "Lists all reports, the latest on top."

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        reports = ReportPage.objects.visible().latest_first().with_downloads()
        shown: Slice = page_of(request, reports, 10, "reports")
        return super().get_context(request, *args, **kwargs) | {"reports": shown}


class ReportKind(models.TextChoices):
    ACTIVITY = "activity", "Activity report"
    POLICY = "policy", "Policy report"
    STRATEGY = "strategy", "Strategy"
    RESEARCH = "research", "Research report"


class ReportQuerySet(SitePageQuerySet):
    def latest_first(self) -> "ReportQuerySet":
        return self.order_by("-published_date", "-pk")

    def with_downloads(self) -> "ReportQuerySet":
        """With all a card shows: downloads, their files and the cover."""
        downloads = ReportDownload.objects.select_related("document__cover")
        return self.select_related("cover").prefetch_related(
            models.Prefetch("downloads", downloads)
        )


class ReportPage(WithEdition):
    """A report with its files, what it covers and the news about it."""

    parent_page_types = ["reports.ReportIndexPage"]
    subpage_types: list[str] = []
    page_description = "A report: its summary, contents and the files to download."
    kind_label = "Report"
    og_type = "article"
    is_record = True
    schema_type = "Report"

    kind = models.CharField(max_length=20, choices=ReportKind.choices, default=ReportKind.ACTIVITY)
    summary = models.TextField(
        max_length=350, help_text="One or two sentences: who reports what, for which period."
    )
    period_start = models.DateField(
        null=True, blank=True, help_text="First day covered; only month and year are shown."
    )
    period_end = models.DateField(null=True, blank=True, help_text="Last day covered.")
    published_date = models.DateField("published", default=datetime.date.today)
    published_precision = models.CharField(
        "how exact is this date",
        max_length=5,
        choices=Precision.choices,
        default=Precision.DAY,
        help_text="Where only the month or the year is known, give its first day above.",
    )
    language = models.CharField(max_length=5, choices=[*LANGUAGES.items()], default="en")
    highlights = ContentStreamField(
        HighlightsBlock(), blank=True, help_text="“At a glance”: three work best, six at most."
    )
    body = ContentStreamField(StoryBlock(), blank=True)
    series = models.ForeignKey(
        ReportSeries,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="reports",
        help_text="The page then leads to the reports before and after it.",
    )
    contents = models.TextField(
        blank=True,
        help_text="Left empty, the bookmarks of the PDF are shown. To change them: one line for "
        "each part, its page number first, for example “12 Health data”.",
    )
    authors = models.TextField(
        blank=True,
        help_text="Only where it is not the partnership’s own: one a line, people as “Smith, Jo”, "
        "organisations by their name.",
    )
    report_number = models.CharField(max_length=50, blank=True)
    isbn = models.CharField("ISBN", max_length=25, blank=True)
    doi = models.CharField(
        "DOI", max_length=150, blank=True, help_text="Its address may be pasted here too."
    )
    cover = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Only where page 1 of the first file will not do.",
    )
    partners = ParentalManyToManyField("partners.PartnerPage", blank=True, related_name="reports")
    themes = ParentalManyToManyField("themes.ThemePage", blank=True, related_name="reports")

    objects = SitePageManager.from_queryset(ReportQuerySet)()

    content_panels = [
        *BasePage.content_panels,
        FieldRowPanel(["kind", "published_date"]),
        FieldRowPanel(["period_start", "period_end"]),
        "summary",
        InlinePanel("downloads", label="download", heading="Files to download", min_num=0),
        "highlights",
        "body",
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("highlights"),
        index.SearchField("body"),
        index.FilterField("kind"),
        index.FilterField("published_date"),
    ]
    edit_handler = tabs(
        content_panels,
        [
            MultiFieldPanel(
                [
                    "series",
                    "language",
                    "published_precision",
                    "cover",
                    FieldPanel("partners", widget=TickedPages),
                    FieldPanel("themes", widget=TickedPages),
                ],
                "Details",
            ),
            MultiFieldPanel(["contents", BookmarksPanel()], "In this report"),
            MultiFieldPanel(
                ["authors", FieldRowPanel(["report_number", "isbn"]), "doi"], "How it is cited"
            ),
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
        indexes = [models.Index(fields=["published_date", "page_ptr"], name="reports_by_date")]

    def clean(self) -> None:
        super().clean()
        check_order(self.period_start, self.period_end, "period_end")
        if bool(self.period_start) != bool(self.period_end):
            missing = "period_end" if self.period_start else "period_start"
            raise ValidationError({missing: "Give both ends of the period, or neither."})
        cleaned_by = {"isbn": clean_isbn, "doi": clean_doi, "contents": tidied}
        for name, cleaned in cleaned_by.items():
            try:
                setattr(self, name, cleaned(getattr(self, name)))
            except ValidationError as error:
                raise ValidationError({name: error}) from error

    @property
    def own_text(self) -> str:
        """The words of its own page."""
        highlights, body = plain_text(self.highlights), plain_text(self.body)
        return join_sentences([self.summary, highlights, body])

    @property
    def text(self) -> str:
        chapters = (join_sentences([chapter.title, chapter.text]) for chapter in self.edition)
        return join_sentences([self.own_text, *chapters])

    @property
    def period(self) -> str:
        """The time covered, by month: “September 2020 to August 2022”."""
        if not (self.period_start and self.period_end):
            return ""
        start, end = (in_words(d, Precision.MONTH) for d in (self.period_start, self.period_end))
        return start if start == end else f"{start} to {end}"

    @property
    def published(self) -> str:
        return in_words(self.published_date, self.published_precision)

    @property
    def published_iso(self) -> str:
        return iso(self.published_date, self.published_precision)

    @cached_property
    def visible_downloads(self) -> "list[ReportDownload]":
        """Downloads in the editor's order, each with its file."""
        return exclude_restricted(self.downloads.all())

    @property
    def main_file(self) -> SiteDocument | None:
        return self.visible_downloads[0].document if self.visible_downloads else None

    @property
    def pdf(self) -> SiteDocument | None:
        """The first of its files that is a PDF which visitors may have."""
        files = (offer.document for offer in self.visible_downloads)
        return next((f for f in files if f.extension == "pdf" and not f.withdrawn_reason), None)

    @property
    def pdf_version(self) -> DocumentVersion | None:
        """What that file is now."""
        pdf = self.pdf
        return pdf.versions.filter(number=pdf.version_number).first() if pdf else None

    @property
    def drafting_job(self) -> DraftingJob | None:
        """Return the job that is drafting the chapters now; None if there is none."""
        active = DraftingJob.objects.filter(report=self.pk, state__in=DraftingJob.ACTIVE)
        return active.first() if self.pk else None

    @property
    def parts(self) -> list[Entry]:
        """What is on which page of its PDF; nothing where there is none."""
        if self.pdf is None:
            return []
        last = self.pdf.pages or 0
        entries = from_lines(self.contents) or from_outline(self.pdf.outline)
        # Of a shorter file that has taken the place of the one described.
        return [entry for entry in entries if entry.page <= last]

    @property
    def cover_picture(self) -> SiteImage | None:
        """What the editor chose, else page 1 of the first file; None: the rings are drawn."""
        return self.cover or (self.main_file.cover if self.main_file else None)

    @property
    def cover_discs(self) -> list[dict[str, int | str]]:
        return discs(self.slug)

    @property
    def cover_lines(self) -> list[dict[str, int | str]]:
        return lines(self.title, self.published)

    def share_picture(self) -> Any:
        return self.cover_picture

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        if reading := kwargs.get("reading"):
            return self.reading_context(request, reading)
        if not self.is_being_previewed:
            self.visible_downloads = exclude_restricted(
                self.downloads.select_related("document__cover")
            )
            self.edition = list(self.chapters.defer("body", "footnotes"))
        partners = self.partners.all()
        citation = citation_of(self, request)
        return super().get_context(request, *args, **kwargs) | {
            "announcements": self.announcements.all().visible().newest_first() if self.pk else [],
            "partners": partners if self.is_being_previewed else partners.visible().to_link(),
            "themes": ThemePage.objects.of(self),
            "reading_url": self.reading_url(request),
            "parts": self.parts,
            "parts_shown": SHOWN,
            "siblings": self.siblings(),
            "citation": citation,
            "citation_tags": highwire(citation),
            "citation_files": self.citation_files(),
        }

    def siblings(self) -> dict[str, Any]:
        """The reports before and after it in its series, where it has one; the latest of all."""
        if self.series is None:
            return {}
        reports = list(self.series.visible())
        keys = [report.pk for report in reports]
        if self.pk not in keys:
            return {}
        place = keys.index(self.pk)
        return {
            "name": self.series.name,
            "later": reports[place - 1] if place else None,
            "earlier": reports[place + 1] if place + 1 < len(reports) else None,
            "latest": reports[0] if place else None,
        }

    def citation_files(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What can be cited, “” for the report as it is, and the name and address of each format.

        Earlier versions of its first file, too: what somebody has read is what she cites.
        """
        if self.is_being_previewed or not self.pk:
            return []
        addresses = [
            (name, reverse("cite", args=[self.slug, extension]))
            for extension, (_, _, name) in FORMATS.items()
        ]
        found = [("", addresses)]
        if self.main_file and self.main_file.version_number > 1:
            for version in self.main_file.versions.filter(withdrawn_at=None):
                query = f"?version={version.number}"
                files = [(name, address + query) for name, address in addresses]
                name = f"Version {version.number}, {version.publication.in_words}"
                found.append((name, files))
        return found

    def schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        node = super().schema(request)[0] | {
            "datePublished": self.published_iso,
            "inLanguage": self.language,
            "publisher": {"@id": organisation_id(request)},
            "author": self._authors(request),
            "encoding": build_media_objects(self.visible_downloads, request),
        }
        if self.period_start and self.period_end:
            node["temporalCoverage"] = f"{self.period_start:%Y-%m}/{self.period_end:%Y-%m}"
        if self.main_file and self.main_file.pages:
            node["numberOfPages"] = self.main_file.pages
        if self.series:
            node["isPartOf"] = {"@type": "CreativeWorkSeries", "name": self.series.name}
        if self.report_number:
            node["reportNumber"] = self.report_number
        if self.isbn:
            node["isbn"] = self.isbn
        if self.doi:
            node["sameAs"] = f"https://doi.org/{self.doi}"
        if self.edition:
            base = self.get_full_url(request) or ""
            parts = enumerate(self.edition, 1)
            node["hasPart"] = [self.chapter_schema(base, number, one) for number, one in parts]
        return [node]

    def _authors(self, request: HttpRequest) -> Any:
        named = [
            {"@type": "Person", "familyName": one.family, "givenName": one.given}
            if one.given
            else {"@type": "Organization", "name": one.family}
            for one in authors_of(self.authors)
        ]
        return named or {"@id": organisation_id(request)}


class Download(Orderable):
    """A file that a page offers, with the words of its link."""

    document = models.ForeignKey(
        SiteDocument, on_delete=models.PROTECT, related_name="+", verbose_name="file"
    )
    label = models.CharField(
        max_length=120,
        blank=True,
        help_text="What visitors download. Left empty, the file’s title is used; format and size "
        "are added for you.",
    )

    panels = ["document", "label"]

    class Meta(Orderable.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.label or self.document.title


class ReportDownload(Download):
    page = ParentalKey(ReportPage, on_delete=models.CASCADE, related_name="downloads")
