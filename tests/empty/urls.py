from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from wagtail import urls as wagtail
from wagtail.admin import urls as admin
from wagtail.documents import urls as documents


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("healthz", healthz),
    path("admin/", include(admin)),
    path("documents/", include(documents)),
    path("", include(wagtail)),
]
