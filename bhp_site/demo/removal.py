"""Remove the demonstration content, except what somebody has changed or uses."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from wagtail.log_actions import registry
from wagtail.models import Page, ReferenceIndex, Site

from bhp_site.alerts.models import Subscription
from bhp_site.core.models import SiteImage, SiteSettings
from bhp_site.draft_links.models import DraftLink
from bhp_site.enquiries.models import AccessibleCopy
from bhp_site.files.models import SiteDocument
from bhp_site.funding.models import Funder
from bhp_site.home.bootstrap import INDEX_PAGES, bootstrap_site
from bhp_site.home.models import HomePage
from bhp_site.home.starting_pages import create_starting_pages
from bhp_site.press.models import ReleaseRecipient
from bhp_site.sign_off.models import SignOff
from partners.models import Person

from .content import funders, images, news, pages, partners, people, reports, themes
from .content import home as home_content
from .content.release import RELEASE

# What people outside the admin have done with a page or document, which would be deleted with it.
USED_BY_PEOPLE: tuple[tuple[type[models.Model], str, str], ...] = (
    (Subscription, "page", "somebody gets e-mail alerts about it"),
    (DraftLink, "page", "its draft was sent to somebody"),
    (SignOff, "page", "somebody was asked to approve it"),
    (ReleaseRecipient, "page", "it was sent to the press"),
    (AccessibleCopy, "original", "it has accessible copies"),
)
# Of those, the fields that are empty in what `load` has made for its release in preparation.
EMPTY_IN_DEMONSTRATION: dict[type[models.Model], str] = {
    DraftLink: "created_by",
    SignOff: "requested_by",
}


class Removal:
    """The objects of the demonstration: those to be removed, and those that stay, with reasons."""

    def __init__(self) -> None:
        self.objects: dict[tuple[type[models.Model], Any], Any] = {
            get_key(instance): instance for instance in iter_demonstration()
        }
        self.kept: dict[tuple[type[models.Model], Any], str] = {}
        for key, instance in self.objects.items():
            if reason := find_reason(instance):
                self.kept[key] = reason
        self._keep_what_is_used()

    @property
    def removable(self) -> list[Any]:
        """Return the objects to be removed."""
        return [instance for key, instance in self.objects.items() if key not in self.kept]

    def describe_kept(self) -> list[str]:
        """Return a line for each object that stays."""
        return [describe(self.objects[key]) + f": {reason}" for key, reason in self.kept.items()]

    def _keep_what_is_used(self) -> None:
        """Keep what the objects that stay refer to, or are below, until nothing is added."""
        count = -1
        while count != len(self.kept):
            count = len(self.kept)
            removable = {key for key in self.objects if key not in self.kept}
            for key in removable:
                instance = self.objects[key]
                if user := self._find_user(instance, removable):
                    self.kept[key] = f"“{user}” uses it"

    def _find_user(self, instance: Any, removable: set[tuple[type[models.Model], Any]]) -> Any:
        """Return an object that stays and refers to `instance`, or is below or above it."""
        if isinstance(instance, Page):
            for page in instance.get_descendants():
                if get_key(page) not in removable:
                    return page
            for page in instance.get_ancestors():
                if get_key(page) in self.kept:
                    return page
        for reference in ReferenceIndex.get_references_to(instance):
            model = ContentType.objects.get_for_id(reference.base_content_type_id).model_class()
            if model is None or (model, reference.object_id) in removable:
                continue
            user = model._default_manager.filter(pk=reference.object_id).first()
            if user is not None and get_key(user) not in removable:
                return user
        return None

    def remove(self) -> None:
        """Delete the removable objects."""
        # Pages first: they refer to the others. Later pages first: some are below earlier ones.
        removable = self.removable
        for page in sorted((o for o in removable if isinstance(o, Page)), key=lambda o: -o.depth):
            # Deleting others has changed the tree.
            Page.objects.get(pk=page.pk).delete()
        for instance in removable:
            if not isinstance(instance, Page):
                instance.delete()


def remove(confirm: Callable[[], bool], report: Callable[[str], Any]) -> bool:
    """Remove the demonstration if `confirm` returns True; return True if it was removed.

    `report` is called before with each line about what is removed and what stays. The settings
    and texts of home and index pages are reset where nobody has changed them. Afterwards the site
    is like a new one.
    """
    with transaction.atomic():
        reset_texts()
        removal = Removal()
        for line in removal.describe_kept():
            report(f"Stays: {line}")
        for model, count in count_by_type(removal.removable).items():
            report(f"Removed: {count} {model}")
        if not confirm():
            transaction.set_rollback(True)
            return False
        removal.remove()
        home = bootstrap_site()
        create_starting_pages(home)
    return True


def iter_demonstration() -> Iterator[Any]:
    """Yield what `load` has created, by name, if no user has created it."""
    slugs = {item.slug for group in PAGE_GROUPS for item in group}
    demonstration = Page.objects.filter(owner=None, slug__in=slugs, depth__gt=2).specific()
    paths = [page.path for page in demonstration]
    yield from demonstration
    for page in Page.objects.filter(owner=None, depth__gt=3).exclude(slug__in=slugs).specific():
        # Quotes, below the news of the demonstration.
        if any(page.path.startswith(path) for path in paths):
            yield page
    names = {person.name for person in people.SPEAKERS}
    yield from Person.objects.filter(name__in=names)
    yield from Funder.objects.filter(name__in=[item.name for item in funders.FUNDERS])
    files = [file.file for report in reports.REPORTS for file in report.files]
    documents = SiteDocument.objects.filter(
        slug__in=[Path(file).stem for file in files], uploaded_by_user=None
    )
    yield from documents
    titles = [image.title for image in images.IMAGES]
    # Those of the edition were read from its PDF.
    references = ReferenceIndex.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Page),
        object_id__in=[str(page.pk) for page in demonstration],
        to_content_type=ContentType.objects.get_for_model(SiteImage),
    )
    keys = {int(key) for key in references.values_list("to_object_id", flat=True)}
    keys |= {document.cover_id for document in documents if document.cover_id}
    yield from SiteImage.objects.filter(
        models.Q(title__in=titles) | models.Q(pk__in=keys), uploaded_by_user=None
    )


PAGE_GROUPS: tuple[Iterable[Any], ...] = (
    themes.THEMES,
    partners.PARTNERS,
    people.PEOPLE,
    pages.PAGES,
    reports.REPORTS,
    news.NEWS,
    (RELEASE,),
)


def find_reason(instance: Any) -> str:
    """Return why `instance` stays: a user has changed it, or people use it; "" if it need not."""
    entry = (
        registry.get_logs_for_instance(instance)
        .filter(user__isnull=False)
        .order_by("-timestamp")
        .first()
    )
    if entry:
        return f"{entry.user} changed it on {entry.timestamp:%-d %B %Y}"
    for model, field, reason in USED_BY_PEOPLE:
        related: Any = model._meta.get_field(field)
        if not isinstance(instance, related.related_model):
            continue
        rows = model._default_manager.filter(**{field: instance.pk})
        if empty := EMPTY_IN_DEMONSTRATION.get(model):
            rows = rows.exclude(**{empty: None})
        if rows.exists():
            return reason
    return ""


def reset_texts() -> None:
    """Reset the settings, and the texts of home and index pages, that are still as loaded."""
    home = HomePage.objects.get()
    settings = SiteSettings.for_site(Site.objects.get(root_page=home))
    reset_fields(settings, home_content.SETTINGS)
    settings.is_demonstration, settings.demonstration_page = False, None
    settings.save()
    if not find_reason(home):
        reset_fields(home, home_content.HOME)
        home.about_page = home.quote = None
        home.save_revision().publish()
    for model, title, slug, _ in INDEX_PAGES:
        page = model.objects.filter(slug=slug).first()
        if page and not find_reason(page) and slug in home_content.INDEXES:
            page.title, page.summary = title, ""
            page.save_revision().publish()


def reset_fields(instance: models.Model, loaded: dict[str, Any]) -> None:
    """Reset the fields of `instance` that have the value that was `loaded`."""
    for name, value in loaded.items():
        field: Any = instance._meta.get_field(name)
        if getattr(instance, name) == value and name != "title":
            setattr(instance, name, field.get_default())


def get_key(instance: Any) -> tuple[type[models.Model], str]:
    """Return what identifies an object in the reference index: base model and key as text."""
    parents = instance._meta.get_parent_list()
    return (parents[-1] if parents else type(instance)), str(instance.pk)


def describe(instance: Any) -> str:
    """Return the type and the name of `instance`."""
    return f"{instance._meta.verbose_name} “{instance}”"


def count_by_type(objects: Iterable[Any]) -> Counter[str]:
    """Return the number of objects by the name of their type."""
    return Counter(str(instance._meta.verbose_name_plural) for instance in objects)
