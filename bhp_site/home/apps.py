from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "bhp_site.home"
