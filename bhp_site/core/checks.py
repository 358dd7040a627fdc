"""System checks of the conventions for page types."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from wagtail.models import get_page_models

from .pages import BasePage


def check_page_types(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error for each page type without parent types, description or template."""
    messages: list[CheckMessage] = []
    for model in get_page_models():
        if model._meta.app_label == "wagtailcore":
            continue
        name = model._meta.label
        if not issubclass(model, BasePage):
            messages.append(Error(f"{name} does not extend BasePage.", id="bhp.E001"))
            continue
        if "parent_page_types" not in vars(model):
            messages.append(
                Error(
                    f"{name} does not state below which pages it can be added.",
                    hint="Set parent_page_types on the class.",
                    id="bhp.E002",
                )
            )
        if not model.page_description:
            messages.append(
                Error(
                    f"{name} has no page_description.",
                    hint="One line that tells an editor what the type is for.",
                    id="bhp.E003",
                )
            )
        if name.endswith("IndexPage") and model.max_count != 1:
            messages.append(Error(f"{name} is an index without max_count = 1.", id="bhp.E004"))
        try:
            get_template(model.template)
        except TemplateDoesNotExist:
            messages.append(
                Error(
                    f"{name} has no template.",
                    hint=f"Add templates/{model.template}",
                    id="bhp.E005",
                )
            )
    return messages
