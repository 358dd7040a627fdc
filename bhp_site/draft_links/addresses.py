"""Replace the addresses in the HTML of a shared draft.

What the draft offers is served under the link's own address. Links to pages that visitors may not
see are removed; everything else is public and stays as it is.
"""

import re
from collections.abc import Iterable
from html import escape, unescape
from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest
from wagtail.models import Page, Site

from bhp_site.core.visibility import get_visible_pages

from .shared_draft import SharedDraft

# Django's templates write every attribute in double quotes.
ADDRESS_ATTRIBUTE = re.compile(r'\s(?P<name>href|src|srcset)="(?P<value>[^"]*)"')
DOCUMENT_PATH = re.compile(r"/documents/(?P<slug>[\w-]+)(?:/v\d+)?\.\w+", re.ASCII)
# The form refuses documents that are not public.
COPY_REQUEST_PATH = re.compile(r"/accessible-copy/(?P<slug>[\w-]+)/", re.ASCII)
IMAGE_PATH = re.compile(r"/pictures/(?P<name>[^/]+)")
FIGURES_PATH = re.compile(r"/charts/(?P<page>\d+)/[\w-]+\.csv", re.ASCII)


class AddressReplacement:
    """Replaces addresses in the pages that one link shows."""

    def __init__(self, draft: SharedDraft, request: HttpRequest) -> None:
        self.draft = draft
        self.site = Site.find_for_request(request)
        self.hosts = {"", request.get_host(), urlsplit(self.site.root_url).netloc}
        documents = (d for d in draft.documents.values() if draft.offers(d))
        self.slugs = {document.slug for document in documents}
        self.image_names = {
            name
            for image in draft.images.values()
            if draft.offers(image)
            for files in image.sizes.values()
            for name, *_ in files
        }
        self.page_paths = {
            page.get_url(request): draft.get_page_path(page) for page in draft.pages.values()
        }
        self.hidden_paths: set[str] = set()

    def apply(self, html: str) -> str:
        """Return `html` with this link's addresses, without links to hidden pages."""
        paths = {path for value in self._iter_values(html) if (path := self._get_local_path(value))}
        self.hidden_paths = self._find_hidden(paths - self.page_paths.keys())
        return ADDRESS_ATTRIBUTE.sub(self._replace_attribute, html)

    @staticmethod
    def _iter_values(html: str) -> Iterable[str]:
        return (unescape(match["value"]) for match in ADDRESS_ATTRIBUTE.finditer(html))

    def _get_local_path(self, url: str) -> str:
        """Return the path of a URL on this site; "" for any other."""
        parts = urlsplit(url)
        is_local = parts.scheme in ("", "http", "https") and parts.netloc in self.hosts
        return parts.path if is_local else ""

    def _find_hidden(self, paths: set[str]) -> set[str]:
        """Return those of `paths` that belong to pages which not every visitor may see."""
        root = self.site.root_page.url_path.rstrip("/")
        pages = Page.objects.filter(url_path__in=[f"{root}{path}" for path in paths])
        hidden = pages.exclude(pk__in=get_visible_pages().filter(pk__in=pages))
        return {path.removeprefix(root) for path in hidden.values_list("url_path", flat=True)}

    def _replace_attribute(self, match: re.Match[str]) -> str:
        name, value = match["name"], unescape(match["value"])
        if name == "srcset":
            candidates = (candidate.strip().partition(" ") for candidate in value.split(","))
            sources = [(self._replace_url(url) or "", size) for url, _, size in candidates]
            return (
                f' srcset="{escape(", ".join(f"{url} {size}".strip() for url, size in sources))}"'
            )
        url = self._replace_url(value)
        return "" if url is None else f' {name}="{escape(url)}"'

    def _replace_url(self, url: str) -> str | None:
        """Return the address to use in place of `url`; None for no link at all."""
        path = self._get_local_path(url)
        if not path:
            return url
        copy_request = COPY_REQUEST_PATH.fullmatch(path)
        if path in self.hidden_paths or (copy_request and copy_request["slug"] in self.slugs):
            return None
        new_path = self._get_path_below_link(path)
        parts = urlsplit(url)
        return urlunsplit(("", "", new_path, parts.query, parts.fragment)) if new_path else url

    def _get_path_below_link(self, path: str) -> str:
        """Return where the link serves what is, or will be, public at `path`; "" if it does not."""
        if (
            ((match := DOCUMENT_PATH.fullmatch(path)) and match["slug"] in self.slugs)
            or ((match := IMAGE_PATH.fullmatch(path)) and match["name"] in self.image_names)
            or ((match := FIGURES_PATH.fullmatch(path)) and int(match["page"]) in self.draft.pages)
        ):
            return self.draft.get_path(path.removeprefix("/"))
        for page, (public, private) in zip(
            self.draft.pages.values(), self.page_paths.items(), strict=True
        ):
            if path == public:
                return private
            if path.startswith(f"{public}read/"):
                return self.draft.get_path(f"pages/{page.pk}/{path.removeprefix(public)}")
        return ""
