from collections.abc import Callable
from functools import partial
from operator import getitem
from typing import Any

from django import forms
from django.utils.functional import SimpleLazyObject, cached_property
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from bhp_site.core.blocks import StoryBlock

from .quotations.parser import parse_quotation
from .quotes import format_quote
from .widgets import QuotationInput

MAX_FINGERPRINT_LENGTH = 64


class QuotationTextBlock(blocks.TextBlock):
    """The text of a quotation, with a preview below it while it is typed."""

    @cached_property
    def field(self) -> forms.CharField:
        """Return the form field with the widget for quotations."""
        return forms.CharField(
            widget=QuotationInput(attrs={"rows": self.rows}), **self.field_options
        )

    def deconstruct(self) -> Any:
        """Return the arguments of Wagtail's TextBlock for migrations: plain text is stored."""
        _, args, kwargs = super().deconstruct()
        # What is stored is plain text.
        return "wagtail.blocks.TextBlock", args, kwargs


class ConfirmationBlock(blocks.CharBlock):
    """The fingerprint of the quotation that an editor has confirmed; the preview sets it."""

    # Nothing that visitors see, or that the checks of words should read.
    is_for_editors = True

    @cached_property
    def field(self) -> forms.CharField:
        """Return a hidden, optional form field."""
        return forms.CharField(
            required=False, max_length=MAX_FINGERPRINT_LENGTH, widget=forms.HiddenInput()
        )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "search_index": False} | kwargs)

    def deconstruct(self) -> Any:
        """Return the arguments of Wagtail's CharBlock for migrations."""
        _, args, kwargs = super().deconstruct()
        return "wagtail.blocks.CharBlock", args, kwargs

    class Meta:
        label = "Words confirmed"


class QuoteValue(blocks.StructValue):
    """The fields of a quote, whose speaker is read from the database when somebody asks for it.

    Visitors see the name and the role that are stored in the quote.
    """

    # Returns the speaker; None if it has been read or set.
    read_speaker: Callable[[], Any] | None = None

    def _read(self, name: str = "speaker") -> None:
        """Set the speaker if that is the field with this `name` and it has not been read."""
        if name == "speaker" and self.read_speaker:
            self[name] = self.read_speaker()

    def __getitem__(self, name: str) -> Any:
        self._read(name)
        return super().__getitem__(name)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(name, value)
        if name == "speaker":
            self.read_speaker = None

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a field; `default` if there is none."""
        self._read(name)
        return super().get(name, default)

    def items(self) -> Any:
        """Return the names and values of all fields."""
        self._read()
        return super().items()

    def values(self) -> Any:
        """Return the values of all fields."""
        self._read()
        return super().values()

    def __eq__(self, other: object) -> bool:
        for value in (self, other):
            if isinstance(value, QuoteValue):
                value._read()
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]


class QuoteBlock(blocks.StructBlock):
    """A quote with its speaker's name and role on the day of the announcement."""

    speaker = SnippetChooserBlock("partners.Person")
    words = QuotationTextBlock(
        rows=5,
        help_text=(
            "Type or paste the words. The site adds the quotation marks. Leave a blank line "
            "between paragraphs."
        ),
    )
    role = blocks.CharBlock(
        required=False,
        max_length=120,
        help_text=(
            "The role on the date of the announcement. If you leave this empty, it is filled in "
            "from “People”."
        ),
    )
    organisation = blocks.CharBlock(
        required=False,
        max_length=150,
        help_text="If you leave role and organisation empty, both are filled in from “People”.",
    )
    name = blocks.CharBlock(
        required=False,
        max_length=150,
        label="Name as shown",
        help_text=(
            "If you leave this empty, the name is filled in from “People”. It stays the same if "
            "the person’s name changes later."
        ),
    )
    portrait = ImageChooserBlock(
        required=False, help_text="If you leave this empty, the person’s portrait is used."
    )

    confirmation = ConfirmationBlock()

    def bulk_to_python(self, values: Any) -> list[QuoteValue]:
        """Return the values of stored quotes; one query reads all speakers when asked for one."""
        values = list(values)
        keys = [value.get("speaker") for value in values]
        speakers = SimpleLazyObject(lambda: self.child_blocks["speaker"].bulk_to_python(keys))
        # Wagtail takes as long to look for no portraits as for some.
        parts = [
            {
                name: part
                for name, part in value.items()
                if name != "speaker" and (name != "portrait" or part is not None)
            }
            for value in values
        ]
        quotes: list[QuoteValue] = super().bulk_to_python(parts)
        for number, quote in enumerate(quotes):
            quote.read_speaker = partial(getitem, speakers, number)
        return quotes

    @staticmethod
    def get_block_text(value: dict[str, Any]) -> str:
        """Return the quotation in quotation marks, with its speaker."""
        fields = (value.get(name) or "" for name in ("name", "role", "organisation"))
        return format_quote(parse_quotation(value.get("words") or "").paragraphs, *fields)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        """Return the context with the parsed paragraphs and the speaker's name."""
        return super().get_context(value, parent_context) | {
            "paragraphs": parse_quotation(value.get("words") or "").marked_paragraphs,
            "name": value.get("name") or str(value.get("speaker") or ""),
        }

    class Meta:
        value_class = QuoteValue
        icon = "openquote"
        label = "Quote"
        description = "What somebody said, with their role on that date."
        preview_value = {
            "name": "A. Speaker",
            "role": "Director",
            "organisation": "A member",
            "words": "What somebody said.\n\nA second paragraph.",
        }
        form_layout = blocks.BlockGroup(
            children=["speaker", "words", "confirmation"],
            settings=["role", "organisation", "name", "portrait"],
        )
        template = "blocks/quote.html"


class NewsStoryBlock(StoryBlock):
    """The body of an announcement."""

    quote = QuoteBlock()
