"""The edition of a report: its chapters as web pages below the report's own URL."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import Resolver404
from django.utils.functional import cached_property
from wagtail.contrib.redirects.models import Redirect
from wagtail.url_routing import RouteResult

from bhp_site.core.pages import BasePage
from bhp_site.core.schema import build_breadcrumbs

from .chapters import WHOLE_EDITION, Chapter, assign_slugs
from .edition_views import EditionView, build_chapter_entries, find_view, render_chapters

# The first segment of the URL of everything in an edition.
EDITION_PATH = "read"


class EditionMixin(BasePage):
    """A page with chapters that visitors read at URLs below its own."""

    class Meta:
        abstract = True

    @cached_property
    def edition(self) -> list[Chapter]:
        """Return the chapters in order, each with a slug."""
        chapters = list(self.chapters.all())
        assign_slugs(chapters)
        return chapters

    @property
    def pdf_pages(self) -> int:
        """Return the number of pages of the report's PDF; 0 without one."""
        pdf = self.pdf
        return (pdf.pages or 0) if pdf else 0

    @property
    def chapters_beyond_pdf(self) -> list[Chapter]:
        """Return the chapters that name a page which the PDF no longer has."""
        last = self.pdf_pages
        return [
            chapter for chapter in self.edition if last and chapter.page and chapter.page > last
        ]

    @property
    def open_note_count(self) -> int:
        """Return the number of editors' notes that remain in the chapters."""
        blocks = (block for chapter in self.edition for block in chapter.body.raw_data)
        return sum(block["type"] == "note" for block in blocks)

    def get_edition_url(self, request: HttpRequest | None = None, path: str = "") -> str:
        """Return the URL of the edition's contents, or of its part at `path`.

        It is a path, or a full URL if the page is on another site than `request`.
        """
        return f"{self.get_url(request) or '/'}{EDITION_PATH}/{path and f'{path}/'}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with a slug for each chapter, and redirect from former slugs of live chapters."""
        assign_slugs(self.chapters.all())
        slugs_before = dict(Chapter.objects.filter(report=self.pk).values_list("pk", "slug"))
        super().save(*args, **kwargs)
        self.__dict__.pop("edition", None)
        for chapter in self.chapters.all() if self.live else []:
            old_slug = slugs_before.get(chapter.pk, chapter.slug)
            if old_slug != chapter.slug:
                Redirect.objects.update_or_create(
                    old_path=Redirect.normalise_path(self.get_edition_url(None, old_slug)),
                    site=None,
                    defaults={
                        "redirect_page": self,
                        "redirect_page_route_path": f"/{EDITION_PATH}/{chapter.slug}/",
                    },
                )

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        """Save a revision with a slug for each chapter, and return it."""
        self.__dict__.pop("edition", None)
        assign_slugs(self.chapters.all())
        return super().save_revision(*args, **kwargs)

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Return the route of a part of the edition at `/read/…`; raise Http404 for none."""
        if path_components[:1] != [EDITION_PATH] or len(path_components) > 2 or not self.live:
            return super().route(request, path_components)
        view = find_view(self.edition, "".join(path_components[1:]))
        if view is None:
            raise Http404("There is no such chapter.")
        return RouteResult(self, kwargs={"edition_view": view})

    def get_route_paths(self) -> list[str]:
        """Return the paths below the report that are redirected when its URL changes."""
        paths = ["", WHOLE_EDITION, *(chapter.slug for chapter in self.edition)]
        edition_paths = (f"/{EDITION_PATH}/{path and f'{path}/'}" for path in paths)
        return ["/", *(edition_paths if self.edition else ())]

    def resolve_subpage(self, path: str) -> EditionView:
        """Return the view that a redirect to `path` below the report shows; raise Resolver404."""
        first, _, part = path.strip("/").partition("/")
        view = find_view(self.edition, part)
        if first != EDITION_PATH or view is None:
            raise Resolver404(path)
        return view

    def get_address(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Return the canonical path of the part that is viewed, else of the page."""
        view = kwargs.get("edition_view")
        return self.get_edition_url(request, view.path) if view else super().get_address(request)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """Return the preview modes: the report, the edition's contents and whole, each chapter."""
        if not self.edition:
            return [("", "Report")]
        return [
            ("", "Report"),
            (EDITION_PATH, "Read online: contents"),
            (f"{EDITION_PATH}/{WHOLE_EDITION}", "Read online: all"),
            *((f"{EDITION_PATH}/{c.slug}", f"Chapter “{c.title}”") for c in self.edition),
        ]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        """Return the template for a preview mode."""
        return self.get_template(request, **self._get_preview_kwargs(mode_name))

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """Return the template context for a preview mode."""
        return self.get_context(request, **self._get_preview_kwargs(mode_name))

    def _get_preview_kwargs(self, mode_name: str | None) -> dict[str, Any]:
        """Return what `route` would pass on; the contents if the chapter has been removed."""
        if not mode_name:
            return {}
        path = mode_name.partition("/")[2]
        view = find_view(self.edition, path) or find_view(self.edition, "")
        return {"edition_view": view} if view else {}

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        """Return the template of the part that is viewed, else of the page."""
        if view := kwargs.get("edition_view"):
            return f"reports/edition_{view.name}.html"
        template: str = super().get_template(request, *args, **kwargs)
        return template

    def get_edition_context(self, request: HttpRequest, view: EditionView) -> dict[str, Any]:
        """Return the context of the edition's templates."""
        url = self.get_edition_url(request)
        entries = build_chapter_entries(view, url)
        chapter = view.chapter
        index = view.chapters.index(chapter) if chapter else 0
        return BasePage.get_context(self, request, edition_view=view) | {
            "edition_title": self._get_edition_title(view),
            "heading": chapter.title if chapter else self.title,
            "description": chapter.description if chapter else self.description,
            "edition_url": url,
            "whole_url": self.get_edition_url(request, WHOLE_EDITION),
            "entries": entries,
            "texts": [] if view.name == "contents" else render_chapters(entries, view, request),
            "current": entries[index] if chapter else None,
            "previous": entries[index - 1] if chapter and index else None,
            "next": entries[index + 1] if chapter and index + 1 < len(entries) else None,
        }

    def _get_edition_title(self, view: EditionView) -> str:
        """Return the title for browsers and search engines."""
        part = "All of it" if view.is_whole else "Contents"
        return f"{view.chapter.title if view.chapter else part} – {self.title}"

    def build_schema_nodes(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> list[dict[str, Any]]:
        """Return schema.org nodes: the report or the chapter as its part, and the breadcrumbs."""
        view = kwargs.get("edition_view")
        if view is None:
            return super().build_schema_nodes(request, *args, **kwargs)
        base = self.get_full_url(request) or ""
        trail = [("Read online", f"{base}{EDITION_PATH}/")]
        if view.chapter is None:
            if view.is_whole:
                trail.append(("On one page", f"{base}{EDITION_PATH}/{WHOLE_EDITION}/"))
            return [*self.build_schema(request), build_breadcrumbs(self, request, trail)]
        node = self.build_chapter_schema(base, self.edition.index(view.chapter) + 1, view.chapter)
        trail.append((node["name"], node["url"]))
        node["isPartOf"] = {
            "@type": self.schema_type,
            "@id": f"{base}#page",
            "name": self.title,
            "url": base,
        }
        return [node, build_breadcrumbs(self, request, trail)]

    def build_chapter_schema(self, base: str, position: int, chapter: Chapter) -> dict[str, Any]:
        """Return the schema.org node of a chapter: report URL `base`, `position` from 1."""
        url = f"{base}{EDITION_PATH}/{chapter.slug}/"
        node = {
            "@type": "Chapter",
            "@id": f"{url}#page",
            "name": chapter.title,
            "url": url,
            "position": position,
        }
        if chapter.page and chapter.page <= self.pdf_pages:
            node["pageStart"] = chapter.page
        return node
