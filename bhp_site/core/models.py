import logging
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.files.base import File
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Filter,
    get_rendition_storage,
    get_rendition_upload_to,
)
from wagtail.models import Collection, Site
from wagtail.search import index

from .admin.settings_forms import SiteSettingsForm
from .confidential.records import ConfidentialDraft, ConfidentialFile
from .images import renditions
from .images.conversion import PlainSource, build_source
from .images.rendition_field import RenditionField
from .licences import RESERVED, LicenceField, Licensed, list_default_choices
from .page_updates import PageUpdate
from .pages import BasePage
from .partial_saves import get_update_fields
from .unpublishing import Unpublishing

__all__ = [
    "BasePage",
    "ConfidentialDraft",
    "ConfidentialFile",
    "PageUpdate",
    "SiteImage",
    "SiteRendition",
    "SiteSettings",
    "Unpublishing",
    "User",
]

logger = logging.getLogger(__name__)


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address, compared without regard to case."""

    use_in_migrations = True

    def get_by_natural_key(self, username: str | None) -> "User":
        """Return the user with this email address in any case; raise User.DoesNotExist."""
        return self.get(email__iexact=username)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save and return a user with the email address in lower case."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save and return a user with all permissions."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractUser):
    """A user who edits or administers the site; signs in by e-mail address."""

    username = None  # type: ignore[assignment,misc]
    email = models.EmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Another account already uses this e-mail address."},
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()  # type: ignore[assignment, misc]

    class Meta:
        ordering = ["email"]
        constraints = [models.UniqueConstraint(Lower("email"), name="one_user_per_email")]

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        """Return the name that colleagues see, which is never the sign-in address."""
        return super().get_full_name() or f"User {self.pk}"


class SiteImage(AbstractImage, Licensed):
    """A picture, with what its makers ask us to say."""

    credit = models.CharField(
        max_length=200,
        blank=True,
        help_text=(
            "Who made the image. Shown below it, for example “Jo Bloggs, University of Birmingham”."
        ),
    )
    licence = LicenceField()
    permission = models.CharField(
        max_length=200,
        blank=True,
        help_text=(
            "How you know that you may use the image, for example “Permission by e-mail, 12 March "
            "2025”. Only editors see it."
        ),
    )

    # Format → name, width and height of each rendition. Only `store_renditions` writes it.
    sizes = models.JSONField(default=dict, editable=False)

    admin_form_fields = (
        "title",
        "file",
        "description",
        "credit",
        "licence",
        "permission",
        "collection",
        "tags",
        "focal_point_x",
        "focal_point_y",
        "focal_point_width",
        "focal_point_height",
    )
    search_fields = [*AbstractImage.search_fields, index.SearchField("credit")]

    class Meta(AbstractImage.Meta):
        verbose_name = "image"
        permissions = [("publish_siteimage", "Can change public images")]

    # The files of the renditions of a new file, until they are stored.
    _rendition_files: dict[str, File] | None = None

    @property
    def has_renditions(self) -> bool:
        """Return True if there is a rendition that visitors can be shown."""
        return bool(self.sizes)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save the image; a new file comes with its renditions, in one transaction.

        An image that cannot be converted is kept without them: forms have refused it before.
        """
        is_new_file = bool(self.file) and not self.file._committed
        if is_new_file and self._rendition_files is None:
            self.build_renditions()
        files, self._rendition_files = self._rendition_files, None
        with transaction.atomic():
            if is_new_file:
                self.sizes = {}
                if self.pk:
                    self.renditions.all().delete()
            elif not self._state.adding and kwargs.get("update_fields") is None:
                # A task may have written `sizes` since this instance was read.
                kwargs["update_fields"] = get_update_fields(self, {"sizes"})
            super().save(*args, **kwargs)
            if files:
                renditions.store_renditions(self, files)

    def build_renditions(self) -> None:
        """Build the renditions of a new file, which `save` stores and else builds itself.

        Call it in a thread to build those of several images at once: it asks no database.
        """
        # The form has converted the file to see whether it can be.
        source = getattr(self.file.file, "plain_source", None)
        try:
            self._rendition_files = renditions.build_renditions(self, source=source)
        except Exception:
            logger.exception("No renditions of the image “%s”", self.title)
            self._rendition_files = {}

    def generate_rendition_file(
        self,
        filter: Filter,  # noqa: A002 — Wagtail calls it so.
        *,
        source: Any = None,
    ) -> File:
        """Return the rendition of `filter`, made without metadata from `source` or its own file.

        Raises ImageRefused, or Pillow's error, for an image that cannot be converted.
        """
        if source is None:
            with self.open_file() as file:
                source = build_source(file)
        elif not isinstance(source, PlainSource):
            source = build_source(source)
        source.seek(0)
        return super().generate_rendition_file(filter, source=source)


class SiteRendition(AbstractRendition):
    """An image in one of the sizes and formats of `images.renditions`."""

    image = models.ForeignKey(SiteImage, on_delete=models.CASCADE, related_name="renditions")
    file = RenditionField(
        upload_to=get_rendition_upload_to,
        storage=get_rendition_storage,
        width_field="width",
        height_field="height",
    )
    # How it was made: see `renditions.RENDITION_VERSION`.
    version = models.PositiveSmallIntegerField(default=renditions.RENDITION_VERSION, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_per_filter"
            )
        ]

    @property
    def url(self) -> str:
        """Return its URL path; the view behind it checks whether the image is public."""
        return reverse("picture", args=[self.file.name.rpartition("/")[2]])


def make_tag_authority() -> str:
    """Return the authority of a new tag URI (RFC 4151): this site's host and today's date."""
    return f"{settings.SITE_HOST},{timezone.localdate().isoformat()}"


@register_setting(icon="site")
class SiteSettings(BaseSiteSetting):
    """The settings of the site: the facts about the partnership that every page shows."""

    # What these settings refer to is public: see `files.permissions.public_access`.
    always_public = True
    base_form_class = SiteSettingsForm

    name = models.CharField(max_length=100, default="Birmingham Health Partners")
    short_name = models.CharField(max_length=20, default="BHP")
    strapline = models.CharField(
        max_length=250,
        blank=True,
        help_text=(
            "One sentence that says who we are and what we do. Shown in the footer and in search "
            "engines."
        ),
    )
    about = models.TextField(
        "about text",
        blank=True,
        help_text=(
            "Shown at the end of every announcement, below “About Birmingham Health Partners”. "
            "Leave a blank line between paragraphs."
        ),
    )
    address = models.TextField(
        blank=True, help_text="Postal address. Put each part on its own line."
    )
    email = models.EmailField("general e-mail", blank=True)
    access_email = models.EmailField(
        "accessibility e-mail",
        blank=True,
        help_text=(
            "Receives requests for accessible copies and reports of accessibility problems, for "
            "example access@example.org. If you leave this empty, the general e-mail receives "
            "them."
        ),
    )
    press_name = models.CharField(
        "press contact", max_length=100, blank=True, help_text="For example “Press office”."
    )
    press_email = models.EmailField("press e-mail", blank=True)
    press_phone = models.CharField("press phone number", max_length=40, blank=True)
    links = models.TextField(
        blank=True,
        help_text=(
            "More links for the footer. Put each on its own line: the link text, a space, then "
            "the address. For example: LinkedIn https://www.linkedin.com/company/example"
        ),
    )
    footer_note = models.CharField(
        max_length=250,
        blank=True,
        help_text="The last line of every page, for example a copyright notice.",
    )
    security_contact = models.EmailField(
        blank=True, help_text="Receives reports of security problems. Published in security.txt."
    )
    share_image = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown when somebody shares a page that has no image of its own.",
    )
    logo = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown at the top of every page instead of the two rings and the name. Choose a "
        "version for light backgrounds, at least 100 pixels high. Screen readers read out the name "
        "of the site.",
    )
    icon = models.ForeignKey(
        SiteImage,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Shown in tabs and bookmarks of browsers, and on phones, instead of the two "
        "rings. Choose a square image of at least 180 × 180 pixels.",
    )
    second_person = models.CharField(
        "second person",
        max_length=10,
        choices=[
            ("several", "Needed when two or more people can publish"),
            ("never", "Not needed"),
        ],
        default="several",
        db_default="several",
        help_text="With a second person, nobody publishes their own last change alone. In a hurry, "
        "publishers can go ahead with a reason, which the history keeps.",
    )
    licence = models.CharField(
        "licence of the site’s content",
        max_length=20,
        choices=list_default_choices,
        blank=True,
        default=RESERVED,
        db_default=RESERVED,
        help_text="Applies to every report, document and image that has no licence of its own.",
    )
    public_collections = models.ManyToManyField(
        Collection,
        blank=True,
        related_name="+",
        help_text="Documents and images in these collections are public even if no page uses them.",
    )
    # Host and day with which ids of feed entries begin (RFC 4151), so that no other site has the
    # same. Written once: ids must not change with the site's address.
    feed_authority = models.CharField(max_length=260, editable=False, default=make_tag_authority)
    is_demonstration = models.BooleanField(
        "demonstration site",
        default=False,
        help_text="Every page says so at its top and bottom. Search engines are told not to list "
        "this site.",
    )
    demonstration_page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Says what is assumed or invented. Where the site says that it is a "
        "demonstration, it links to this page.",
    )

    panels = [
        MultiFieldPanel(["name", "short_name", "strapline", "about"], "The partnership"),
        MultiFieldPanel(["address", "email", "access_email"], "Contact"),
        MultiFieldPanel(["press_name", "press_email", "press_phone"], "Press"),
        MultiFieldPanel(["logo", "icon"], "Logo and icon"),
        MultiFieldPanel(["links", "footer_note", "share_image"], "Footer and sharing"),
        MultiFieldPanel(["licence"], "Licence"),
        MultiFieldPanel(["second_person"], "Publishing"),
        MultiFieldPanel(
            [
                "security_contact",
                FieldPanel("public_collections", widget=forms.CheckboxSelectMultiple),
                "is_demonstration",
                "demonstration_page",
            ],
            "This site",
        ),
    ]

    class Meta:
        verbose_name = "site settings"

    def __str__(self) -> str:
        return f"Settings of {self.name}"

    @classmethod
    def get_default(cls) -> "SiteSettings":
        """Return the settings of the default site, for code without a request.

        Return unsaved defaults if there is no site yet.
        """
        site = Site.objects.filter(is_default_site=True).first()
        return cls.for_site(site) if site else cls()

    @property
    def accessibility_email(self) -> str:
        """Return the address that receives enquiries; "" if none is set."""
        return self.access_email or self.email

    @property
    def footer_links(self) -> list[tuple[str, str]]:
        """Return text and URL of each line of `links` that has both."""
        pairs = (line.strip().rpartition(" ") for line in self.links.splitlines())
        return [
            (words, address)
            for words, _, address in pairs
            if words and address.startswith(("https://", "http://"))
        ]
