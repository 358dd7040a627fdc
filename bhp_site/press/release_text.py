"""The text of an announcement for the press: as HTML without styles, and as plain text.

E-mails and press packs use it. They cannot use the templates of the public pages, which need the
site's style sheet and link to addresses of this site without its host.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from bs4 import BeautifulSoup
from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import expand_db_html

from bhp_site.core.charts.figures import InvalidFigures, parse_figures
from bhp_site.core.models import SiteSettings
from bhp_site.core.text.sentences import join_list
from news.models import NewsPage, QuotePage
from news.quotations.parser import parse_quotation

# Tags of rich text that keep their meaning outside the site.
KEPT_TAGS = {"p", "ul", "ol", "li", "a", "b", "i", "strong", "em", "br"}


@dataclass(frozen=True)
class Piece:
    """A part of the text, as HTML and as plain text that says the same."""

    html: SafeString
    text: str


@dataclass(frozen=True)
class ReleaseQuotation:
    """The words of somebody, with their name and role."""

    paragraphs: Sequence[str]
    name: str
    attribution: str

    @property
    def speaker(self) -> str:
        """Return name, role and organisation: “Ed Smith, Chair, BHP”."""
        return join_list([self.name, self.attribution])

    @property
    def text(self) -> str:
        """Return the quotation in its marks, with the speaker below."""
        return "\n\n".join([*self.paragraphs, f"— {self.speaker}"])


@dataclass(frozen=True)
class ReleaseText:
    """An announcement as the press reads it."""

    page: NewsPage
    site: SiteSettings
    pieces: Sequence[Piece]
    quotations: Sequence[ReleaseQuotation]
    # “Under embargo until …”; empty once the announcement is public.
    embargo: str = ""
    # The address of the public page; empty before publication.
    address: str = ""

    @property
    def about_paragraphs(self) -> list[str]:
        """Return the paragraphs of “About Birmingham Health Partners”."""
        return [part.strip() for part in self.site.about.split("\n\n") if part.strip()]

    @property
    def contact_lines(self) -> list[str]:
        """Return the press contact, a line for name, e-mail address and telephone number."""
        site = self.site
        return [line for line in (site.press_name, site.press_email, site.press_phone) if line]

    @property
    def as_text(self) -> str:
        """Return the whole release as plain text, the embargo first, the address last."""
        parts = (self.embargo, self.body_text, self.address)
        return "\n\n".join(part for part in parts if part) + "\n"

    @property
    def body_text(self) -> str:
        """Return the release as plain text without embargo and address."""
        parts = [self.page.title, self.page.published, self.page.summary]
        parts += [piece.text for piece in self.pieces]
        if self.about_paragraphs or self.contact_lines:
            parts.append("Notes to editors")
        if self.about_paragraphs:
            parts += [f"About {self.site.name}", *self.about_paragraphs]
        if self.contact_lines:
            parts.append("\n".join(["Press contact", *self.contact_lines]))
        return "\n\n".join(part for part in parts if part)


@dataclass
class BlockRenderer:
    """Renders the blocks of one announcement.

    `image_names` are the paths of images beside the HTML by their keys; others are only named.
    """

    page: NewsPage
    image_names: Mapping[int, str] = field(default_factory=dict)

    def render(self, block: Any) -> Piece | None:
        """Return a block of the body; None if it shows nothing to the press."""
        renderers: dict[str, Callable[[Any], Piece | None]] = {
            "heading": self._render_heading,
            "paragraph": self._render_paragraph,
            "quote": self._render_quote,
            "figure": self._render_image,
            "download": self._render_download,
            "key_figures": self._render_key_figures,
            "table": self._render_table,
            "chart": self._render_chart,
            "video": self._render_video,
            "chosen_quote": self._render_chosen_quote,
        }
        return renderers[block.block_type](block.value)

    def _render_heading(self, value: str) -> Piece:
        return Piece(format_html("<h2>{}</h2>", value), str(value))

    def _render_paragraph(self, value: Any) -> Piece:
        return render_rich_text(value.source)

    def _render_quote(self, value: Any) -> Piece:
        return _render_quotation(read_quotation(value))

    def _render_chosen_quote(self, value: Any) -> Piece | None:
        quote = QuotePage.objects.visible().filter(pk=value.pk).first() if value else None
        if quote is None:
            return None
        return _render_quotation(ReleaseQuotation(quote.paragraphs, quote.name, quote.attribution))

    def _render_image(self, value: Any) -> Piece | None:
        image = value["image"]
        if image is None:
            return None
        caption = " ".join(filter(None, [value["caption"], image.credit])) or image.title
        text = f"[Image: {caption}]"
        if name := self.image_names.get(image.pk):
            alt = image.contextual_alt_text or ""
            html = '<figure><img src="{}" alt="{}"><figcaption>{}</figcaption></figure>'
            return Piece(format_html(html, name, alt, caption), text)
        return Piece(format_html("<p>{}</p>", text), text)

    def _render_download(self, value: Any) -> Piece | None:
        document = value["document"]
        if document is None or document.is_restricted or document.withdrawn_reason:
            return None
        text = f"Document: {value['label'] or document.title} ({document.format_name})"
        return Piece(format_html("<p>{}</p>", text), text)

    def _render_key_figures(self, value: Any) -> Piece:
        lines = []
        for figure in value:
            source = f" (Source: {figure['source']})" if figure["source"] else ""
            lines.append(f"{figure['number']} {figure['text']}{source}")
        html = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
        return Piece(format_html("<ul>{}</ul>", html), "\n".join(f"- {line}" for line in lines))

    def _render_table(self, value: Any) -> Piece:
        table = value["table"]
        heads = [column["heading"] for column in table.columns]
        rows = [[str(cell.value) for cell in row] for row in table.rows]
        return _render_table(value["caption"], heads, rows)

    def _render_chart(self, value: Any) -> Piece | None:
        try:
            figures = parse_figures(value["figures"])
        except InvalidFigures:
            # An unfinished draft.
            return None
        unit = f" ({value['unit']})" if value.get("unit") else ""
        heads = [figures.heading, *(f"{series.name}{unit}" for series in figures.series)]
        rows = [
            [label, *("" if number is None else f"{number:g}" for number in numbers)]
            for label, numbers in figures.rows
        ]
        return _render_table(value["title"], heads, rows)

    def _render_video(self, value: Any) -> Piece:
        html = format_html('<p>Video: <a href="{}">{}</a></p>', value["url"], value["title"])
        return Piece(html, f"Video: {value['title']} ({value['url']})")


def build_release_text(
    page: NewsPage, *, embargo: str = "", image_names: Mapping[int, str] | None = None
) -> ReleaseText:
    """Return the text of `page`, the published one or a draft that is under `embargo`."""
    renderer = BlockRenderer(page, image_names or {})
    pieces = [piece for block in page.body if (piece := renderer.render(block))]
    return ReleaseText(
        page=page,
        site=SiteSettings.get_default(),
        pieces=pieces,
        quotations=[read_quotation(block.value) for block in page.quote_blocks],
        embargo=embargo,
        address="" if embargo else page.full_url or "",
    )


def read_quotation(value: Any) -> ReleaseQuotation:
    """Return the quotation of a quote block as the page shows it."""
    paragraphs = parse_quotation(value.get("words") or "").marked_paragraphs
    name = value.get("name") or str(value.get("speaker") or "")
    attribution = join_list([value.get("role") or "", value.get("organisation") or ""])
    return ReleaseQuotation(paragraphs, name, attribution)


def render_rich_text(source: str) -> Piece:
    """Return stored rich text with absolute links; in plain text each address follows its link."""
    soup = BeautifulSoup(expand_db_html(source), "html.parser")
    for tag in soup.find_all(True):
        if tag.name not in KEPT_TAGS:
            tag.unwrap()
            continue
        href = tag.get("href") if tag.name == "a" else None
        tag.attrs = {"href": urljoin(settings.WAGTAILADMIN_BASE_URL, str(href))} if href else {}
    html = mark_safe(str(soup))
    return Piece(html, _get_rich_text_as_text(soup))


def _get_rich_text_as_text(soup: BeautifulSoup) -> str:
    """Return the text of cleaned rich text; changes `soup`."""
    for link in soup.find_all("a", href=True):
        address = str(link["href"]).removeprefix("mailto:")
        if address != link.get_text():
            link.append(f" ({address})")
    for line_break in soup.find_all("br"):
        line_break.replace_with("\n")
    for items in soup.find_all(["ul", "ol"]):
        for number, item in enumerate(items.find_all("li", recursive=False), 1):
            item.insert(0, f"{number}. " if items.name == "ol" else "- ")
            item.append("\n")
        items.insert_before("\n")
        items.append("\n")
    for paragraph in soup.find_all("p"):
        paragraph.append("\n\n")
    lines = (" ".join(line.split()) for line in soup.get_text().splitlines())
    paragraphs = "\n".join(lines).split("\n\n")
    return "\n\n".join(text for part in paragraphs if (text := part.strip()))


def _render_quotation(quotation: ReleaseQuotation) -> Piece:
    html = format_html(
        "<blockquote>{}<p>— {}</p></blockquote>",
        format_html_join("", "<p>{}</p>", ((part,) for part in quotation.paragraphs)),
        quotation.speaker,
    )
    return Piece(html, quotation.text)


def _render_table(caption: str, heads: Iterable[str], rows: Iterable[Sequence[str]]) -> Piece:
    heads, rows = list(heads), list(rows)
    html = format_html(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>",
        caption,
        format_html_join("", '<th scope="col">{}</th>', ((head,) for head in heads)),
        format_html_join(
            "",
            "<tr>{}</tr>",
            ((format_html_join("", "<td>{}</td>", ((cell,) for cell in row)),) for row in rows),
        ),
    )
    return Piece(html, "\n".join([caption, *(" | ".join(row) for row in [heads, *rows])]))
