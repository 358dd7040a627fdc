"""Offer a form again that was posted but could not be saved."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

# Never written into a page: the editor types passwords again.
SECRET_WORDS = ("csrfmiddlewaretoken", "password")


def render_unsaved_form(request: HttpRequest, problem: str) -> HttpResponse:
    """Return a page that holds the posted fields and posts them once more to the same address.

    Nothing is stored on the server.
    """
    done = reverse("session-signed-in")
    context = get_form_context(request) | {
        "problem": problem,
        "sign_in_url": f"{reverse('wagtailadmin_login')}?{urlencode({'next': done})}",
    }
    response = render(request, "admin/unsaved_form.html", context, status=HTTPStatus.FORBIDDEN)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def get_form_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of “admin/unsaved_fields.html”, which sends a posted form again.

    Files cannot be held by a page: it names them and asks for them again.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if not any(word in name for word in SECRET_WORDS)
    ]
    return {
        "fields": fields,
        "files": [
            (name, getattr(file, "name", ""))
            for name, chosen in request.FILES.lists()
            for file in chosen
        ],
        "title": request.POST.get("title") or request.POST.get("name") or "",
        "action": request.get_full_path(),
        "is_multipart": request.content_type == "multipart/form-data",
        "has_password": any("password" in name for name in request.POST),
    }
