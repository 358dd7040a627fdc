import tempfile
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import models
from django.urls import reverse
from django.utils.text import slugify
from wagtail.documents.models import AbstractDocument
from wagtail.models import Collection, Page, ReferenceIndex
from wagtail.search import index

from bhp_site.core.changes import index_references
from bhp_site.core.models import SiteImage

from .access import is_public
from .formats import refusal
from .reading import PdfFacts, Unreadable, read_pdf
from .storage import sha256

COVERS = "Covers of files"

# What a format is called where visitors choose a file.
FORMAT_NAMES = {
    "pdf": "PDF",
    "docx": "Word",
    "odt": "OpenDocument text",
    "xlsx": "Excel",
    "ods": "OpenDocument spreadsheet",
    "csv": "CSV",
}
LANGUAGES = {"en": "English", "cy": "Welsh", "ur": "Urdu", "pa": "Punjabi", "pl": "Polish"}


def documents_storage() -> Any:
    """The storage of file bytes, looked up late so that migrations name none."""
    return storages["documents"]


class SiteDocument(AbstractDocument):
    """A file with one permanent address and the facts read from it on upload."""

    file = models.FileField(upload_to="documents", storage=documents_storage)
    slug = models.SlugField(
        "address",
        max_length=120,
        unique=True,
        blank=True,
        help_text="The permanent address is /documents/ and this. Left empty, it is made from the "
        "title. It cannot be changed once the file has been published.",
    )
    sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    easy_read = models.BooleanField(
        "easy-read version", default=False, help_text="Plain words and pictures, for easy reading."
    )
    pages = models.PositiveIntegerField(null=True, editable=False)
    pdf_title = models.CharField("title in the file", max_length=255, blank=True, editable=False)
    language = models.CharField(
        max_length=20,
        blank=True,
        help_text="Read from the file where it says so; for example “en” or “cy”.",
    )
    is_tagged = models.BooleanField("tagged", null=True, editable=False)
    has_text = models.BooleanField("has a text layer", null=True, editable=False)
    cover = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    has_been_public = models.BooleanField(default=False, editable=False)

    admin_form_fields = ("file", "title", "slug", "language", "easy_read", "collection", "tags")
    search_fields: ClassVar[list[Any]] = [
        *AbstractDocument.search_fields,
        index.FilterField("slug"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = "file"
        verbose_name_plural = "files"
        constraints = [models.CheckConstraint(condition=~models.Q(sha256=""), name="sha256_is_set")]

    _facts: PdfFacts | None = None

    @property
    def _suffix(self) -> str:
        """The extension of the bytes at hand, with its dot: “.pdf”."""
        return Path(self.file.name or "").suffix.lower()

    @property
    def _is_new_file(self) -> bool:
        """Whether the file is an upload that storage does not hold yet."""
        return bool(self.file) and not self.file._committed  # type: ignore[attr-defined]

    @property
    def extension(self) -> str:
        return self.file_extension.lower()

    @property
    def filename(self) -> str:
        """The name a browser saves it under, from the address rather than from the bytes' hash."""
        return f"{self.slug}{self._suffix}"

    @property
    def url(self) -> str:
        """The permanent address."""
        return reverse("document", args=[self.slug, self.extension])

    @property
    def format_name(self) -> str:
        name = FORMAT_NAMES.get(self.extension, self.extension.upper())
        return f"easy read, {name}" if self.easy_read else name

    @property
    def language_name(self) -> str:
        code = self.language.partition("-")[0].lower()
        return LANGUAGES.get(code, self.language)

    @property
    def is_public(self) -> bool:
        """Whether anybody may have it: see `access.is_public`."""
        return is_public(self)

    def clean(self) -> None:
        super().clean()
        if self._is_new_file:
            self._read()
        if not self.slug:
            self.slug = self._free_slug()

    def save(self, *args: Any, **kwargs: Any) -> None:
        new_file = self._is_new_file
        if new_file and self._facts is None:
            self._read()
        if not self.slug:
            self.slug = self._free_slug()
        super().save(*args, **kwargs)
        if new_file:
            self._set_cover()
            self._facts = None

    def _read(self) -> None:
        """Take the facts from the uploaded bytes; ValidationError on `file` where they are bad."""
        self.sha256 = sha256(self.file)
        self.file_size = self.file.size
        self._set_file_hash()
        self.pages = self.is_tagged = self.has_text = None
        self.pdf_title = ""
        if self._suffix != ".pdf":
            if reason := refusal(self.file, self._suffix):
                raise ValidationError({"file": reason})
            return
        with tempfile.NamedTemporaryFile(suffix=".pdf", dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
            for chunk in self.file.chunks():
                copy.write(chunk)
            copy.flush()
            self.file.seek(0)
            try:
                facts = read_pdf(
                    Path(copy.name),
                    max_pages=settings.WAGTAILDOCS_MAX_PAGES,
                    max_bytes=settings.WAGTAILDOCS_MAX_BYTES,
                    scratch=settings.FILE_UPLOAD_TEMP_DIR,
                )
            except Unreadable as error:
                raise ValidationError({"file": error.sentence}) from error
        self.pages, self.pdf_title = facts.pages, facts.title
        given: str = self.title  # type: ignore[has-type]
        if facts.title and given == Path(self.file.name or "").stem:
            # Nobody has given it a title but the browser, which takes the file's name.
            self.title = facts.title
        self.is_tagged, self.has_text = facts.is_tagged, facts.has_text
        self.language = self.language or facts.language
        self._facts = facts

    def _free_slug(self) -> str:
        """An address made from the title that no other file has."""
        base = slugify(self.title)[:110] or "file"
        taken = set(
            SiteDocument.objects.filter(slug__startswith=base)
            .exclude(pk=self.pk)
            .values_list("slug", flat=True)
        )
        number = 1
        slug = base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def _set_cover(self) -> None:
        """Keep page 1 as a picture in its own collection; none where the page is blank."""
        old, self.cover = self.cover, None
        if self._facts and self._facts.cover_png:
            self.cover = SiteImage.objects.create(
                title=f"Cover of {self.title}"[:255],
                file=ContentFile(self._facts.cover_png, name=f"cover-{self.slug}.png"),
                collection=_covers(),
            )
        type(self).objects.filter(pk=self.pk).update(cover=self.cover)
        # `update` sends no signal, and the cover is as public as the file that refers to it.
        index_references(self)
        if old:
            old.delete()


def _covers() -> Collection:
    root = Collection.get_first_root_node()
    found: Collection | None = root.get_children().filter(name=COVERS).first()
    return found or root.add_child(name=COVERS)


def remember_published(instance: Page, **kwargs: Any) -> None:
    """Fix the addresses of the files that a page going live offers: they are given out now."""
    if instance.live:
        document_type = ContentType.objects.get_for_model(SiteDocument)
        offered = ReferenceIndex.get_references_for_object(instance).filter(
            to_content_type=document_type
        )
        SiteDocument.objects.filter(
            pk__in=[int(pk) for pk in offered.values_list("to_object_id", flat=True)]
        ).update(has_been_public=True)
