import datetime
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

from django import template
from django.core.paginator import Page as Slice
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import is_aware, localtime

from bhp_site.core.images import renditions
from bhp_site.core.page_contents import anchor_blocks, find_headings
from bhp_site.core.rich_text import render_rich_text
from bhp_site.core.text.line_breaks import keep_together
from bhp_site.core.text.sizes import format_size

register = template.Library()

TITLES = {"Baroness", "Dame", "Dr", "Lady", "Lord", "Mr", "Mrs", "Ms", "Prof", "Professor", "Sir"}

# As in Django's `json_script`: characters that could end the element, or the string in HTML.
JSON_ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


# Pages show an image up to this width, in CSS pixels.
MAX_WIDTH_ON_PAGE = 720
# On a wide screen the image of one of the first blocks of a page is seen without scrolling.
MAX_EAGER_BLOCKS = 3


@register.simple_tag
def json_ld(*nodes: Any) -> SafeString:
    """Return a JSON-LD `script` element with these schema.org nodes, single or in lists.

    Text in the nodes is escaped so that it cannot end the element.
    """
    graph = [n for node in nodes if node for n in (node if isinstance(node, list) else [node])]
    data = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(data.translate(JSON_ESCAPES)),
    )


size = register.filter("size", format_size)
with_anchors = register.filter("with_anchors", anchor_blocks)
with_document_facts = register.filter("with_document_facts", render_rich_text)


@register.filter("keep_together")
def keep_text_together(text: object) -> str:
    """Return a text, or what a field that may be empty has, as `keep_together` does."""
    return keep_together(str(text or ""))


@register.filter
def initials(name: str) -> str:
    """Return the initials of first and last name, titles left out: “Professor Jo Lee” → “JL”."""
    parts = [part for part in name.split() if part[:1].isalpha()]
    while len(parts) > 1 and parts[0].rstrip(".") in TITLES:
        del parts[0]
    return "".join(part[0] for part in (parts[:1] + parts[1:][-1:])).upper()


@register.filter
def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, which blank lines separate."""
    return [part.strip() for part in text.replace("\r", "").split("\n\n") if part.strip()]


@register.filter
def document_facts(document: Any) -> list[str]:
    """Return facts besides format and size: “36 pages”, “English”, what the check found.

    Only a document in which the check found no fault is called tagged for screen readers.
    """
    facts = []
    if document.pages:
        facts.append("1 page" if document.pages == 1 else f"{document.pages} pages")
    if document.language:
        facts.append(document.language_name)
    if document.has_text is False:
        facts.append("scanned, without a text layer")
    elif document.is_tagged is False:
        facts.append("not tagged for screen readers")
    elif document.has_faults:
        facts.append("some accessibility problems")
    elif document.is_tagged:
        facts.append("tagged for screen readers")
    return facts


@register.filter
def html_datetime(moment: datetime.date) -> str:
    """Return a date, or a time to the second, as a `datetime` attribute in HTML takes it."""
    if isinstance(moment, datetime.datetime):
        moment = localtime(moment) if is_aware(moment) else moment
        return moment.isoformat(timespec="seconds")
    return moment.isoformat()


@register.filter
def site_name(url: str) -> str:
    """Return the host of a URL without “www.”: “https://www.bham.ac.uk/” → “bham.ac.uk”."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@register.filter
def within(path: str, section: str) -> bool:
    """Return whether `path` is at or below the path `section`; False if `section` is “/”."""
    return section != "/" and path.startswith(section)


@register.filter
def find_menu_entry(pages: list[dict[str, str]], url: str) -> dict[str, str] | None:
    """Return the menu entry for `url`; None if there is none."""
    return next((page for page in pages or [] if page["url"] == url), None)


@register.filter
def item(mapping: dict[str, Any], key: Any) -> Any:
    """Return `mapping[str(key)]`; "" if it is missing."""
    return (mapping or {}).get(str(key), "")


@register.filter
def page_numbers(part: Slice) -> list[int | str]:
    """Return the page numbers to link to around the page `part`, with an ellipsis for each gap."""
    return list(part.paginator.get_elided_page_range(part.number, on_each_side=1, on_ends=1))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """Return the query string with `changes`, such as `?kind=award&page=2`; None removes one."""
    params: QueryDict = context["request"].GET.copy()
    for key, value in changes.items():
        params.pop(key, None)
        if value not in (None, ""):
            params[key] = value
    return f"?{params.urlencode()}" if params else "?"


@register.simple_tag(takes_context=True)
def page_query(context: dict[str, Any], part: Slice, number: int) -> str:
    """Return the query string for page `number` of the listing `part`, and its anchor.

    A page may have several listings, each with a query parameter of its own.
    """
    name = getattr(part, "parameter", "page")
    query_string = query(context, **{name: None if number == 1 else number})
    return query_string if name == "page" else f"{query_string}#{name}"


@register.simple_block_tag
def with_page_contents(content: str, css: str = "") -> SafeString:
    """Return `content` below a list of its main headings, if it has several; `css` is its class."""
    headings = find_headings(content)
    contents = {"headings": headings, "css": css}
    nav = render_to_string("components/page_contents.html", contents) if headings else ""
    return mark_safe(f"{nav}{content}")


@register.filter
def widest_rendition(image: Any) -> renditions.RenditionFile | None:
    """Return the widest rendition of `image`; None if pages show it as large as that anyway."""
    files = renditions.get_rendition_files(image, "jpeg")
    files = files or renditions.get_rendition_files(image, "webp")
    return files[-1] if files and files[-1].width > MAX_WIDTH_ON_PAGE else None


@register.simple_tag
def part_title(title: str, chosen: Any = None, number: Any = None) -> str:
    """Return the title of a page of a listing, such as “News, Award, 2021, page 2”.

    `chosen` is the filter with its values, `number` the page number; both may be None.
    """
    part = [f"page {number}"] if number and number > 1 else []
    return ", ".join([title, *(chosen.labels.values() if chosen else []), *part])


@register.simple_tag
def part_url(url: str, chosen: Any = None, number: Any = None) -> str:
    """Return the canonical URL of a page of a listing, without other query parameters.

    `chosen` is the filter with its values, `number` the page number; both may be None.
    """
    part = {"page": number} if number and number > 1 else {}
    query = urlencode((chosen.values if chosen else {}) | part)
    return f"{url}?{query}" if query else url


def build_srcset(files: list[renditions.RenditionFile]) -> str:
    """Return renditions as a `srcset` attribute in HTML takes them: “/a.webp 320w, …”."""
    return ", ".join(f"{file.url} {file.width}w" for file in files)


@register.inclusion_tag("components/picture.html")
def picture(
    image: Any,
    sizes: str,
    alt: str | None = None,
    css: str = "",
    first: bool = False,
    position: int | None = None,
) -> dict[str, Any]:
    """Render a `picture` element with every rendition of `image`; the browser picks one.

    `sizes` as in HTML; `alt` overrides the image's description ("" for decoration). `first` loads
    early what is visible without scrolling. `position` is the number of the image's block on its
    page: what may be visible without scrolling is not loaded lazily.
    """
    files_by_format = [
        (kind, renditions.get_rendition_files(image, kind)) for kind in ("avif", "webp")
    ]
    # Where there is no JPEG, any other size is better than none.
    others = [files for _, files in reversed(files_by_format) if files]
    fallback = renditions.get_rendition_files(image, "jpeg") or (others[0] if others else [])
    return {
        "sources": [(kind, build_srcset(files)) for kind, files in files_by_format if files],
        "srcset": build_srcset(fallback),
        "widest": fallback[-1] if fallback else None,
        "sizes": sizes,
        "alt": image.default_alt_text if alt is None else alt,
        "css": css,
        "first": first,
        "lazy": not position or position > MAX_EAGER_BLOCKS,
    }
