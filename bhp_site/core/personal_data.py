"""Answers to people who ask what the site stores about them."""

from collections.abc import Mapping
from typing import Any

from django.http import JsonResponse


def build_data_response(name: str, data: Mapping[str, Any]) -> JsonResponse:
    """Return a response that downloads `data` as the JSON file `name`, indented to be read."""
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
