"""A report at addresses of its own to be read online: contents, chapters, and the whole."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import Resolver404
from django.utils.functional import cached_property
from wagtail.contrib.redirects.models import Redirect
from wagtail.url_routing import RouteResult

from bhp_site.core.pages import BasePage
from bhp_site.core.schema import breadcrumbs

from .chapters import WHOLE, Chapter, give_addresses
from .reading import Reading, parts_of, reading_of, texts_of

READ = "read"


class WithEdition(BasePage):
    """A report whose chapters can be read online, at addresses below its own."""

    class Meta:
        abstract = True

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        if path_components[:1] != [READ] or len(path_components) > 2 or not self.live:
            return super().route(request, path_components)
        reading = reading_of(self.edition, "".join(path_components[1:]))
        if reading is None:
            raise Http404("There is no such chapter.")
        return RouteResult(self, kwargs={"reading": reading})

    @cached_property
    def edition(self) -> list[Chapter]:
        """Its chapters in order, each with an address."""
        chapters = list(self.chapters.all())
        give_addresses(chapters)
        return chapters

    @property
    def pdf_pages(self) -> int:
        """Return the number of pages of its PDF; 0 without one."""
        pdf = self.pdf
        return (pdf.pages or 0) if pdf else 0

    @property
    def chapters_beyond_pdf(self) -> list[Chapter]:
        """Return the chapters that name a page which the PDF no longer has."""
        last = self.pdf_pages
        return [one for one in self.edition if last and one.page and one.page > last]

    @property
    def notes_left(self) -> int:
        """How many places of it an editor has still to look at."""
        raw = (part for chapter in self.edition for part in chapter.body.raw_data)
        return sum(part["type"] == "note" for part in raw)

    def reading_url(self, request: HttpRequest | None = None, part: str = "") -> str:
        """The path of its edition, or of a part of it."""
        return f"{self.get_url(request) or '/'}{READ}/{part and f'{part}/'}"

    def address(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        reading = kwargs.get("reading")
        return self.reading_url(request, reading.part) if reading else super().address(request)

    def get_route_paths(self) -> list[str]:
        """Addresses that lead on where the report gets another one."""
        parts = ["", WHOLE, *(chapter.slug for chapter in self.edition)]
        return ["/", *(f"/{READ}/{part and f'{part}/'}" for part in parts if self.edition)]

    def resolve_subpage(self, path: str) -> Reading:
        """What a redirect to `path` below the report leads to; Resolver404 for nothing."""
        first, _, part = path.strip("/").partition("/")
        reading = reading_of(self.edition, part)
        if first != READ or reading is None:
            raise Resolver404(path)
        return reading

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Chapters get their addresses; the one that a published chapter had leads to it."""
        give_addresses(self.chapters.all())
        before = dict(Chapter.objects.filter(report=self.pk).values_list("pk", "slug"))
        super().save(*args, **kwargs)
        self.__dict__.pop("edition", None)
        for chapter in self.chapters.all() if self.live else []:
            if before.get(chapter.pk, chapter.slug) != chapter.slug:
                Redirect.objects.update_or_create(
                    old_path=Redirect.normalise_path(self.reading_url(None, before[chapter.pk])),
                    site=None,
                    defaults={
                        "redirect_page": self,
                        "redirect_page_route_path": f"/{READ}/{chapter.slug}/",
                    },
                )

    def save_revision(self, *args: Any, **kwargs: Any) -> Any:
        self.__dict__.pop("edition", None)
        give_addresses(self.chapters.all())
        return super().save_revision(*args, **kwargs)

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """What the editor may look at: the report, its edition, and each chapter."""
        if not self.edition:
            return [("", "Report")]
        chapters = [(f"{READ}/{one.slug}", f"Chapter “{one.title}”") for one in self.edition]
        whole = [(READ, "Read online: contents"), (f"{READ}/{WHOLE}", "Read online: all")]
        return [("", "Report"), *whole, *chapters]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return self.get_template(request, **self._asked_for(mode_name))

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        return self.get_context(request, **self._asked_for(mode_name))

    def _asked_for(self, mode_name: str | None) -> dict[str, Any]:
        """What `route` would have found; the contents where a chapter is gone meanwhile."""
        if not mode_name:
            return {}
        part = mode_name.partition("/")[2]
        reading = reading_of(self.edition, part) or reading_of(self.edition, "")
        return {"reading": reading} if reading else {}

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        if reading := kwargs.get("reading"):
            return f"reports/read_{reading.name}.html"
        template: str = super().get_template(request, *args, **kwargs)
        return template

    def reading_context(self, request: HttpRequest, reading: Reading) -> dict[str, Any]:
        """What the templates of the edition need."""
        url = self.reading_url(request)
        parts = parts_of(reading, url)
        place = reading.chapters.index(reading.chapter) if reading.chapter else 0
        return BasePage.get_context(self, request) | {
            "reading_title": self.reading_title(reading),
            "heading": reading.chapter.title if reading.chapter else self.title,
            "description": reading.chapter.description if reading.chapter else self.description,
            "schema": self.reading_schema(request, reading),
            "reading_url": url,
            "whole_url": self.reading_url(request, WHOLE),
            "parts": parts,
            "texts": [] if reading.name == "contents" else texts_of(parts, reading, request),
            "here": parts[place] if reading.chapter else None,
            "before": parts[place - 1] if reading.chapter and place else None,
            "after": parts[place + 1] if reading.chapter and place + 1 < len(parts) else None,
        }

    def reading_title(self, reading: Reading) -> str:
        """As browsers and search engines show it."""
        first = "Contents" if reading.name == "contents" else "All of it"
        return f"{reading.chapter.title if reading.chapter else first} – {self.title}"

    def reading_schema(self, request: HttpRequest, reading: Reading) -> list[dict[str, Any]]:
        """The edition, or the chapter as a part of the report, and the way there."""
        base = self.get_full_url(request) or ""
        way = [("Read online", f"{base}{READ}/")]
        if reading.chapter is None:
            if reading.whole:
                way.append(("On one page", f"{base}{READ}/{WHOLE}/"))
            return [*self.schema(request), breadcrumbs(self, request, way)]
        position = self.edition.index(reading.chapter) + 1
        node = self.chapter_schema(base, position, reading.chapter)
        way.append((node["name"], node["url"]))
        node["isPartOf"] = {
            "@type": self.schema_type,
            "@id": f"{base}#page",
            "name": self.title,
            "url": base,
        }
        return [node, breadcrumbs(self, request, way)]

    def chapter_schema(self, base: str, position: int, chapter: Chapter) -> dict[str, Any]:
        """A chapter, from 1, of the report whose whole address is `base`."""
        url = f"{base}{READ}/{chapter.slug}/"
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
