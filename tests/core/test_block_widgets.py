"""The description of a StreamField's blocks for the scripts of the editor."""

import re

import pytest
from django.test import Client
from wagtail.blocks.base import BlockWidget

from news.models import NewsIndexPage

from ..factories import NewsPageFactory


def test_it_is_built_for_the_first_form_alone(
    news_index: NewsIndexPage, editor_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = [
        f"/admin/pages/{NewsPageFactory(parent=news_index, title=title).pk}/edit/"
        for title in ("First", "Second")
    ]
    first = editor_client.get(addresses[0]).text

    def fail(widget: BlockWidget) -> None:
        pytest.fail("The description was built again.")

    monkeypatch.setattr(BlockWidget, "_build_block_json", fail)
    second = editor_client.get(addresses[1]).text
    assert "PasteStream" in first
    assert re.findall(r"<script src=.*?>", second) == re.findall(r"<script src=.*?>", first)
    assert second.count("data-w-block-data-value") == first.count("data-w-block-data-value") > 0
