"""The page of each quote, created from its announcement: see `quote_updates.py`."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.http import HttpRequest
from django.utils.text import Truncator, slugify
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page, ReferenceIndex
from wagtail.search import index

from bhp_site.core.dated_pages import DatedPageMixin, DatedPageQuerySet
from bhp_site.core.models import SiteImage
from bhp_site.core.pages import BasePage, build_tabs
from bhp_site.core.visibility import SitePageManager, get_visible_pages
from partners.models import PartnerPage

from .list_images import attach_images
from .quotations.parser import mark_paragraphs, parse_quotation
from .quotes import format_quote

# Characters of a quote that a card has room for.
MAX_CARD_CHARACTERS = 320


class QuotePage(DatedPageMixin):
    """One quote of an announcement on a page of its own.

    It is created and updated when the announcement is published: see `quote_updates.py`.
    """

    parent_page_types = ["news.NewsPage"]
    subpage_types: list[str] = []
    is_creatable = False
    page_description = "Created from a quote in an announcement. Edit the quote there."
    kind_label = "Quote"
    og_type = "article"
    is_record = True
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
    words = models.TextField(
        help_text="Leave a blank line between paragraphs. Do not add quotation marks."
    )
    # True if this page was unpublished separately: its announcement then does not publish it.
    unpublished_separately = models.BooleanField(default=False, editable=False)
    objects = SitePageManager.from_queryset(DatedPageQuerySet)()

    # Set where it is unpublished because of its announcement.
    follows_announcement = False

    content_panels = [
        FieldPanel(name, read_only=True)
        for name in ("title", "name", "role", "organisation", "words", "date")
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("name"),
        index.SearchField("words"),
        index.FilterField("date"),
        index.FilterField("name"),
        index.FilterField("organisation"),
        index.FilterField("speaker"),
        index.FilterField("partner"),
    ]
    edit_handler = build_tabs(content_panels, [])

    class Meta:
        verbose_name = "quote"
        ordering = ["path"]
        indexes = [models.Index(fields=["date", "page_ptr"], name="quotes_by_date")]

    @property
    def unmarked_paragraphs(self) -> list[str]:
        """Return the paragraphs as `copy_block` has stored them, without quotation marks."""
        return [paragraph for paragraph in self.words.split("\n\n") if paragraph.strip()]

    @property
    def paragraphs(self) -> list[str]:
        """Return the paragraphs with quotation marks, as they are shown."""
        return mark_paragraphs(self.unmarked_paragraphs)

    def get_single_line(self, max_characters: int | None = None) -> str:
        """Return the quotation as one paragraph in quotation marks, cut to `max_characters`."""
        words = " ".join(self.unmarked_paragraphs)
        return f"“{Truncator(words).chars(max_characters) if max_characters else words}”"

    @property
    def attribution(self) -> str:
        """Return the speaker's role and organisation: “Chair, BHP”."""
        return ", ".join(part for part in (self.role, self.organisation) if part)

    @property
    def text(self) -> str:
        """Return the plain text of the page, for search and checks."""
        return format_quote(self.unmarked_paragraphs, self.name, self.role, self.organisation)

    @property
    def plain_text_copy(self) -> str:
        """Return the quotation in its marks, with speaker and date, as text to copy."""
        source = ", ".join(part for part in (self.name, self.attribution, self.published) if part)
        return "\n\n".join([*self.paragraphs, f"— {source}"])

    @property
    def description(self) -> str:
        """Return who said it and when, and how it begins."""
        source = ", ".join(part for part in (self.name, self.attribution) if part)
        return f"{source}, {self.published}: {self.get_single_line(118)}"

    @property
    def card_text(self) -> tuple[str, str, str]:
        """Return the text of the sharing card: the whole quotation if it fits, else the speaker."""
        source = ", ".join(part for part in (self.name, self.attribution) if part)
        words = self.get_single_line()
        if len(words) > MAX_CARD_CHARACTERS:
            return self.kind_label, source, self.published
        return self.kind_label, words, f"{source}, {self.published}"

    def get_share_image(self) -> SiteImage | None:
        """Return the speaker's portrait; None if there is none."""
        return self.portrait

    @classmethod
    def build_title(cls, name: str, words: str) -> str:
        """Return the title for listings: the speaker, and the beginning of the quotation."""
        return f"{name}: “{Truncator(' '.join(parse_quotation(words).paragraphs)).chars(80)}”"

    def copy_block(self, block: Any, announcement: Any) -> bool:
        """Copy the values of a quote block of `announcement`; return True if any differed."""
        value = block.value
        values = {
            "title": self.build_title(value["name"], value["words"]),
            "speaker": value["speaker"],
            "name": value["name"],
            "role": value["role"] or "",
            "organisation": value["organisation"] or "",
            "portrait": value["portrait"],
            "words": "\n\n".join(parse_quotation(value["words"]).paragraphs),
            "date": announcement.date,
            "date_precision": announcement.date_precision,
        }
        if self.partner_id is None or values["organisation"] != self.organisation:
            values["partner"] = PartnerPage.objects.find_by_name(values["organisation"])
        differs = [key for key, new in values.items() if getattr(self, key, None) != new]
        for key in differs:
            setattr(self, key, values[key])
        return bool(differs)

    @classmethod
    def find_free_slug(cls, announcement: Any, name: str) -> str:
        """Return an unused slug below `announcement`: the speaker's `name`, numbered if taken."""
        base = slugify(name)[:100] or "quote"
        taken = set(announcement.get_children().values_list("slug", flat=True))
        return next(
            slug
            for number in range(1, len(taken) + 2)
            if (slug := base if number == 1 else f"{base}-{number}") not in taken
        )

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return the template's context with the announcement of the quote and its image."""
        parent = self.get_parent()
        news = parent.specific_class.objects.filter(pk=parent.pk)
        (announcement,) = attach_images(news.with_covers())
        return super().get_context(request, *args, **kwargs) | {"announcement": announcement}

    def build_schema(self, request: HttpRequest) -> list[dict[str, Any]]:
        """Return the schema.org node of the quotation."""
        announcement = f"{self.get_parent().get_full_url(request)}#page"
        speaker: dict[str, Any] = {"@type": "Person", "name": self.name}
        if self.role:
            speaker["jobTitle"] = self.role
        node = super().build_schema(request)[0] | {
            "text": "\n\n".join(self.unmarked_paragraphs),
            "datePublished": self.published_iso,
            "spokenByCharacter": speaker,
            "creator": speaker,
            "isPartOf": {"@id": announcement},
        }
        return [node]


def attach_announcements(quotes: Iterable[QuotePage]) -> list[Any]:
    """Return `quotes`, each with the title and address of its `announcement`, in one query."""
    quotes = list(quotes)
    above = {quote.path[: -Page.steplen] for quote in quotes}
    announcements = Page.objects.filter(path__in=above).only("title", "path", "url_path")
    by_path = {page.path: page for page in announcements}
    for quote in quotes:
        quote.announcement = by_path[quote.path[: -Page.steplen]]  # type: ignore[attr-defined]
    return quotes


def find_pages_showing_quotes(page: Page, **which: Any) -> list[str]:
    """Return the titles of other visible pages that show a quote of `page` or below it.

    `which` are further conditions on the quotes, as for `filter`.
    """
    below = Page.objects.descendant_of(page, inclusive=True)
    quotes = QuotePage.objects.filter(pk__in=below.values("pk"), **which).order_by()
    keys = [str(pk) for pk in quotes.values_list("pk", flat=True)]
    page_type = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.objects.filter(
        base_content_type=page_type, to_content_type=page_type, to_object_id__in=keys
    )
    referring = {int(pk) for pk in references.values_list("object_id", flat=True)}
    others = get_visible_pages().filter(pk__in=referring).exclude(pk__in=below.values("pk"))
    return list(others.order_by("title").values_list("title", flat=True))
