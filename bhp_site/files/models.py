"""The document model: a file at a permanent address, with the facts of its current version."""

import tempfile
from collections.abc import Iterable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from wagtail.documents.models import AbstractDocument
from wagtail.log_actions import get_active_log_context
from wagtail.search import index

from bhp_site.core.caching.invalidation import send_content_changed, update_reference_index
from bhp_site.core.images.renditions import get_or_create_collection
from bhp_site.core.licences import LicenceField, Licensed
from bhp_site.core.models import SiteImage
from bhp_site.core.partial_saves import get_update_fields
from bhp_site.core.publishing.approved_changes import allow_changes
from bhp_site.core.text.sizes import format_size
from bhp_site.pdf.errors import Unreadable
from bhp_site.pdf.facts import OutlineEntry, PdfFacts
from bhp_site.pdf.findings import ExplainedFinding, explain_findings
from bhp_site.pdf.reader import LIMIT_REASONS, read_pdf
from bhp_site.tasks.heartbeat import is_worker_alive

from .facts import LANGUAGES, FileFacts
from .formats import TOO_LARGE_ADVICE, get_rejection_reason
from .page_text import TextState, extract_page_text, store_texts
from .permissions.collection_restrictions import get_restricted_paths
from .permissions.public_access import is_public
from .signals import get_documents_refusal
from .storage import compute_sha256
from .versions.models import DocumentVersion, FormerAddress
from .versions.publication_dates import (
    DATE_FIELDS,
    annotate_offered_dates,
    get_publication_dates,
)

COVER_COLLECTION = "Covers of documents"
# Fields that are set together with the bytes, besides their facts.
CURRENT_VERSION_FIELDS = ("file_hash", "outline", "version_number", "withdrawn_reason")
REASON_FIELDS = ("accessibility_reason",)
REASON_NEEDED = (
    "Some people cannot use this version, and it would be public at once. Enter the reason for "
    "publishing it. Every version needs its own reason."
)


@lru_cache(maxsize=4096)
def _get_path(slug: str, extension: str) -> str:
    """Return the path of a document's address, which a page names many times."""
    return reverse("document", args=[slug, extension])


class SiteDocument(FileFacts, AbstractDocument, Licensed):
    """A document with one permanent address, and the facts of its current version."""

    slug = models.SlugField(
        "address",
        max_length=120,
        unique=True,
        blank=True,
        help_text=(
            "The last part of the permanent address, after /documents/. If you leave this empty, "
            "it is made from the title. Previous addresses redirect to this document."
        ),
    )
    easy_read = models.BooleanField(
        "easy-read version",
        default=False,
        help_text="Select this if the document is in easy read: short sentences with images.",
    )
    language = models.CharField(
        max_length=20,
        blank=True,
        help_text=(
            "A language code such as “en” or “cy”. If the file states its language, this is "
            "filled in for you."
        ),
    )
    cover = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="If you leave this empty, the cover shows page 1.",
    )
    accessibility_reason = models.CharField(
        "reason for publishing it",
        max_length=250,
        blank=True,
        help_text=(
            "Needed if some people cannot use this document. Say why you publish it anyway, for "
            "example “Printed in 2012; the original is lost”. The accessibility statement shows "
            "the reason."
        ),
    )
    licence = LicenceField()
    # Bookmarks of a PDF: rows of title, page from 1 or None, level from 1.
    outline = models.JSONField(default=list, editable=False)
    version_number = models.PositiveSmallIntegerField(default=0, editable=False)
    # The reason for withdrawing the current version; unless empty, its URL returns 410.
    withdrawn_reason = models.CharField(max_length=250, blank=True, editable=False)

    admin_form_fields = (
        "file",
        "title",
        "slug",
        "language",
        "easy_read",
        "cover",
        "accessibility_reason",
        "licence",
        "collection",
    )
    search_fields: ClassVar[list[Any]] = [
        *AbstractDocument.search_fields,
        index.FilterField("slug"),
    ]

    class Meta(AbstractDocument.Meta):
        verbose_name = "document"
        verbose_name_plural = "documents"
        permissions = [("publish_sitedocument", "Can change public documents")]
        constraints = [models.CheckConstraint(condition=~models.Q(sha256=""), name="sha256_is_set")]

    # Set before a replacement is saved, and stored with the new version: why the bytes are
    # replaced, and why they are offered although some people cannot use them.
    version_note = ""
    version_reason = ""
    _facts: PdfFacts | None = None
    # The upload whose facts were read, and the image of its first page, until they are stored.
    _read_upload: File | None = None
    _new_cover: SiteImage | None = None
    # The cover when the row was loaded: an older instance must not put back the cover of an
    # earlier file.
    _loaded_cover_id: int | None = None
    # The same for the reason, which is given for one version.
    _loaded_reason: str | None = None

    @property
    def _is_new_file(self) -> bool:
        """Return True if the file is an upload that is not in storage yet."""
        return bool(self.file) and not self.file._committed  # type: ignore[attr-defined]

    @property
    def extension(self) -> str:
        """Return the extension in lower case without its dot, such as “pdf”."""
        return self.file_extension.lower()

    @property
    def filename(self) -> str:
        """Return the name under which browsers save it: the slug and the extension."""
        return f"{self.slug}{self.suffix}"

    @property
    def url(self) -> str:
        """Return the path of the permanent address."""
        return _get_path(self.slug, self.extension)

    @property
    def full_url(self) -> str:
        """Return the permanent address with the site’s scheme and host, as it is printed."""
        return f"{settings.WAGTAILADMIN_BASE_URL}{self.url}"

    @property
    def format_name(self) -> str:
        """Return the format as visitors read it, such as “PDF” or “easy read, Word”."""
        name = super().format_name
        return f"easy read, {name}" if self.easy_read else name

    @property
    def language_name(self) -> str:
        """Return the language in English, or its tag if it has no name here."""
        code = self.language.partition("-")[0].lower()
        return LANGUAGES.get(code, self.language)

    @property
    def is_public(self) -> bool:
        """Return True if every visitor may download it: see `public_access.is_public`."""
        return is_public(self)

    @property
    def is_restricted(self) -> bool:
        """Return True if its collection has a privacy setting: see `collection_restrictions`."""
        paths = get_restricted_paths()
        return bool(paths) and self.collection.path.startswith(paths)

    @property
    def explained_findings(self) -> list[ExplainedFinding]:
        """Return the accessibility findings of the current version, the most serious first."""
        return explain_findings(self.findings)

    @cached_property
    def current_version(self) -> DocumentVersion | None:
        """Return the version that its address serves; None only before the first `save`."""
        return self.versions.filter(number=self.version_number).first()

    @property
    def text_state(self) -> TextState:
        """Return whether the text of the current version can be searched."""
        return TextState.for_version(self.current_version)

    def clean(self) -> None:
        """Read an uploaded file and propose a slug; raises ValidationError."""
        super().clean()
        self.read_facts()
        if not self.slug:
            self.slug = self.find_free_slug()
        if FormerAddress.objects.filter(path=self.url).exclude(document=self.pk).exists():
            raise ValidationError(
                {"slug": "This address redirects to another document. Choose another one."}
            )
        if self.pk and (refusal := get_documents_refusal([self])) and self._publishes_something:
            raise ValidationError(refusal)

    @property
    def _publishes_something(self) -> bool:
        """Return True if saving the document makes it, or a new file of it, public."""
        stored = SiteDocument.objects.get(pk=self.pk)
        return self.is_public and (self._is_new_file or not stored.is_public)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the document and, with a new file, its next version, in one transaction.

        The bytes are on disk before either row. Raises ValidationError if the file is refused, or
        if a replacement needs a reason before it may be public.
        """
        new_file = self._is_new_file
        self.read_facts()
        if not self.slug:
            self.slug = self.find_free_slug()
        self.build_cover()
        with transaction.atomic():
            if new_file:
                self._start_version()
            if self.pk and not kwargs.get("update_fields"):
                self._store_former_address()
                if not new_file:
                    kwargs["update_fields"] = self._get_update_fields()
            super().save(*args, **kwargs)
            self._loaded_cover_id = self.cover_id
            self._loaded_reason = self.accessibility_reason
            if new_file:
                self._add_version()
                self._set_cover()
                self._facts = self._read_upload = self._new_cover = None
            elif "accessibility_reason" in (kwargs.get("update_fields") or REASON_FIELDS):
                self._store_reason()

    def _start_version(self) -> None:
        """Give the new bytes the next version number, and drop the reason for the earlier ones.

        Raises ValidationError if they would be public and need a reason of their own.
        """
        if self.pk:
            # The row is locked, so that two replacements at once become two versions.
            stored = SiteDocument.objects.select_for_update().filter(pk=self.pk)
            number = stored.values_list("version_number", flat=True).first()
            self.version_number = self.version_number if number is None else number
            self.accessibility_reason = self.version_reason
            if not self.version_reason and self.has_serious_findings and self.is_public:
                raise ValidationError({"accessibility_reason": REASON_NEEDED})
        self.version_number += 1
        self.withdrawn_reason = ""

    @property
    def has_serious_findings(self) -> bool:
        """Return True if some people cannot use the current bytes at all."""
        return any(finding.serious for finding in self.explained_findings)

    def _store_reason(self) -> None:
        """Store a reason that was given later with the current version."""
        version = self.versions.filter(number=self.version_number)
        version = version.exclude(accessibility_reason=self.accessibility_reason)
        version.update(accessibility_reason=self.accessibility_reason)

    def _get_update_fields(self) -> set[str]:
        """Return the fields to save if the file is unchanged.

        Left out is what another process may have set by replacing or withdrawing the file.
        """
        names = get_update_fields(self, {*FileFacts.FACTS, *CURRENT_VERSION_FIELDS})
        if self.cover_id == self._loaded_cover_id:
            names -= {"cover"}
        if self.accessibility_reason == self._loaded_reason:
            names -= {"accessibility_reason"}
        return names

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> "SiteDocument":
        """Return the stored document, and remember its cover and reason to detect changes."""
        document: SiteDocument = super().from_db(*args, **kwargs)
        document._loaded_cover_id = document.__dict__.get("cover_id")
        document._loaded_reason = document.__dict__.get("accessibility_reason")
        return document

    def _store_former_address(self) -> None:
        """Redirect the previous address to this document if the slug has changed."""
        stored = SiteDocument.objects.only("slug", "file").get(pk=self.pk)
        if stored.slug != self.slug:
            FormerAddress.objects.filter(path=self.url).delete()
            FormerAddress.objects.update_or_create(
                path=stored.url, defaults={"document_id": self.pk}
            )

    def _add_version(self) -> None:
        facts = {name: getattr(self, name) for name in FileFacts.FACTS}
        user = get_active_log_context().user or self.uploaded_by_user
        version = self.versions.create(
            **facts,
            number=self.version_number,
            note=self.version_note,
            created_by=user,
            accessibility_reason=self.accessibility_reason,
            public_at=timezone.now() if self.is_public else None,
        )
        self.__dict__.pop("current_version", None)
        if self._facts and self._facts.text:
            store_texts(version, self._facts.text)
        else:
            extract_page_text.enqueue(version.pk)

    def read_facts(self) -> None:
        """Set the facts of a new file, once; raises ValidationError if it is refused.

        `clean` and `save` call it. It asks no database, so threads can read several files at once.
        """
        if self._is_new_file and self._read_upload is not self.file.file:
            self._read_upload = self._facts = self._new_cover = None
            self._read_facts()
            self._read_upload = self.file.file

    def build_cover(self) -> None:
        """Build the image of the first page of a new file, once; `save` calls it and stores it.

        Its renditions take a moment, for which nothing is locked. It asks no database.
        """
        if self._facts and self._facts.cover_png and self._new_cover is None:
            self._new_cover = SiteImage(
                title=f"Cover of {self.title}"[:255],
                file=ContentFile(self._facts.cover_png, name=f"cover-{self.slug}.png"),
            )
            self._new_cover.build_renditions()

    def _read_facts(self) -> None:
        """Set the facts of the uploaded bytes; raises ValidationError if they are refused."""
        self.file_size = self.file.size
        if self.file_size > settings.WAGTAILDOCS_MAX_BYTES:
            limit = format_size(settings.WAGTAILDOCS_MAX_BYTES)
            message = f"This file is larger than {limit}. {TOO_LARGE_ADVICE}"
            raise ValidationError({"file": message})
        self.sha256 = compute_sha256(self.file)
        self._set_file_hash()
        self.pages = self.is_tagged = self.has_text = None
        self.pdf_title, self.findings, self.outline = "", [], []
        if self.suffix != ".pdf":
            if reason := get_rejection_reason(self.file, self.suffix):
                raise ValidationError({"file": reason})
            return
        with tempfile.NamedTemporaryFile(suffix=".pdf", dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
            for chunk in self.file.chunks():
                copy.write(chunk)
            copy.flush()
            self.file.seek(0)
            try:
                # The changed pages of a replacement are named as soon as it is public.
                facts = _read_pdf_facts(Path(copy.name), with_text=self.pk is not None)
            except Unreadable as error:
                raise ValidationError({"file": error.message}) from error
        self.pages, self.pdf_title = facts.pages, facts.title
        self.is_tagged, self.has_text = facts.is_tagged, facts.has_text
        self.language = self.language or facts.language
        self.findings = [
            {"code": finding.code, "pages": [*finding.pages]} for finding in facts.findings
        ]
        self.outline = serialise_outline(facts.outline)
        self._facts = facts

    def store_outline(self, outline: Iterable[OutlineEntry], version: int) -> None:
        """Store the bookmarks of the version with that number, if it is the current one."""
        current = SiteDocument.objects.filter(pk=self.pk, version_number=version)
        current.update(outline=serialise_outline(outline))

    def find_free_slug(self) -> str:
        """Return a slug made from the title that no document has or has had."""
        base = slugify(self.title)[:110] or "file"
        others = SiteDocument.objects.exclude(pk=self.pk).filter(slug__startswith=base)
        former = FormerAddress.objects.filter(path__startswith=f"/documents/{base}")
        taken = {*others.values_list("slug", flat=True)}
        taken |= {Path(path).stem for path in former.values_list("path", flat=True)}
        number = 1
        slug = base
        while slug in taken:
            number += 1
            slug = f"{base}-{number}"
        return slug

    def _set_cover(self) -> None:
        """Make an image of page 1 the cover; a blank page gives none.

        A cover that an editor has chosen stays.
        """
        if self.cover and self.cover.collection.name != COVER_COLLECTION:
            return
        old, self.cover = self.cover, None
        with allow_changes():
            self._replace_cover(old)

    def _replace_cover(self, old: SiteImage | None) -> None:
        if self._new_cover:
            self._new_cover.collection = get_or_create_collection(COVER_COLLECTION)
            self._new_cover.save()
            self.cover = self._new_cover
        type(self).objects.filter(pk=self.pk).update(cover=self.cover)
        # `update` sends no signal, and the cover is as public as the document that refers to it.
        update_reference_index(self)
        send_content_changed(self, "save")
        if old:
            old.delete()


def load_current_versions(documents: Iterable[SiteDocument]) -> None:
    """Set `current_version` of `documents`, and when each was published, in one query."""
    documents_by_key: dict[int, list[SiteDocument]] = {}
    for document in documents:
        if "current_version" not in document.__dict__:
            documents_by_key.setdefault(document.pk, []).append(document)
    if not documents_by_key:
        return
    current = DocumentVersion.objects.filter(
        document__in=documents_by_key, number=models.F("document__version_number")
    )
    versions = list(annotate_offered_dates(current.only("document", *DATE_FIELDS)))
    dates = get_publication_dates(versions)
    for version in versions:
        version.publication = dates[version.pk]
        for document in documents_by_key[version.document_id]:
            if version.number == document.version_number:
                document.current_version = version


def serialise_outline(outline: Iterable[OutlineEntry]) -> list[list[Any]]:
    """Return bookmarks as JSON rows of title, page (from 1, or None) and level (from 1)."""
    return [[entry.title, entry.page, entry.level] for entry in outline]


def _read_pdf_facts(path: Path, with_text: bool = False) -> PdfFacts:
    """Return the facts of the PDF at `path`; raises Unreadable.

    Its text is read too `with_text`, and if no worker runs that would read it later.
    """
    read = partial(
        read_pdf,
        path,
        max_pages=settings.WAGTAILDOCS_MAX_PAGES,
        max_bytes=settings.WAGTAILDOCS_MAX_BYTES,
        scratch=settings.FILE_UPLOAD_TEMP_DIR,
    )
    if is_worker_alive() and not with_text:
        return read()
    try:
        return read(with_text=True)
    except Unreadable as error:
        if error.reason not in LIMIT_REASONS:
            raise
        # Reading the text may have failed, and a document is not refused for that.
        return read()
