"""The chapters of a report's edition."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.text import Truncator, slugify
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldRowPanel
from wagtail.models import Orderable

from bhp_site.core.blocks import get_plain_text
from bhp_site.core.fields import ContentStreamField
from bhp_site.core.text.sentences import join_sentences

from .blocks import ChapterBlock
from .footnotes import clean_footnotes, parse_footnotes
from .panels import BesidePagePanel

# The slug under which all chapters are on one page.
WHOLE_EDITION = "all"
# Ids in the templates of an edition; with all chapters on one page, slugs are ids too.
RESERVED_ANCHORS = ("chapters", "footnotes", "main", "on-this-page")


class Chapter(Orderable):
    """A chapter of a report; versioned and published with the report."""

    report = ParentalKey("reports.ReportPage", on_delete=models.CASCADE, related_name="chapters")
    title = models.CharField(max_length=150)
    slug = models.SlugField(
        "address",
        max_length=100,
        blank=True,
        help_text=(
            "The last part of the chapter’s address. If you leave this empty, it is made from the "
            "title. It then stays the same, because people link to it."
        ),
    )
    page = models.PositiveIntegerField(
        "page of the PDF",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=(
            "The page on which the chapter begins, for example 12. It is shown beside the text."
        ),
    )
    body = ContentStreamField(ChapterBlock(), blank=True)
    footnotes = models.TextField(
        blank=True,
        help_text=(
            "Put each footnote on its own line, starting with its number, for example “3 Our "
            "register, March 2025”. Where you write [3] in the text, the site links to footnote 3."
        ),
    )

    panels = [BesidePagePanel(["title", FieldRowPanel(["slug", "page"]), "body", "footnotes"])]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Normalise the footnotes; raise ValidationError for these or a reserved slug."""
        super().clean()
        if self.slug == WHOLE_EDITION:
            raise ValidationError(
                {"slug": "The whole report uses this address. Enter another one."}
            )
        if self.slug in RESERVED_ANCHORS:
            raise ValidationError(
                {"slug": "The report itself uses this address. Enter another one."}
            )
        try:
            self.footnotes = clean_footnotes(self.footnotes)
        except ValidationError as error:
            raise ValidationError({"footnotes": error}) from error

    @property
    def text(self) -> str:
        """Return the plain text of body and footnotes."""
        footnotes = (footnote.text for footnote in parse_footnotes(self.footnotes))
        return join_sentences([get_plain_text(self.body), *footnotes])

    @property
    def description(self) -> str:
        """Return the beginning of its text, for search engines and shared links."""
        return Truncator(get_plain_text(self.body)).chars(155)


def assign_slugs(chapters: Iterable[Chapter]) -> None:
    """Assign a unique slug to each chapter without one or with a duplicate, without saving."""
    taken, pending = {WHOLE_EDITION, *RESERVED_ANCHORS}, []
    for chapter in chapters:
        if chapter.slug and chapter.slug not in taken:
            taken.add(chapter.slug)
        else:
            pending.append(chapter)
    for chapter in pending:
        base = chapter.slug or slugify(chapter.title)[:95].strip("-") or "chapter"
        names = (f"{base}-{number}" if number > 1 else base for number in range(1, 10_000))
        chapter.slug = next(name for name in names if name not in taken)
        taken.add(chapter.slug)
