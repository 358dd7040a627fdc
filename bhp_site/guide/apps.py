from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "bhp_site.guide"
    verbose_name = "Editors’ guide"
