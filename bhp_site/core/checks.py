"""The house's rules for page types, as system checks with hints."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from wagtail.models import get_page_models

from .pages import BasePage


@register()
def check_page_types(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every page type states its parents, says what it is for and has a template."""
    found: list[CheckMessage] = []
    for model in get_page_models():
        if model._meta.app_label == "wagtailcore":
            continue
        name = model._meta.label
        if not issubclass(model, BasePage):
            found.append(Error(f"{name} does not extend BasePage.", id="house.E001"))
            continue
        if "parent_page_types" not in vars(model):
            found.append(
                Error(
                    f"{name} does not state where it may stand.",
                    hint="Set parent_page_types on the class.",
                    id="house.E002",
                )
            )
        if not model.page_description:
            found.append(
                Error(
                    f"{name} has no page_description.",
                    hint="One line that tells an editor what the type is for.",
                    id="house.E003",
                )
            )
        if name.endswith("IndexPage") and model.max_count != 1:
            found.append(Error(f"{name} is an index without max_count = 1.", id="house.E004"))
        try:
            get_template(model.template)
        except TemplateDoesNotExist:
            found.append(
                Error(
                    f"{name} has no template.",
                    hint=f"Add templates/{model.template}",
                    id="house.E005",
                )
            )
    return found
