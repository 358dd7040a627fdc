"""Model fields shared by the apps."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.functional import cached_property
from wagtail.blocks import Block
from wagtail.fields import StreamField

from .block_widgets import SharedBlockWidget


class ContentStreamField(StreamField):  # type: ignore[misc]
    """A `StreamField` whose migrations do not list its blocks.

    A change of blocks needs no migration. In return the models of a data migration have no block
    definitions: there the value of this field is the stored JSON, a list of dictionaries, which
    can be read, changed and saved.
    """

    if TYPE_CHECKING:
        # A page's attribute is Wagtail's `StreamValue`, which has no types.
        def __get__(self, instance: Any, owner: Any = None) -> Any: ...
        def __set__(self, instance: Any, value: Any) -> None: ...

    def __init__(
        self, block_types: Block | type[Block] | Sequence[tuple[str, Block]] = (), **kwargs: Any
    ) -> None:
        super().__init__(block_types, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what migrations store of this field: everything but its blocks."""
        name, path, _, kwargs = super().deconstruct()
        del kwargs["block_lookup"]
        return name, path, [], kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Return a form field; all copies of its widget describe the blocks once."""
        return super().formfield(**{"widget": self._widget} | kwargs)

    @cached_property
    def _widget(self) -> SharedBlockWidget:
        return SharedBlockWidget(self.stream_block)

    def to_python(self, value: Any) -> Any:
        """Return a `StreamValue`; in a data migration, without blocks, the stored list."""
        return super().to_python(value) if self.block_types_arg else value


class NotedOneToOneField(models.OneToOneField):
    """A key that is noted as a reference, as Wagtail does of all others.

    So a portrait is public with the page of its person: see `files.permissions.public_access`.
    """

    def extract_references(self, value: int) -> Iterator[tuple[type[models.Model], str, str, str]]:
        """Yield the reference to the related object, as Wagtail does for other keys."""
        yield self.related_model, str(value), "item", "item"

    def deconstruct(self) -> Any:
        """Return the arguments of Django's own field: nothing that a database knows of differs."""
        name, _, args, kwargs = super().deconstruct()
        # Nothing that a database knows of is different.
        return name, "django.db.models.OneToOneField", args, kwargs
