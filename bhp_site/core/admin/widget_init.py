"""Choosers without inline scripts, so that the admin's content security policy can forbid them.

Wagtail sets up date fields, choosers and inline panels with inline scripts. Our templates of the
same names (`templates/wagtailadmin/`) have an element for `static/js/widget-init.js` instead. The
script of a chooser is in Wagtail's code, so the class that all choosers share is changed.
"""

import json
import re
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets import BaseChooser

# As `BaseChooser.render_js_init` and its overrides write it; the arguments are JSON.
CALL = re.compile(r"(?:new )?(\w+)\((.*)\);")


def render(
    chooser: BaseChooser, name: str, value: Any, attrs: dict[str, Any], renderer: Any = None
) -> SafeString:
    """Return the HTML of a chooser as Wagtail does, with an element instead of its script."""
    value_data = chooser.get_value_data(value)
    function, arguments = read_call(chooser.render_js_init(attrs["id"], name, value_data))
    return format_html(
        '{}<template data-widget-init="{}" data-widget-arguments="{}"></template>',
        chooser.render_html(name, value_data, attrs),
        function,
        arguments,
    )


def read_call(script: str) -> tuple[str, str]:
    """Return the function that `script` calls, and its arguments as JSON.

    Raises ValueError if the script is anything but one such call.
    """
    call = CALL.fullmatch(script)
    if call is None:
        raise ValueError(f"This script is not one call: {script}")
    arguments = f"[{call[2]}]"
    json.loads(arguments)
    return call[1], arguments


def remove_inline_scripts() -> None:
    """Let all choosers render without an inline script."""
    BaseChooser.render = render
