"""The form of a redirect: what is saved works, and what would not work is refused."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.urls import Resolver404, resolve
from wagtail.contrib.redirects.forms import RedirectForm
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from bhp_site.core.redirects import RedirectTable, is_reserved, split_address
from bhp_site.files.models import SiteDocument
from bhp_site.files.versions.models import FormerAddress

MAX_CHAIN_LENGTH = 20


class SiteRedirectForm(RedirectForm):
    """Wagtail's form; refuses a redirect that would never act, or never arrive."""

    def clean_old_path(self) -> str:
        """Return the old path; raise ValidationError if it is not a path."""
        old_path: str = self.cleaned_data["old_path"]
        try:
            Redirect.normalise_path(old_path)
        except ValueError as error:
            raise ValidationError(
                "Enter an address as your browser shows it, for example “/old-page/”."
            ) from error
        return old_path

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error for a reserved path, a bad target or a loop."""
        # Past Wagtail's look for duplicates, which knows one spelling of an address only.
        super(RedirectForm, self).clean()
        cleaned: dict[str, Any] = self.cleaned_data
        old_path = cleaned.get("old_path")
        if not old_path:
            return cleaned
        for name, check in [
            ("old_path", self._check_old_path),
            ("redirect_link", self._check_target),
            ("old_path", self._check_chain),
        ]:
            if self.errors:
                break
            try:
                check(Redirect.normalise_path(old_path))
            except ValidationError as error:
                self.add_error(name, error)
        return cleaned

    def _check_old_path(self, old_path: str) -> None:
        path, query = split_address(old_path)
        if "#" in self.cleaned_data["old_path"]:
            raise ValidationError(
                "Browsers do not send what follows “#”. Enter the address up to the “#”."
            )
        if is_reserved(path):
            raise ValidationError(
                f"The site itself uses addresses that begin with “{path}”. Enter another one."
            )
        if self._find_duplicate(path, query):
            raise ValidationError(
                "There is already a redirect from this address. Capital letters make no difference."
            )
        if not query and is_answered(path, self.cleaned_data.get("site")):
            raise ValidationError(
                f"There is a page or document at “{path}”, so the redirect would have no effect. "
                "Move or unpublish the page or document first, or redirect from another address."
            )

    def _find_duplicate(self, path: str, query: str) -> bool:
        site = self.cleaned_data.get("site")
        others = Redirect.objects.filter(site=site).exclude(pk=self.instance.pk)
        folded = path.casefold(), query.casefold()
        return any(
            tuple(part.casefold() for part in split_address(other)) == folded
            for other in others.values_list("old_path", flat=True)
        )

    def _check_target(self, old_path: str) -> None:
        page, link = self.cleaned_data.get("redirect_page"), self.cleaned_data.get("redirect_link")
        if not page and not link:
            raise ValidationError("Choose a page, or enter the address to redirect to.")
        if page and link:
            raise ValidationError("Choose a page or enter an address, not both.")

    def _check_chain(self, old_path: str) -> None:
        page, link = self.cleaned_data.get("redirect_page"), self.cleaned_data.get("redirect_link")
        steps = get_redirect_steps(old_path, page.url if page else link, self.instance.pk)
        if steps:
            raise ValidationError(
                "This redirect leads back to itself: {}. Redirect to another address.".format(
                    " → ".join(f"“{step}”" for step in steps)
                )
            )


def get_redirect_steps(old_path: str, target: str | None, skipped: int | None = None) -> list[str]:
    """Return the steps of the redirects from `old_path` via `target` if they loop, else [].

    A chain of MAX_CHAIN_LENGTH steps counts as a loop. The redirect with the key `skipped` is the
    one that is being changed.
    """
    site = Site.objects.filter(is_default_site=True).first()
    table = RedirectTable.build(site)
    old = tuple(part.casefold() for part in split_address(old_path))
    steps = [old_path]
    while target and (address := get_own_address(target)) and len(steps) < MAX_CHAIN_LENGTH:
        steps.append(address)
        path, query = split_address(address)
        key = path.casefold(), query.casefold()
        if key == old or (key[0], "") == old:
            return steps
        redirect_key = table.find(path, query) if query else None
        if not redirect_key and is_answered(path, site):
            return []
        redirect_key = redirect_key or table.find_for(address)
        redirect = (
            Redirect.objects.filter(pk=redirect_key).exclude(pk=skipped).first()
            if redirect_key
            else None
        )
        target = redirect.link if redirect else None
    # What goes on for so long goes round somewhere.
    return steps if len(steps) == MAX_CHAIN_LENGTH else []


def get_own_address(url: str) -> str:
    """Return the path and query of `url` if it is on this site, else ""."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    hosts = {settings.SITE_HOST, *Site.objects.values_list("hostname", flat=True)}
    if parts.netloc and parts.hostname not in hosts:
        return ""
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def is_answered(path: str, site: Site | None) -> bool:
    """Return True if `path` on `site` is not a 404 for visitors or signed-in users."""
    return FormerAddress.objects.filter(path=path).exists() or any(
        _is_answered(candidate, site) for candidate in (path, f"{path.rstrip('/')}/")
    )


def _is_answered(path: str, site: Site | None) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.view_name == "document":
        return SiteDocument.objects.filter(slug=match.kwargs["slug"]).exists()
    if match.view_name != "wagtail_serve":
        # An address of its own, such as a feed; those with variable parts may answer 404.
        return not match.kwargs
    site = site or Site.objects.filter(is_default_site=True).first()
    request = HttpRequest()
    request.method, request.path = "GET", path
    try:
        if site:
            site.root_page.specific.route(request, [part for part in path.split("/") if part])
    except Http404:
        return False
    return site is not None
