from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def admin_colours() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("construct_main_menu")
def say_what_is_meant(request: HttpRequest, items: list[Any]) -> None:
    """Use this site's words: its reports are publications, not lists about the site."""
    words = {"reports": "Site records", "documents": "Files", "images": "Pictures"}
    for item in items:
        # Wagtail's own menu of records, not the listing of report pages.
        if item.name == "reports" and not hasattr(item, "menu"):
            continue
        item.label = words.get(item.name, item.label)
